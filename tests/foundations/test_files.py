import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from muntada.foundations import files
from muntada.foundations.errors import Refused


def archive(**names: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in names.items():
            zipped.writestr(name.replace("__", "/"), content)
    return kept.getvalue()


DOCX = archive(**{"word__document.xml": b"<w/>"})
ODT = archive(mimetype=b"application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7 ...", files.PDF),
        (b"\x89PNG\r\n\x1a\n...", files.PNG),
        (b"\xff\xd8\xff\xe0...", files.JPEG),
        (DOCX, files.DOCX),
        (ODT, files.ODT),
        (archive(**{"word__document.xml": b"<w/>", "word__vbaProject.bin": b"x"}), None),
        (archive(**{"evil.exe": b"MZ"}), None),
        (b"<html><script>", None),
        (b"MZ\x90", None),
    ],
)
def test_a_file_is_told_by_its_content_not_by_its_name(content, media_type):
    assert files.media_type_of(content) == media_type


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 broken", "file-broken"),
        (archive(**{"word__document.xml": b"0" * 101_000_000}), "archive-too-large"),
        (archive(**{"word__document.xml": b"0" * 20_000_000}), "archive-bomb"),
    ],
)
def test_what_is_broken_or_unpacks_to_a_flood_is_refused(content, code):
    with pytest.raises(Refused) as refused:
        files.media_type_of(content)
    assert refused.value.code == code


def check(name: str, content: bytes, limit: int = files.LIMIT_BYTES) -> files.CheckedFile:
    return files.check_upload(SimpleUploadedFile(name, content), limit)


def test_a_wrong_extension_is_corrected_and_a_path_is_taken_off():
    assert check("../../etc/pass wd.exe", b"%PDF-1.4").name == "pass wd.pdf"
    assert check("تقرير.pdf", b"%PDF-1.4").name == "تقرير.pdf"
    assert check("...", b"%PDF-1.4").name == "file.pdf"


@pytest.mark.parametrize(
    ("content", "limit", "code"),
    [(b"", 100, "file-empty"), (b"%PDF" * 50, 100, "file-too-large"), (b"hello", 100, "file-kind")],
)
def test_what_is_empty_too_large_or_of_another_kind_is_refused_in_words(content, limit, code):
    with pytest.raises(Refused) as refused:
        check("a.pdf", content, limit)
    assert refused.value.code == code
    assert refused.value.field == "attachment"

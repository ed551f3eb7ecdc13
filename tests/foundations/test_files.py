import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.foundations.test_extracts import a_pdf

from hostile.archives import docx
from hostile.spreadsheets import LAUGHS
from hostile.texts import pdf
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
    assert check("../../etc/pass wd.exe", a_pdf()).name == "pass wd.pdf"
    assert check("تقرير.pdf", a_pdf()).name == "تقرير.pdf"
    assert check("...", a_pdf()).name == "file.pdf"


@pytest.mark.parametrize(
    ("content", "limit", "code"),
    [(b"", 100, "file-empty"), (b"%PDF" * 50, 100, "file-too-large"), (b"hello", 100, "file-kind")],
)
def test_what_is_empty_too_large_or_of_another_kind_is_refused_in_words(content, limit, code):
    with pytest.raises(Refused) as refused:
        check("a.pdf", content, limit)
    assert refused.value.code == code
    assert refused.value.field == "attachment"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("laughs.docx", docx("&i;", LAUGHS), "xml-doctype"),
        ("laughs-inside.docx", docx("", **{"word__styles.xml": f"{LAUGHS}<s/>"}), "xml-doctype"),
        ("no-xml.docx", archive(**{"word__document.xml": b"<w"}), "file-broken"),
        ("no.pdf", b"%PDF-1.7 a map of masts", "file-broken"),
        ("no-pages.pdf", pdf(b"<< /Type /Catalog >>"), "file-broken"),
    ],
)
def test_a_document_that_does_not_open_is_refused_as_it_comes(name, content, code):
    with pytest.raises(Refused) as refused:
        check(name, content)
    assert (refused.value.code, refused.value.field) == (code, "attachment")


def test_an_empty_part_of_a_document_does_no_harm():
    content = archive(**{"word__document.xml": b"<w/>", "word__current.xml": b""})
    assert check("a.docx", content).media_type == files.DOCX

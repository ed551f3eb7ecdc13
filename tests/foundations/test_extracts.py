"""Words are taken out of files, and no file takes the platform down."""

import hashlib
import io
import threading
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from muntada.foundations import bounded
from muntada.foundations.errors import Refused
from muntada.foundations.extracts import DOCX, ODT, PDF, Extract, ExtractState, extract
from muntada.foundations.files import check_upload

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


FONT = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"


def a_pdf(text: str = "Masts before cables") -> bytes:
    """Write the smallest PDF that shows one line; none where it is empty."""
    stream = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode() if text else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << "
        + FONT
        + b" >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        body
        + b"xref\n0 5\n0000000000 65535 f \n"
        + table
        + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(body)
    )


PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def rc4(key: bytes, text: bytes) -> bytes:
    box, j, i, written = list(range(256)), 0, 0, bytearray()
    for place in range(256):
        j = (j + box[place] + key[place % len(key)]) % 256
        box[place], box[j] = box[j], box[place]
    j = 0
    for letter in text:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        written.append(letter ^ box[(box[i] + box[j]) % 256])
    return bytes(written)


def a_locked_pdf(password: str) -> bytes:
    """Put the standard lock of PDF 1.4 (40 bits) on the small PDF; with no password, it opens by itself."""
    padded = (password.encode() + PADDING)[:32]
    owner = rc4(hashlib.md5(padded).digest()[:5], padded)  # noqa: S324
    key = hashlib.md5(padded + owner + b"\xfc\xff\xff\xff" + b"0123456789abcdef").digest()[:5]  # noqa: S324
    lock = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{owner.hex()}> /U <{rc4(key, PADDING).hex()}> >> "
        f"/ID [<{b'0123456789abcdef'.hex()}> <{b'0123456789abcdef'.hex()}>]"
    )
    return a_pdf("").replace(b"/Root 1 0 R", b"/Root 1 0 R " + lock.encode())


def zipped(**members: bytes | str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return written.getvalue()


def a_docx(body: str, before: str = "") -> bytes:
    return zipped(
        word__document_xml=f'{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    )


def an_odt(body: str, manifest: str = "<m/>") -> bytes:
    return zipped(
        mimetype=ODT,
        content_xml=f'<o xmlns:text="{TEXT}">{body}</o>',
        **{"META-INF__manifest_xml": manifest},
    )


def test_the_words_of_a_pdf_are_taken_out():
    found = extract(a_pdf(), PDF)
    assert (found.found, found.text) == (ExtractState.TAKEN, "Masts before cables")


def test_a_pdf_without_text_says_so():
    assert extract(a_pdf(""), PDF).found is ExtractState.NONE


def test_a_broken_pdf_says_so():
    assert extract(b"%PDF-1.7 a map of masts", PDF).found is ExtractState.FAILED


def test_the_words_of_a_document_are_taken_out_paragraph_by_paragraph():
    text = extract(a_docx("<w:p><w:r><w:t>أبراج</w:t><w:tab/><w:t>first</w:t></w:r></w:p><w:p/>"), DOCX).text
    assert text == "أبراج\tfirst"
    found = extract(an_odt("<text:h>One</text:h><text:p>two<text:s/>three</text:p>outside"), ODT)
    assert found.text == "One\ntwo three"


def test_a_document_that_declares_entities_is_not_read():
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    assert extract(a_docx("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>", bomb), DOCX).found is ExtractState.FAILED


@pytest.mark.long
def test_a_document_that_unpacks_too_far_is_not_read():
    assert extract(a_docx("<w:p/>" * 20_000_000), DOCX).found is ExtractState.FAILED


def test_a_very_long_text_is_cut():
    text = extract(a_docx(f"<w:p><w:r><w:t>{'abcdefghij' * 200_000}</w:t></w:r></w:p>"), DOCX).text
    assert len(text) == 1_000_000


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr("muntada.foundations.bounded.sys.executable", "/bin/false")
    assert extract(a_pdf(), PDF).found is ExtractState.FAILED


def test_a_file_is_read_again_later_where_the_platform_was_busy(monkeypatch):
    monkeypatch.setattr("muntada.foundations.bounded._free", threading.BoundedSemaphore(1))
    monkeypatch.setattr("muntada.foundations.bounded.WAIT_SECONDS", 0.01)
    with bounded._turn(None), pytest.raises(Refused) as refusal:
        extract(a_pdf(), PDF)
    assert refusal.value.code == "files-busy"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (an_odt("<text:p>x</text:p>", "<m><encryption-data/></m>"), "file-locked"),
        (a_locked_pdf("secret"), "file-locked"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "file-locked"),
    ],
)
def test_a_file_with_a_password_is_refused(content, code):
    with pytest.raises(Refused) as refusal:
        check_upload(SimpleUploadedFile("report.odt", content))
    assert refusal.value.code == code
    assert refusal.value.field == "attachment"


MANIFEST = "META-INF/manifest.xml"


def damaged(content: bytes, member: str) -> bytes:
    """Spoil the packed bytes of one member."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo(member)
    begin = entry.header_offset + 30 + len(member.encode())
    return content[:begin] + b"\xff" * entry.compress_size + content[begin + entry.compress_size :]


def with_head(content: bytes, member: str, *, flag: int = 0, method: int | None = None) -> bytes:
    """Say in both heads of one member that it is encrypted, or packed in another way."""
    changed = bytearray(content)
    name = member.encode()
    for sign, at_flag, at_name in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        place = -1
        while (place := content.find(sign, place + 1)) >= 0:
            if content[place + at_name :].startswith(name):
                changed[place + at_flag] |= flag
                if method is not None:
                    changed[place + at_flag + 2] = method
    return bytes(changed)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (damaged(an_odt("<text:p>One</text:p>"), "mimetype"), "file-broken"),
        (damaged(an_odt("<text:p>One</text:p>", "<m/>" * 99), MANIFEST), "file-broken"),
        (with_head(an_odt("<text:p>One</text:p>"), MANIFEST, flag=1), "file-locked"),
        (with_head(an_odt("<text:p>One</text:p>"), MANIFEST, method=99), "file-broken"),
        (with_head(an_odt("<text:p>One</text:p>"), "mimetype", method=99), "file-broken"),
        (with_head(a_docx("<w:p/>"), "word/document.xml", flag=1), "file-locked"),
    ],
    ids=["damaged-kind", "damaged-manifest", "encrypted", "unknown-packing", "kind-packed", "docx-encrypted"],
)
def test_a_broken_archive_is_refused_with_a_sentence(content, code):
    with pytest.raises(Refused) as refusal:
        check_upload(SimpleUploadedFile("report.odt", content))
    assert refusal.value.code == code
    assert refusal.value.field == "attachment"


def test_a_damaged_text_of_a_document_is_told_and_nothing_breaks():
    content = damaged(a_docx("<w:p><w:r><w:t>One</w:t></w:r></w:p>" * 9), "word/document.xml")
    assert extract(content, DOCX) == Extract(ExtractState.FAILED)


def test_a_pdf_that_only_forbids_printing_is_accepted():
    assert check_upload(SimpleUploadedFile("report.pdf", a_locked_pdf(""))).media_type == PDF


def test_a_pdf_of_thirty_megabytes_is_refused_with_its_limit():
    with pytest.raises(Refused, match="larger than 10 MB") as refusal:
        check_upload(SimpleUploadedFile("report.pdf", a_pdf() + b"\n" * 30_000_000))
    assert refusal.value.code == "file-too-large"

"""Archives and documents made to harm whoever opens them."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from hostile.spreadsheets import LAUGHS, OUTSIDE, XLSX_PARTS, packed

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
ODT = "application/vnd.oasis.opendocument.text"


def docx(body: str, doctype: str = "", **parts: bytes | str) -> bytes:
    document = f'<?xml version="1.0"?>{doctype}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    named = {name.replace("__", "/"): content for name, content in parts.items()}
    return packed({"word/document.xml": document, **named})


def odt(body: str) -> bytes:
    content = f'<?xml version="1.0"?><o xmlns:text="{TEXT}">{body}</o>'
    return packed({"mimetype": ODT, "content.xml": content})


def overlapping(count: int = 1_000) -> bytes:
    """Name the same packed bytes many times in the list of members, as the bombs of Fifield do."""
    once = zlib.compress(b"\0" * 90_000, 9)[2:-4]
    check = zlib.crc32(b"\0" * 90_000)
    name = b"word/document.xml"
    head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, check, len(once), 90_000, len(name), 0)
    members = b""
    for number in range(count):
        other = name if number == 0 else b"%d" % number
        members += (
            struct.pack(
                "<4sHHHHHHIIIHHHHHII",
                *(b"PK\1\2", 20, 20, 0, 8, 0, 0, check, len(once), 90_000, len(other), 0, 0, 0, 0, 0, 0),
            )
            + other
        )
    body = head + name + once
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(members), len(body), 0)
    return body + members + end


def lying(content: bytes, said: int) -> bytes:
    """Say another unpacked size in both heads of the first member."""
    changed = bytearray(content)
    changed[22:26] = struct.pack("<I", said)
    place = changed.find(b"PK\1\2")
    changed[place + 24 : place + 28] = struct.pack("<I", said)
    return bytes(changed)


def with_wrong_sum(content: bytes) -> bytes:
    """Spoil the check sum in both heads of the first member."""
    changed = bytearray(content)
    changed[14:18] = b"\0\0\0\0"
    place = changed.find(b"PK\1\2")
    changed[place + 16 : place + 20] = b"\0\0\0\0"
    return bytes(changed)


def with_link() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in XLSX_PARTS.items():
            archive.writestr(name, content)
        link = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return written.getvalue()


def doubled() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for content in ("<a/>", "<b/>"):
            archive.writestr(zipfile.ZipInfo("word/document.xml"), content)
    return written.getvalue()


def few_archives() -> Iterator[tuple[str, bytes]]:
    yield "overlap.docx", overlapping()


def archives() -> Iterator[tuple[str, bytes]]:
    yield from few_archives()
    zeros = b"\0" * 60_000_000
    flat = docx("", bomb__a=zeros)
    yield "flat-bomb.docx", flat
    yield "flat-bomb.zip", packed({"datapackage.json": "{}", "data.csv": zeros})
    yield "nested-bomb.docx", docx("", inner__zip=packed({"a": flat, "b": flat}))
    yield "lying-small.docx", lying(packed({"word/document.xml": b"<w>" + b"x" * 5_000_000}), 100)
    yield "lying-large.docx", lying(packed({"word/document.xml": b"<w/>"}), 0xFFFFFFF0)
    yield "paths.docx", packed({"word/document.xml": "<w/>", "../../../etc/cron.d/x": "x"})
    yield "absolute.zip", packed({"datapackage.json": "{}", "/etc/passwd": "x"})
    yield "backslashes.docx", packed({"word/document.xml": "<w/>", "..\\..\\windows\\x": "x"})
    yield "link.xlsx", with_link()
    yield "doubled.docx", doubled()
    yield "many-members.docx", packed({"word/document.xml": "<w/>"} | {str(n): b"" for n in range(20_000)})
    yield (
        "wrong-sum.docx",
        with_wrong_sum(packed({"word/document.xml": "<w/>"})),
    )
    yield "cut-off.xlsx", packed(dict(XLSX_PARTS))[:-300]
    yield "end-alone.zip", b"PK\5\6" + b"\0" * 18
    yield "nothing-but-signs.zip", b"PK\3\4" * 100_000
    yield (
        "macros.docx",
        packed({"word/document.xml": "<w/>", "word/vbaProject.bin": b"\xd0\xcf"}),
    )
    yield "laughs.docx", docx("<w:p><w:r><w:t>&i;</w:t></w:r></w:p>", LAUGHS)
    yield "outside.docx", docx("<w:p><w:r><w:t>&i;</w:t></w:r></w:p>", OUTSIDE)
    yield "deep.docx", docx("<w:p>" * 200_000)
    yield "nested.odt", odt("<text:p>" * 100_000)
    yield "package-outside.zip", packed({"datapackage.json": '{"resources": [{"path": "../../etc/passwd"}]}'})
    yield (
        "package-fetches.zip",
        packed({"datapackage.json": '{"resources": [{"path": "http://10.0.0.1/x"}]}'}),
    )
    yield "package-deep.zip", packed({"datapackage.json": "[" * 100_000})

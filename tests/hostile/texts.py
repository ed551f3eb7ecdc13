"""Texts, pictures and PDFs made to harm their reader."""

import struct
import zlib
from collections.abc import Iterator

from hostile.spreadsheets import LAUGHS, OUTSIDE, packed

SDMX = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    body, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (size, trailer, len(body))
    )


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"


def pdfs() -> Iterator[tuple[str, bytes]]:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    yield "loop.pdf", pdf(CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")
    yield (
        "endless-page.pdf",
        pdf(CATALOG, pages, page.replace(b"300 200", b"9e30 9e30"), b"<< /Length 0 >>\nstream\n\nendstream"),
    )
    yield (
        "many-pages.pdf",
        pdf(CATALOG, b"<< /Type /Pages /Kids [%s] /Count 2000000000 >>" % (b"3 0 R " * 50_000), page),
    )
    packed_zeros = zlib.compress(b"0 " * 60_000_000, 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (
        len(packed_zeros),
        packed_zeros,
    )
    yield "stream-bomb.pdf", pdf(CATALOG, pages, page, stream)
    yield (
        "script.pdf",
        pdf(
            b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (while(true){}) >> >>",
            pages,
            page,
            b"<< /Length 0 >>\nstream\n\nendstream",
        ),
    )
    yield (
        "strange-lock.pdf",
        pdf(CATALOG, pages, page, trailer=b"/Encrypt << /Filter /Standard /V 99 /R 99 >>"),
    )
    yield "reference-to-itself.pdf", pdf(CATALOG, pages, page, b"4 0 R")
    yield "cut-off.pdf", pdf(CATALOG, pages, page)[:150]
    yield "deep.pdf", pdf(CATALOG, b"[" * 500_000)


def png(width: int, height: int, data: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pictures() -> Iterator[tuple[str, bytes]]:
    yield "dimension.png", png(0x7FFFFFFF, 0x7FFFFFFF, zlib.compress(b""))
    yield "bomb.png", png(30_000, 30_000, zlib.compress(b"\0" * 90_000_000, 9))
    frame = b"\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00"
    yield (
        "dimension.jpg",
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + frame + b"\xff\xd9",
    )
    yield "dimension.gif", b"GIF89a\xff\xff\xff\xff\x80\x00\x00" + b"\0" * 6 + b";"
    yield "both.png", png(1, 1, zlib.compress(b"\0" * 4)) + packed({"word/document.xml": "<w/>"})
    yield "page.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def few_texts() -> Iterator[tuple[str, bytes]]:
    yield "deep-objects.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield "laughs.xml", f'<?xml version="1.0"?>{LAUGHS}<schedule>&i;</schedule>'.encode()
    yield "nul.csv", b"a,b\n1,\x002\n"


def texts() -> Iterator[tuple[str, bytes]]:
    yield from few_texts()
    yield "deep.json", b"[" * 200_000 + b"]" * 200_000
    yield "numbers.json", b'{"schedule": {"conference": {"days": [], "a": [1e999, -1e999, NaN, Infinity]}}}'
    yield "digits.json", b'{"a": ' + b"9" * 1_000_000 + b"}"
    yield "keys.json", b"{" + b",".join(b'"%d": [[[]]]' % n for n in range(200_000)) + b"}"
    yield "halves.json", b'{"schedule": {"conference": {"title": "\\ud800", "days": []}}}'
    yield "utf-16.json", '{"schedule": {}}'.encode("utf-16")
    yield "outside.xml", f'<?xml version="1.0"?>{OUTSIDE}<schedule>&i;</schedule>'.encode()
    yield "deep.xml", b"<schedule>" + b"<day>" * 500_000
    yield "wide.xml", b"<schedule>" + b"<day/>" * 500_000 + b"</schedule>"
    yield "attributes.xml", b"<schedule " + b" ".join(b'a%d="x"' % n for n in range(200_000)) + b"/>"
    yield (
        "utf-16-laughs.xml",
        f'<?xml version="1.0" encoding="utf-16"?>{LAUGHS}<schedule>&i;</schedule>'.encode("utf-16"),
    )
    yield "utf-7.xml", b'<?xml version="1.0" encoding="utf-7"?>+ADw-schedule/+AD4-'
    message = f'<mes:GenericData xmlns:mes="{SDMX}">'
    yield "laughs-sdmx.xml", f'<?xml version="1.0"?>{LAUGHS}{message}&i;</mes:GenericData>'.encode()
    yield "deep-sdmx.xml", message.encode() + b"<a>" * 200_000
    yield (
        "utf-16-sdmx.xml",
        f'<?xml version="1.0" encoding="utf-16"?>{message}</mes:GenericData>'.encode("utf-16"),
    )
    yield "one-line.csv", b"a,b,c\n" + b"x" * 9_000_000
    yield "commas.csv", b"a,b\n" + b"," * 9_000_000
    yield "lines.csv", b"a,b\n" + b"1,2\n" * 2_000_000
    yield "columns.csv", b",".join(b"c%d" % n for n in range(100_000)) + b"\n1,2\n"
    yield "quotes.csv", b'a,b\n"' + b"x\n" * 1_000_000
    yield "wrong.csv", b"a,b\n\xff\xfe\xfd,\x80\n"
    yield "utf-16.csv", "a,b\n1,2\n".encode("utf-16")
    yield "utf-32.csv", "a,b\n1,2\n".encode("utf-32")
    yield "latin.csv", "größe,wert\n1,2\n".encode("latin-1")
    yield "formulas.csv", b"title,language\n\"=cmd|'/c calc'!A1\",en\n"
    yield "returns.csv", b"a,b\r1,2\r" * 500_000
    yield "program.csv", b"MZ\x90\0" + b"\0" * 4_000
    yield (
        "rule.ics",
        (
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART:19700101T000000Z\r\n"
            b"RRULE:FREQ=SECONDLY;UNTIL=99991231T235959Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        ),
    )
    yield "empty.csv", b""
    yield "blanks.csv", b"\n \t\r\n" * 100_000

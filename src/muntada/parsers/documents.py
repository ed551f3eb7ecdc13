"""Attached documents: type, password protection, and text."""

import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import IO

import pypdfium2

from muntada.parsers import archives, markup
from muntada.parsers.archives import BROKEN_ARCHIVE, PIECE_BYTES
from muntada.parsers.faults import Unreadable, gettext_noop

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
DOCX_PART, ODT_PART, MACROS_PART = "word/document.xml", "content.xml", "vbaProject.bin"
MANIFEST = "META-INF/manifest.xml"

MOST_LETTERS = 1_000_000
MOST_PAGES = 2_000
WRONG_PASSWORD = 4
# Nested tables make documents deep.
DEEPEST = 256

BROKEN = gettext_noop("This file is damaged and cannot be read. Please save it anew and send it again.")


def kind(contents: Iterable[bytes]) -> Iterator[str | None]:
    """Yield the kind of document in an archive, if accepted and not locked."""
    try:
        yield _kind(next(iter(contents)))
    except Unreadable as fault:
        raise Unreadable("file-broken", BROKEN) if fault.code == "archive-broken" else fault from fault


def _kind(content: bytes) -> str | None:
    with archives.opened(content) as archive:
        names = archive.namelist()
        if MANIFEST in names and b"encryption-data" in archive.read(MANIFEST):
            raise Unreadable("file-locked", archives.LOCKED)
        _require_no_doctype(archive)
        if DOCX_PART in names and not any(name.endswith(MACROS_PART) for name in names):
            return DOCX
        if "mimetype" in names and archive.read("mimetype").strip() == ODT.encode():
            return ODT
    return None


def _require_no_doctype(archive: zipfile.ZipFile) -> None:
    """Refuse a document type in any part: opening it could expand it or fetch files."""
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels")):
            with archive.open(name) as member:
                try:
                    markup.parse(_pieces(member), _DocumentWords((), {}, ()), deepest=DEEPEST)
                except Unreadable as fault:
                    # Some programs leave empty parts; whether the text is readable shows when it is read.
                    if fault.code == "xml-doctype":
                        raise


def _pieces(member: IO[bytes]) -> Iterator[bytes]:
    return iter(partial(member.read, PIECE_BYTES), b"")


def words(contents: Iterable[bytes], *, media_type: str, pages: int) -> Iterator[tuple[str, str]]:
    """Yield the outcome of reading a document (taken, none, locked, failed) and its text."""
    content = next(iter(contents))
    try:
        text = _words_of_pdf(content, pages) if media_type == PDF else _words_of_document(content, media_type)
    except pypdfium2.PdfiumError as error:
        yield ("locked" if error.err_code == WRONG_PASSWORD else "failed"), ""
        return
    except (Unreadable, *BROKEN_ARCHIVE):
        yield "failed", ""
        return
    letters = text.replace("\0", "").strip()
    yield ("taken", letters) if any(map(str.isalpha, letters)) else ("none", "")


def page_count(contents: Iterable[bytes]) -> Iterator[int]:
    """Yield the number of pages of a PDF."""
    with pypdfium2.PdfDocument(next(iter(contents))) as document:
        yield len(document)


def _words_of_pdf(content: bytes, pages: int) -> str:
    texts, left = [], MOST_LETTERS
    with pypdfium2.PdfDocument(content) as document:
        for number in range(min(len(document), pages)):
            text = document[number].get_textpage().get_text_bounded()[:left]
            texts.append(text.replace("\r\n", "\n"))
            left -= len(text)
            if left <= 0:
                break
    return "\n".join(texts)


class _DocumentWords:
    """Collects the text of a document from a stream of XML events."""

    def __init__(self, within: Collection[str], signs: Mapping[str, str], ends: Collection[str]) -> None:
        self.within, self.signs, self.ends = within, signs, ends
        self.depth, self.count = 0, 0
        self.parts: list[str] = []

    def start(self, name: str, _attributes: object) -> None:
        self.depth += name in self.within
        if name in self.signs:
            self._put(self.signs[name])

    def end(self, name: str) -> None:
        self.depth -= name in self.within
        if name in self.ends:
            self._put("\n")

    def letters(self, letters: str) -> None:
        if self.depth:
            self._put(letters)

    def _put(self, letters: str) -> None:
        if self.count < MOST_LETTERS:
            self.parts.append(letters[: MOST_LETTERS - self.count])
            self.count += len(letters)


def _words_of_document(content: bytes, media_type: str) -> str:
    if media_type == DOCX:
        part = DOCX_PART
        found = _DocumentWords({"t"}, {"tab": "\t", "br": "\n", "cr": "\n"}, {"p"})
    else:
        part = ODT_PART
        found = _DocumentWords({"p", "h"}, {"s": " ", "tab": "\t", "line-break": "\n"}, {"p", "h"})
    with archives.opened(content) as archive, archive.open(part) as member:
        markup.parse(_pieces(member), found, letters=found.letters, deepest=DEEPEST)
    return "".join(found.parts)

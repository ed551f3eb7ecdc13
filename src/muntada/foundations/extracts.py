"""The words in a file somebody sent, taken out so that the search finds it.

A file can be made to take all memory or to go on for ever, so it is read in a process of its own, which has
bounded time and memory and whose end harms nobody.
"""

import json
import lzma
import os
import resource
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from xml.parsers import expat

import pypdfium2

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"

SECONDS = 60
MEMORY_BYTES = 1_500_000_000
MOST_LETTERS = 1_000_000
MOST_PAGES = 2_000
MOST_UNPACKED_BYTES = 100_000_000
CHUNK_BYTES = 65_536
WRONG_PASSWORD = 4
MANIFEST = "META-INF/manifest.xml"
ENCRYPTED = 1
# What Python raises over an archive that is damaged, encrypted or packed in a way it does not know.
BROKEN_ARCHIVE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError),
    *(OSError, RuntimeError, ValueError, OverflowError),
)


class Found(StrEnum):
    """What became of the reading of a file."""

    TAKEN = "taken"
    NONE = "none"
    LOCKED = "locked"
    FAILED = "failed"


@dataclass(frozen=True)
class Extract:
    """The words of a file, if there are any."""

    found: Found
    text: str = ""


class Unreadable(Exception):
    """The file is not what it says, or holds what no document holds."""


def extract(content: bytes, media_type: str, *, pages: int = MOST_PAGES, seconds: int = SECONDS) -> Extract:
    """Take the words out of a file. Pictures have none; whatever goes wrong, there is an answer."""
    if media_type not in {PDF, DOCX, ODT}:
        return Extract(Found.NONE)
    try:
        done = subprocess.run(  # noqa: S603  (this module itself; what was sent goes in as bytes)
            [sys.executable, "-m", "muntada.foundations.extracts", media_type, str(pages), str(seconds)],
            input=content,
            capture_output=True,
            timeout=seconds + 5,
            check=False,
            env={"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ.get("PATH", "")},
        )
    except subprocess.TimeoutExpired:
        return Extract(Found.FAILED)
    if done.returncode:
        return Extract(Found.FAILED)
    answer = json.loads(done.stdout)
    return Extract(Found(answer["found"]), answer["text"])


def is_locked(content: bytes, media_type: str) -> bool:
    """Say whether a file needs a password to be read."""
    if media_type in {ODT, DOCX}:
        try:
            return _is_locked_archive(content)
        except BROKEN_ARCHIVE as error:
            raise Unreadable from error
    # Many a PDF is encrypted without a password, only to forbid printing; it can be read.
    return (
        media_type == PDF
        and b"/Encrypt" in content
        and extract(content, media_type, pages=1).found is Found.LOCKED
    )


def _is_locked_archive(content: bytes) -> bool:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if any(entry.flag_bits & ENCRYPTED for entry in archive.infolist()):
            return True
        if MANIFEST not in archive.namelist():
            return False
        with archive.open(MANIFEST) as manifest:
            return b"encryption-data" in manifest.read(CHUNK_BYTES * 16)


def words_in(content: bytes, media_type: str, pages: int = MOST_PAGES) -> Extract:
    """Read a file in this process."""
    try:
        is_pdf = media_type == PDF
        text = _words_of_pdf(content, pages) if is_pdf else _words_of_document(content, media_type)
    except pypdfium2.PdfiumError as error:
        return Extract(Found.LOCKED if error.err_code == WRONG_PASSWORD else Found.FAILED)
    except (Unreadable, KeyError, expat.ExpatError, *BROKEN_ARCHIVE):
        return Extract(Found.FAILED)
    letters = text.replace("\0", "").strip()
    return Extract(Found.TAKEN, letters) if any(map(str.isalpha, letters)) else Extract(Found.NONE)


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


class _Words:
    """Collects the words of a document while its XML goes by; nothing of it is kept but the words."""

    def __init__(self, within: Collection[str], signs: Mapping[str, str], ends: Collection[str]) -> None:
        self.within, self.signs, self.ends = within, signs, ends
        self.depth, self.letters = 0, 0
        self.parts: list[str] = []

    def start(self, name: str, _attributes: object) -> None:
        self.depth += name in self.within
        if name in self.signs:
            self._put(self.signs[name])

    def end(self, name: str) -> None:
        self.depth -= name in self.within
        if name in self.ends:
            self._put("\n")

    def letters_come(self, letters: str) -> None:
        if self.depth:
            self._put(letters)

    def _put(self, letters: str) -> None:
        if self.letters < MOST_LETTERS:
            self.parts.append(letters[: MOST_LETTERS - self.letters])
            self.letters += len(letters)


def _words_of_document(content: bytes, media_type: str) -> str:
    if media_type == DOCX:
        member = "word/document.xml"
        words = _Words({"w:t"}, {"w:tab": "\t", "w:br": "\n", "w:cr": "\n"}, {"w:p"})
    else:
        member = "content.xml"
        signs = {"text:s": " ", "text:tab": "\t", "text:line-break": "\n"}
        words = _Words({"text:p", "text:h"}, signs, {"text:p", "text:h"})
    parser = expat.ParserCreate()
    parser.StartElementHandler = words.start
    parser.EndElementHandler = words.end
    parser.CharacterDataHandler = words.letters_come
    # No document of these kinds declares entities; one that does wants to be very large.
    parser.StartDoctypeDeclHandler = _refuse_declarations
    read = 0
    with zipfile.ZipFile(BytesIO(content)) as archive, archive.open(member) as unpacked:
        while chunk := unpacked.read(CHUNK_BYTES):
            read += len(chunk)
            if read > MOST_UNPACKED_BYTES:
                raise Unreadable
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    return "".join(words.parts)


def _refuse_declarations(*_: object) -> None:
    raise Unreadable


def _bound(seconds: int) -> None:
    """Bound what this process may take; where the system knows no such bound, time alone is bounded."""
    for limit, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, seconds)):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))


def main() -> None:
    media_type, pages, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    _bound(seconds)
    answer = words_in(sys.stdin.buffer.read(), media_type, pages)
    sys.stdout.write(json.dumps({"found": answer.found.value, "text": answer.text}))


if __name__ == "__main__":
    main()

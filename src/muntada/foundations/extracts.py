"""Extract the text of an uploaded file for the search."""

from dataclasses import dataclass
from enum import StrEnum

from muntada.foundations.bounded import DOCUMENT, Bounds, read_file
from muntada.foundations.errors import Refused

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"

MOST_PAGES = 2_000
# Reasons of the platform, not of the file: the file is read again later.
NOT_ITS_FAULT = frozenset({"files-busy", "disk-full"})


class ExtractState(StrEnum):
    """The outcome of reading a file."""

    TAKEN = "taken"
    NONE = "none"
    LOCKED = "locked"
    FAILED = "failed"


@dataclass(frozen=True)
class Extract:
    """The text of a file, if any."""

    found: ExtractState
    text: str = ""


def extract(content: bytes, media_type: str, *, pages: int = MOST_PAGES) -> Extract:
    """Extract the text of a file; pictures have none. Faults become part of the result."""
    try:
        return read_words(content, media_type, pages=pages)
    except Refused as refusal:
        if refusal.code in NOT_ITS_FAULT:
            raise
        return Extract(ExtractState.FAILED)


def read_words(
    content: bytes,
    media_type: str,
    *,
    pages: int = MOST_PAGES,
    bounds: Bounds = DOCUMENT,
    field: str | None = None,
) -> Extract:
    """Extract the text; refuse a file that exceeds its limits."""
    if media_type not in {PDF, DOCX, ODT}:
        return Extract(ExtractState.NONE)
    reader = "muntada.parsers.documents:words"
    values = read_file(reader, content, bounds=bounds, field=field, media_type=media_type, pages=pages)
    ((found, text),) = values
    return Extract(ExtractState(found), text)

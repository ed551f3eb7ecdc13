"""The words in a file somebody sent, taken out so that the search finds it."""

from dataclasses import dataclass
from enum import StrEnum

from muntada.foundations.bounded import DOCUMENT, Bounds, read_file
from muntada.foundations.errors import Refused

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"

MOST_PAGES = 2_000
# What has to do with the platform and not with the file: it is read again later.
NOT_ITS_FAULT = frozenset({"files-busy", "disk-full"})


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


def extract(content: bytes, media_type: str, *, pages: int = MOST_PAGES) -> Extract:
    """Take the words out of a file. Pictures have none; whatever is wrong with it, there is an answer."""
    try:
        return read_words(content, media_type, pages=pages)
    except Refused as refusal:
        if refusal.code in NOT_ITS_FAULT:
            raise
        return Extract(Found.FAILED)


def read_words(
    content: bytes,
    media_type: str,
    *,
    pages: int = MOST_PAGES,
    bounds: Bounds = DOCUMENT,
    field: str | None = None,
) -> Extract:
    """Do the same, and refuse a file that leaves its bounds."""
    if media_type not in {PDF, DOCX, ODT}:
        return Extract(Found.NONE)
    reader = "muntada.parsers.documents:words"
    values = read_file(reader, content, bounds=bounds, field=field, media_type=media_type, pages=pages)
    ((found, text),) = values
    return Extract(Found(found), text)

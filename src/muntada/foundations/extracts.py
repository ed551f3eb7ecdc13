"""The words in a file somebody sent, taken out so that the search finds it."""

from dataclasses import dataclass
from enum import StrEnum

from muntada.foundations.bounded import DOCUMENT, read_file
from muntada.foundations.errors import Refused

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"

MOST_PAGES = 2_000


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
    """Take the words out of a file. Pictures have none; whatever goes wrong, there is an answer."""
    if media_type not in {PDF, DOCX, ODT}:
        return Extract(Found.NONE)
    reader = "muntada.parsers.documents:words"
    try:
        ((found, text),) = read_file(reader, content, bounds=DOCUMENT, media_type=media_type, pages=pages)
    except Refused:
        return Extract(Found.FAILED)
    return Extract(Found(found), text)


def is_locked(content: bytes) -> bool:
    """Say whether a PDF needs a password to be read."""
    # Many a PDF is encrypted without one, only to forbid printing; it can be read.
    return b"/Encrypt" in content and extract(content, PDF, pages=1).found is Found.LOCKED

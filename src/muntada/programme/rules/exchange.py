"""What may be asked of the exports, and how what they give out is named."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from muntada.foundations.errors import Refused
from muntada.foundations.languages import LANGUAGE_CODES

# One more whenever the same release is drawn otherwise than before: nobody keeps the old drawing.
DRAWN = 1
MOST_LISTED = 1_000
_NUMBERS = re.compile(r"\d{1,9}(,\d{1,9})*")


@dataclass(frozen=True)
class Picked:
    """Which sessions an export is of; nothing means all of them."""

    numbers: frozenset[int] = frozenset()
    room: int | None = None
    line: str = ""
    language: str = ""
    kind: str = ""

    @property
    def is_all(self) -> bool:
        return self == Picked()


def numbers_listed(text: str) -> frozenset[int]:
    """Read the numbers of sessions as an address lists them: `12,15`, with or without `S/`."""
    wanted = text.replace(" ", "").upper().replace("S/", "").strip(",")
    if not _NUMBERS.fullmatch(wanted):
        sentence = gettext("This is no list of sessions. Please write their numbers with commas: 12,15.")
        raise Refused(sentence, "session-list")
    numbers = frozenset(map(int, wanted.split(",")))
    if len(numbers) > MOST_LISTED:
        sentence = gettext(
            "At most %(limit)s sessions can be asked for at once. The whole programme has its own address."
        )
        raise Refused(sentence % {"limit": MOST_LISTED}, "session-list")
    return numbers


def language_asked(text: str, language: str) -> str:
    """Return the language an export is asked for in, by the address, else that of the page."""
    return text if text in LANGUAGE_CODES else language


def release_tag(*parts: object, changed_at: datetime) -> str:
    """Return the strong ETag of an export: what it is of, when that changed, and how it is drawn."""
    named = "-".join(str(part) for part in parts)
    return f'"{named}-{changed_at.timestamp():.6f}-{DRAWN}"'

"""The law of contributions: what can be said, who reads it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.consultation.rules.calls import ANSWERING_ROLES
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role

TITLE_LENGTH = 200
TEXT_LENGTH = 40_000
ATTACHMENTS_PER_CONTRIBUTION = 5


class ShownAs(StrEnum):
    """Under which name an author chose to be shown."""

    NAME = "name"
    ORGANISATION = "organisation"
    NOBODY = "nobody"


class CameBy(StrEnum):
    """On which way a contribution came in; what was not written here names its provenance."""

    FORM = "form"
    FILE = "file"
    LETTER = "letter"
    MEETING = "meeting"
    MERGE = "merge"


class AttachmentText(StrEnum):
    """Whether the words of a file could be taken out for the search."""

    WAITING = "waiting"
    TAKEN = "taken"
    NONE = "none"
    LOCKED = "locked"
    FAILED = "failed"


class CampaignKind(StrEnum):
    """How alike the texts of a campaign are."""

    IDENTICAL = "identical"
    NEAR = "near"


SHOWN_AS_WORDS: Mapping[ShownAs, Promise] = {
    ShownAs.NAME: _("With my name"),
    ShownAs.ORGANISATION: _("With the name of my organization only"),
    ShownAs.NOBODY: _("Without a name"),
}


def may_read(*, consent_to_publish: bool, is_author: bool, roles: Collection[Role]) -> bool:
    """A contribution not for publication is read by its author and by those who answer it."""
    return consent_to_publish or is_author or any(role in ANSWERING_ROLES for role in roles)


def require_author(*, is_author: bool) -> None:
    if not is_author:
        raise NotAllowed(gettext("Only its author can change a contribution."), "author")


@dataclass(frozen=True)
class Saying:
    """What somebody wrote in a form, as plain values."""

    title: str
    text: str
    language: str
    consent_to_publish: bool = False
    shown_as: str = ShownAs.NAME
    organisation_id: int | None = None
    line_ids: tuple[int, ...] = ()
    goal_ids: tuple[int, ...] = ()


def clean_text(text: str) -> str:
    """Return a text with one kind of line end and no blanks around it, so that its digest is found again."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def whole_text(text: str, answers: Mapping[str, str], items: Sequence[Mapping[str, object]]) -> str:
    """Return all answers one after the other, in the order of the questions."""
    later = [answers.get(str(item["code"]), "") for item in items[1:]]
    return "\n\n".join(part for part in (text, *later) if part)


# Where letters alone show the language; Latin ones do not, so English is taken.
_LETTERS = (("zh", "\u4e00", "\u9fff"), ("ar", "\u0600", "\u06ff"), ("ru", "\u0400", "\u04ff"))
_MOST_OF_THE_LETTERS = 0.3


def language_of_letters(text: str) -> str:
    """Return the language that the script of a text points to."""
    letters = [letter for letter in text if letter.isalpha()]
    for language, first, last in _LETTERS:
        if sum(first <= letter <= last for letter in letters) > _MOST_OF_THE_LETTERS * len(letters):
            return language
    return "en"


def require_something_said(saying: Saying) -> None:
    """Refuse what nobody could read or number."""
    if not saying.title.strip():
        sentence = gettext("Please give your contribution a title, so that others find it.")
        raise Refused(sentence, "title-missing", "title")
    if len(saying.title) > TITLE_LENGTH:
        sentence = gettext("The title is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": TITLE_LENGTH}, "title-too-long", "title")
    if not clean_text(saying.text):
        raise Refused(gettext("Please write your contribution."), "text-missing", "text")
    if len(saying.text) > TEXT_LENGTH:
        sentence = gettext(
            "The text is longer than %(limit)s characters. Please shorten it or attach the rest as a file."
        )
        raise Refused(sentence % {"limit": TEXT_LENGTH}, "text-too-long", "text")
    if saying.shown_as == ShownAs.ORGANISATION and saying.organisation_id is None:
        sentence = gettext("Please choose the organization in whose name you write.")
        raise Refused(sentence, "organisation-missing", "organisation")

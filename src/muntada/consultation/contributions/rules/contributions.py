"""Rules of contributions: validity and access."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.rules.calls import ANSWERING_ROLES, TITLE_LENGTH
from muntada.foundations.cleaning import clean_line, clean_text, is_readable
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.languages import in_language
from muntada.people.rules import Role

TEXT_LENGTH = 40_000
ATTACHMENTS_PER_CONTRIBUTION = 5


class ShownAs(StrEnum):
    """The name under which an author is shown."""

    NAME = "name"
    ORGANISATION = "organisation"
    NOBODY = "nobody"


class CameBy(StrEnum):
    """How a contribution was made; others than by form need a provenance."""

    FORM = "form"
    FILE = "file"
    LETTER = "letter"
    MEETING = "meeting"
    MERGE = "merge"


class AttachmentText(StrEnum):
    """The result of extracting the text of a file."""

    WAITING = "waiting"
    TAKEN = "taken"
    NONE = "none"
    LOCKED = "locked"
    FAILED = "failed"


GIVEN_OUT = frozenset({AttachmentText.TAKEN, AttachmentText.NONE})


class CampaignKind(StrEnum):
    """How similar the texts of a campaign are."""

    IDENTICAL = "identical"
    NEAR = "near"


SHOWN_AS_WORDS: Mapping[ShownAs, Promise] = {
    ShownAs.NAME: _("With my name"),
    ShownAs.ORGANISATION: _("With the name of my organization only"),
    ShownAs.NOBODY: _("Without a name"),
}


def may_read(*, consent_to_publish: bool, is_author: bool, roles: Collection[Role]) -> bool:
    """Unpublished contributions are readable by the author and the people who reply."""
    return consent_to_publish or is_author or any(role in ANSWERING_ROLES for role in roles)


def require_given_out(state: str, *, is_author: bool, roles: Collection[Role]) -> None:
    """Refuse a file that was not successfully checked, except to those who may see it."""
    if state in GIVEN_OUT or is_author or any(role in ANSWERING_ROLES for role in roles):
        return
    if state == AttachmentText.WAITING:
        sentence = gettext("This file is being checked. Please come again in a few minutes.")
        raise NotAllowed(sentence, "file-unread")
    sentence = gettext(
        "This file could not be read, so it is not given out. Please ask its author for another one."
    )
    raise NotAllowed(sentence, "file-unreadable")


def require_author(*, is_author: bool) -> None:
    if not is_author:
        raise NotAllowed(gettext("Only its author can change a contribution."), "author")


@dataclass(frozen=True)
class Saying:
    """The input of a form, as plain values.

    `text` answers the first question, `answers` the others by code; `question_set` is the version
    shown, `seen` the last submission known to the form. `left_out` lists files to remove from the next
    version.
    """

    title: str
    text: str
    language: str
    consent_to_publish: bool = False
    shown_as: str = ShownAs.NAME
    organisation_id: int | None = None
    kind: str = ""
    country: str = ""
    is_headquarters: bool = False
    line_ids: tuple[int, ...] = ()
    goal_ids: tuple[int, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    question_set: int | None = None
    seen: int | None = None
    left_out: tuple[int, ...] = ()


_HAN_AND_KANA = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
# Most Chinese words have two characters, and a Chinese text needs about two thirds as many characters
# as English needs words; two per word disadvantages nobody.
CHARACTERS_PER_WORD = 2


def count_words(text: str) -> int:
    """Return the number of words; two Chinese characters count as one.

    Elsewhere a word is anything between blanks with a letter or digit. The page counts the same way
    (`static/consultation/contributions/draft.js`).
    """
    characters = [_is_character(letter) for letter in text]
    rest = "".join(" " if is_one else letter for letter, is_one in zip(text, characters, strict=True))
    words = sum(any(letter.isalnum() for letter in word) for word in rest.split())
    return words + -(-sum(characters) // CHARACTERS_PER_WORD)


def _is_character(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _HAN_AND_KANA)


def whole_text(text: str, answers: Mapping[str, str], items: Sequence[Mapping[str, object]]) -> str:
    """Return all answers in the order of the questions."""
    later = [answers.get(str(item["code"]), "") for item in items[1:]]
    return "\n\n".join(part for part in (text, *later) if part)


# Scripts that identify a language; Latin letters default to English.
_LETTERS = (("zh", "\u4e00", "\u9fff"), ("ar", "\u0600", "\u06ff"), ("ru", "\u0400", "\u04ff"))
_MOST_OF_THE_LETTERS = 0.3


def language_of_letters(text: str) -> str:
    """Return the likely language of a text by its script."""
    letters = [letter for letter in text if letter.isalpha()]
    for language, first, last in _LETTERS:
        if sum(first <= letter <= last for letter in letters) > _MOST_OF_THE_LETTERS * len(letters):
            return language
    return "en"


def answer_field(code: str) -> str:
    """Return the form field of the answer to a question."""
    return f"answer-{code}"


def require_something_said(saying: Saying) -> None:
    """Refuse an empty or unreadable contribution."""
    raise_first(unreadable_in(saying))


def require_answers(saying: Saying, items: Sequence[Mapping[str, Any]]) -> None:
    """Refuse missing required answers and those above their limit."""
    raise_first(unanswered_in(saying, items))


def raise_first(faults: Iterable[Refused]) -> None:
    """Raise the first refusal, if any."""
    for fault in faults:
        raise fault


def unreadable_in(saying: Saying) -> Iterator[Refused]:
    """Yield the reasons a text is unreadable."""
    yield from _wrong_in_title(saying.title)
    if not saying.text.strip():
        yield Refused(gettext("Please write your contribution."), "text-missing", "text")
    for name, text in (("text", saying.text), *((answer_field(c), t) for c, t in saying.answers.items())):
        yield from _wrong_in_text(text, name)
    if saying.shown_as == ShownAs.ORGANISATION and saying.organisation_id is None:
        sentence = gettext("Please choose the organization in whose name you write.")
        yield Refused(sentence, "organisation-missing", "organisation")


def _wrong_in_title(title: str) -> Iterator[Refused]:
    words = clean_line(title)
    if not words:
        sentence = gettext("Please give your contribution a title, so that others find it.")
        yield Refused(sentence, "title-missing", "title")
    elif not any(letter.isalnum() for letter in words):
        sentence = gettext("This title has no letters. Please write it in words, so that others find it.")
        yield Refused(sentence, "title-unreadable", "title")
    elif len(words) > TITLE_LENGTH:
        sentence = gettext("The title is longer than %(limit)s characters. Please shorten it.")
        yield Refused(sentence % {"limit": TITLE_LENGTH}, "title-too-long", "title")


def _wrong_in_text(text: str, name: str) -> Iterator[Refused]:
    words = clean_text(text)
    if text.strip() and not any(letter.isalnum() for letter in words):
        sentence = gettext(
            "There are no letters in this text, only signs or characters nobody sees. "
            "Please write it in words."
        )
        yield Refused(sentence, "text-unreadable", name)
    elif text.strip() and name == "text" and not is_readable(words):
        sentence = gettext("There are no words in this text. Please write what you have to say in words.")
        yield Refused(sentence, "text-unreadable", name)
    if len(words) > TEXT_LENGTH:
        sentence = gettext(
            "The text is longer than %(limit)s characters. Please shorten it or attach the rest as a file."
        )
        yield Refused(sentence % {"limit": TEXT_LENGTH}, "text-too-long", name)


def unanswered_in(saying: Saying, items: Sequence[Mapping[str, Any]]) -> Iterator[Refused]:
    """Yield missing required answers and those above their limit."""
    for place, item in enumerate(items):
        name = answer_field(item["code"]) if place else "text"
        answer = clean_text(saying.answers.get(item["code"], "") if place else saying.text)
        if item.get("required") and not answer:
            sentence = gettext("Please answer “%(question)s”.")
            yield Refused(sentence % {"question": in_language(item["labels"])}, "answer-missing", name)
        limit = item.get("words")
        if limit and count_words(answer) > limit:
            sentence = gettext(
                "This answer has %(count)s words, and at most %(limit)s are asked for. "
                "Please shorten it or attach the rest as a file."
            )
            params = {"count": count_words(answer), "limit": limit}
            yield Refused(sentence % params, "answer-too-long", name)

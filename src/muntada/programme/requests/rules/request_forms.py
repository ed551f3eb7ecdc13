"""Rules of request forms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.consultation.contributions.rules.contributions import answer_field, count_words
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.languages import in_language
from muntada.programme.requests.rules.requests import MOST_SPEAKERS
from muntada.programme.sessions.rules import LONGEST_MINUTES, SHORTEST_MINUTES, SessionKind

# Options without a form of the secretariat.
USUAL_MINUTES = (30, 45, 60, 75, 90, 120, 180)
CALL_TEXT_LENGTH = 4_000
ANSWER_LENGTH = 20_000


class FieldUse(StrEnum):
    """Whether a form asks for a field."""

    OFF = "off"
    ASKED = "asked"
    NEEDED = "needed"


WISH_NAMES: Mapping[FieldUse, Promise] = {
    FieldUse.OFF: _("Not asked"),
    FieldUse.ASKED: _("Asked"),
    FieldUse.NEEDED: _("Needed"),
}


class FormField(StrEnum):
    """Optional fields. Title, description, language and length are always asked."""

    ORGANISATION = "organisation"
    SPOKEN = "spoken"
    AUDIENCE = "audience"
    ONLINE_ONLY = "is_online_only"
    NEEDS = "needs"
    LINES = "lines"
    GOALS = "goals"
    ANSWERS = "answers"


ASKED_NAMES: Mapping[FormField, Promise] = {
    FormField.ORGANISATION: _("For which organization"),
    FormField.SPOKEN: _("Languages spoken in the session"),
    FormField.AUDIENCE: _("How many people you expect"),
    FormField.ONLINE_ONLY: _("The session is held online only"),
    FormField.NEEDS: _("What the session needs"),
    FormField.LINES: _("Action lines"),
    FormField.GOALS: _("Goals"),
    FormField.ANSWERS: _("What it answers"),
}

# Fields that cannot be required, because they may be empty.
NEVER_NEEDED = frozenset({FormField.ONLINE_ONLY, FormField.NEEDS})

FORM_CHANGED = _(
    "The form of this call was changed while you wrote. What you wrote is kept; "
    "please look at it again, then submit."
)


@dataclass(frozen=True)
class FormTerms:
    """The content of a form as plain values. Without one, everything is asked and nothing required."""

    wishes: Mapping[str, str] = field(default_factory=dict)
    items: Sequence[Mapping[str, Any]] = ()
    lengths: Sequence[int] = USUAL_MINUTES
    fewest_speakers: int = 0
    most_speakers: int = MOST_SPEAKERS

    def asks(self, what: FormField) -> bool:
        return self.wishes.get(what, FieldUse.ASKED) != FieldUse.OFF

    def needs(self, what: FormField) -> bool:
        return self.wishes.get(what) == FieldUse.NEEDED


def require_terms(terms: FormTerms) -> None:
    """Refuse an invalid form."""
    if not terms.lengths:
        raise Refused(gettext("Please allow at least one length."), "lengths-missing", "lengths")
    for length in terms.lengths:
        if not SHORTEST_MINUTES <= length <= LONGEST_MINUTES:
            sentence = gettext("A session lasts from %(shortest)s to %(longest)s minutes.")
            params = {"shortest": SHORTEST_MINUTES, "longest": LONGEST_MINUTES}
            raise Refused(sentence % params, "lengths", "lengths")
    if terms.most_speakers > MOST_SPEAKERS:
        sentence = gettext("A session can name up to %(limit)s speakers.")
        raise Refused(sentence % {"limit": MOST_SPEAKERS}, "speakers-too-many", "most_speakers")
    if terms.fewest_speakers > terms.most_speakers:
        sentence = gettext("The fewest speakers cannot be more than the most. Please change one of them.")
        raise Refused(sentence, "speakers-range", "fewest_speakers")


def require_kind(kind: str) -> None:
    if kind not in {one.value for one in SessionKind}:
        raise Refused(gettext("Please choose a kind of session."), "kind", "kind")


def require_prepared(*, is_published: bool) -> None:
    """A published version is immutable."""
    if is_published:
        sentence = gettext(
            "This version is published and stays as it was answered. Please prepare a new version."
        )
        raise Refused(sentence, "form-published")


@dataclass(frozen=True)
class FormAnswers:
    """A request's answers as plain values."""

    minutes: int
    values: Mapping[FormField, object]
    answers: Mapping[str, str]
    speakers: int


def unanswered(said: FormAnswers, terms: FormTerms) -> Iterator[Refused]:
    """Yield missing required answers and those above their limit."""
    if said.minutes not in terms.lengths:
        sentence = gettext(
            "Sessions of this kind last %(lengths)s minutes. Please choose one of these lengths."
        )
        lengths = ", ".join(str(length) for length in sorted(terms.lengths))
        yield Refused(sentence % {"lengths": lengths}, "length-not-offered", "minutes")
    for what in FormField:
        if terms.needs(what) and what not in NEVER_NEEDED and not said.values.get(what):
            sentence = gettext("Please fill in “%(field)s”: this call needs it.")
            yield Refused(sentence % {"field": ASKED_NAMES[what]}, "field-missing", what.value)
    for item in terms.items:
        name, answer = answer_field(item["code"]), clean_text(said.answers.get(item["code"], ""))
        if item.get("required") and not answer:
            sentence = gettext("Please answer “%(question)s”.")
            yield Refused(sentence % {"question": in_language(item["labels"])}, "answer-missing", name)
        limit = item.get("words")
        if limit and count_words(answer) > limit:
            sentence = gettext("This answer has %(count)s words, and at most %(limit)s are asked for.")
            params = {"count": count_words(answer), "limit": limit}
            yield Refused(sentence % params, "answer-too-long", name)
    if said.speakers > terms.most_speakers:
        sentence = gettext("Sessions of this kind name up to %(limit)s speakers; this one names %(count)s.")
        params = {"limit": terms.most_speakers, "count": said.speakers}
        yield Refused(sentence % params, "speakers-too-many")


def require_answered(said: FormAnswers, terms: FormTerms) -> None:
    """Refuse by the first of what is left out, if anything is."""
    for fault in unanswered(said, terms):
        raise fault

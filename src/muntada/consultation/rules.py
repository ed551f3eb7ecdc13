"""The law of the consultation: when a call is open, what a reply may say, who sees what. Pure functions."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import accumulate

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.forums.rules import State, Window, open_window
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM, Actor, Kind, Relation

ANSWERING_ROLES = (Role.MODERATOR, Role.SECRETARIAT)
CALLING_ROLES = (Role.SECRETARIAT,)

TITLE_LENGTH = 200
TEXT_LENGTH = 40_000
STATEMENT_LENGTH = 1_000
REASON_LENGTH = 4_000
ATTACHMENTS_PER_CONTRIBUTION = 5
# A group of fewer people is not shown: its members could be told apart.
SMALLEST_GROUP_SHOWN = 5
# Words that stand under /consultation/ themselves, so no call may be called so.
RESERVED_SLUGS = frozenset({"inbox", "themes", "receipts", "files", "new"})


class VotesOpenTo(StrEnum):
    """Who may vote on the statements of a call."""

    SIGNED_IN = "signed-in"
    NOBODY = "nobody"


class ResultsVisible(StrEnum):
    """From when on the votes of a call are shown."""

    ALWAYS = "always"
    AFTER_CLOSE = "after-close"


class ShownAs(StrEnum):
    """Under which name an author chose to be shown."""

    NAME = "name"
    ORGANISATION = "organisation"
    NOBODY = "nobody"


SHOWN_AS_WORDS: Mapping[ShownAs, Promise] = {
    ShownAs.NAME: _("With my name"),
    ShownAs.ORGANISATION: _("With the name of my organization only"),
    ShownAs.NOBODY: _("Without a name"),
}


class StatementState(StrEnum):
    """Whether a statement can be voted on, or was taken out by a moderator with a reason."""

    OPEN = "open"
    HIDDEN = "hidden"


class Disposition(StrEnum):
    """What became of a contribution."""

    ACCEPTED = "accepted"
    MERGED = "merged"
    CLUSTERED = "clustered"
    REFERRED = "referred"
    DECLINED = "declined"


DISPOSITION_WORDS: Mapping[Disposition, Promise] = {
    Disposition.ACCEPTED: _("Accepted"),
    Disposition.MERGED: _("Merged with another"),
    Disposition.CLUSTERED: _("Brought together in a theme"),
    Disposition.REFERRED: _("Referred"),
    Disposition.DECLINED: _("Declined"),
}

# What a reply leads to rests on the contribution, in this relation.
RELATION_OF: Mapping[Disposition, Relation] = {
    Disposition.ACCEPTED: Relation.ANSWERS,
    Disposition.MERGED: Relation.MERGED_FROM,
    Disposition.CLUSTERED: Relation.RAISED_IN,
    Disposition.REFERRED: Relation.ANSWERS,
}
# Evidence is earlier than any contribution, so nothing there can rest on one.
NEVER_LED_TO = frozenset({Kind.INITIATIVE, Kind.INDICATOR})


class VoteValue:
    """The three things a voter can say; the database refuses any other."""

    AGREE = 1
    PASS = 0
    DISAGREE = -1


VOTE_VALUES = (VoteValue.AGREE, VoteValue.PASS, VoteValue.DISAGREE)


def require_call_open(window: Window, now: datetime) -> None:
    """Refuse what is said outside the time of a call, and say when it opens or that it is over."""
    if open_window([window], now):
        return
    if window.state(now) is State.UPCOMING:
        sentence = gettext("This call opens on %(date)s. Please come back then.")
        raise Refused(sentence % {"date": date_format(window.opens_at, "DATE_FORMAT")}, "call-not-open")
    raise Refused(
        gettext(
            "This call is closed. What you typed is kept below, so that you can copy it; "
            "please write to the secretariat if it should still be heard."
        ),
        "call-closed",
    )


def require_vote_value(value: int) -> None:
    if value not in VOTE_VALUES:
        raise Refused(gettext("A vote is agree, disagree or pass. Please choose one of them."), "vote-value")


def results_are_visible(visible: str, window: Window, now: datetime) -> bool:
    return visible == ResultsVisible.ALWAYS or window.state(now) is State.CLOSED


def may_read(*, consent_to_publish: bool, is_author: bool, roles: Collection[Role]) -> bool:
    """A contribution not for publication is read by its author and by those who answer it."""
    return consent_to_publish or is_author or any(role in ANSWERING_ROLES for role in roles)


def require_author(*, is_author: bool) -> None:
    if not is_author:
        raise NotAllowed(gettext("Only its author can change a contribution."), "author")


def require_lead(disposition: Disposition, kind: Kind | None) -> None:
    """What a reply leads to has to fit what it says."""
    if disposition is Disposition.MERGED and kind is not Kind.CONTRIBUTION:
        sentence = gettext("Please give the symbol of the contribution it was merged with, like C/12.")
        raise Refused(sentence, "lead-needed", "leads_to")
    if disposition is Disposition.CLUSTERED and kind is not Kind.THEME:
        sentence = gettext("Please give the symbol of the theme it belongs to, like M/3.")
        raise Refused(sentence, "lead-needed", "leads_to")
    if disposition is Disposition.DECLINED and kind is not None:
        sentence = gettext("A contribution that is declined leads to nothing. Please leave this empty.")
        raise Refused(sentence, "lead-of-declined", "leads_to")
    if kind in NEVER_LED_TO:
        sentence = gettext("A contribution cannot lead to evidence that was there before it.")
        raise Refused(sentence, "lead-earlier", "leads_to")


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


def require_statement(text: str) -> None:
    """A statement is one sentence that can be agreed with."""
    if not clean_text(text):
        raise Refused(gettext("Please write the statement."), "statement-missing", "text")
    if len(text) > STATEMENT_LENGTH:
        sentence = gettext("A statement has at most %(limit)s characters. Please split it into several.")
        raise Refused(sentence % {"limit": STATEMENT_LENGTH}, "statement-too-long", "text")


def require_reason(text: str, field: str = "reason") -> None:
    if not clean_text(text):
        raise Refused(gettext("Please give the reason. It is shown to everybody."), "reason-missing", field)
    if len(text) > REASON_LENGTH:
        sentence = gettext("The reason is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": REASON_LENGTH}, "reason-too-long", field)


def require_role(actor: Actor, roles: Collection[Role]) -> None:
    """Refuse what is for other roles; the calendar and the command line may do everything."""
    if actor != SYSTEM and actor.role not in roles:
        sentence = gettext(
            "This is for other roles in this forum. Please ask the secretariat if you need it."
        )
        raise NotAllowed(sentence, "role")


@dataclass(frozen=True)
class Candidate:
    """A statement somebody has not voted on: how many voted, and its weight in the lottery if it has one."""

    number: int
    votes: int
    priority: float | None


def next_statement(candidates: Sequence[Candidate], salt: str) -> int | None:
    """Draw what to ask next; the same person at the same point is asked the same again.

    With an opinion map it is a lottery by its priorities, in which a statement newer than the map counts 1;
    without one, the statement that has the fewest votes.
    """
    if not candidates:
        return None
    if all(one.priority is None for one in candidates):
        return min(candidates, key=lambda one: (one.votes, one.number)).number
    weights = [1.0 if one.priority is None else max(one.priority, 0.0) for one in candidates]
    if not any(weights):
        weights = [1.0] * len(candidates)
    drawn = int.from_bytes(hashlib.sha256(salt.encode()).digest()[:8]) / 2**64 * sum(weights)
    for one, reached in zip(candidates, accumulate(weights), strict=True):
        if drawn < reached:
            return one.number
    return candidates[-1].number

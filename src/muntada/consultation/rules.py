"""The law of the consultation: when a call is open, what a reply may say, who sees what. Pure functions."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.forums.rules import State, Window, open_window
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.rules import Kind, Relation

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

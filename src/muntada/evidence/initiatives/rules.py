"""Rules of initiatives: kinds, states, and who may change them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused
from muntada.people.rules import Role, has_role

# The columns of a table; several values are separated by semicolons.
COLUMNS = (
    "symbol",
    "title",
    "language",
    "description",
    "organisation",
    "organisation_kind",
    "organisation_country",
    "activity",
    "scope",
    "status",
    "country",
    "also_in",
    "lines",
    "goals",
    "beneficiaries",
    "results",
    "figures",
    "challenges",
    "replicability",
    "partners",
    "starts_year",
    "ends_year",
    "website",
    "media",
)
SEVERAL = frozenset({"also_in", "lines", "goals", "media"})
MOST_ROWS = 10_000
REFUSED_SHOWN = 100
ROWS_SHOWN = 50
DECIDING_ROLES = (Role.SECRETARIAT,)
MOST_PAIRS = 500


class Activity(StrEnum):
    """The kind of an initiative."""

    PROJECT = "project"
    PROGRAMME = "programme"
    POLICY = "policy"
    INFRASTRUCTURE = "infrastructure"
    TRAINING = "training"
    TOOL = "tool"
    RESEARCH = "research"
    EVENT = "event"
    OTHER = "other"


ACTIVITY_NAMES: Mapping[Activity, Promise] = {
    Activity.PROJECT: _("Project"),
    Activity.PROGRAMME: pgettext_lazy("kind of initiative", "Programme"),
    Activity.POLICY: _("Policy or strategy"),
    Activity.INFRASTRUCTURE: _("Infrastructure"),
    Activity.TRAINING: _("Training"),
    Activity.TOOL: _("Tool or online service"),
    Activity.RESEARCH: _("Research or publication"),
    Activity.EVENT: _("Event or network"),
    Activity.OTHER: pgettext_lazy("kind of initiative", "Other"),
}


class InitiativeScope(StrEnum):
    """The geographic scope of an initiative."""

    LOCAL = "local"
    NATIONAL = "national"
    REGIONAL = "regional"
    INTERNATIONAL = "international"


SCOPE_NAMES: Mapping[InitiativeScope, Promise] = {
    InitiativeScope.LOCAL: _("Local"),
    InitiativeScope.NATIONAL: _("National"),
    InitiativeScope.REGIONAL: _("Regional"),
    InitiativeScope.INTERNATIONAL: _("International"),
}


class InitiativeProgress(StrEnum):
    """The progress of an initiative."""

    PLANNED = "planned"
    ONGOING = "ongoing"
    COMPLETED = "completed"


PROGRESS_NAMES: Mapping[InitiativeProgress, Promise] = {
    InitiativeProgress.PLANNED: _("Planned"),
    InitiativeProgress.ONGOING: _("Ongoing"),
    InitiativeProgress.COMPLETED: _("Completed"),
}


class PublicationState(StrEnum):
    """The state of an entry: it is checked before it is public."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"


STANDING_NAMES: Mapping[PublicationState, Promise] = {
    PublicationState.SUBMITTED: _("Waiting to be read"),
    PublicationState.RETURNED: _("Sent back to its author"),
    PublicationState.PUBLISHED: pgettext_lazy("standing of an initiative", "Published"),
}

# The roles that check and publish entries.
READING_ROLES = (Role.SECRETARIAT, Role.FACILITATOR)
UPDATE_DUE_AFTER = timedelta(days=365)
MOST_FIGURES = 10


@dataclass(frozen=True)
class LikenessReason:
    """Why two entries look the same: a sentence that is not translated yet, with its parameters."""

    sentence: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class RefusedRow:
    """A row of a table that is not taken in: its line, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class ResultFigure:
    """A result figure: what, value, unit, year, source."""

    what: str
    value: Decimal
    unit: str
    year: int | None = None
    source: str = ""


def may_see(standing: PublicationState, *, is_own: bool, roles: Collection[Role]) -> bool:
    """Published entries are public; others are visible to author and checkers."""
    return standing is PublicationState.PUBLISHED or is_own or has_role(roles, READING_ROLES)


def is_due(confirmed_at: datetime, status: InitiativeProgress, now: datetime) -> bool:
    """Return whether the yearly check is due; not for completed initiatives."""
    return status is not InitiativeProgress.COMPLETED and now - confirmed_at >= UPDATE_DUE_AFTER


def require_step(standing: PublicationState, wanted: PublicationState) -> None:
    """Refuse to publish or send back an entry that is not submitted."""
    if standing is wanted:
        raise Refused(gettext("This was done before. Nothing was changed."), "done-before")
    if standing is not PublicationState.SUBMITTED:
        sentence = gettext("Only an entry that waits to be read can be published or sent back.")
        raise Refused(sentence, "not-waiting")


def may_change(*, registered_by: int | None, person_id: int | None, roles: Collection[Role]) -> bool:
    """Author and secretariat may change and withdraw an entry."""
    is_own = person_id is not None and registered_by == person_id
    return is_own or has_role(roles, (Role.SECRETARIAT,))


def require_sensible(starts_year: int | None, ends_year: int | None, website: str) -> None:
    """Refuse an end before the start, or an invalid website."""
    if starts_year is not None and ends_year is not None and ends_year < starts_year:
        sentence = gettext("This initiative ends before it starts. Please check the two years.")
        raise Refused(sentence, "years-in-order", "ends_year")
    if website and not _is_web(website):
        sentence = gettext("A website begins with https:// or http://. Please check the address.")
        raise Refused(sentence, "website", "website")


def require_media(addresses: Sequence[str]) -> None:
    """Refuse invalid addresses of media."""
    for address in addresses:
        if not _is_web(address):
            sentence = gettext("“%(address)s” does not begin with https:// or http://. Please check it.")
            raise Refused(sentence % {"address": address}, "media", "addresses")


def _is_web(address: str) -> bool:
    return address.startswith(("https://", "http://"))


class RowOutcome(StrEnum):
    """The effect of importing a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


class DuplicateVerdict(StrEnum):
    """The decision on a pair of entries."""

    OPEN = "open"
    DIFFERENT = "different"
    SAME = "same"


def require_open(verdict: DuplicateVerdict) -> None:
    if verdict is not DuplicateVerdict.OPEN:
        sentence = gettext("This was decided before. Please undo that decision first.")
        raise Refused(sentence, "decided-before")


def require_decided(verdict: DuplicateVerdict) -> None:
    if verdict is DuplicateVerdict.OPEN:
        raise Refused(gettext("Nothing was decided here yet, so nothing can be undone."), "not-decided")

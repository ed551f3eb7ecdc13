"""What an initiative, an area and an observation can be, and who may do what. Pure functions."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role, has_role
from muntada.record.rules import SYSTEM, Actor


class Activity(StrEnum):
    """What kind of thing an initiative is."""

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


class Scope(StrEnum):
    """How far an initiative reaches."""

    LOCAL = "local"
    NATIONAL = "national"
    REGIONAL = "regional"
    INTERNATIONAL = "international"


SCOPE_NAMES: Mapping[Scope, Promise] = {
    Scope.LOCAL: _("Local"),
    Scope.NATIONAL: _("National"),
    Scope.REGIONAL: _("Regional"),
    Scope.INTERNATIONAL: _("International"),
}


class Progress(StrEnum):
    """Where an initiative stands in its own life."""

    PLANNED = "planned"
    ONGOING = "ongoing"
    COMPLETED = "completed"


PROGRESS_NAMES: Mapping[Progress, Promise] = {
    Progress.PLANNED: _("Planned"),
    Progress.ONGOING: _("Ongoing"),
    Progress.COMPLETED: _("Completed"),
}


class AreaKind(StrEnum):
    COUNTRY = "country"
    AGGREGATE = "aggregate"


class Grouping(StrEnum):
    """A way of dividing the world; each has its own aggregates."""

    WORLD = "world"
    REGION = "region"
    ITU_REGION = "itu-region"
    INCOME = "income"
    DEVELOPMENT = "development"
    OTHER = "other"


GROUPING_NAMES: Mapping[Grouping, Promise] = {
    Grouping.WORLD: _("World"),
    Grouping.REGION: _("Regions"),
    Grouping.ITU_REGION: _("ITU regions"),
    Grouping.INCOME: _("Income groups"),
    Grouping.DEVELOPMENT: _("Development groups"),
    Grouping.OTHER: _("Other groups"),
}


# What the World Bank lists among its other groups and a review of development asks for.
DEVELOPMENT_TOO = frozenset({"SST", "HPC", "FCS"})
# A chart with more lines than this cannot be read; the table holds them all.
LINES_IN_A_CHART = 9
CHARTED: tuple[Grouping, ...] = (Grouping.REGION, Grouping.INCOME, Grouping.DEVELOPMENT)


class Breakdown(StrEnum):
    """Which part of the people an observation is about."""

    TOTAL = "total"
    FEMALE = "female"
    MALE = "male"
    URBAN = "urban"
    RURAL = "rural"
    AGE_15_24 = "age-15-24"
    AGE_OTHER = "age-other"


BREAKDOWN_NAMES: Mapping[Breakdown, Promise] = {
    Breakdown.TOTAL: _("All"),
    Breakdown.FEMALE: _("Women"),
    Breakdown.MALE: _("Men"),
    Breakdown.URBAN: _("Urban"),
    Breakdown.RURAL: _("Rural"),
    Breakdown.AGE_15_24: _("Aged 15 to 24"),
    Breakdown.AGE_OTHER: _("Other ages"),
}


class Nature(StrEnum):
    """How a value came about, as far as its source says."""

    NOT_STATED = "not-stated"
    MEASURED = "measured"
    ESTIMATED = "estimated"
    PROJECTED = "projected"


NATURE_NAMES: Mapping[Nature, Promise] = {
    Nature.NOT_STATED: _("Not stated"),
    Nature.MEASURED: _("Measured"),
    Nature.ESTIMATED: _("Estimated"),
    Nature.PROJECTED: _("Projected"),
}


IMPORTING_ROLES = (Role.SECRETARIAT,)


def require_role(actor: Actor, needed: Collection[Role]) -> None:
    """Refuse what is for other roles; the calendar and the command line may do everything."""
    if actor != SYSTEM and actor.role not in needed:
        sentence = gettext(
            "This is for other roles in this forum. Please ask the secretariat if you need it."
        )
        raise NotAllowed(sentence, "role")


def may_withdraw(*, registered_by: int | None, person_id: int | None, roles: Collection[Role]) -> bool:
    """Whoever registered an initiative may withdraw it, and so may the secretariat."""
    is_own = person_id is not None and registered_by == person_id
    return is_own or has_role(roles, (Role.SECRETARIAT,))


def require_sensible(starts_year: int | None, ends_year: int | None, website: str) -> None:
    """Refuse an initiative that ends before it starts, or whose website is no address of the web."""
    if starts_year is not None and ends_year is not None and ends_year < starts_year:
        sentence = gettext("This initiative ends before it starts. Please check the two years.")
        raise Refused(sentence, "years-in-order", "ends_year")
    if website and not website.startswith(("https://", "http://")):
        sentence = gettext("A website begins with https:// or http://. Please check the address.")
        raise Refused(sentence, "website", "website")

"""What an initiative can be, and who may take one back."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused
from muntada.people.rules import Role, has_role


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

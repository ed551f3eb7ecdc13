"""Queries about persons: roles and organizations."""

from dataclasses import dataclass

from muntada.people.models import Affiliation, NameWithdrawal, Organisation, Person, RoleHeld
from muntada.people.rules import ROLE_NAMES, Role


def roles_of(person: Person, forum_id: int) -> frozenset[Role]:
    """Return the roles of a person in a forum; everybody is a participant."""
    held = RoleHeld.objects.filter(person=person, forum_id=forum_id).values_list("role", flat=True)
    return frozenset({Role.PARTICIPANT, *(Role(role) for role in held)})


def organisations_of(person: Person, *, vouched_only: bool = False) -> list[Organisation]:
    """Return the organizations of a person, optionally only confirmed ones."""
    affiliations = Affiliation.objects.filter(person=person, ended_at=None).select_related("organisation")
    if vouched_only:
        affiliations = affiliations.filter(vouched_at__isnull=False)
    return [affiliation.organisation for affiliation in affiliations.order_by("claimed_at")]


def affiliations_of(person: Person) -> list[Affiliation]:
    found = Affiliation.objects.filter(person=person, ended_at=None)
    return list(found.select_related("organisation", "vouched_by").order_by("claimed_at"))


def waiting_for(person: Person) -> list[Affiliation]:
    """Return the affiliations this person can confirm as focal point."""
    spoken_for = Affiliation.objects.filter(person=person, is_focal_point=True, ended_at=None)
    found = Affiliation.objects.filter(
        organisation__in=spoken_for.values("organisation"), vouched_at=None, ended_at=None
    )
    return list(found.exclude(person=person).select_related("person", "organisation").order_by("claimed_at"))


def withdrawal_of(person: Person) -> NameWithdrawal | None:
    """Return the open request to withdraw a person's name, if any."""
    return NameWithdrawal.objects.filter(person=person, done_at=None).first()


@dataclass(frozen=True)
class RoleSomewhere:
    """A role and its forum."""

    forum: str
    url: str
    role: str


def roles_everywhere(person: Person) -> list[RoleSomewhere]:
    held = RoleHeld.objects.filter(person=person).select_related("forum").order_by("forum", "role")
    return [
        RoleSomewhere(str(one.forum), one.forum.get_absolute_url(), str(ROLE_NAMES[Role(one.role)]))
        for one in held
    ]

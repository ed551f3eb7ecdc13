"""Questions about persons: their roles, and for whom they may speak."""

from muntada.people.models import Affiliation, Organisation, Person, RoleHeld
from muntada.people.rules import Role


def roles_of(person: Person, forum_id: int) -> frozenset[Role]:
    """Return the roles a person holds in a forum; everybody is a participant."""
    held = RoleHeld.objects.filter(person=person, forum_id=forum_id).values_list("role", flat=True)
    return frozenset({Role.PARTICIPANT, *(Role(role) for role in held)})


def organisations_of(person: Person, *, vouched_only: bool = False) -> list[Organisation]:
    """Return the organisations a person says they belong to, or only those that vouched for them."""
    affiliations = Affiliation.objects.filter(person=person, ended_at=None).select_related("organisation")
    if vouched_only:
        affiliations = affiliations.filter(vouched_at__isnull=False)
    return [affiliation.organisation for affiliation in affiliations.order_by("claimed_at")]


def people_with(role: Role, forum_id: int) -> list[Person]:
    return list(Person.objects.filter(roles__forum_id=forum_id, roles__role=role, is_active=True))

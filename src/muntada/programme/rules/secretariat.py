"""Who makes the programme."""

from django.utils.translation import gettext

from muntada.foundations.errors import NotAllowed
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM, Actor


def require_secretariat(actor: Actor) -> None:
    """The programme is made by the secretariat, or by the command line and the calendar in its name."""
    if actor.role not in {Role.SECRETARIAT.value, SYSTEM.role}:
        raise NotAllowed(gettext("Only the secretariat can do this."), "secretariat")

"""The role check of the platform; every action calls it first."""

from collections.abc import Collection

from django.utils.translation import gettext

from muntada.foundations.errors import NotAllowed, SignInFirst
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM, Actor

# Every signed-in person is a participant.
ANY_ROLE = tuple(Role)
SECRETARIAT = (Role.SECRETARIAT,)


def require_role(actor: Actor, roles: Collection[Role], forum_id: int | None) -> None:
    """Refuse actors without one of the roles in the forum of the thing.

    A role in another forum has no effect. The calendar and the command line may do everything.
    """
    if actor == SYSTEM:
        return
    require_signed_in(actor)
    if actor.forum_id is None or actor.forum_id != forum_id or actor.role not in roles:
        sentence = gettext(
            "This is for other roles in this forum. Please ask the secretariat if you need it."
        )
        raise NotAllowed(sentence, "role")


def require_signed_in(actor: Actor) -> None:
    """Refuse anonymous actors."""
    if actor.person_id is None and actor != SYSTEM:
        raise SignInFirst(gettext("Please sign in to go on."), "sign-in")

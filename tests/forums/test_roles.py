"""A role counts in the forum in which it is held, and nowhere else."""

import pytest

from muntada.forums.rules.roles import ANY_ROLE, SECRETARIAT, require_role
from muntada.foundations.errors import NotAllowed, SignInFirst
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM, Actor

FORUM, OTHER = 1, 2
OTHERS = [role for role in Role if role is not Role.SECRETARIAT]


def test_a_role_is_good_in_its_own_forum():
    require_role(Actor(7, Role.SECRETARIAT, FORUM), SECRETARIAT, FORUM)


@pytest.mark.parametrize("forum_id", [OTHER, None])
def test_a_role_of_another_forum_or_of_none_counts_for_nothing(forum_id):
    with pytest.raises(NotAllowed):
        require_role(Actor(7, Role.SECRETARIAT, forum_id), SECRETARIAT, FORUM)


@pytest.mark.parametrize("role", OTHERS)
def test_other_roles_are_refused(role):
    with pytest.raises(NotAllowed):
        require_role(Actor(7, role, FORUM), SECRETARIAT, FORUM)


def test_the_calendar_and_the_command_line_act_in_every_forum():
    require_role(SYSTEM, SECRETARIAT, FORUM)


def test_who_calls_themselves_the_system_is_still_a_person():
    with pytest.raises(NotAllowed):
        require_role(Actor(7, SYSTEM.role, FORUM), ANY_ROLE, FORUM)


@pytest.mark.parametrize("role", list(Role))
def test_nobody_signs_in_first_whatever_role_they_claim(role):
    with pytest.raises(SignInFirst):
        require_role(Actor(None, role, FORUM), ANY_ROLE, FORUM)

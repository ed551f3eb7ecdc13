"""Every action refuses by itself, whoever calls it: a page, the interface, the command line, a task."""

import inspect

import pytest
from django.db import transaction

from house.actions_found import NOW, Making, actions, belongs_to_a_forum, hints_of, name_of, who_acts
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotAllowed, SignInFirst
from muntada.people.models import Person, RoleHeld
from muntada.people.queries import roles_of
from muntada.people.rules import Role

pytestmark = pytest.mark.django_db

VOTES = "Who has no account votes under a key of their browser, where the call or the showcase lets them."
IN_ANOTHER = "Part of another action, which has checked who acts; the log itself refuses another forum."
THEIR_OWN = (
    "Everybody who is signed in may; whose the thing is, is asked of the row, and a test of the stage does."
)
# Nobody is signed in, and it is not refused for that.
NOBODY_MAY = {
    "consultation.contributions.actions.contributions.require_writable": "It changes nothing, it only asks.",
    "consultation.statements.actions.voters.declare": VOTES,
    "consultation.statements.actions.votes.cast_on": VOTES,
    "consultation.statements.actions.votes.cast_vote": VOTES,
    "consultation.statements.actions.votes.cast_votes": VOTES,
    "consultation.statements.actions.votes.undo_vote": VOTES,
    "evidence.initiatives.actions.initiatives.log": IN_ANOTHER,
    "evidence.prizes.actions.rounds.log": IN_ANOTHER,
    "evidence.prizes.actions.rounds.log_all": IN_ANOTHER,
    "evidence.prizes.actions.votes.cast_showcase_vote": VOTES,
    "evidence.prizes.actions.votes.cast_showcase_votes": VOTES,
    "evidence.prizes.actions.votes.take_back_vote": VOTES,
    "meeting.sessions.actions.log": IN_ANOTHER,
    "outcome.texts.actions.log": IN_ANOTHER,
    "record.actions.write": "The log writes down who voted or answered by a link, and they have no account.",
}
# Somebody with a role elsewhere, and it is not refused for that.
STRANGERS_MAY = {
    "forums.merging.actions.propose": "It is told numbers; the actions of the stages check the two.",
}
# Whoever is signed in may, without a role in the forum.
EVERYBODY_MAY = {
    "consultation.contributions.actions.contributions.put_on_record": IN_ANOTHER,
    "evidence.initiatives.actions.initiatives.confirm_initiative": THEIR_OWN,
    "evidence.initiatives.actions.initiatives.log": IN_ANOTHER,
    "evidence.initiatives.actions.initiatives.register_initiative": (
        "Everybody enters; it is read before it stands."
    ),
    "evidence.initiatives.actions.initiatives.update_initiative": THEIR_OWN,
    "evidence.initiatives.actions.initiatives.withdraw_initiative": THEIR_OWN,
    "evidence.prizes.actions.rounds.log": IN_ANOTHER,
    "evidence.prizes.actions.rounds.log_all": IN_ANOTHER,
    "evidence.prizes.actions.entries.enter_initiative": THEIR_OWN,
    "evidence.prizes.actions.entries.withdraw_entry": THEIR_OWN,
    "meeting.questions.actions.ask_question": "Everybody asks.",
    "meeting.sessions.actions.log": IN_ANOTHER,
    "outcome.texts.actions.log": IN_ANOTHER,
    "programme.decisions.actions.take_out": IN_ANOTHER,
    "programme.requests.actions.requests.hand_in": IN_ANOTHER,
    "record.actions.write": "The log has no roles; the actions that write it have.",
}
THEMSELVES = "The person acts for themselves, and the page takes them from the session."
# Told of a person, not of who acts in what role.
OF_A_PERSON = {
    "meeting.questions.actions.drop_support": THEMSELVES,
    "meeting.questions.actions.support_question": THEMSELVES,
    "people.actions.ask_to_withdraw_name": THEMSELVES,
    "people.actions.claim_affiliation": THEMSELVES,
    "people.actions.end_affiliation": THEMSELVES,
    "people.actions.issue_sign_in_link": "Only the command line calls it, for whoever has the machine.",
    "people.actions.keep_name": THEMSELVES,
    "people.actions.vouch_for": THEMSELVES,
    "programme.sessions.actions.give_calendar": THEMSELVES,
    "programme.sessions.actions.mark": THEMSELVES,
    "programme.sessions.actions.take_over": THEMSELVES,
    "programme.requests.actions.requests.draft_from_file": IN_ANOTHER,
}
FOUND = actions()


@pytest.fixture
def making(forum, make_person):
    return Making(forum, make_person(name="Owner"))


@pytest.fixture
def stranger(make_person, other_forum, now) -> Person:
    """The secretariat of another forum."""
    person = make_person(name="Stranger")
    RoleHeld.objects.create(person=person, forum=other_forum, role=Role.SECRETARIAT, given_at=now)
    return person


def request_of(person, forum) -> ForumRequest:
    roles = roles_of(person, forum.pk) if person else frozenset()
    return ForumRequest(forum=forum, person=person, roles=roles, now=NOW)


def what_happens(action, making: Making, forum_request: ForumRequest) -> str:
    """Call an action; return nothing where who acts is refused, else what happened instead."""
    who = who_acts(action)
    try:
        arguments = making.arguments(action)
    except Exception as problem:  # noqa: BLE001  (whatever it is, it is said)
        return f"no arguments: {problem!r}"
    arguments[who] = (
        forum_request if kind_of_who(action) is ForumRequest else forum_request.actor(Role.SECRETARIAT)
    )
    try:
        with transaction.atomic():
            positional = [
                arguments.pop(name)
                for name, one in inspect.signature(action).parameters.items()
                if one.kind is one.POSITIONAL_OR_KEYWORD
            ]
            action(*positional, **arguments)
            transaction.set_rollback(True)
    except (NotAllowed, SignInFirst):
        return ""
    except Exception as instead:  # noqa: BLE001
        return repr(instead)
    return "it was done"


def wrong(making: Making, forum_request: ForumRequest, found) -> dict[str, str]:
    happened = {name_of(one): what_happens(one, making, forum_request) for one in found}
    return {name: what for name, what in happened.items() if what}


def kind_of_who(action) -> object:
    return hints_of(action)[who_acts(action)]


def told_in_what_role(action) -> bool:
    return who_acts(action) in {"actor", "forum_request"}


def test_there_are_actions_in_every_stage():
    assert len({name_of(one).split(".")[0] for one in FOUND}) == 11


def test_who_is_told_of_a_person_alone_has_a_reason():
    assert {name_of(one) for one in FOUND if not told_in_what_role(one)} == OF_A_PERSON.keys()


def test_nobody_is_refused(making, forum):
    found = [one for one in FOUND if told_in_what_role(one)]
    assert_only(wrong(making, request_of(None, forum), found), NOBODY_MAY)


def test_the_secretariat_of_another_forum_is_refused(making, stranger, other_forum):
    found = [one for one in FOUND if told_in_what_role(one) and belongs_to_a_forum(one)]
    assert_only(wrong(making, request_of(stranger, other_forum), found), STRANGERS_MAY)


def test_who_has_a_role_in_another_forum_comes_as_a_participant(making, stranger, forum):
    found = [one for one in FOUND if who_acts(one) == "actor"]
    assert_only(wrong(making, request_of(stranger, forum), found), EVERYBODY_MAY)


def test_the_actor_and_the_time_are_given_by_keyword_side_by_side():
    assert [name_of(one) for one in FOUND if not has_actor_and_now_by_keyword(one)] == []


def test_an_actor_given_by_position_or_after_the_time_is_found():
    def by_position(thing, actor, now): ...

    def apart(*, actor, thing, now): ...

    def as_all_are(thing, *, actor, now): ...

    assert not has_actor_and_now_by_keyword(by_position)
    assert not has_actor_and_now_by_keyword(apart)
    assert has_actor_and_now_by_keyword(as_all_are)


def has_actor_and_now_by_keyword(action) -> bool:
    parameters = list(inspect.signature(action).parameters.values())
    names = [one.name for one in parameters]
    if "actor" not in names:
        return True
    place = names.index("actor")
    return parameters[place].kind is inspect.Parameter.KEYWORD_ONLY and (
        "now" not in names or names[place + 1 :][:1] == ["now"]
    )


def assert_only(happened: dict[str, str], meant: dict[str, str]) -> None:
    """Fail with each action that was not refused without a reason, and each reason for no action."""
    rest = {name: what for name, what in happened.items() if name not in meant}
    assert not rest, "\n".join(f"{name}: {what}" for name, what in rest.items())
    assert not meant.keys() - {name_of(one) for one in FOUND}

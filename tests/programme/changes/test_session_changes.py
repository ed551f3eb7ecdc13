from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from muntada.foundations.errors import NotAllowed
from muntada.people.rules import Role
from muntada.programme.changes.actions import (
    SessionFacts,
    add_person,
    change_session,
    facts_of,
    remove_person,
)
from muntada.programme.decisions.actions import cancel_session
from muntada.programme.releases.actions import publish_release
from muntada.programme.sessions.models import Room, Session, SessionPerson, Slot
from muntada.programme.sessions.rules import SessionRole
from muntada.programme.timetable.actions import drafts, moves
from muntada.programme.timetable.actions.timetable_runs import make_timetable
from muntada.programme.timetable.models import PlacementPerson, Timetable
from muntada.record.models import LogEntry
from muntada.record.rules import SYSTEM, Actor

AT = "/wsis20/programme/sessions/1"


@pytest.fixture
def sessions(make_session, room: Room, slots: list[Slot]) -> list[Session]:
    return [make_session("Villages"), make_session("Cities")]


@pytest.fixture
def draft(forum, sessions, now: datetime) -> Timetable:
    """Two sessions one after the other in the only room, from the first slot on."""
    made = make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    released = publish_release(timetable=made, actor=SYSTEM, now=now)
    copied = drafts.copy_timetable(timetable=released.timetable, actor=SYSTEM, now=now)
    first, second = (copied.placements.get(session=one) for one in sessions)
    assert first.room == second.room
    assert abs(first.period.lower - second.period.lower) >= timedelta(hours=1)
    return copied


def change(session: Session, now: datetime, **facts: object) -> tuple[int, ...]:
    kept = replace(facts_of(session), **facts)
    return change_session(session=session, facts=kept, actor=SYSTEM, now=now)


def test_all_of_a_session_is_changed_at_once_and_logged_once(sessions, now):
    session = sessions[0]
    facts = SessionFacts(
        title=" Réseaux  villageois ",
        language="fr",
        description="Qui répare ?",
        kind="panel",
        minutes=45,
        needs=("captions", "recording"),
        is_online_only=True,
    )
    change_session(session=session, facts=facts, actor=SYSTEM, now=now)
    session.refresh_from_db()
    assert facts_of(session) == replace(facts, title="Réseaux villageois")
    session.symbol.refresh_from_db()
    assert (session.symbol.title, session.symbol.language) == ("Réseaux villageois", "fr")
    assert LogEntry.objects.get(verb="change_session").symbol == session.symbol
    change_session(session=session, facts=facts, actor=SYSTEM, now=now)
    assert LogEntry.objects.filter(verb="change_session").count() == 1


def test_without_a_title_or_once_cancelled_nothing_is_changed(sessions, now, refuses):
    session = sessions[0]
    with refuses("title-missing"):
        change(session, now, title="  ")
    speaker = Actor(1, Role.SPEAKER, session.forum_id)
    with pytest.raises(NotAllowed):
        change_session(session=session, facts=facts_of(session), actor=speaker, now=now)
    cancel_session(session=session, reason="Storm", actor=SYSTEM, now=now)
    with refuses("session-cancelled"):
        change(session, now, minutes=30)
    with refuses("session-cancelled"):
        add_person(session=session, name="Amina Example", part=SessionRole.SPEAKER, actor=SYSTEM, now=now)


def test_drafts_follow_a_new_length_and_what_is_released_stays(draft, sessions, now, forum):
    change(sessions[0], now, minutes=30)
    placed = draft.placements.get(session=sessions[0])
    assert placed.period.upper - placed.period.lower == timedelta(minutes=30)
    draft.refresh_from_db()
    assert draft.version == 1
    released = forum.releases.get().timetable.placements.get(session=sessions[0])
    assert released.period.upper - released.period.lower == timedelta(hours=1)


def test_a_session_that_no_longer_fits_waits_without_a_place_in_that_draft(draft, sessions, now):
    first = min(sessions, key=lambda one: draft.placements.get(session=one).period.lower)
    placed = draft.placements.get(session=first)
    other = draft.placements.exclude(session=first).get()
    minutes = int((other.period.lower - placed.period.lower).total_seconds() // 60) + 30
    assert change(first, now, minutes=minutes) == (draft.number,)
    draft.refresh_from_db()
    assert [one["session"] for one in draft.unplaced] == [first.symbol.short]
    assert not draft.placements.filter(session=first).exists()
    again = drafts.copy_timetable(timetable=draft.made_from, actor=SYSTEM, now=now)
    assert again.placements.count() == 1
    assert len(again.unplaced) == 1


def test_an_undone_move_puts_back_the_session_as_long_as_it_is_now(draft, sessions, now, room, slots):
    session = sessions[0]
    stood = draft.placements.get(session=session).period.lower
    moves.take_out(timetable=draft, session=session, actor=SYSTEM, now=now)
    change(session, now, minutes=30)
    moves.undo_last_move(timetable=draft, actor=SYSTEM, now=now)
    placed = draft.placements.get(session=session)
    assert (placed.period.lower, placed.period.upper) == (stood, stood + timedelta(minutes=30))


def test_who_joins_is_kept_free_in_drafts_and_who_is_left_out_is_not(draft, sessions, now, refuses):
    session = sessions[0]
    add_person(session=session, name=" Amina  Example ", part=SessionRole.SPEAKER, actor=SYSTEM, now=now)
    assert PlacementPerson.objects.get(placement__timetable=draft).key == "name:amina example"
    with refuses("part-given"):
        add_person(session=session, name="amina example", part=SessionRole.SPEAKER, actor=SYSTEM, now=now)
    with refuses("name-missing"):
        add_person(session=session, name=" ", part=SessionRole.SPEAKER, actor=SYSTEM, now=now)
    remove_person(person=session.people.get(), actor=SYSTEM, now=now)
    assert not PlacementPerson.objects.filter(placement__timetable=draft).exists()
    assert not SessionPerson.objects.exists()


def test_who_is_on_another_stage_then_costs_the_session_its_place(draft, sessions, other_room, now):
    first, second = sessions
    start = draft.placements.get(session=first).period
    draft.placements.filter(session=second).update(room=other_room, period=start)
    for session in sessions[1:]:
        assert (
            add_person(session=session, name="Amina", part=SessionRole.SPEAKER, actor=SYSTEM, now=now) == ()
        )
    assert add_person(session=first, name="Amina", part=SessionRole.MODERATOR, actor=SYSTEM, now=now) == (
        draft.number,
    )


def test_somebody_known_here_by_an_account_stays_one_person(sessions, make_person, now):
    person = make_person(Role.SPEAKER, name="Amina Example")
    SessionPerson.objects.create(
        session=sessions[0],
        name="Amina Example",
        person=person,
        key=f"person:{person.pk}",
        part=SessionRole.ORGANISER,
    )
    add_person(session=sessions[0], name="Amina Example", part=SessionRole.SPEAKER, actor=SYSTEM, now=now)
    assert set(sessions[0].people.values_list("person", "key")) == {(person.pk, f"person:{person.pk}")}


def test_the_page_changes_facts_and_people_and_says_what_it_cost(draft, sessions, client_as):
    browser = client_as(Role.SECRETARIAT)
    said = {
        "change": "",
        "title": "Villages",
        "description": "Who repairs what",
        "language": "en",
        "kind": "workshop",
        "minutes": "480",
        "needs": ["recording"],
    }
    page = browser.post(AT, said, follow=True)
    assert "it no longer fits where it stood" in page.text
    assert Session.objects.get(symbol__number=1).description == "Who repairs what"
    assert browser.post(AT, said | {"minutes": "5"}).status_code == 422
    assert (
        "Amina Example"
        in browser.post(AT, {"add": "", "name": "Amina Example", "part": "speaker"}, follow=True).text
    )
    person = SessionPerson.objects.get()
    assert browser.post(AT, {"add": "", "name": "", "part": "speaker"}).status_code == 422
    browser.post(AT, {"remove": "x"})
    browser.post(AT, {"remove": person.pk}, follow=True)
    assert not SessionPerson.objects.exists()


def test_the_page_of_a_cancelled_session_offers_nothing_and_changes_nothing(sessions, client_as, now):
    cancel_session(session=sessions[0], reason="Storm", actor=SYSTEM, now=now)
    browser = client_as(Role.SECRETARIAT)
    assert 'name="minutes"' not in browser.get(AT).text
    browser.post(AT, {"remove": "1"}, follow=True)
    assert browser.post(AT, {"add": "", "name": "Amina", "part": "speaker"}).status_code == 422


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.MODERATOR, Role.REVIEWER, Role.SPEAKER])
def test_no_other_role_changes_a_session(sessions, client_as, role):
    assert client_as(role).post(AT, {"cancel": "", "reason": "Because"}).status_code == 403
    assert Session.objects.get(symbol__number=1).cancelled_at is None

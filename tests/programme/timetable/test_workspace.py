"""Work on a draft: two editors, undo, locks, repair, what was thrown away, and how a making is ended."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from muntada.foundations.jobs import running
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.running import carry_out
from muntada.foundations.stored import as_stored, read_stored
from muntada.people.rules import Role
from muntada.programme.decisions import actions as decisions
from muntada.programme.releases.actions import publish_release
from muntada.programme.sessions import actions as places
from muntada.programme.sessions.models import Session, SessionPerson, Slot
from muntada.programme.sessions.rules import person_key
from muntada.programme.timetable import tasks as timetable
from muntada.programme.timetable.actions import drafts, locks, moves, timetable_runs, timetables
from muntada.programme.timetable.adapter import solving
from muntada.programme.timetable.adapter.frames import TABLES, frame_now, seats_of
from muntada.programme.timetable.adapter.moving import choices
from muntada.programme.timetable.adapter.solving import HowFar
from muntada.programme.timetable.adapter.timetables import Seat, frame_of, judge
from muntada.programme.timetable.models import Move, Placement, SessionLock, Timetable
from muntada.programme.timetable.rules import StepFigures, TimetableProgress, so_far
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, SymbolKind


def run(ordered: Timetable) -> Timetable:
    carry_out(job_id=ordered.job_id, work=timetable.run_timetable, clock=timezone.now)
    return Timetable.objects.select_related("job").get(pk=ordered.pk)


@pytest.fixture
def secretariat(request_as, make_person):
    return request_as(person=make_person(Role.SECRETARIAT)).actor(Role.SECRETARIAT)


@pytest.fixture
def speaks():
    def speaks(session, name):
        return SessionPerson.objects.create(
            session=session, name=name, key=person_key(None, name), part="speaker"
        )

    return speaks


@pytest.fixture
def amina(request_as, make_person):
    return request_as(person=make_person(Role.SECRETARIAT, name="Amina Example"))


@pytest.fixture
def move(now):
    def move(draft, session, room, slot, forum_request=None, seen=None):
        actor = forum_request.actor(Role.SECRETARIAT) if forum_request else SYSTEM
        return moves.move_session(
            timetable=draft, session=session, room=room, slot=slot, actor=actor, now=now, seen_version=seen
        )

    return move


def test_the_second_of_two_editors_is_told_who_moved_it_and_loses_nothing(
    make_draft, make_session, move, room, other_room, slots, amina, refuses
):
    draft, session = make_draft(), make_session()
    move(draft, session, room, slots[0], amina, seen=0)
    with refuses("moved-meanwhile") as refused:
        move(draft, session, other_room, slots[1], seen=0)
    words = str(refused.value)
    assert all(part in words for part in ("Amina Example", "S/1", "Room A", "09:00"))
    assert Placement.objects.get().room == room
    move(draft, session, other_room, slots[1], seen=1)
    assert Placement.objects.get().room == other_room


def test_two_editors_may_move_different_sessions_at_once(
    make_draft, make_session, move, room, other_room, slots
):
    draft, session, other = make_draft(), make_session(), make_session("Cities")
    move(draft, session, room, slots[0], seen=0)
    move(draft, other, other_room, slots[0], seen=0)
    draft.refresh_from_db()
    assert (draft.version, Placement.objects.count()) == (2, 2)


def test_moves_are_undone_from_the_last_to_the_first(
    make_draft, make_session, move, room, other_room, slots, now, refuses
):
    draft, session = make_draft(), make_session()
    move(draft, session, room, slots[0])
    move(draft, session, other_room, slots[1])
    moves.undo_last_move(timetable=draft, actor=SYSTEM, now=now)
    placed = Placement.objects.get()
    assert (placed.room, placed.period.lower) == (room, slots[0].starts_at)
    moves.undo_last_move(timetable=draft, actor=SYSTEM, now=now)
    assert not Placement.objects.exists()
    with refuses("nothing-to-undo"):
        moves.undo_last_move(timetable=draft, actor=SYSTEM, now=now)
    assert Move.objects.filter(is_undo=True).count() == 2


def test_an_undo_that_would_break_a_rule_is_refused_and_can_be_tried_again(
    make_draft, make_session, move, room, other_room, slots, now, refuses
):
    draft, session = make_draft(), make_session()
    move(draft, session, room, slots[0])
    move(draft, session, other_room, slots[0])
    places.close_room(
        room=room, starts_at=slots[0].starts_at, ends_at=slots[0].ends_at, actor=SYSTEM, now=now
    )
    with refuses("move-room-open"):
        moves.undo_last_move(timetable=draft, actor=SYSTEM, now=now)
    assert Placement.objects.get().room == other_room
    assert not Move.objects.filter(undone_at__isnull=False).exists()


def test_a_session_is_taken_out_and_put_back(make_draft, make_session, move, room, slots, now):
    draft, session = make_draft(), make_session()
    move(draft, session, room, slots[0])
    moves.take_out(timetable=draft, session=session, actor=SYSTEM, now=now)
    draft.refresh_from_db()
    assert [one["session"] for one in draft.unplaced] == ["S/1"]
    moves.undo_last_move(timetable=draft, actor=SYSTEM, now=now)
    draft.refresh_from_db()
    assert (draft.unplaced, Placement.objects.count()) == ([], 1)


def test_a_lock_reaches_the_engine_and_holds_by_hand_too(
    forum, make_session, move, room, other_room, slots, now, refuses
):
    session = make_session()
    locks.lock_session(session=session, slot=slots[2], room=other_room, actor=SYSTEM, now=now)
    made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    placed = made.placements.get()
    assert (placed.room, placed.period.lower) == (other_room, slots[2].starts_at)
    with refuses("move-locked-slot") as refused:
        move(made, session, other_room, slots[0])
    assert "locked" in str(refused.value)
    locks.unlock_session(session=session, actor=SYSTEM, now=now)
    move(made, session, other_room, slots[0])


def test_a_person_is_not_locked_into_two_rooms_at_once(
    make_session, speaks, room, other_room, slots, now, refuses
):
    first, second = make_session(), make_session("Cities")
    for one in (first, second):
        speaks(one, "Amina Diallo")
    locks.lock_session(session=first, slot=slots[0], room=room, actor=SYSTEM, now=now)
    with refuses("lock-at-odds") as refused:
        locks.lock_session(session=second, slot=slots[0], room=other_room, actor=SYSTEM, now=now)
    assert "Amina Diallo" in str(refused.value)
    assert [lock.session for lock in SessionLock.objects.all()] == [first]


def test_a_session_is_not_locked_where_it_cannot_be(make_session, room, slots, now, refuses):
    session = make_session(minutes=240)
    with refuses("lock-at-odds") as refused:
        locks.lock_session(session=session, slot=slots[0], room=room, actor=SYSTEM, now=now)
    assert "240" in str(refused.value)


def test_a_repair_moves_only_what_a_closed_room_drives_out(forum, make_session, room, other_room, slots, now):
    for title in ("One", "Two", "Three", "Four"):
        make_session(title)
    made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    driven_out = made.placements.filter(room=other_room, period__startswith=slots[0].starts_at)
    closed = driven_out.get() if driven_out.exists() else made.placements.first()
    places.close_room(
        room=closed.room,
        starts_at=closed.period.lower,
        ends_at=closed.period.upper,
        actor=SYSTEM,
        now=now,
    )
    repaired = run(timetables.order_repair(timetable=made, actor=SYSTEM, now=now))
    before = {seat.session_id: seat for seat in seats_of(made)}
    after = {seat.session_id: seat for seat in seats_of(repaired)}
    assert [pk for pk in before if before[pk] != after[pk]] == [closed.session_id]
    assert (repaired.made_from, repaired.is_repair) == (made, True)


def test_a_timetable_thrown_away_takes_no_move_and_can_be_brought_back(
    make_draft, make_session, move, room, slots, now, amina, refuses
):
    draft, session = make_draft(), make_session()
    drafts.discard_timetable(timetable=draft, actor=amina.actor(Role.SECRETARIAT), now=now)
    with refuses("timetable-discarded") as refused:
        move(draft, session, room, slots[0])
    assert "Amina Example" in str(refused.value)
    with refuses("timetable-discarded"):
        publish_release(timetable=draft, actor=SYSTEM, now=now)
    drafts.bring_back(timetable=draft, actor=SYSTEM, now=now)
    move(draft, session, room, slots[0])


def test_a_released_timetable_is_not_thrown_away(forum, make_session, room, slots, now, refuses):
    make_session()
    made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    publish_release(timetable=made, actor=SYSTEM, now=now)
    with refuses("timetable-released"):
        drafts.discard_timetable(timetable=made, actor=SYSTEM, now=now)


def test_a_making_that_is_stopped_keeps_the_best(
    secretariat, forum, make_session, room, slots, now, monkeypatch, refuses
):
    make_session()
    ordered = timetables.order_timetable(forum=forum, actor=secretariat, now=now, effort=60.0)
    make = solving.make

    def slowly(frame, *, halt, report, **settings):
        report(HowFar("wishes", 12, 7, 0.5))
        stopped = threading.Event()
        monkeypatch.setattr(halt, "stop", stopped.set)
        assert stopped.wait(20), "it was not told to stop"
        return make(frame, halt=halt, report=report, **settings)

    monkeypatch.setattr(timetable_runs, "make", slowly)
    timetables.stop_timetable(timetable=ordered, actor=secretariat, now=now)
    made = run(ordered)
    assert (made.is_made, made.placements.count()) == (True, 1)
    with refuses("not-being-made"):
        timetables.stop_timetable(timetable=made, actor=secretariat, now=now)


def test_a_draft_thrown_away_while_it_is_made_is_ended_with_the_best(
    secretariat, forum, make_session, room, slots, now
):
    make_session()
    ordered = timetables.order_timetable(forum=forum, actor=secretariat, now=now, effort=1.0)
    drafts.discard_timetable(timetable=ordered, actor=secretariat, now=now)
    assert Job.objects.get().stop_asked_at == now
    drafts.bring_back(timetable=run(ordered), actor=secretariat, now=now)
    assert Timetable.objects.get().is_made


def test_a_release_in_the_midst_of_a_making_loses_neither(forum, make_session, room, slots, now, monkeypatch):
    make_session()
    earlier = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    ordered = timetables.order_timetable(forum=forum, actor=SYSTEM, now=now, effort=1.0)
    make, released = solving.make, threading.Event()

    def waiting(frame, *, report, **settings):
        report(HowFar("wishes", 12, 7, 0.5))
        assert released.wait(20), "nothing was released meanwhile"
        return make(frame, report=report, **settings)

    def release(_topic):
        if not released.is_set() and Job.objects.get(pk=ordered.job_id).details:
            publish_release(timetable=earlier, actor=SYSTEM, now=now)
            released.set()

    monkeypatch.setattr(timetable_runs, "make", waiting)
    monkeypatch.setattr(running, "announce", release)
    ordered = run(ordered)
    assert earlier.release.entries.count() == 1
    assert (ordered.is_made, ordered.placements.count()) == (True, 1)
    assert ordered.judged_by != frame_now(forum)[1]
    assert publish_release(timetable=ordered, actor=SYSTEM, now=now).number == earlier.release.number + 1


def test_a_release_while_another_timetable_is_made_is_seen_afterwards(
    forum, make_session, move, room, other_room, slots, now
):
    session = make_session()
    made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    draft = drafts.copy_timetable(timetable=made, actor=SYSTEM, now=now)
    assert draft.objective["moved"] == 0
    other = drafts.copy_timetable(timetable=made, actor=SYSTEM, now=now)
    move(other, session, other_room, slots[2])
    publish_release(timetable=other, actor=SYSTEM, now=now)
    draft.refresh_from_db()
    frame, state = frame_now(forum)
    assert draft.judged_by != state
    assert judge(frame, seats_of(draft)).objective["moved"] == 1
    move(draft, session, room, slots[1])
    draft.refresh_from_db()
    assert draft.judged_by == state


def test_choices_come_with_the_allowed_ones_first_and_agree_with_the_judge(
    forum, make_draft, make_session, move, speaks, room, other_room, slots
):
    draft, session, other = make_draft(), make_session(), make_session("Cities")
    for one in (session, other):
        speaks(one, "Amina Diallo")
    move(draft, session, room, slots[0])
    frame = frame_of(forum)
    found = choices(frame, seats_of(draft), other.symbol.short)
    times = {slot.pk: (slot.starts_at, slot.ends_at) for slot in slots}
    assert len(found) == len(slots) * 2
    assert [one.is_allowed for one in found] == sorted((one.is_allowed for one in found), reverse=True)
    assert {one.slot_id for one in found if not one.is_allowed} == {slots[0].pk}
    for one in found:
        seat = Seat(other.pk, one.room_id, *times[one.slot_id])
        judgement = judge(frame, [*seats_of(draft), seat])
        assert {finding.rule for finding in judgement.hard} == {finding.rule for finding in one.broken}


def test_what_a_frame_is_kept_by_names_every_table_it_is_read_from(forum, make_session, room, slots, now):
    locks.lock_session(session=make_session(), slot=slots[0], room=room, actor=SYSTEM, now=now)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        frame_of(forum)
    asked = " ".join(query["sql"] for query in captured)
    read = {piece.split('"')[0] for piece in asked.split('FROM "')[1:] + asked.split('JOIN "')[1:]}
    assert read - set(TABLES) <= {"record_symbol"}


@pytest.mark.parametrize(
    "change",
    [
        lambda at: at.session.people.create(name="Amina", key="name:amina", part="speaker"),
        lambda at: at.room.openings.create(period=(at.slots[0].starts_at, at.slots[0].ends_at)),
        lambda at: Session.objects.filter(pk=at.session.pk).update(minutes=45),
        lambda at: at.slots[-1].delete(),
    ],
)
def test_a_kept_frame_is_read_anew_when_something_changes(forum, make_session, room, slots, change):
    session = make_session()
    frame, state = frame_now(forum)
    assert frame_now(forum)[0] is frame
    change(SimpleNamespace(session=session, room=room, slots=slots))
    again, later = frame_now(forum)
    assert later != state
    assert again.problem != frame.problem


def test_a_session_whose_slot_is_gone_is_named_and_can_still_be_moved(
    make_draft, make_session, move, room, other_room, slots, forum
):
    draft, session, other = make_draft(), make_session(), make_session("Cities")
    move(draft, session, room, slots[0])
    move(draft, other, other_room, slots[1])
    slots[0].delete()
    (finding,) = judge(frame_of(forum), seats_of(draft)).hard
    assert (finding.rule, finding.sessions) == ("slot-gone", ("S/1",))
    move(draft, other, other_room, slots[2])
    move(draft, session, room, slots[1])
    assert judge(frame_of(forum), seats_of(draft)).hard == ()


def test_a_session_cancelled_meanwhile_takes_no_place(
    make_draft, make_session, move, room, slots, now, refuses
):
    draft, session = make_draft(), make_session()
    decisions.cancel_session(session=session, reason="Storm", actor=SYSTEM, now=now)
    with refuses("session-cancelled"):
        move(draft, session, room, slots[0])
    assert not Placement.objects.exists()


def test_where_not_all_can_have_a_place_the_rules_to_blame_are_named(
    forum, make_session, speaks, room, other_room, slots, now, client_as
):
    """Amina speaks in four sessions, and there are three slots."""
    for number in range(4):
        speaks(make_session(f"Session {number}"), "Amina Diallo")
    made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    (left,), (stored,) = made.left_out, made.unplaced
    assert (left.session, left.reasons[0].sentence) == (
        stored["session"],
        stored["reasons"][0]["sentence"],
    )
    assert made.blame
    assert [list(one.sessions) for one in made.conflicts] == [one["sessions"] for one in made.blame]
    page = client_as(Role.SECRETARIAT).get("/wsis20/programme/timetables/1").content.decode()
    assert "Why not all can have a place" in page
    assert "Amina Diallo is in 4 sessions" in page


def test_progress_tells_each_step_and_when_something_became_better():
    told = so_far(TimetableProgress(), [HowFar("places", 3, 0, 0.1), HowFar("places", 1, 0, 0.2)], 2.0)
    told = so_far(told, [], 6.0)
    told = so_far(told, [HowFar("wishes", 40, 10, 1.0), HowFar("wishes", 40, 12, 1.2)], 9.0)
    assert told.steps == {"places": StepFigures(1, 0), "wishes": StepFigures(40, 12)}
    assert (told.tier, told.improved, told.seconds) == ("wishes", 9, 9)
    later = so_far(told, [HowFar("wishes", 40, 13, 1.5)], 30.0)
    assert (later.improved, later.bound) == (9, 13)
    assert read_stored(TimetableProgress, as_stored(later)) == later


@pytest.mark.slow
def test_5000_sessions_for_100_slots_are_placed_as_far_as_they_fit(forum, room, start, now):
    """All slots of the one room are filled; of each other session it is said why it has no place."""
    Slot.objects.bulk_create(
        Slot(
            forum=forum,
            starts_at=start + timedelta(minutes=30 * number),
            ends_at=start + timedelta(minutes=30 * (number + 1)),
        )
        for number in range(100)
    )
    symbols = record.give_symbols(
        forum_id=forum.pk,
        kind=SymbolKind.SESSION,
        named=[record.NewSymbol(f"Session {number}", "en") for number in range(5000)],
        now=now,
    )
    Session.objects.bulk_create(
        Session(
            forum=forum,
            symbol=symbol,
            title=symbol.title,
            language="en",
            kind="workshop",
            minutes=30,
            made_at=now,
        )
        for symbol in symbols
    )
    made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=0.5)
    assert (made.is_made, made.placements.count()) == (True, 100)
    assert len(made.unplaced) == 4900
    assert all(one["reasons"] for one in made.unplaced)
    assert made.blame

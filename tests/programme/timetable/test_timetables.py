"""Making a timetable, moving by hand, and what stands in the way."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.jobs import running
from muntada.foundations.jobs.actions import cancel
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.running import carry_out
from muntada.people.rules import Role
from muntada.programme.releases.actions import publish_release
from muntada.programme.sessions import actions as places
from muntada.programme.sessions.models import SessionPerson
from muntada.programme.sessions.rules import person_key
from muntada.programme.timetable import tasks as timetable
from muntada.programme.timetable.actions import drafts, moves, timetable_runs, timetables
from muntada.programme.timetable.adapter import solving
from muntada.programme.timetable.adapter import timetables as timetable_timetables
from muntada.programme.timetable.models import Placement, PlacementPerson, Timetable
from muntada.record.models import LogEntry
from muntada.record.rules import SYSTEM


@pytest.fixture
def secretariat(request_as, make_person):
    return request_as(person=make_person(Role.SECRETARIAT)).actor(Role.SECRETARIAT)


@pytest.fixture
def speaks():
    def speaks(session, name, part="speaker"):
        return SessionPerson.objects.create(session=session, name=name, key=person_key(None, name), part=part)

    return speaks


@pytest.fixture
def make(forum, now):
    return lambda: timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)


@pytest.fixture
def move(now):
    def move(draft, session, room, slot):
        return moves.move_session(
            timetable=draft, session=session, room=room, slot=slot, actor=SYSTEM, now=now
        )

    return move


@pytest.mark.parametrize("missing", ["sessions", "rooms", "slots"])
def test_without_material_no_timetable_is_ordered(missing, request, forum, make, refuses):
    for name, fixture in (("rooms", "room"), ("slots", "slots")):
        if missing != name:
            request.getfixturevalue(fixture)
    if missing != "sessions":
        request.getfixturevalue("make_session")()
    with refuses(f"no-{missing}"):
        make()
    assert Timetable.objects.count() == 0


def test_a_timetable_is_made_judged_and_written_down(make, make_session, room, slots, speaks, forum):
    session, other = make_session(), make_session("Cities")
    for one in (session, other):
        speaks(one, "Amina")
    made = make()
    assert (made.is_made, made.status, made.unplaced) == (True, "optimal", [])
    first, second = made.placements.order_by("period")
    assert first.period.upper <= second.period.lower
    assert set(PlacementPerson.objects.values_list("key", flat=True)) == {"name:amina"}
    assert made.objective["unplaced"] == made.bound["unplaced"] == 0
    assert LogEntry.objects.filter(verb="make_timetable").count() == 1


def test_an_organiser_who_does_not_speak_may_have_two_sessions_at_once(
    make, make_session, room, other_room, slots, speaks
):
    for _ in range(4):
        speaks(make_session(), "Amina", part="organiser")
    assert make().placements.count() == 4


def test_a_session_that_fits_nowhere_is_left_out_and_it_is_said_why(make, make_session, room, slots):
    long = make_session("Endless", minutes=240)
    fine = make_session()
    made = make()
    assert [one.session for one in made.placements.all()] == [fine]
    (left,) = made.unplaced
    assert left["session"] == long.symbol.short
    assert "240" in str(left["reasons"][0]["params"])


def test_a_closed_room_stays_empty(make, make_session, room, slots, start, now):
    places.close_room(
        room=room,
        starts_at=start - timedelta(hours=2),
        ends_at=start + timedelta(hours=1, minutes=10),
        actor=SYSTEM,
        now=now,
    )
    make_session()
    assert make().placements.get().period.lower == start + timedelta(hours=2)


def test_a_session_on_site_does_not_stand_in_an_online_room_and_the_other_way_round(
    make, make_session, room, slots, forum, now
):
    online = places.add_room(
        forum=forum, name="Online", seats=500, is_online_only=True, actor=SYSTEM, now=now
    )
    forum_request, there = make_session(), make_session("Online talk")
    there.is_online_only = True
    there.save()
    made = make()
    assert {one.session: one.room for one in made.placements.all()} == {forum_request: room, there: online}


def run(ordered: Timetable) -> Timetable:
    carry_out(job_id=ordered.job_id, work=timetable.run_timetable, clock=timezone.now)
    return Timetable.objects.select_related("job").get(pk=ordered.pk)


def test_a_timetable_that_was_started_twice_is_made_once(forum, make_session, room, slots, now):
    make_session()
    ordered = timetables.order_timetable(forum=forum, actor=SYSTEM, now=now, effort=1.0)
    assert not ordered.is_made
    made = run(ordered)
    assert (made.is_made, made.job.result_at) == (True, "/wsis20/programme/timetables/1")
    before = list(made.placements.values_list("pk", "period"))
    run(made)
    assert list(made.placements.values_list("pk", "period")) == before


def test_what_breaks_off_is_marked_and_can_be_started_again(
    secretariat, forum, make_session, room, slots, now, monkeypatch, refuses
):
    make_session()
    ordered = timetables.order_timetable(forum=forum, actor=secretariat, now=now, effort=1.0)

    def fall_over(*_args, **_kwargs):
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(solving, "solve", fall_over)
        with pytest.raises(MemoryError):
            run(ordered)
    broken = Timetable.objects.get()
    assert (broken.is_made, broken.job.state) == (False, "failed")
    timetables.start_again(timetable=broken, actor=secretariat, now=now)
    made = run(ordered)
    assert made.is_made
    with refuses("timetable-ready"):
        timetables.start_again(timetable=made, actor=secretariat, now=now)


def test_a_making_that_is_cancelled_stores_nothing_and_can_be_started_again(
    secretariat, forum, make_session, room, slots, now, monkeypatch
):
    make_session()
    ordered = timetables.order_timetable(forum=forum, actor=secretariat, now=now, effort=1.0)
    solve, cancelled = solving.solve, threading.Event()

    def waiting(problem, *, report, **settings):
        report(solving.SearchProgress("wishes", 12, 7, 0.5))
        assert cancelled.wait(20), "nobody cancelled it"
        return solve(problem, report=report, **settings)

    def announce(_topic):
        if not cancelled.is_set() and Job.objects.get().details:
            cancel(job=ordered.job, actor=secretariat, now=now)
            cancelled.set()

    with monkeypatch.context() as patched:
        patched.setattr(solving, "solve", waiting)
        patched.setattr(running, "announce", announce)
        run(ordered)
    left = Timetable.objects.get()
    assert (left.job.state, left.is_made, left.placements.count()) == ("cancelled", False, 0)
    timetables.start_again(timetable=left, actor=secretariat, now=now)
    assert run(left).is_made


def test_a_rule_that_says_no_while_it_is_made_is_what_its_page_says(
    secretariat, forum, make_session, room, slots, now, monkeypatch
):
    make_session()
    ordered = timetables.order_timetable(forum=forum, actor=secretariat, now=now, effort=1.0)

    def refuse(*_args, **_kwargs):
        raise Refused("Two sessions exclude each other.", "timetable")

    monkeypatch.setattr(timetable_runs, "frame_now", refuse)
    kept = run(ordered)
    assert (kept.job.state, kept.job.sentence) == ("refused", "Two sessions exclude each other.")


def test_progress_is_written_down_while_the_engine_works(forum, make_session, room, slots, now, monkeypatch):
    make_session()
    ordered = timetables.order_timetable(forum=forum, actor=SYSTEM, now=now, effort=1.0)
    seen, solve = [], solving.solve

    def slowly(problem, *, report, **settings):
        plan = solve(problem, report=report, **settings)
        report(solving.SearchProgress("wishes", 12, 7, 0.5))
        for _ in range(200):
            time.sleep(0.1)
            if seen:
                break
        return plan

    def look(topic):
        job = Job.objects.get()
        if job.details:
            seen.append((topic, job))

    monkeypatch.setattr(solving, "solve", slowly)
    monkeypatch.setattr(running, "announce", look)
    run(ordered)
    topic, job = seen[0]
    assert topic == job.topic
    assert (job.details["tier"], job.details["best"], job.details["bound"]) == ("wishes", 12, 7)
    assert (job.step, job.percent) == ("Meeting wishes", 50)


def test_a_session_is_moved_and_its_people_with_it(
    make_draft, move, make_session, room, other_room, slots, speaks
):
    draft, session = make_draft(), make_session()
    speaks(session, "Amina")
    move(draft, session, room, slots[0])
    placed = move(draft, session, other_room, slots[2])
    assert (placed.room, placed.period.lower) == (other_room, slots[2].starts_at)
    assert PlacementPerson.objects.get().period == placed.period
    assert Placement.objects.count() == 1
    assert LogEntry.objects.filter(verb="move_session", symbol=session.symbol).count() == 2


def test_a_move_into_a_used_room_is_refused_and_names_the_other_session(
    make_draft, move, make_session, room, other_room, slots, refuses
):
    draft, session, other = make_draft(), make_session(), make_session("Cities")
    move(draft, session, room, slots[0])
    move(draft, other, other_room, slots[0])
    with refuses("move-room-clash") as refused:
        move(draft, other, room, slots[0])
    sentence = str(refused.value)
    assert all(word in sentence for word in ("S/1", "S/2", "Room A"))
    assert Placement.objects.get(session=other).room == other_room


def test_a_move_that_would_double_a_person_is_refused_and_names_who(
    make_draft, move, make_session, room, other_room, slots, speaks, refuses
):
    draft, session, other = make_draft(), make_session(), make_session("Cities")
    for one in (session, other):
        speaks(one, "Amina Diallo")
    move(draft, session, room, slots[0])
    with refuses("move-person-clash") as refused:
        move(draft, other, other_room, slots[0])
    assert "Amina Diallo" in str(refused.value)
    assert refused.value.field == "slot"


@pytest.mark.parametrize(
    ("change", "code", "word"),
    [
        ({"needs": ["interpretation"]}, "move-room-has-service", "Interpretation"),
        ({"audience": 101}, "move-room-large-enough", "101"),
        ({"minutes": 90}, "move-fits-slots", "90"),
    ],
)
def test_a_move_that_breaks_a_rule_is_refused_in_words(
    make_draft, move, make_session, room, slots, refuses, change, code, word
):
    session = make_session()
    for name, value in change.items():
        setattr(session, name, value)
    session.save()
    with refuses(code) as refused:
        move(make_draft(), session, room, slots[-1])
    assert word in str(refused.value)


def test_what_was_wrong_before_does_not_stand_in_the_way_of_a_move(
    make_draft, move, make_session, room, other_room, slots, now
):
    draft, session, other = make_draft(), make_session(), make_session("Cities")
    move(draft, session, room, slots[0])
    move(draft, other, other_room, slots[0])
    places.close_room(
        room=room, starts_at=slots[0].starts_at, ends_at=slots[0].ends_at, actor=SYSTEM, now=now
    )
    move(draft, other, other_room, slots[1])
    draft.refresh_from_db()
    assert [one["rule"] for one in draft.violations if one["tier"] == "hard"] == ["room-open"]


def test_behind_the_rules_the_database_refuses_and_the_person_gets_a_sentence(
    make_draft, move, make_session, room, slots, refuses, monkeypatch
):
    """As when two people move at once: the judge saw nothing, the constraint does."""
    draft, session, other = make_draft(), make_session(), make_session("Cities")
    move(draft, session, room, slots[0])
    nothing = timetable_timetables.TimetableJudgement((), {})
    monkeypatch.setattr(moves, "judge", lambda *_args: nothing)
    with refuses("double-booking") as refused:
        move(draft, other, room, slots[0])
    assert isinstance(refused.value.__cause__, IntegrityError)
    assert Placement.objects.count() == 1


def test_a_released_timetable_is_copied_and_not_moved(
    make, move, make_session, room, other_room, slots, speaks, now, refuses
):
    session = make_session()
    speaks(session, "Amina")
    made = make()
    publish_release(timetable=made, actor=SYSTEM, now=now)
    with refuses("timetable-released"):
        move(made, session, other_room, slots[1])
    draft = drafts.copy_timetable(timetable=made, actor=SYSTEM, now=now)
    assert (draft.number, draft.made_from) == (2, made)
    assert draft.placements.get().period == made.placements.get().period
    moved = move(draft, session, other_room, slots[1])
    assert moved.room == other_room
    draft.refresh_from_db()
    assert draft.objective["moved"] == 1


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.MODERATOR, Role.SPEAKER, Role.DELEGATE])
def test_no_other_role_makes_moves_or_copies(
    role, request_as, forum, make_draft, make_session, room, slots, now
):
    actor, draft, session = request_as(role).actor(Role.SECRETARIAT), make_draft(), make_session()
    for act in (
        lambda: timetables.order_timetable(forum=forum, actor=actor, now=now),
        lambda: drafts.copy_timetable(timetable=draft, actor=actor, now=now),
        lambda: timetables.start_again(timetable=draft, actor=actor, now=now),
        lambda: moves.move_session(
            timetable=draft, session=session, room=room, slot=slots[0], actor=actor, now=now
        ),
        lambda: publish_release(timetable=draft, actor=actor, now=now),
        lambda: places.add_room(forum=forum, name="X", seats=5, actor=actor, now=now),
        lambda: places.add_slots(forum=forum, periods=[], actor=actor, now=now),
        lambda: places.close_room(
            room=room, starts_at=now, ends_at=now + timedelta(hours=1), actor=actor, now=now
        ),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_room_has_a_name_of_its_own_and_a_closure_an_end_after_its_start(forum, room, now, refuses):
    with refuses("room-name"):
        places.add_room(forum=forum, name="room a", seats=5, actor=SYSTEM, now=now)
    with refuses("room-name"):
        places.add_room(forum=forum, name="  ", seats=5, actor=SYSTEM, now=now)
    with refuses("period"):
        places.close_room(room=room, starts_at=now, ends_at=now, actor=SYSTEM, now=now)


def test_slots_come_all_or_none(forum, slots, now, refuses):
    free = (slots[-1].ends_at, slots[-1].ends_at + timedelta(hours=1))
    taken = (slots[0].starts_at + timedelta(minutes=5), slots[0].ends_at)
    with refuses("slots-overlap"):
        places.add_slots(forum=forum, periods=[free, taken], actor=SYSTEM, now=now)
    assert forum.slots.count() == len(slots)
    places.add_slots(forum=forum, periods=[free], actor=SYSTEM, now=now)
    assert forum.slots.count() == len(slots) + 1


def test_a_period_of_the_database_is_the_one_that_was_asked_for(make_draft, move, make_session, room, slots):
    placed = move(make_draft(), make_session(minutes=45), room, slots[0])
    assert placed.period == DateTimeTZRange(slots[0].starts_at, slots[0].starts_at + timedelta(minutes=45))

"""Rooms, their hours, buildings and slots: changed, taken out of use, and what would be lost by that."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from muntada.people.rules import Role
from muntada.programme.releases.actions import publish_release
from muntada.programme.sessions import actions as places
from muntada.programme.sessions.models import Room, SessionPerson, Slot
from muntada.programme.sessions.queries import walks_of
from muntada.programme.sessions.rules import grid_of_lines, moment_at, period_at, slots_between
from muntada.programme.timetable.actions import locks, moves, timetable_runs
from muntada.programme.timetable.adapter.frames import frame_now, seats_of
from muntada.programme.timetable.adapter.timetables import frame_of, judge
from muntada.programme.timetable.models import SessionLock
from muntada.programme.venue.actions import slots as venue_slots
from muntada.programme.venue.actions import venue
from muntada.programme.venue.adapter import shortcomings
from muntada.record.rules import SYSTEM

ZURICH = ZoneInfo("Europe/Zurich")
FORWARD, BACK = date(2025, 3, 30), date(2025, 10, 26)


@pytest.fixture
def acts(now):
    return {"actor": SYSTEM, "now": now}


def test_a_room_that_a_release_names_is_closed_and_stays(forum, make_session, room, slots, acts, now):
    make_session()
    made = timetable_runs.make_timetable(forum=forum, seed=1, effort=1.0, **acts)
    publish_release(timetable=made, **acts)
    assert venue.remove_room(room=room, **acts)
    room.refresh_from_db()
    assert room.closed_at == now
    (finding,) = judge(frame_now(forum)[0], seats_of(made)).hard
    assert (finding.rule, finding.sessions) == ("room-open", ("S/1",))
    venue.reopen_room(room=room, **acts)
    assert judge(frame_now(forum)[0], seats_of(made)).hard == ()


def test_a_room_that_nothing_names_is_deleted_and_locks_to_it_keep_their_time(
    make_session, room, other_room, slots, acts
):
    locks.lock_session(session=make_session(), slot=slots[0], room=other_room, **acts)
    assert not venue.remove_room(room=other_room, **acts)
    assert [one.name for one in Room.objects.all()] == [room.name]
    lock = SessionLock.objects.get()
    assert (lock.room, lock.slot) == (None, slots[0])


def test_outside_its_hours_a_room_is_closed(forum, make_session, make_draft, room, slots, acts, refuses):
    venue.open_room(room=room, starts_at=slots[1].starts_at, ends_at=slots[2].ends_at, **acts)
    session, draft = make_session(), make_draft()
    with refuses("move-room-open"):
        moves.move_session(timetable=draft, session=session, room=room, slot=slots[0], **acts)
    moves.move_session(timetable=draft, session=session, room=room, slot=slots[1], **acts)
    with refuses("openings-overlap"):
        venue.open_room(room=room, starts_at=slots[0].starts_at, ends_at=slots[1].ends_at, **acts)
    venue.remove_opening(opening=room.openings.get(), **acts)
    moves.move_session(timetable=draft, session=session, room=room, slot=slots[0], **acts)


def test_who_has_to_walk_gets_the_time_for_it(
    forum, make_session, make_draft, room, other_room, slots, acts, refuses
):
    near, far = (venue.add_building(forum=forum, name=name, **acts) for name in ("Palexpo", "Tower"))
    venue.set_walk(first=far, second=near, minutes=20, **acts)
    for one, building in ((room, near), (other_room, far)):
        venue.change_room(room=one, values={"building": building}, **acts)
    first, second, draft = make_session(), make_session("Cities"), make_draft()
    for session in (first, second):
        SessionPerson.objects.create(session=session, name="Amina", key="name:amina", part="speaker")
    moves.move_session(timetable=draft, session=first, room=room, slot=slots[0], **acts)
    with refuses("move-person-pause") as refused:
        moves.move_session(timetable=draft, session=second, room=other_room, slot=slots[1], **acts)
    assert "20" in str(refused.value)
    moves.move_session(timetable=draft, session=second, room=room, slot=slots[1], **acts)


def test_a_grid_replaces_the_slots_of_its_days_and_keeps_those_that_stay(forum, acts):
    monday, tuesday = date(2025, 7, 7), date(2025, 7, 8)
    morning = [(time(9), time(10)), (time(10), time(11))]
    venue_slots.set_grid(forum=forum, days=[monday, tuesday], grid=morning, **acts)
    kept = Slot.objects.get(starts_at=datetime(2025, 7, 7, 7, tzinfo=UTC))
    venue_slots.set_grid(
        forum=forum, days=[monday], grid=[(time(9), time(10, 30)), (time(11), time(12))], **acts
    )
    kept.refresh_from_db()
    assert kept.ends_at == datetime(2025, 7, 7, 8, 30, tzinfo=UTC)
    assert forum.slots.count() == 4
    venue_slots.set_grid(forum=forum, days=[tuesday], grid=[], **acts)
    assert forum.slots.count() == 2


def test_slots_that_overlap_change_nothing(forum, slots_of_monday, acts, refuses):
    with refuses("slots-overlap"):
        venue_slots.set_grid(
            forum=forum, days=[date(2025, 7, 7)], grid=[(time(8), time(10)), (time(9), time(11))], **acts
        )
    assert forum.slots.count() == slots_of_monday


@pytest.fixture
def slots_of_monday(forum, acts):
    venue_slots.set_grid(forum=forum, days=[date(2025, 7, 7)], grid=[(time(9), time(10))], **acts)
    return 1


def test_slots_in_which_sessions_start_go_only_when_that_is_confirmed(
    forum, make_session, make_draft, room, acts, refuses, slots_of_monday
):
    session = make_session()
    slot = forum.slots.get()
    moves.move_session(timetable=make_draft(), session=session, room=room, slot=slot, **acts)
    locks.lock_session(session=session, slot=slot, room=None, **acts)
    change = {"forum": forum, "days": [date(2025, 7, 7)], "grid": [(time(14), time(15))], **acts}
    with refuses("slots-in-use") as refused:
        venue_slots.set_grid(**change)
    assert "S/1" in str(refused.value)
    venue_slots.set_grid(**change, is_confirmed=True)
    assert (forum.slots.count(), SessionLock.objects.count()) == (1, 0)


def test_a_session_longer_than_any_slot_and_a_service_no_room_has_are_named(forum, make_session, room, slots):
    long, needy = make_session("Endless", minutes=240), make_session("Signs")
    needy.needs = ["interpretation"]
    needy.save()
    said = [one.sentence % one.params for one in shortcomings(forum)]
    assert any(long.symbol.short in words and "240" in words for words in said)
    assert any(needy.symbol.short in words and "interpretation" in words for words in said)
    assert frame_of(forum).problem.rooms


def test_a_time_that_the_clock_leaves_out_is_refused_and_one_it_shows_twice_is_understood(refuses):
    with refuses("no-such-time"):
        moment_at(FORWARD, time(2, 30), ZURICH)
    assert moment_at(BACK, time(2, 30), ZURICH) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    starts_at, ends_at = period_at(BACK, time(2, 30), time(2, 15), ZURICH)
    assert ends_at - starts_at == timedelta(minutes=45)


@pytest.mark.parametrize(("day", "hours"), [(FORWARD, 4), (BACK, 6), (date(2025, 7, 7), 5)])
def test_on_the_day_a_clock_changes_slots_last_as_long_as_on_others(day, hours):
    found = slots_between(day, time(1), time(6), ZURICH, timedelta(hours=1), timedelta(0))
    assert len(found) == hours
    assert {ends_at - starts_at for starts_at, ends_at in found} == {timedelta(hours=1)}


@pytest.mark.parametrize(
    ("text", "code"),
    [("9-10", "no-slot"), ("25:00-26:00", "no-slot"), ("09:00-10:00\n11:00-10:00", "period")],
)
def test_a_line_that_is_no_slot_is_named(text, code, refuses):
    with refuses(code):
        grid_of_lines(text)
    assert grid_of_lines("09:00-10:30\n\n 11.00 – 12:15") == [
        (time(9), time(10, 30)),
        (time(11), time(12, 15)),
    ]


def test_a_closed_room_under_a_published_session_lists_it_and_offers_the_repair(
    forum, make_session, room, other_room, slots, acts, client_as
):
    make_session("Villages")
    made = timetable_runs.make_timetable(forum=forum, seed=1, effort=1.0, **acts)
    publish_release(timetable=made, **acts)
    placed = made.placements.get()
    places.close_room(room=placed.room, starts_at=placed.period.lower, ends_at=placed.period.upper, **acts)
    browser = client_as(Role.SECRETARIAT)
    for page in (f"rooms/{placed.room_id}", f"rooms/{placed.room_id}/remove"):
        answer = browser.get(f"/wsis20/programme/{page}").content.decode()
        assert "S/1" in answer
        assert "closed then" in answer
    board = browser.get("/wsis20/programme/timetables/1").content.decode()
    assert "Repair with the fewest moves" in board
    answer = browser.post("/wsis20/programme/timetables/1/repair")
    assert answer.url == "/wsis20/programme/timetables/2"


def test_the_forms_of_the_venue_change_and_refuse(forum, room, acts, client_as):
    browser = client_as(Role.SECRETARIAT)
    at = "/wsis20/programme"
    assert browser.post(f"{at}/buildings", {"add_building": "", "name": "Palexpo"}).status_code == 302
    again = browser.post(f"{at}/buildings", {"add_building": "", "name": "palexpo"})
    assert (again.status_code, "called" in again.content.decode()) == (422, True)
    building = forum.buildings.get()
    values = {"change": "", "name": "Hall 1", "seats": "70", "building": building.pk, "position": "3"}
    assert browser.post(f"{at}/rooms/{room.pk}", values).status_code == 302
    room.refresh_from_db()
    assert (room.name, room.seats, room.building) == ("Hall 1", 70, building)
    hours = {"open": "", "on_date": "2025-07-07", "starts": "10:00", "ends": "09:00"}
    assert browser.post(f"{at}/rooms/{room.pk}", hours).status_code == 422
    grid = {"grid": "09:00-10:00\nten to eleven", "other_days": ["2025-07-08"]}
    refused = browser.post(f"{at}/slots/2025-07-07", grid)
    assert refused.status_code == 422
    assert "ten to eleven" in refused.content.decode()
    right = grid | {"grid": "09:00-10:00\n10:00-11:00"}
    assert browser.post(f"{at}/slots/2025-07-07", right).status_code == 302
    assert forum.slots.count() == 4
    assert browser.post(f"{at}/rooms/{room.pk}/remove").status_code == 302
    assert not Room.objects.filter(pk=room.pk).exists()
    assert browser.post(f"{at}/buildings", {"remove": building.pk}).status_code == 302
    assert not forum.buildings.exists()


def test_a_single_slot_goes_unless_a_session_stands_in_it_or_runs_through_it(
    forum, make_session, make_draft, room, slots, acts, client_as
):
    long = make_session("Villages", minutes=120)
    moves.move_session(timetable=make_draft(), session=long, room=room, slot=slots[0], **acts)
    browser, at = client_as(Role.SECRETARIAT), "/wsis20/programme/slots/2025-07-08"
    assert browser.get(at).content.decode().count("Take this slot out") == 3
    for slot in slots[:2]:
        refused = browser.post(at, {"remove": slot.pk}, follow=True).content.decode()
        assert "1 session stands in this slot or is locked to it: S/1." in refused
    assert "taken out" in browser.post(at, {"remove": slots[2].pk}, follow=True).content.decode()
    assert list(forum.slots.all()) == slots[:2]


def test_a_single_walk_is_forgotten(forum, acts, client_as):
    near, far = (venue.add_building(forum=forum, name=name, **acts) for name in ("Palexpo", "CICG"))
    venue.set_walk(first=near, second=far, minutes=12, **acts)
    walk = walks_of(forum).get()
    answer = client_as(Role.SECRETARIAT).post("/wsis20/programme/buildings", {"remove_walk": walk.pk})
    assert (answer.status_code, walks_of(forum).count(), forum.buildings.count()) == (302, 0, 2)

"""What a release makes public, what it changes, and what calendars learn of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from icalendar import Calendar

from muntada.programme.changes.actions import change_session, facts_of
from muntada.programme.decisions import actions as decisions
from muntada.programme.public.queries import session_detail
from muntada.programme.releases.actions import publish_release
from muntada.programme.releases.queries import changes_of
from muntada.programme.releases.rules import ReleaseDifference
from muntada.programme.sessions import actions as places
from muntada.programme.timetable.actions import drafts, moves, timetable_runs, timetables
from muntada.programme.timetable.models import Placement, Release, ReleaseEntry
from muntada.programme.timetable.queries import last_release
from muntada.record.rules import SYSTEM


@pytest.fixture
def released(forum, make_session, room, other_room, slots, now):
    """A first release with two sessions."""
    make_session("Villages"), make_session("Cities")
    made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    return publish_release(timetable=made, actor=SYSTEM, now=now, notes={"en": "First plan", "fr": " "})


@pytest.fixture
def later(now):
    return now + timedelta(days=1)


@pytest.fixture
def draft(released, later):
    return drafts.copy_timetable(timetable=released.timetable, actor=SYSTEM, now=later)


def place_of(timetable, session):
    return Placement.objects.select_related("room").get(timetable=timetable, session=session)


def publish(timetable, now):
    return publish_release(timetable=timetable, actor=SYSTEM, now=now)


def test_the_first_release_says_that_everything_is_new(released):
    assert released.number == 1
    assert released.notes == {"en": "First plan"}
    assert released.difference["counts"] == {"new": 2}
    assert [one["session"] for one in released.difference["changes"]] == ["S/1", "S/2"]


def test_what_moved_is_stored_with_before_and_after(released, draft, forum, other_room, slots, later):
    session = forum.sessions.get(title="Villages")
    before = place_of(released.timetable, session)
    slot = next(one for one in slots if one.starts_at != before.period.lower)
    room = other_room if before.room != other_room else before.room
    moves.move_session(timetable=draft, session=session, room=room, slot=slot, actor=SYSTEM, now=later)
    second = publish(draft, later)
    (stored,), (change,) = second.difference["changes"], changes_of(second).changes
    assert stored.keys() == {"session", "what", "before", "after"}
    assert (change.session, change.what) == ("S/1", (ReleaseDifference.MOVED,))
    assert change.before
    assert (change.before.starts_at, change.before.room) == (before.period.lower, before.room.name)
    assert (change.after.starts_at, change.after.room) == (slot.starts_at, room.name)
    entries = {one.session.title: one for one in ReleaseEntry.objects.filter(release=second)}
    assert (entries["Villages"].sequence, entries["Villages"].changed_at) == (1, later)
    assert (entries["Cities"].sequence, entries["Cities"].changed_at) == (0, released.published_at)


def test_a_cancelled_session_stays_as_cancelled(released, draft, forum, later):
    session = forum.sessions.get(title="Cities")
    decisions.cancel_session(session=session, reason="Storm", actor=SYSTEM, now=later)
    second = publish(draft, later)
    entry = second.entries.get(session=session)
    assert (entry.is_cancelled, entry.sequence) == (True, 1)
    assert second.difference["counts"] == {"cancelled": 1}
    assert session_detail(session).is_cancelled


def test_a_new_title_is_a_change_too(released, draft, forum, later):
    session = forum.sessions.get(title="Cities")
    change_session(session=session, facts=replace(facts_of(session), title="Towns"), actor=SYSTEM, now=later)
    second = publish(draft, later)
    assert second.difference["counts"] == {"retitled": 1}
    assert second.entries.get(session=session).sequence == 1
    assert released.entries.get(session=session).title == "Cities"


def test_the_public_programme_is_that_of_the_last_release(released, draft, forum, later):
    assert last_release(forum) == released
    second = publish(draft, later)
    assert last_release(forum) == second


def test_a_timetable_is_released_once(released, now, refuses):
    with refuses("timetable-released"):
        publish(released.timetable, now)


def test_an_empty_timetable_is_not_released(make_draft, now, refuses):
    with refuses("timetable-empty"):
        publish(make_draft(), now)


def test_a_timetable_that_is_being_made_is_not_released(forum, make_session, room, slots, now, refuses):
    make_session("Villages")
    ordered = timetables.order_timetable(forum=forum, actor=SYSTEM, now=now)
    with refuses("not-ready"):
        publish(ordered, now)


def test_a_timetable_is_judged_anew_before_it_is_released(draft, forum, slots, later, refuses):
    for room in forum.rooms.all():
        places.close_room(
            room=room,
            starts_at=slots[0].starts_at,
            ends_at=slots[-1].ends_at,
            actor=SYSTEM,
            now=later,
        )
    with refuses("timetable-broken") as refused:
        publish(draft, later)
    assert "is closed" in str(refused.value)
    assert Release.objects.count() == 1


def events(client, address="/wsis20/programme.ics"):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content)


def test_a_calendar_says_when_where_and_in_which_zone(client, released, forum):
    found = events(client)
    assert [str(zone["TZID"]) for zone in found.timezones] == ["Europe/Zurich"]
    for event in found.events:
        entry = released.entries.get(session__uid=str(event["UID"]))
        assert event.decoded("DTSTART") == entry.starts_at
        assert event["DTSTART"].params["TZID"] == "Europe/Zurich"
        assert event.decoded("DTEND") == entry.ends_at
        assert str(event["SUMMARY"]) == entry.title
        assert str(event["LOCATION"]) == entry.room_name
        assert str(event["URL"]).endswith(entry.session.get_absolute_url())
        assert (int(event["SEQUENCE"]), str(event["STATUS"])) == (0, "CONFIRMED")
    assert len(found.events) == 2


def test_a_calendar_keeps_its_uids_counts_changes_and_tells_of_cancellation(
    client, released, draft, forum, later
):
    before = {str(one["UID"]): one for one in events(client).events}
    session = forum.sessions.get(title="Cities")
    decisions.cancel_session(session=session, reason="Storm", actor=SYSTEM, now=later)
    publish(draft, later)
    after = {str(one["UID"]): one for one in events(client).events}
    assert set(after) == set(before)
    gone, kept = after.pop(str(session.uid)), after.popitem()[1]
    assert (str(gone["STATUS"]), int(gone["SEQUENCE"])) == ("CANCELLED", 1)
    assert gone.decoded("LAST-MODIFIED") == gone.decoded("DTSTAMP") == later
    assert (str(kept["STATUS"]), int(kept["SEQUENCE"])) == ("CONFIRMED", 0)
    assert kept.decoded("DTSTAMP") == released.published_at


def test_the_same_release_gives_the_same_calendar(client, released):
    first, second = (client.get("/wsis20/programme.ics").content for _ in range(2))
    assert first == second


def test_who_has_the_calendar_already_gets_nothing_and_nothing_is_drawn(
    client, released, draft, later, django_assert_max_num_queries
):
    first = client.get("/wsis20/programme.ics")
    with django_assert_max_num_queries(4):
        again = client.get("/wsis20/programme.ics", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = client.get("/wsis20/programme.ics", headers={"If-Modified-Since": first["Last-Modified"]})
    assert since.status_code == 304
    publish(draft, later)
    changed = client.get("/wsis20/programme.ics", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def test_the_calendar_of_a_session_changes_when_the_session_does(client, released, draft, forum, later):
    cities, villages = (forum.sessions.get(title=title) for title in ("Cities", "Villages"))
    addresses = {one: f"/wsis20/s/{one.symbol.number}.ics" for one in (cities, villages)}
    tags = {one: client.get(address)["ETag"] for one, address in addresses.items()}
    (event,) = events(client, addresses[cities]).events
    assert str(event["UID"]) == str(cities.uid)
    decisions.cancel_session(session=cities, reason="Storm", actor=SYSTEM, now=later)
    publish(draft, later)
    statuses = {
        one: client.get(address, headers={"If-None-Match": tags[one]}).status_code
        for one, address in addresses.items()
    }
    assert statuses == {cities: 200, villages: 304}


@pytest.mark.parametrize(
    "address", ["/wsis20/programme.ics", "/wsis20/s/1.ics", "/wsis20/programme/releases/1"]
)
def test_before_the_first_release_there_is_no_calendar(client, forum, address):
    assert client.get(address).status_code == 404

"""Calendars: read back by two parsers that are not ours, in every zone, with every sign."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from icalendar import Calendar

from muntada.programme.exports.exports.calendar import COLOURS, colour_of
from muntada.programme.exports.exports.clock_changes import zone_rules
from muntada.programme.sessions.models import SessionPerson

from .conftest import ARABIC, AWKWARD


def events_by_uid(content: bytes):
    return {str(event["UID"]): event for event in Calendar.from_ical(content).events}


def test_two_independent_parsers_read_the_same_moments_places_and_texts(fetch, second):
    content = fetch("programme.ics").content
    ours = events_by_uid(content)
    theirs = {event.uid.value: event for event in vobject.readOne(content.decode()).vevent_list}
    entries = list(second.entries.select_related("session"))
    assert set(ours) == set(theirs) == {str(entry.session.uid) for entry in entries}
    for entry in entries:
        uid = str(entry.session.uid)
        event, twin = ours[uid], theirs[uid]
        assert event.decoded("DTSTART") == twin.dtstart.value == entry.starts_at
        assert event.decoded("DTEND") == twin.dtend.value == entry.ends_at
        assert str(event["SUMMARY"]) == twin.summary.value == entry.title
        assert str(event["LOCATION"]) == twin.location.value == entry.room_name
        assert twin.status.value == ("CANCELLED" if entry.is_cancelled else "CONFIRMED")
        assert (int(twin.sequence.value), int(event["SEQUENCE"])) == (entry.sequence, entry.sequence)
        assert event.decoded("DTSTAMP") == event.decoded("LAST-MODIFIED") == entry.changed_at


def test_every_sign_comes_back_as_it_was_written(fetch, first, sessions):
    events = events_by_uid(fetch("programme.ics").content)
    awkward, arabic, long = (events[str(one.uid)] for one in sessions)
    assert str(awkward["SUMMARY"]) == AWKWARD
    assert str(awkward["DESCRIPTION"]) == "Line, one;\nline two\n\n李 <明>"
    assert str(arabic["SUMMARY"]) == ARABIC
    assert arabic["SUMMARY"].params["LANGUAGE"] == "ar"
    assert str(long["DESCRIPTION"]).startswith(sessions[2].description.replace("\x0b", "").strip())
    assert long["DESCRIPTION"].params["LANGUAGE"] == "zh-Hans"


def test_no_line_is_longer_than_75_bytes_and_none_breaks_a_letter(fetch, first):
    content = fetch("programme.ics").content
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) == 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    for line in lines:
        line.decode()


def test_a_calendar_names_itself_its_source_and_how_often_to_look_again(client, first):
    content = client.get("/wsis20/programme.ics?in=ar").content
    found = Calendar.from_ical(content)
    assert str(found["NAME"]) == str(found["X-WR-CALNAME"]) == "Test forum (ar)"
    assert found["NAME"].params["LANGUAGE"] == "ar"
    assert str(found["SOURCE"]).endswith("/wsis20/programme.ics?in=ar")
    assert str(found["URL"]).endswith("/wsis20/programme")
    assert found.decoded("REFRESH-INTERVAL") == timedelta(hours=1)
    assert found.decoded("LAST-MODIFIED") == first.published_at
    assert found["METHOD"] == "PUBLISH"


def test_the_sessions_of_a_track_have_its_colour_in_every_calendar(fetch, second, sessions):
    sessions[1].refresh_from_db()
    whole = events_by_uid(fetch("programme.ics").content)
    colours = [str(whole[str(one.uid)]["COLOR"]) for one in sessions]
    # A name of CSS 3, as RFC 7986 wants it, and read so by the parser.
    assert set(colours) == {colour_of("Access & <rights>")} <= set(COLOURS)
    assert [event.color for event in Calendar.from_ical(fetch("s/1.ics").content).events] == colours[:1]
    assert colour_of("access &  <rights>") == colours[0]
    assert len({colour_of(f"Track {number}") for number in range(40)}) > len(COLOURS) // 2


def test_nobody_is_told_the_address_of_a_speaker(fetch, first, make_person):
    person = make_person(name="Known Speaker")
    SessionPerson.objects.update(person=person)
    content = fetch("programme.ics").content
    assert b"ATTENDEE" not in content
    assert b"ORGANIZER" not in content
    assert person.email.encode() not in content


def test_a_cancelled_session_stays_and_says_why(fetch, second, sessions):
    event = events_by_uid(fetch("programme.ics").content)[str(sessions[2].uid)]
    assert (str(event["STATUS"]), str(event["TRANSP"])) == ("CANCELLED", "TRANSPARENT")
    assert str(event["COMMENT"]) == "Storm; all flights"


def test_a_calendar_of_a_room_of_some_sessions_of_a_line_or_of_one_session(fetch, first, sessions):
    numbers = [one.symbol.number for one in sessions]
    by_room = {
        room: {str(entry.session.uid) for entry in first.entries.filter(room=room)}
        for room in {entry.room_id for entry in first.entries.all()}
    }
    for room, uids in by_room.items():
        assert set(events_by_uid(fetch(f"programme/rooms/{room}.ics").content)) == uids
    some = events_by_uid(fetch(f"programme.ics?s={numbers[0]},S/{numbers[1]},999").content)
    assert set(some) == {str(one.uid) for one in sessions[:2]}
    assert set(events_by_uid(fetch("programme.ics?language=ar").content)) == {str(sessions[1].uid)}
    assert len(events_by_uid(fetch("programme.ics?line=C2").content)) == 3
    assert events_by_uid(fetch("programme.ics?line=C1").content) == {}
    (one,) = events_by_uid(fetch(f"s/{numbers[2]}.ics").content)
    assert one == str(sessions[2].uid)


def test_what_is_no_list_of_sessions_is_refused_with_a_sentence(client, first):
    for listed in ["", "abc", "1,,2", "1;2", "99999999999999999999", "-1", "1," * 1200 + "1"]:
        answer = client.get("/wsis20/programme.ics", {"s": listed})
        assert answer.status_code == (422 if listed != "1," * 1200 + "1" else 200)
        if answer.status_code == 422:
            assert "numbers with commas" in answer.content.decode()


def test_too_long_a_list_is_refused(client, first):
    answer = client.get("/wsis20/programme.ics", {"s": ",".join(map(str, range(1, 1002)))})
    assert answer.status_code == 422
    assert "At most 1000" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["programme/rooms/987654.ics", "s/987.ics", "programme/releases/9/programme.ics"]
)
def test_what_is_not_in_the_programme_is_not_there(client, first, path):
    assert client.get(f"/wsis20/{path}").status_code == 404


def told_offset(content: bytes, clock: str) -> timedelta:
    """Read the rules of a calendar as RFC 5545 says: the last observance that has begun by this clock."""
    (rules,) = Calendar.from_ical(content).timezones
    local = datetime.fromisoformat(clock)
    begun = [part for part in rules.subcomponents if part["DTSTART"].dt <= local]
    return max(begun, key=lambda part: part["DTSTART"].dt)["TZOFFSETTO"].td


@pytest.mark.parametrize(
    "key",
    ["Europe/Zurich", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns"],
)
def test_the_rules_of_a_zone_are_right_at_every_hour_of_the_year(key):
    zone = ZoneInfo(key)
    begin = datetime(2025, 1, 6, tzinfo=UTC)
    lines = zone_rules(zone, begin, begin + timedelta(days=371))
    content = "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]).encode()
    (rules,) = Calendar.from_ical(content).timezones
    parts = sorted((part["DTSTART"].dt, part["TZOFFSETTO"].td) for part in rules.subcomponents)
    for hours in range(370 * 24):
        local = (begin + timedelta(hours=hours, minutes=1)).astimezone(zone)
        naive = local.replace(tzinfo=None)
        if _is_twice_shown(zone, naive):
            continue
        begun = [offset for starts, offset in parts if starts <= naive]
        assert (begun or [parts[0][1]])[-1] == local.utcoffset(), local


def _is_twice_shown(zone: ZoneInfo, naive: datetime) -> bool:
    return zone.utcoffset(naive.replace(fold=0)) != zone.utcoffset(naive.replace(fold=1))


def test_a_clock_change_in_the_week_of_the_forum_moves_no_session(fetch, first, sessions):
    """On 26 October 2025 the clocks of Zurich go back at 3: they show 2:30 once before and once after."""
    moments = [datetime(2025, 10, 26, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    for session, starts_at in zip(sessions, [*moments, datetime(2025, 10, 26, 9, tzinfo=UTC)], strict=True):
        entry = first.entries.get(session=session)
        entry.starts_at, entry.ends_at = starts_at, starts_at + timedelta(minutes=20)
        entry.save()
    content = fetch("programme.ics").content
    assert told_offset(content, "2025-10-26T01:59") == timedelta(hours=2)
    assert told_offset(content, "2025-10-26T03:01") == timedelta(hours=1)
    events = events_by_uid(content)
    assert events[str(sessions[2].uid)].decoded("DTSTART") == datetime(2025, 10, 26, 9, tzinfo=UTC)
    for session, moment in zip(sessions, moments, strict=False):
        assert events[str(session.uid)].decoded("DTSTART").astimezone(UTC) == moment


def test_a_forum_in_utc_needs_no_rules(fetch, first, forum):
    forum.zone = "UTC"
    forum.save()
    content = fetch("programme.ics").content
    assert b"VTIMEZONE" not in content
    for entry in first.entries.select_related("session"):
        event = events_by_uid(content)[str(entry.session.uid)]
        assert event.decoded("DTSTART") == entry.starts_at


def test_the_calendar_of_a_room_is_offered_under_a_name_of_its_own(fetch, first):
    room = first.entries.all()[0].room_id
    whole, of_room = (
        fetch(address)["Content-Disposition"] for address in ("programme.ics", f"programme/rooms/{room}.ics")
    )
    assert "wsis20-programme.ics" in whole
    assert f"wsis20-room-{room}.ics" in of_room

"""Schedule XML and JSON, JSON-LD and tables: valid, whole, and the same whoever wrote the texts."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from muntada.programme.changes.actions import change_session, facts_of
from muntada.programme.sessions.models import Session
from muntada.record.rules import SYSTEM

from .conftest import ARABIC, AWKWARD, faults_of, schedule_of

CONFERENCE = {"title": "Test forum", "acronym": "wsis20", "start": "2025-07-07", "end": "2025-07-11"}


def valid(document: object, name: str) -> None:
    assert faults_of(document, name) == []


def test_schedule_xml_is_valid_and_says_who_meets_when_and_where(fetch, first):
    answer = fetch("schedule.xml")
    assert answer["Content-Type"] == "application/vnd.c3voc.schedule+xml; charset=utf-8"
    found = schedule_of(answer.content)
    assert {name: found.findtext(f"conference/{name}") for name in CONFERENCE} == CONFERENCE
    assert found.findtext("conference/days") == str(len(found.findall("day"))) == "5"
    for entry in first.entries.select_related("session__symbol"):
        event = found.find(f".//event[@guid='{entry.session.uid}']")
        local = entry.starts_at.astimezone(ZoneInfo("Europe/Zurich"))
        assert datetime.fromisoformat(event.findtext("date")) == entry.starts_at
        assert event.findtext("start") == f"{local:%H:%M}"
        assert event.findtext("duration") == "01:00"
        assert event.getparent().get("name") == event.findtext("room") == entry.room_name
        assert event.getparent().getparent().get("date") == local.date().isoformat()
        assert event.findtext("title") == entry.title
        assert event.findtext("track") == "Access & <rights>"
        assert event.findtext("url").endswith(f"/wsis20/s/{event.get('id')}")
        assert [one.text for one in event.findall("persons/person")] == ["李 <明>"]


def test_signs_no_xml_holds_are_left_out_and_all_others_kept(fetch, first, sessions):
    found = schedule_of(fetch("schedule.xml").content)
    texts = {event.get("id"): event for event in found.iter("event")}
    awkward, arabic, long = (texts[str(one.symbol.number)] for one in sessions)
    assert awkward.findtext("title") == AWKWARD
    assert arabic.findtext("title") == ARABIC
    assert arabic.findtext("language") == "ar"
    assert long.findtext("language") == "zh-Hans"
    assert long.findtext("description") == sessions[2].description.replace("\x0b", "")


@pytest.mark.parametrize("number", [1, 22, 333, 4444, 55555])
def test_a_schedule_is_valid_however_many_digits_a_number_has(fetch, first, sessions, number):
    symbol = sessions[0].symbol
    symbol.number = number
    symbol.save()
    event = schedule_of(fetch("schedule.xml").content).find(f".//event[@guid='{sessions[0].uid}']")
    assert event.get("id") == str(number)
    assert event.findtext("slug") == f"wsis20-{number}-session"
    document = json.loads(fetch("schedule.json").content)
    valid(document, "schedule.json")
    valid(document, "c3voc/schedule-v1.schema.json")


def test_schedule_json_is_valid_and_says_the_same_as_the_xml(fetch, first):
    document = json.loads(fetch("schedule.json").content)
    valid(document, "schedule.json")
    conference = document["schedule"]["conference"]
    assert {name: conference[name] for name in CONFERENCE} == CONFERENCE
    events = [one for day in conference["days"] for room in day["rooms"].values() for one in room]
    xml = schedule_of(fetch("schedule.xml").content)
    for event in events:
        twin = xml.find(f".//event[@guid='{event['guid']}']")
        for name in ("date", "start", "duration", "room", "slug", "url", "title", "type", "language"):
            assert event[name] == twin.findtext(name), name
        assert event["description"] == twin.findtext("description")
        assert [one["name"] for one in event["persons"]] == [one.text for one in twin.find("persons")]
    assert len(events) == len(xml.findall(".//event")) == 3
    seats = {"Room A": 100, "Room B": 40}
    assert all(seats[one["name"]] == one["capacity"] for one in conference["rooms"])


def test_a_person_is_the_same_in_all_sessions_and_nobodys_address_is_told(fetch, first):
    content = fetch("schedule.json").content.decode()
    assert "@" not in content.replace('"@', "")
    persons = [
        one
        for day in json.loads(content)["schedule"]["conference"]["days"]
        for room in day["rooms"].values()
        for event in room
        for one in event["persons"]
    ]
    assert len({one["guid"] for one in persons}) == 3


def test_what_is_cancelled_is_left_out_where_the_format_has_no_word_for_it(fetch, second, sessions):
    gone = str(sessions[2].uid)
    assert gone not in fetch("schedule.xml").content.decode()
    assert gone not in fetch("schedule.json").content.decode()
    rows = csv.DictReader(io.StringIO(fetch("programme.csv").content.decode("utf-8-sig")))
    assert {row["uid"]: row["status"] for row in rows}[gone] == "cancelled"
    events = json.loads(fetch("programme.jsonld").content)["subEvent"]
    status = {one["identifier"]: one["eventStatus"] for one in events}
    assert status[gone] == "https://schema.org/EventCancelled"
    assert list(status.values()).count("https://schema.org/EventScheduled") == 2


def test_a_programme_of_which_all_is_cancelled_is_still_valid(fetch, second, sessions, forum):
    forum.releases.latest("number").entries.update(is_cancelled=True)
    assert schedule_of(fetch("schedule.xml").content).findall(".//event") == []
    valid(json.loads(fetch("schedule.json").content), "schedule.json")


def test_an_earlier_release_reads_as_it_was_whatever_was_written_since(fetch, second, sessions):
    before = fetch("programme/releases/1/schedule.xml").content
    Session.objects.update(description="Rewritten", track="Another")
    facts = replace(facts_of(Session.objects.get(pk=sessions[0].pk)), title="Later title")
    change_session(session=sessions[0], facts=facts, actor=SYSTEM, now=second.published_at)
    assert fetch("programme/releases/1/schedule.xml").content == before
    assert len(schedule_of(before).findall(".//event")) == 3
    assert len(schedule_of(fetch("schedule.xml").content).findall(".//event")) == 2


def test_json_ld_tells_search_engines_how_and_where_to_take_part(fetch, first, sessions, room):
    room.services = ["hybrid"]
    room.save()
    answer = fetch("programme.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    whole = json.loads(answer.content)
    assert (whole["@context"], whole["@type"]) == ("https://schema.org/", "Event")
    assert (whole["startDate"], whole["endDate"]) == ("2025-07-07", "2025-07-11")
    by_uid = {one["identifier"]: one for one in whole["subEvent"]}
    for entry in first.entries.select_related("session"):
        event = by_uid[str(entry.session.uid)]
        is_hybrid = entry.room_name == "Room A"
        mode = "Mixed" if is_hybrid else "Offline"
        assert event["eventAttendanceMode"] == f"https://schema.org/{mode}EventAttendanceMode"
        kinds = [place["@type"] for place in event["location"]]
        assert kinds == (["Place", "VirtualLocation"] if is_hybrid else ["Place"])
        assert event["location"][0]["name"] == entry.room_name
        assert event["performer"] == [{"@type": "Person", "name": "李 <明>"}]
        assert datetime.fromisoformat(event["startDate"]) == entry.starts_at
    one = json.loads(fetch(f"s/{sessions[1].symbol.number}.jsonld").content)
    assert (one["name"], one["inLanguage"]) == (ARABIC, "ar")
    assert one["superEvent"]["name"] == "Test forum"


def test_no_spreadsheet_runs_what_somebody_wrote(fetch, first, sessions):
    Session.objects.filter(pk=sessions[0].pk).update(title="=1+1")
    entry = first.entries.get(session=sessions[0])
    entry.title = "=HYPERLINK(A1)"
    entry.save()
    rows = list(csv.DictReader(io.StringIO(fetch("programme.csv").content.decode("utf-8-sig"))))
    assert "'=HYPERLINK(A1)" in [row["title"] for row in rows]
    book = CalamineWorkbook.from_filelike(io.BytesIO(fetch("programme.xlsx").content))
    names, *cells = book.get_sheet_by_index(0).to_python()
    table = [dict(zip(names, row, strict=True)) for row in cells]
    assert "=HYPERLINK(A1)" in [row["title"] for row in table]
    assert [row["symbol"] for row in table] == [row["symbol"] for row in rows]
    assert {row["time_zone"] for row in table} == {"Europe/Zurich"}
    assert {row["moderators"] for row in table} == {"李 <明>"}
    assert {row["lines"] for row in rows} == {"C2; C3"}


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/Argentina/Buenos_Aires", "Etc/GMT+3", "UTC"])
def test_days_and_clocks_are_those_of_the_forum_wherever_it_meets(fetch, first, forum, zone):
    forum.zone = zone
    forum.save()
    found = schedule_of(fetch("schedule.xml").content)
    valid(json.loads(fetch("schedule.json").content), "schedule.json")
    for entry in first.entries.select_related("session"):
        event = found.find(f".//event[@guid='{entry.session.uid}']")
        assert datetime.fromisoformat(event.findtext("date")) == entry.starts_at
        assert event.findtext("start") == f"{entry.starts_at.astimezone(ZoneInfo(zone)):%H:%M}"


def test_a_session_over_midnight_belongs_to_the_day_on_which_it_starts(fetch, first, sessions):
    entry = first.entries.get(session=sessions[0])
    entry.starts_at = datetime(2025, 7, 8, 23, 30, tzinfo=ZoneInfo("Europe/Zurich"))
    entry.ends_at = entry.starts_at + timedelta(minutes=90)
    entry.save()
    found = schedule_of(fetch("schedule.xml").content)
    day = found.find(f".//event[@guid='{sessions[0].uid}']").getparent().getparent()
    assert day.get("date") == "2025-07-08"
    assert datetime.fromisoformat(day.get("end")) == entry.ends_at


def test_the_validators_refuse_what_is_wrong(fetch, first):
    """A check that accepts everything would prove nothing."""
    content = fetch("schedule.xml").content
    for old, new in ((b"<slug>", b"<slug> "), (b"+02:00</date>", b"</date>"), (b"01:00</dur", b"1h</dur")):
        with pytest.raises(etree.DocumentInvalid):
            schedule_of(content.replace(old, new, 1))
    document = json.loads(fetch("schedule.json").content)
    document["schedule"]["conference"]["days"][0]["date"] = "7 July"
    with pytest.raises(AssertionError):
        valid(document, "schedule.json")

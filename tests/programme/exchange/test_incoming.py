"""Programmes and requests that come in files: seen before they are made, whole or not at all, distrusted."""

import io
import json
import uuid
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from muntada.foundations.errors import Refused
from muntada.foundations.sheets import MOST_BYTES
from muntada.people.rules import Role
from muntada.programme.actions import incoming as actions
from muntada.programme.actions.releases import publish_release
from muntada.programme.engine.incoming import kind_of
from muntada.programme.models import (
    IncomingFile,
    Room,
    Session,
    SessionPerson,
    SessionRequest,
    Slot,
    Timetable,
)
from muntada.programme.rules.incoming import FileKind, FileState
from muntada.record.models import LogEntry
from muntada.record.rules import SYSTEM

from .conftest import schedule_of

EVENT = """<event id="{id}" guid="{guid}"><date>{date}</date><start>10:00</start>
<duration>{duration}</duration><room>Hall</room><title>{title}</title><subtitle/><track>Access</track>
<type>panel</type><language>{language}</language>
<abstract>Short</abstract><description>Long</description><persons><person>{person}</person></persons></event>"""
GUIDS = [str(uuid.uuid5(uuid.NAMESPACE_URL, str(number))) for number in range(9)]


def event(number=1, **values):
    told = {
        "id": number,
        "guid": GUIDS[number],
        "date": "2025-07-08T10:00:00+02:00",
        "duration": "01:00",
        "title": f"Session {number}",
        "language": "fr",
        "person": f"Speaker {number}",
    }
    return EVENT.format(**(told | values))


def document(*events, zone="Europe/Zurich", before=""):
    return (
        f'<?xml version="1.0"?>{before}<schedule><version>1</version><conference>'
        f"<title>Elsewhere 2025</title><acronym>else</acronym><time_zone_name>{zone}</time_zone_name>"
        f"</conference>"
        f'<day index="1" date="2025-07-08"><room name="Hall">{"".join(events)}</room></day></schedule>'
    ).encode()


@pytest.fixture
def take(forum, now):
    def take(content, name="schedule.xml"):
        return actions.take_in(
            forum=forum, kind=kind_of(content), content=content, name=name, actor=SYSTEM, now=now
        )

    return take


@pytest.fixture
def look(forum, now):
    def look(content, name="schedule.xml"):
        return actions.look_at_file(forum=forum, content=content, name=name, actor=SYSTEM, now=now)

    return look


def counts():
    return [model.objects.count() for model in (Session, SessionRequest, Room, Slot, Timetable, LogEntry)]


def test_a_schedule_becomes_requests_sessions_rooms_slots_and_a_draft(take, forum):
    made, timetable = take(document(event(1), event(2, date="2025-07-08T11:00:00+02:00")))
    assert made == {"sessions": 2, "rooms": 1, "slots": 2, "unplaced": 0}
    first = Session.objects.get(uid=GUIDS[1])
    assert (first.title, first.language, first.kind, first.track) == ("Session 1", "fr", "panel", "Access")
    assert first.description == "Short\n\nLong"
    assert first.requests.get().source_id == f"guid:{GUIDS[1]}"
    assert [one.name for one in SessionPerson.objects.filter(session=first)] == ["Speaker 1"]
    placement = timetable.placements.get(session=first)
    assert placement.room.name == "Hall"
    assert placement.period.lower == datetime(2025, 7, 8, 8, tzinfo=UTC)
    assert timetable.violations == []


def test_nothing_is_made_by_looking(look, forum):
    before = counts()
    seen = look(document(event(1)))
    assert [one.title for one in seen.coming.sessions] == ["Session 1"]
    assert [room.name for room in seen.coming.rooms] == ["Hall"]
    assert counts() == before


@pytest.mark.parametrize("file", ["schedule.xml", "schedule.json"])
def test_what_was_given_out_comes_back_the_same(fetch, first, other_forum, now, file, client):
    given = fetch(file).content
    other_forum.languages = ["en", "ar", "zh-hans"]
    other_forum.save()
    # The text cites C/1, which this forum does not have; a schedule of another forum is not ours to trust.
    given = given.replace(b"[C/1]", b"C/1")
    made, timetable = actions.take_in(
        forum=other_forum, kind=kind_of(given), content=given, name=file, actor=SYSTEM, now=now
    )
    assert (made["sessions"], made["unplaced"]) == (3, 0)
    publish_release(timetable=timetable, actor=SYSTEM, now=now)
    again = client.get("/nigf/schedule.xml").content
    before, after = schedule_of(fetch("schedule.xml").content), schedule_of(again)
    names = ("date", "start", "duration", "room", "title", "track", "type", "language")

    def told(found):
        return sorted(
            (*(one.findtext(name) for name in names), *(person.text for person in one.find("persons")))
            for one in found.iter("event")
        )

    assert told(before) == told(after)
    # Taken in again, from what the second forum gives out, all of it is known.
    with pytest.raises(Refused) as refused:
        actions.take_in(
            forum=other_forum,
            kind=kind_of(again),
            content=again,
            name="again.xml",
            actor=SYSTEM,
            now=now + timedelta(hours=1),
        )
    assert refused.value.code == "file-known"


def test_sessions_keep_their_guid_unless_another_forum_has_it(take, other_forum, now):
    content = document(event(1))
    take(content)
    actions.take_in(
        forum=other_forum, kind=FileKind.SCHEDULE_XML, content=content, name="a.xml", actor=SYSTEM, now=now
    )
    assert Session.objects.filter(uid=GUIDS[1]).count() == 1
    assert Session.objects.count() == 2
    with pytest.raises(Refused):
        take(content)


def test_what_cannot_stand_is_taken_in_without_a_place_and_it_is_said_why(look, take):
    content = (
        document(
            event(1),
            event(2),
            event(3, date="2025-07-08T12:00:00+02:00"),
            event(4, date="2025-07-08T12:00:00+02:00"),
        )
        .replace(b"Speaker 4", b"speaker 3")
        .replace(b"</event></room>", b'</event></room><room name="Attic"></room>')
    )
    content = content.replace(b"<room>Hall</room><title>Session 4", b"<room>Hall</room><title>Session 4")
    left = {one.session.title: one.reason for one in look(content).coming.unplaced}
    assert left == {
        "Session 2": "The room Hall is taken by “Session 1” then.",
        "Session 4": "The room Hall is taken by “Session 3” then.",
    }
    made, timetable = take(content)
    assert (made["sessions"], made["unplaced"], timetable.placements.count()) == (4, 2, 2)
    assert len(timetable.unplaced) == 2


def test_nobody_is_placed_in_two_rooms_at_once(look):
    second = (
        document(event(2, person="speaker  1")).decode().partition("<room name")[2].partition("</day>")[0]
    )
    second = f"<room name{second}".replace('name="Hall"', 'name="Attic"').replace("<room>Hall", "<room>Attic")
    content = document(event(1)).replace(b"</day>", f"{second}</day>".encode())
    (left,) = look(content).coming.unplaced
    assert left.reason == "speaker 1 is in “Session 1” then."


def test_sessions_of_different_lengths_side_by_side_find_slots_that_do_not_overlap(take):
    content = document(
        event(1, duration="01:30"),
        event(2, date="2025-07-08T12:00:00+02:00"),
        event(3, date="2025-07-08T14:00:00+02:00", duration="00:45"),
    )
    attic = document(event(4, date="2025-07-08T10:30:00+02:00", duration="02:00")).decode()
    inner = (
        attic.partition('<room name="Hall">')[2].partition("</room></day>")[0].replace(">Hall<", ">Attic<")
    )
    content = content.replace(b"</day>", f'<room name="Attic">{inner}</room></day>'.encode())
    made, timetable = take(content)
    assert made["unplaced"] == 0
    assert [f"{one.starts_at:%H:%M}-{one.ends_at:%H:%M}" for one in Slot.objects.all()] == [
        "08:00-08:30",
        "08:30-10:00",
        "10:00-11:00",
        "12:00-12:45",
    ]
    assert [one for one in timetable.violations if one["tier"] == "hard"] == []


BOMB = '<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FETCHES = '<!DOCTYPE s SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "file-empty", "empty"),
        (b"<" + b"a" * MOST_BYTES, "file-too-large", "larger than 10 MB"),
        (b"<schedule><day>", "xml-broken", "damaged"),
        (b'<?xml version="1.0" encoding="no-such"?><schedule/>', "xml-broken", "damaged"),
        (b"<html></html>", "xml-other", "no schedule"),
        (document(event(1, title="&b;"), before=BOMB), "xml-doctype", "document type"),
        (document(event(1), before=FETCHES), "xml-doctype", "document type"),
        (b"<a>" * 30 + b"</a>" * 30, "xml-too-deep", "deeper"),
        (b"{", "json-broken", "no JSON"),
        (b"{" + b'"a":[' * 100_000, "json-broken", "no JSON"),
        (b'{"schedule": {"conference": {"days": 3}}}', "json-other", "no schedule"),
        (document(event(1), zone="Mars/Phobos"), "zone-unknown", "“Mars/Phobos”"),
        (document(event(1, date="2025-02-30T10:00:00+01:00")), "schedule-broken", "Session 1: “2025-02-30"),
        (document(event(1, date="0001-01-01T00:00:00+14:00")), "schedule-broken", "no date"),
        (document(event(1, guid="1; DROP")), "schedule-broken", "no guid"),
        (document(event(1, duration="an hour")), "schedule-broken", "no length"),
    ],
)
def test_a_file_that_cannot_be_trusted_or_read_is_refused_with_a_sentence(look, content, code, words):
    before = counts()
    with pytest.raises(Refused) as refused:
        look(content)
    assert refused.value.code == code
    assert words in str(refused.value)
    assert counts() == before


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([], "no session in this file"),
        ([event(1), event(2, guid=GUIDS[1])], "Session 2 has the same guid as Session 1"),
        ([event(1, duration="00:05")], "Session 1: It lasts 5 minutes"),
        ([event(1, duration="24:00")], "lasts 1440 minutes"),
        ([event(1, title=" ")], "There is no title"),
        ([event(1, title="t" * 201)], "longer than 200"),
        ([event(1, person="p" * 121)], "longer than 120"),
    ],
)
def test_everything_that_is_wrong_is_said_at_the_first_look(look, events, words):
    faults = look(document(*events)).faults
    assert any(words in fault for fault in faults), faults
    assert IncomingFile.objects.count() == 0


def test_a_fault_half_way_leaves_nothing(take):
    bad = event(2, date="2025-07-08T12:00:00+02:00").replace("Long", "As [C/77] says")
    before = counts()
    with pytest.raises(Refused) as refused:
        take(document(event(1), bad))
    assert "Session 2" in str(refused.value)
    assert "C/77" in str(refused.value)
    assert counts() == before


def test_times_without_a_zone_and_unknown_languages_are_read_and_said(look):
    seen = look(document(event(1, date="2025-07-08T10:00:00", language="de"), zone="")).coming
    assert seen.sessions[0].starts_at == datetime(2025, 7, 8, 8, tzinfo=UTC)
    assert len(seen.remarks) == 2
    assert "Europe/Zurich" in " ".join(seen.remarks)
    assert "“de”" in " ".join(seen.remarks)


def workbook(*, macros=False):
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        rows = [
            ["title", "organiser", "minutes", "people"],
            ["Rural access", "ISOC", 60, "A; B"],
            [],
            ["Late", "X", 7, ""],
        ]
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    if macros:
        with zipfile.ZipFile(written, "a") as archive:
            archive.writestr("xl/vbaProject.bin", b"x")
    return written.getvalue()


def test_a_workbook_of_requests_is_read_and_its_fault_names_the_row_a_spreadsheet_shows(look):
    with pytest.raises(Refused) as refused:
        look(workbook(), "requests.xlsx")
    assert "line 4" in str(refused.value)


def test_a_workbook_with_macros_is_refused(look):
    with pytest.raises(Refused) as refused:
        look(workbook(macros=True), "requests.xlsx")
    assert refused.value.code == "table-macros"


def test_a_workbook_that_unpacks_to_more_than_100_mb_is_refused(look):
    written = io.BytesIO(workbook())
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * 100_000_001)
    with pytest.raises(Refused, match="100 MB"):
        look(written.getvalue(), "requests.xlsx")
    assert IncomingFile.objects.count() == 0


def test_an_upload_of_100_mb_is_answered_with_a_sentence_and_nothing_is_kept(client_as, forum):
    answer = upload(client_as(Role.SECRETARIAT), b"PK" + bytes(100_000_000), "requests.xlsx")
    assert answer.status_code == 422
    assert "larger than 10 MB" in answer.content.decode()
    assert IncomingFile.objects.count() == 0


def upload(browser, content, name="schedule.xml"):
    return browser.post("/wsis20/programme/files", {"file": SimpleUploadedFile(name, content)})


def test_the_secretariat_sees_what_would_be_made_and_has_it_made(
    client_as, forum, django_capture_on_commit_callbacks
):
    browser = client_as(Role.SECRETARIAT)
    page = upload(browser, document(event(1))).content.decode()
    assert "Session 1" in page
    assert Session.objects.count() == 0
    file = IncomingFile.objects.get()
    assert file.get_absolute_url() in page
    assert browser.post(file.get_absolute_url()).url == file.get_absolute_url()
    file.refresh_from_db()
    assert file.state == FileState.WAITING
    actions.carry_out_file(file=file, clock=lambda: datetime(2025, 7, 1, tzinfo=UTC))
    page = browser.get(file.get_absolute_url()).content.decode()
    assert "all of it" in page
    assert f"/wsis20/programme/timetables/{Timetable.objects.get().number}" in page
    file.refresh_from_db()
    assert (file.state, bytes(file.content)) == (FileState.DONE, b"")


def test_a_table_of_requests_is_submitted_and_waits_for_decisions(client_as, forum):
    browser = client_as(Role.SECRETARIAT)
    table = b"title,organiser,minutes\r\nRural access,ISOC,60\r\n"
    assert "Rural access" in upload(browser, table, "requests.csv").content.decode()
    file = IncomingFile.objects.get()
    browser.post(file.get_absolute_url())
    file.refresh_from_db()
    actions.carry_out_file(file=file, clock=lambda: datetime(2025, 7, 1, tzinfo=UTC))
    assert SessionRequest.objects.get().state == "submitted"
    assert Session.objects.count() == 0


def test_what_stands_in_the_way_is_said_on_the_page(client_as, forum):
    browser = client_as(Role.SECRETARIAT)
    bad = document(event(1)).replace(b"Long", b"As [C/77] says")
    upload(browser, bad)
    file = IncomingFile.objects.get()
    browser.post(file.get_absolute_url())
    file.refresh_from_db()
    actions.carry_out_file(file=file, clock=lambda: datetime(2025, 7, 1, tzinfo=UTC))
    page = browser.get(file.get_absolute_url()).content.decode()
    assert "C/77" in page
    assert Session.objects.count() == 0


def test_faults_are_listed_and_nothing_is_kept(client_as, forum):
    answer = upload(client_as(Role.SECRETARIAT), document(event(1, duration="00:05")))
    assert answer.status_code == 422
    assert "It lasts 5 minutes" in answer.content.decode()
    assert upload(client_as(Role.SECRETARIAT), b"<a>").status_code == 422


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECRETARIAT}))
def test_no_other_role_takes_anything_in(client_as, forum, role):
    browser = client_as(role)
    assert browser.get("/wsis20/programme/files").status_code == 403
    assert upload(browser, document(event(1))).status_code == 403
    with pytest.raises(Refused):
        actions.look_at_file(
            forum=forum,
            content=document(event(1)),
            name="a.xml",
            actor=SYSTEM.__class__(None, role),
            now=datetime(2025, 7, 1, tzinfo=UTC),
        )


def test_a_file_nobody_takes_in_is_thrown_away(look, now):
    look(document(event(1)))
    actions.drop_old_files(now=now + timedelta(hours=23))
    assert IncomingFile.objects.count() == 1
    actions.drop_old_files(now=now + timedelta(hours=25))
    assert IncomingFile.objects.count() == 0


def test_json_of_the_hub_is_not_taken_for_a_schedule_with_nothing_in_it(look):
    content = json.dumps({"schedule": {"version": "1", "rooms": [], "conference": {"title": "x"}}}).encode()
    with pytest.raises(Refused) as refused:
        look(content, "schedule.json")
    assert refused.value.code == "json-other"

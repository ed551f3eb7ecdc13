"""Programmes and requests that come in files: seen before they are made, whole or not at all, distrusted."""

import io
import json
import uuid
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from muntada.foundations.errors import Refused
from muntada.foundations.jobs.actions import begin, drop_uploads
from muntada.foundations.jobs.models import Upload
from muntada.foundations.jobs.rules import JobState
from muntada.foundations.jobs.running import carry_out
from muntada.foundations.sheets import MOST_BYTES, as_csv, read_rows
from muntada.people.rules import Role
from muntada.programme.imports import tasks as imports
from muntada.programme.imports.actions import imports as actions
from muntada.programme.imports.adapter.file_kinds import kind_of
from muntada.programme.imports.rules import FileKind
from muntada.programme.releases.actions import publish_release
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.sessions.models import Room, Session, SessionPerson, Slot
from muntada.programme.timetable.models import Timetable
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
        return taken_in(forum, content, now, name)

    return take


def taken_in(forum, content, now, name="schedule.xml"):
    made, _ = actions.take_in(
        forum=forum, kind=kind_of(content), content=content, name=name, actor=SYSTEM, now=now
    )
    return made, Timetable.objects.filter(forum=forum).order_by("pk").last()


def work_off(job):
    carry_out(job_id=job.pk, work=imports.take_in_file, clock=timezone.now)
    job.refresh_from_db()


@pytest.fixture
def look(forum, now):
    def look(content, name="schedule.xml"):
        return actions.preview_file(forum=forum, content=content, name=name, actor=SYSTEM, now=now)

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
    made, timetable = taken_in(other_forum, given, now, file)
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
        ([event(1, date="2025-02-30T10:00:00+01:00")], "Session 1: “2025-02-30"),
        ([event(1, date="0001-01-01T00:00:00+14:00")], "no date"),
        ([event(1, guid="1; DROP")], "no guid"),
        ([event(1, duration="an hour")], "no length"),
        ([event(1).replace("Long", "As [C/77] says")], "Session 1: [C/77] does not exist"),
        ([event(1, duration="00:05")], "Session 1: It lasts 5 minutes"),
        ([event(1, duration="24:00")], "lasts 1440 minutes"),
        ([event(1, title=" ")], "There is no title"),
        ([event(1, title="t" * 201)], "longer than 200"),
        ([event(1, person="p" * 121)], "longer than 120"),
    ],
)
def test_everything_that_is_wrong_is_said_at_the_first_look(look, events, words):
    faults = look(document(*events)).faults
    assert any(words in fault.sentence for fault in faults), faults
    assert Upload.objects.count() == 0


def test_all_faults_of_a_schedule_are_named_at_once_and_none_is_named_twice(look):
    bad = event(3, guid="x", date="no day", duration="an hour")
    faults = [
        one.sentence for one in look(document(event(1, title=" "), event(2, duration="00:05"), bad)).faults
    ]
    assert len(faults) == 5
    assert [one.partition(":")[0] for one in faults] == ["Session 3"] * 3 + ["Session 1", "Session 2"]


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
    (fault,) = look(workbook(), "requests.xlsx").faults
    assert (fault.row, fault.column) == (4, "minutes")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"title,minutes\nA,60\n", "These columns are missing: organiser"),
        ("title,organiser,minutes\nCaf\u00e9,X,60\n".encode("latin-1"), "The text is not UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_has_no_wrong_cell_but_a_reason(client_as, look, content, reason):
    (fault,) = look(content, "requests.csv").faults
    assert (fault.row, fault.column) == (None, "")
    assert fault.sentence.startswith("The file could not be read")
    assert reason in fault.sentence
    page = upload(client_as(Role.SECRETARIAT), content, "requests.csv")
    assert page.status_code == 422
    assert "cell is wrong" not in page.content.decode()


def test_all_faults_of_a_table_are_named_at_once_with_row_and_column(look, take):
    table = (
        b"title,organiser,minutes,kind,lines,description,needs\r\n"
        b",ISOC,sixty,,,,\r\n"
        b"B,ISOC,60,circus,C99,As [C/77] says,\r\n"
        b"C,,60,,,,fireworks\r\n"
        b"D,ISOC,60,,,,\r\n"
    )
    faults = look(table, "requests.csv").faults
    assert [(one.row, one.column) for one in faults] == [
        (2, "title"),
        (2, "minutes"),
        (3, "kind"),
        (3, "lines"),
        (3, "description"),
        (4, "organiser"),
        (4, "needs"),
    ]
    assert Upload.objects.count() == 0
    # Taking it in checks the same and says the first.
    with pytest.raises(Refused) as refused:
        take(table, "requests.csv")
    assert faults[0].sentence in str(refused.value)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_is_filled_in_below_its_example_which_is_passed_over(client_as, look, form):
    answer = client_as(Role.SECRETARIAT).get(f"/wsis20/programme/files/requests.{form}")
    rows = read_rows(answer.content, most=10)
    names = list(rows[0].values)
    assert (len(rows), rows[0].values["id"]) == (1, "example")
    (fault,) = look(answer.content, f"requests.{form}").faults
    assert "no row" in fault.sentence
    # The example itself would be right.
    example = {**rows[0].values, "id": ""}
    filled = as_csv(names, [rows[0].values, {name: example[name] for name in names}])
    preview = look(filled, "requests.csv")
    assert (preview.faults, [one.title for one in preview.requests]) == ([], [example["title"]])
    assert preview.upload is not None


def test_the_template_has_two_forms(client_as):
    assert client_as(Role.SECRETARIAT).get("/wsis20/programme/files/requests.ods").status_code == 404
    assert client_as(Role.MODERATOR).get("/wsis20/programme/files/requests.csv").status_code == 403


def test_a_workbook_with_macros_is_refused(look):
    with pytest.raises(Refused) as refused:
        look(workbook(macros=True), "requests.xlsx")
    assert refused.value.code == "table-macros"


def test_a_workbook_that_unpacks_to_more_than_40_mb_is_refused(look):
    written = io.BytesIO(workbook())
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * 40_000_001)
    with pytest.raises(Refused, match="larger than 40 MB"):
        look(written.getvalue(), "requests.xlsx")
    assert Upload.objects.count() == 0


def test_an_upload_of_100_mb_is_answered_with_a_sentence_and_nothing_is_kept(client_as, forum):
    answer = upload(client_as(Role.SECRETARIAT), b"PK" + bytes(100_000_000), "requests.xlsx")
    assert answer.status_code == 422
    assert "larger than 10 MB" in answer.content.decode()
    assert Upload.objects.count() == 0


def upload(browser, content, name="schedule.xml"):
    return browser.post("/wsis20/programme/files", {"file": SimpleUploadedFile(name, content)})


def test_the_secretariat_sees_what_would_be_made_and_has_it_made(client_as, forum):
    browser = client_as(Role.SECRETARIAT)
    page = upload(browser, document(event(1))).content.decode()
    assert "Session 1" in page
    assert Session.objects.count() == 0
    job = Upload.objects.get()
    assert job.get_absolute_url() in page
    assert browser.post(job.get_absolute_url(), {"do": "begin"}).url == job.get_absolute_url()
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    work_off(job)
    page = browser.get(job.get_absolute_url()).content.decode()
    assert "all of it" in page
    assert f"/wsis20/programme/timetables/{Timetable.objects.get().number}" in page
    assert (job.state, job.content) == (JobState.DONE, None)
    assert job.get_absolute_url() in browser.get("/wsis20/programme/files").content.decode()


def test_a_table_of_requests_is_submitted_and_waits_for_decisions(client_as, forum):
    browser = client_as(Role.SECRETARIAT)
    table = b"title,organiser,minutes\r\nRural access,ISOC,60\r\n"
    assert "Rural access" in upload(browser, table, "requests.csv").content.decode()
    job = Upload.objects.get()
    browser.post(job.get_absolute_url(), {"do": "begin"})
    work_off(job)
    assert (job.state, job.result_at) == (JobState.DONE, "/wsis20/programme/requests")
    assert SessionRequest.objects.get().state == "submitted"
    assert Session.objects.count() == 0


def test_what_came_into_the_way_meanwhile_is_said_on_the_page(client_as, forum, take):
    browser = client_as(Role.SECRETARIAT)
    upload(browser, document(event(1)))
    job = Upload.objects.get()
    browser.post(job.get_absolute_url(), {"do": "begin"})
    take(document(event(1)))
    work_off(job)
    assert job.state == JobState.REFUSED
    assert "is here already" in browser.get(job.get_absolute_url()).content.decode()
    assert Session.objects.count() == 1


def test_of_a_forum_one_file_is_taken_in_at_a_time(client_as, forum, other_forum, now):
    browser = client_as(Role.SECRETARIAT)
    for number in (1, 2):
        upload(browser, document(event(number)))
    first, second = Upload.objects.order_by("pk")
    for one in (first, second):
        browser.post(one.get_absolute_url(), {"do": "begin"})
    second.refresh_from_db()
    assert second.state == JobState.PREVIEWED
    elsewhere = actions.preview_file(
        forum=other_forum, content=document(event(1)), name="a.xml", actor=SYSTEM, now=now
    ).upload
    assert begin(job=elsewhere, actor=SYSTEM, now=now).state == JobState.QUEUED
    work_off(first)
    browser.post(second.get_absolute_url(), {"do": "begin"})
    second.refresh_from_db()
    assert second.state == JobState.QUEUED


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
        actions.preview_file(
            forum=forum,
            content=document(event(1)),
            name="a.xml",
            actor=SYSTEM.__class__(None, role),
            now=datetime(2025, 7, 1, tzinfo=UTC),
        )


def test_a_file_nobody_takes_in_goes_and_one_in_progress_does_not(look, now):
    kept, left = (look(document(event(number))).upload for number in (1, 2))
    begin(job=kept, actor=SYSTEM, now=now)
    drop_uploads(now=now + timedelta(hours=25))
    assert Upload.objects.get().pk == kept.pk != left.pk
    work_off(kept)
    assert kept.state == JobState.DONE
    assert Session.objects.get().uid == uuid.UUID(GUIDS[1])


def test_json_of_the_hub_is_not_taken_for_a_schedule_with_nothing_in_it(look):
    content = json.dumps({"schedule": {"version": "1", "rooms": [], "conference": {"title": "x"}}}).encode()
    with pytest.raises(Refused) as refused:
        look(content, "schedule.json")
    assert refused.value.code == "json-other"

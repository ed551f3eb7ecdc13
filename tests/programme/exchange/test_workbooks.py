"""Workbooks of other timetabling programs, taken in as programmes."""

import pytest

from muntada.foundations.errors import Refused
from muntada.programme.actions import incoming as actions
from muntada.programme.engine.incoming import kind_of
from muntada.programme.models import Room, Session, SessionPerson, Slot
from muntada.programme.rules.incoming import FileKind
from muntada.record.rules import SYSTEM

TIMEFOLD = "scheduling/timefold/18talks-6timeslots-5rooms.xlsx"
COSPLIB = "scheduling/cosplib/N2OR.xlsx"


@pytest.fixture
def take(forum, now, shared_data):
    def take(file):
        content = (shared_data / file).read_bytes()
        return actions.take_in(
            forum=forum,
            kind=kind_of(content),
            content=content,
            name=file.rpartition("/")[2],
            actor=SYSTEM,
            now=now,
        )

    return take


@pytest.mark.shared_data
def test_a_conference_of_timefold_brings_rooms_times_talks_and_what_was_published(take, forum):
    made, timetable = take(TIMEFOLD)
    assert (made["sessions"], made["rooms"]) == (18, 5)
    talk = Session.objects.get(title="Hands on real-time OpenShift")
    assert (talk.minutes, talk.track, talk.kind) == (120, "Artificial Intelligence", "training")
    assert SessionPerson.objects.filter(session=talk).count() == 2
    assert Room.objects.get(name="R 2").seats == 240
    assert timetable.placements.get(session=talk).room.name == "R 5"
    assert timetable.placements.count() + made["unplaced"] == 18
    assert {reason["sentence"] for one in timetable.unplaced for reason in one["reasons"]} >= {
        "The file has no place for it."
    }


@pytest.mark.shared_data
def test_a_workbook_of_cosplib_brings_sessions_without_places(take):
    made, timetable = take(COSPLIB)
    assert timetable is None
    assert made["sessions"] == made["unplaced"] == Session.objects.count()
    assert Room.objects.filter(name="Steelhouse LT").exists()
    first = Session.objects.get(title="Analytics: NEW19A3729")
    assert (first.minutes, first.track) == (30, "Analytics")
    assert [one.name for one in SessionPerson.objects.filter(session=first)] == ["P0"]
    assert Slot.objects.order_by("starts_at")[0].starts_at.isoformat() == "2021-07-28T09:30:00+00:00"


@pytest.mark.shared_data
@pytest.mark.parametrize("file", [TIMEFOLD, COSPLIB])
def test_the_same_workbook_twice_brings_nothing_new(take, file):
    take(file)
    with pytest.raises(Refused) as refused:
        take(file)
    assert refused.value.code == "file-known"


@pytest.mark.shared_data
def test_a_workbook_is_told_by_its_sheets(shared_data):
    found = [kind_of((shared_data / file).read_bytes()) for file in (TIMEFOLD, COSPLIB)]
    assert found == [FileKind.CONFERENCE, FileKind.COSPLIB]

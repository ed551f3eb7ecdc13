import zipfile
from datetime import date
from pathlib import Path

import pytest
from workbook_solvers.books import BookFault
from workbook_solvers.conference.problem import Constraint, Place, Score
from workbook_solvers.conference.workbook import read_conference

from benchmarks.peer_workbooks.conference.books import Cells, make


def test_a_workbook_is_read_with_the_colours_that_say_who_is_away(tmp_path: Path) -> None:
    conference = read_conference(make(tmp_path / "made.xlsx"))
    assert (conference.name, conference.pause) == ("Made up", 15)
    assert conference.weights[Constraint.ROOM_CONFLICT] == Score(2, 0, 0)
    assert conference.timeslots[1].day == date(2018, 10, 1)
    assert (conference.timeslots[1].start, conference.timeslots[1].minutes) == (610, 60)
    assert [room.unavailable for room in conference.rooms] == [set(), {2}, set()]
    assert conference.rooms[0].talk_types == {"Talk", "Lab"}
    assert conference.rooms[0].tags == {"Large", "Film"}
    assert [speaker.unavailable for speaker in conference.speakers] == [{0}, set(), set()]
    assert conference.speakers[0].room_tags.prohibited == {"Film"}
    talks = {talk.code: talk for talk in conference.talks}
    assert talks["T0"].speakers == (0, 1)
    assert talks["T2"].prerequisites == {1}
    assert talks["T4"].pinned == Place(0, 1)
    assert (talks["T5"].published_timeslot, talks["T5"].published_room) == (2, 2)
    assert set(conference.places(talks["T1"])) == {
        Place(slot, room) for slot in range(3) for room in range(3)
    }
    assert conference.places(talks["T4"]) == (Place(0, 1),)


FAULTS: list[tuple[Cells, str]] = [
    ({("Configuration", 4, 1): "many"}, "sheet Configuration, row 5: The weight “many” is not one such as"),
    ({("Configuration", 4, 1): "-1hard/0medium/0soft"}, "sheet Configuration, row 5: The weight “-1hard"),
    ({("Configuration", 4, 0): "Room rent"}, "row 5: “Room rent” is not a constraint of this format."),
    (
        {("Configuration", 4, 0): None},
        "sheet Configuration: The weight of “Room unavailable timeslot” is miss",
    ),
    ({("Timeslots", 1, 0): "1 October"}, "sheet Timeslots, row 2: The day is “1 October”"),
    ({("Timeslots", 1, 1): "9.00"}, "sheet Timeslots, row 2: The time is “9.00”"),
    (
        {("Timeslots", 1, 2): "08:00"},
        "row 2: The timeslot ends at 08:00, which is not after its start at 09:00.",
    ),
    (
        {("Timeslots", 2, 1): "09:00", ("Timeslots", 2, 2): "10:00"},
        "row 3: “Mon 2018-10-01 09:00 10:00” is al",
    ),
    ({("Timeslots", 1, 3): ""}, "sheet Timeslots, row 2: The timeslot has no talk types"),
    ({("Rooms", 2, 1): 0}, "sheet Rooms, row 3: “0.0” under “Capacity” is not a whole number of at least 1."),
    ({("Rooms", 3, 2): "Panel"}, "sheet Rooms, row 4: No timeslot is for talks of the type “Panel”."),
    ({("Rooms", 1, 5): "10:00-11:00"}, "sheet Rooms, row 2: Column 6 is headed “10:00-11:00”; on the sheet"),
    ({("Speakers", 3, 0): "Ana"}, "sheet Speakers, row 4: “Ana” is already in row 3."),
    ({("Speakers", 2, 2): "Dawn"}, "sheet Speakers, row 3: No timeslot has the tag “Dawn”."),
    ({("Talks", 0, 3): "Who"}, "sheet Talks, row 1: Column 4 is headed “Who”; “Speakers” is expected."),
    ({("Talks", 1, 0): ""}, "sheet Talks, row 2: The cell under “Code” is empty."),
    ({("Talks", 2, 0): "T0"}, "sheet Talks, row 3: “T0” is already in row 2."),
    ({("Talks", 1, 3): "Dan"}, "sheet Talks, row 2: The speaker “Dan” is not on the sheet Speakers."),
    ({("Talks", 3, 19): "T9"}, "sheet Talks, row 4: There is no talk with the code “T9”."),
    ({("Talks", 3, 19): "T2"}, "sheet Talks, row 4: The talk is its own prerequisite."),
    ({("Talks", 1, 7): 1.5}, "row 2: “1.5” under “Audience level” is not a whole number of at least 1."),
    (
        {("Talks", 1, 22): "yes"},
        "sheet Talks, row 2: “yes” under “Pinned by user” is neither TRUE nor FALSE.",
    ),
    ({("Talks", 5, 26): ""}, "sheet Talks, row 6: The talk is pinned, but has no timeslot or no room."),
    ({("Talks", 5, 26): "Cellar"}, "sheet Talks, row 6: The room “Cellar” is not on the sheet Rooms."),
    ({("Talks", 5, 24): "09:05"}, "row 6: The timeslot “Mon 2018-10-01 09:05 10:00” is not on the sheet"),
]


@pytest.mark.parametrize(("changes", "sentence"), FAULTS)
def test_each_fault_is_one_sentence_with_its_sheet_and_row(
    tmp_path: Path, changes: Cells, sentence: str
) -> None:
    with pytest.raises(BookFault) as raised:
        read_conference(make(tmp_path / "made.xlsx", changes))
    assert sentence in str(raised.value)


def test_a_missing_sheet_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(
        BookFault, match=r"sheet Rooms: This sheet is missing\. The workbook has: Configuration"
    ):
        read_conference(make(tmp_path / "made.xlsx", without="Rooms"))


def doctored(source: Path, target: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return target


def test_macros_entities_bombs_and_giants_are_refused(tmp_path: Path) -> None:
    made = make(tmp_path / "made.xlsx")
    bad = tmp_path / "bad.xlsx"
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    for name, content, sentence in (
        ("xl/vbaProject.bin", b"Sub", "macros"),
        ("xl/workbook.xml", laughs, "damaged"),
        ("xl/worksheets/sheet5.xml", laughs, "document type"),
        ("xl/worksheets/sheet1.xml", b" " * 41_000_000, "unpacks to more than 40 MB"),
        ("xl/sharedStrings.xml", b"<sst>", "damaged"),
    ):
        with pytest.raises(BookFault, match=sentence):
            read_conference(doctored(made, bad, name, content))
    bad.write_bytes(b"Code;Title\n")
    with pytest.raises(BookFault, match="not an XLSX workbook"):
        read_conference(bad)
    with bad.open("wb") as stream:
        stream.truncate(100_000_000)
    with pytest.raises(BookFault, match=r"100\.0 MB; workbooks of at most 20 MB"):
        read_conference(bad)
    with pytest.raises(BookFault, match="no such file"):
        read_conference(tmp_path / "none.xlsx")

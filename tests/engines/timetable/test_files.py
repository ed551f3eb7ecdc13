from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.tables import TableFault
from muntada.engines.timetable.files import (
    SERVICES,
    read_requests,
    read_rooms,
    read_slots,
    write_rooms,
    write_slots,
)
from muntada.engines.timetable.problem import RoomSpec, SlotSpec

HEADER = "title,organiser,minutes"
GENEVA = timezone(timedelta(hours=2))


def put(folder: Path, text: str, name: str = "requests.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_request_of_all_columns_is_read(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        "id,title,organiser,email,kind,minutes,audience,people,needs,lines,goals,track,language,description\n"
        'R7,"Rural  access",ITU,ana@example.org,workshop,90,120,Ana Roy; Ben  Li;Ana Roy,'
        'Interpretation;captions,C2;C3,9,access,en,"Who pays, and how"\n',
    )
    (request,) = read_requests(path)
    assert (request.id, request.title, request.line) == ("R7", "Rural access", 2)
    assert request.people == ("Ana Roy", "Ben Li")
    assert request.needs == {"interpretation", "captions"}
    assert request.lines == ("C2", "C3")
    assert request.description == "Who pays, and how"
    session = request.as_session()
    assert session.people == {"ana roy", "ben li"}
    assert (session.minutes, session.audience, session.track) == (90, 120, "access")


def test_three_columns_are_enough_and_rows_are_numbered(tmp_path: Path) -> None:
    first, second = read_requests(put(tmp_path, f"{HEADER}\nA,ITU,60\nB,UNESCO,45\n"))
    assert (first.id, second.id) == ("1", "2")
    assert second.audience == 0
    assert second.as_session().track is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"{HEADER}\n,ITU,60\n", "line 2: The title is empty."),
        (f"{HEADER}\nA,,60\n", "line 2: The organiser is empty."),
        (f"{HEADER}\nA,ITU,\n", "line 2: The minutes is empty."),
        (
            f"{HEADER}\nA,ITU,60\nB,ITU,an hour\n",
            "line 3: The minutes is “an hour”, which is not a whole number.",
        ),
        (f"{HEADER}\nA,ITU,1.5\n", "line 2: The minutes is “1.5”, which is not a whole number."),
        (f"{HEADER}\nA,ITU,٦٠\n", "line 2: The minutes is “٦٠”, which is not a whole number."),
        (f"{HEADER}\nA,ITU,9\n", "line 2: The minutes is 9; it must be from 10 to 480."),
        (f"{HEADER}\nA,ITU,481\n", "line 2: The minutes is 481; it must be from 10 to 480."),
        (f"{HEADER},audience\nA,ITU,60,-5\n", "line 2: The audience is -5; it must be from 0 to 100000."),
        (
            f"{HEADER},needs\nA,ITU,60,coffee\n",
            f"line 2: “coffee” is not a known service. Known are: {', '.join(SERVICES)}.",
        ),
        (f"{HEADER},id\nA,ITU,60,x\nB,ITU,60,x\n", "line 3: The id “x” is already on line 2."),
        (f"{HEADER},id\nA,ITU,60,x\nB,ITU,60,\n", "line 3: The id is empty."),
        (f"{HEADER},email\nA,ITU,60,nobody\n", "line 2: “nobody” is not an e-mail address."),
        (f"{HEADER}\n{'A' * 201},ITU,60\n", "line 2: The title has 201 characters; at most 200 are allowed."),
        (
            "title,minutes\nA,60\n",
            "line 1: These columns are missing: organiser. The file has: title, minutes.",
        ),
    ],
)
def test_a_fault_of_a_request_is_told_with_file_and_line(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(TableFault) as caught:
        read_requests(put(tmp_path, text))
    assert str(caught.value) == f"requests.csv, {fault}"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name,seats\nHall,many\n", "line 2: The seats is “many”, which is not a whole number."),
        ("name,seats\nHall,0\n", "line 2: The seats is 0; it must be from 1 to 100000."),
        ("name,seats\nHall,9\nHall,9\n", "line 3: The name “Hall” is already on line 2."),
        ("name,seats\n,9\n", "line 2: The name is empty."),
        (
            "name,seats,services\nHall,9,tea\n",
            f"line 2: “tea” is not a known service. Known are: {', '.join(SERVICES)}.",
        ),
    ],
)
def test_a_fault_of_a_room_is_told_with_file_and_line(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(TableFault) as caught:
        read_rooms(put(tmp_path, text, "rooms.csv"))
    assert str(caught.value) == f"rooms.csv, {fault}"


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (
            "2025-07-07T09:00,2025-07-07T10:00+02:00",
            "line 2: The start “2025-07-07T09:00” has no zone. Add it, such as 2025-07-07T09:00+02:00.",
        ),
        (
            "soon,2025-07-07T10:00+02:00",
            (
                "line 2: The start is “soon”; a moment with its zone is expected,"
                " such as 2025-07-07T09:00+02:00."
            ),
        ),
        (
            "2025-07-07T09:00+02:00,2025-07-07T09:00+02:00",
            (
                "line 2: The slot ends at 2025-07-07T09:00:00+02:00,"
                " which is not after its start at 2025-07-07T09:00:00+02:00."
            ),
        ),
        (
            "2025-07-07T09:00+02:00,2025-07-07T10:00+02:00\n2025-07-07T09:30+02:00,2025-07-07T10:30+02:00",
            "line 3: The slot overlaps the slot on line 2.",
        ),
        (
            "2025-07-07T09:30+02:00,2025-07-07T10:30+02:00\n2025-07-07T07:00Z,2025-07-07T08:00Z",
            "line 3: The slot overlaps the slot on line 2.",
        ),
        (
            "2025-07-07T09:00+02:00,2025-07-07T10:00+02:00\n2025-07-07T09:00+02:00,2025-07-07T10:30+02:00",
            "line 3: The start “2025-07-07T09:00:00+02:00” is already on line 2.",
        ),
    ],
)
def test_a_fault_of_a_slot_is_told_with_file_and_line(tmp_path: Path, rows: str, fault: str) -> None:
    with pytest.raises(TableFault) as caught:
        read_slots(put(tmp_path, f"start,end\n{rows}\n", "slots.csv"))
    assert str(caught.value) == f"slots.csv, {fault}"


def test_slots_come_back_in_the_order_of_time(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        "start,end\n2025-07-08T09:00+02:00,2025-07-08T10:00+02:00\n2025-07-07T09:00+02:00,2025-07-07T10:00+02:00\n",
    )
    assert [slot.start.day for slot in read_slots(path)] == [7, 8]


@given(
    st.lists(
        st.builds(
            RoomSpec,
            id=st.text("abcé ,;\"'", min_size=1).map(str.strip).filter(bool),
            seats=st.integers(1, 1000),
            services=st.frozensets(st.sampled_from(SERVICES)),
        ),
        min_size=1,
        unique_by=lambda room: room.id,
    )
)
def test_rooms_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rooms: list[RoomSpec]
) -> None:
    path = tmp_path_factory.mktemp("rooms") / "rooms.csv"
    write_rooms(path, rooms)
    assert read_rooms(path) == tuple(rooms)


def test_slots_are_read_as_they_were_written(tmp_path: Path) -> None:
    start = datetime(2025, 7, 7, 9, tzinfo=GENEVA)
    slots = tuple(
        SlotSpec(begin.isoformat(timespec="minutes"), begin, begin + timedelta(minutes=45))
        for begin in (start, start + timedelta(hours=1))
    )
    write_slots(tmp_path / "slots.csv", slots)
    assert read_slots(tmp_path / "slots.csv") == slots

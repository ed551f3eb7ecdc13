"""A small made-up conference as a workbook, each cell of which a test may change."""

from collections.abc import Mapping
from pathlib import Path

import xlsxwriter
from workbook_solvers.conference.problem import REWARDS, Conference, Constraint, Place
from workbook_solvers.conference.workbook import (
    ROOM_COLUMNS,
    SPEAKER_COLUMNS,
    TALK_COLUMNS,
    TIMESLOT_COLUMNS,
)

SHARED = Path(__file__).resolve().parents[5] / "shared/data/scheduling/timefold"
HOURS = ("09:00-10:00", "10:10-11:10", "09:00-10:00", "09:30-11:30")
AWAY = "away"  # stands for a filled cell

type Cells = Mapping[tuple[str, int, int], object]  # by sheet, row and column from 0

HARD = list(Constraint)[:16]


def weight(constraint: Constraint) -> str:
    if constraint in HARD:
        return "2hard/0medium/0soft"
    if constraint is Constraint.PUBLISHED_TIMESLOT:
        return "0hard/1medium/0soft"
    return f"0hard/0medium/{3 if constraint in REWARDS else 10}soft"


def talk(code: str, **given: object) -> list[object]:
    usual: dict[str, object] = {
        "Code": code,
        "Title": f"About {code}",
        "Talk type": "Talk",
        "Audience level": 1,
        "Favorite count": 5,
        "Crowd control risk": 0,
        "Pinned by user": False,
    }
    named = {key.replace("_", " ").lower(): value for key, value in given.items()}
    return [named.get(title.lower(), usual.get(title, "")) for title in TALK_COLUMNS]


SHEETS: Mapping[str, list[list[object]]] = {
    "Configuration": [
        ["Conference name", "Made up"],
        ["Minimum consecutive talks pause in minutes", 15, "between two talks"],
        [],
        ["Constraint", "Score weight", "Description"],
        *([constraint.value, weight(constraint), "words"] for constraint in Constraint),
    ],
    "Timeslots": [
        list(TIMESLOT_COLUMNS),
        ["Mon 2018-10-01", "09:00", "10:00", "Talk", ""],
        ["Mon 2018-10-01", "10:10", "11:10", "Talk", "Late"],
        ["Tue 2018-10-02", "09:00", "10:00", "Talk", ""],
        ["Tue 2018-10-02", "09:30", "11:30", "Lab", ""],
    ],
    "Rooms": [
        ["", "", "", "", "Mon 2018-10-01", "", "Tue 2018-10-02", ""],
        [*ROOM_COLUMNS, *HOURS],
        ["Big & <round>", 300, "", "Large, Film", "", "", "", ""],
        ["Small", 40, "Talk", "", "", "", AWAY, ""],
        ["Attic", 20, "Lab, Talk", "", "", "", "", ""],
    ],
    "Speakers": [
        [*[""] * 9, "Mon 2018-10-01", "", "Tue 2018-10-02", ""],
        [*SPEAKER_COLUMNS, *HOURS],
        ["Ana", "", "Late", "", "", "", "", "Film", "", AWAY, "", "", ""],
        ["Ben", "", "", "", "Late", "", "Large", "", "", "", "", "", ""],
        ["Cleo", *[""] * 12],
    ],
    "Talks": [
        list(TALK_COLUMNS),
        talk(
            "T0", speakers="Ana, Ben", theme_track_tags="Nets", audience_types="Managers", favorite_count=90
        ),
        talk(
            "T1",
            speakers="Ben",
            theme_track_tags="Nets, Law",
            content_tags="XML",
            audience_level=2,
            language="fr",
        ),
        talk("T2", speakers="Cleo", content_tags="XML", prerequisite_talks_codes="T1", crowd_control_risk=1),
        talk("T3", theme_track_tags="Law", sector_tags="Health", crowd_control_risk=1, favorite_count=40),
        talk(
            "T4",
            pinned_by_user=True,
            timeslot_day="Mon 2018-10-01",
            start="09:00",
            end="10:00",
            room="Small",
            crowd_control_risk=2,
            mutually_exclusive_talks_tags="Stars",
        ),
        talk("L0", talk_type="Lab", theme_track_tags="Nets", sector_tags="Health", speakers="Cleo"),
        talk(
            "T5",
            published_timeslot="Tue 2018-10-02",
            published_start="09:00",
            published_end="10:00",
            published_room="Attic",
            mutually_exclusive_talks_tags="Stars",
            audience_types="Managers, Lawyers",
            undesired_timeslot_tags="Late",
        ),
    ],
}


def make(path: Path, changes: Cells | None = None, *, without: str = "") -> Path:
    """Write the workbook; a change of a cell to None leaves the cell out."""
    with xlsxwriter.Workbook(str(path)) as book:
        away = book.add_format({"bg_color": "#555753"})
        for name, rows in SHEETS.items():
            if name == without:
                continue
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, value in enumerate(cells):
                    given = (changes or {}).get((name, row, column), value)
                    if given == AWAY:
                        sheet.write_blank(row, column, None, away)
                    elif given is not None:
                        sheet.write(row, column, given)
        book.add_worksheet("Rooms view")
    return path


def by_rule(conference: Conference) -> list[Place]:
    """The timetable of the golden values: talk k takes the k-th of its timeslots, then the next room."""
    places = []
    for number, one in enumerate(conference.talks):
        slots = [at for at, slot in enumerate(conference.timeslots) if one.talk_type in slot.talk_types]
        rooms = [at for at, room in enumerate(conference.rooms) if one.talk_type in room.talk_types]
        places.append(Place(slots[number % len(slots)], rooms[number // len(slots) % len(rooms)]))
    return places

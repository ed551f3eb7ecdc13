"""A small made-up workbook of the CoSPLib kind, with room for one thing to be wrong in it."""

import datetime as dt
from pathlib import Path

import xlsxwriter

type Table = list[list[object]]

SESSIONS = ["Mon1", "Mon2"]
ROOMS = ["Hall", "Den"]
TRACKS = ["Optimisation", "Health", "Energy"]
WEIGHTS = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 1000, 37, 41, 43, 47]


def parameters() -> Table:
    left: list[object] = ["Local time zone:", "Suitable", "From:", "To:", "Less suitable", "From:", "To:"]
    left += ["Penalty:", "Unsuitable", "Penalty:"]
    nine, late = dt.time(9, 30), dt.time(21, 30)
    seven, night = dt.time(7), dt.time(23)
    values: list[object] = ["GMT+2", "", nine, late, "", seven, night, 1, "", 10]
    rows: Table = [["Sessions", "", "", "Weights", ""]]
    for number, weight in enumerate(WEIGHTS):
        known = number < len(left)
        rows.append([left[number] if known else "", values[number] if known else "", "", "w", weight])
    return rows


def sheets() -> dict[str, Table]:
    """Give the sheets of a workbook that is right, for a test to spoil."""
    day = dt.date(2025, 7, 7)
    return {
        "parameters": parameters(),
        "submissions": [
            [
                "Reference",
                "Track",
                "Required Timeslots",
                "Order",
                "Time Zone",
                "Presenters",
                "Attendees",
                *SESSIONS,
                *ROOMS,
            ],
            ["s1", "Optimisation", 1, 1, "GMT+2", "Ana", "", "", 1, "", ""],
            ["s2", "Optimisation", 1, 2, "GMT+2", "Ben", "Eve", "", "", "", ""],
            ["s3", "Health", 2, 0, "GMT-8", "Ana, Cid", "", "", "", "", 2],
            [404, "Health", 1, 0, "GMT+2", "Dan", "Eve", "", "", "", ""],
            ["s5", "Energy", 1, 0, "GMT+10", "Eve", "", "", "", "", ""],
        ],
        "tracks": [["Tracks", "Chairs"], ["Optimisation", "Dan"], ["Health", "Flo"], ["Energy", "Flo"]],
        "sessions": [
            ["Sessions", "Max Number of Timeslots", "Date", "Start Time", "End Time"],
            ["Mon1", 3, day, dt.time(9), dt.time(10, 30)],
            ["Mon2", 2, day, dt.time(11), dt.time(12)],
        ],
        "rooms": [["Rooms"], *[[room] for room in ROOMS]],
        "tracks_sessions|penalty": [["", *SESSIONS], *[[track, "", 1] for track in TRACKS]],
        "tracks_rooms|penalty": [["", *ROOMS], *[[track, 1, ""] for track in TRACKS]],
        "similar tracks": [
            ["", *TRACKS],
            [TRACKS[0], "", 4, ""],
            [TRACKS[1], 9, "", 6],
            [TRACKS[2], "", "", ""],
        ],
        "sessions_rooms|penalty": [["", *ROOMS], *[[session, "", 1] for session in SESSIONS]],
    }


def write_book(path: Path, tables: dict[str, Table] | None = None) -> Path:
    with xlsxwriter.Workbook(path) as book:
        hour = book.add_format({"num_format": "hh:mm"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in (tables or sheets()).items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, dt.time):
                        sheet.write_datetime(row, column, cell, hour)
                    elif isinstance(cell, dt.date):
                        sheet.write_datetime(row, column, cell, day)
                    else:
                        sheet.write(row, column, cell)
    return path

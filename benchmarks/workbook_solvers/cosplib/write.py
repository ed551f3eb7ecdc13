"""A solution as the workbook that CoSPLib's own checker loads.

The sheet `sol` holds the track of each session (down) and room (across), an empty row, then one row for each
slot of each session with the submission in each room. The sheet `violations` is for people: what each term
costs.
"""

import io
from datetime import datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from workbook_solvers.cosplib.evaluate import evaluate
from workbook_solvers.cosplib.problem import Conference, Places

# Each workbook says when it was made. The same solution is the same file, so all say the same.
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no zones


def solution_book(conference: Conference, places: Places) -> bytes:
    """Write the places as a workbook, and after them what they cost."""
    written = io.BytesIO()
    # No text of a stranger becomes a formula or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"created": MADE})
        _write_solution(book.add_worksheet("sol"), conference, places)
        _write_costs(book.add_worksheet("violations"), conference, places)
    return written.getvalue()


def _write_solution(sheet: Worksheet, conference: Conference, places: Places) -> None:
    for room, name in enumerate(conference.rooms):
        sheet.write(0, room + 1, name)
    for session, name in enumerate(conference.sessions):
        sheet.write(session + 1, 0, name)
    below = len(conference.sessions) + 2
    first = [below + sum(conference.slots[:session]) for session in range(len(conference.sessions))]
    for session, name in enumerate(conference.sessions):
        for slot in range(conference.slots[session]):
            sheet.write(first[session] + slot, 0, name)
    for number, place in enumerate(places):
        if place is None:
            continue
        one = conference.submissions[number]
        sheet.write(place.session + 1, place.room + 1, conference.tracks[one.track])
        for slot in range(place.start, place.start + one.slots):
            sheet.write(first[place.session] + slot, place.room + 1, one.name)


def _write_costs(sheet: Worksheet, conference: Conference, places: Places) -> None:
    verdict = evaluate(conference, places)
    lines = [
        ("objective", verdict.cost),
        *verdict.terms._asdict().items(),
        ("unplaced", len(verdict.unplaced)),
    ]
    for row, (name, value) in enumerate(lines):
        sheet.write(row, 0, name)
        sheet.write(row, 1, value)

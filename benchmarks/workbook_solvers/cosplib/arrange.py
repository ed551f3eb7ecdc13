"""From cells to slots: ranks where an order is asked for, then as few meetings in a slot as possible."""

from collections import defaultdict

from workbook_solvers.cosplib.frozen import Cell, Housing
from workbook_solvers.cosplib.problem import Conference, Place


def arrange(conference: Conference, housing: Housing) -> list[Place | None]:
    """Put the submissions of each cell in a row, each of an asked rank at that rank if it can be."""
    inside: dict[Cell, list[int]] = defaultdict(list)
    for number, cell in sorted(housing.items()):
        inside[cell].append(number)
    places: list[Place | None] = [None] * len(conference.submissions)
    ranked: dict[int, int] = defaultdict(int)
    for cell, numbers in sorted(inside.items()):
        track = conference.submissions[numbers[0]].track
        start = 0
        for number in in_order(conference, numbers, ranked[track]):
            places[number] = Place(*cell, start)
            start += conference.submissions[number].slots
        ranked[track] += len(numbers)
    return places


def in_order(conference: Conference, numbers: list[int], before: int) -> list[int]:
    """Order those of one cell, before which the track has so many others."""
    row: list[int | None] = [None] * len(numbers)
    rest = []
    for number in numbers:
        position = conference.submissions[number].order - before - 1
        if conference.submissions[number].order and 0 <= position < len(row) and row[position] is None:
            row[position] = number
        else:
            rest.append(number)
    others = iter(sorted(rest, key=lambda number: (conference.submissions[number].order, number)))
    return [next(others) if held is None else held for held in row]

"""Inside the cells: fewer meetings of conflicting submissions in the same slot, ranks left as they are."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from workbook_solvers.cosplib.problem import Conference, Place, Places

MOST_ROUNDS = 60  # of one improvement each, for a session


class Conflicts:
    """What each pair of submissions costs in each slot that they share."""

    def __init__(self, conference: Conference) -> None:
        self.of: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        weights = conference.weights
        for pairs, weight in (
            (conference.presenter_pairs, weights.presenters_slots),
            (conference.attendee_pairs, weights.attendees_slots),
        ):
            if weight:
                for one, other in pairs:
                    self.of[one][other] += weight
                    self.of[other][one] += weight


def settle(conference: Conference, places: Places, conflicts: Conflicts) -> list[Place | None]:
    """Move submissions inside their cells as long as that makes a meeting in a slot cheaper."""
    settled = list(places)
    if not conflicts.of:
        return settled
    for session in range(len(conference.sessions)):
        _settle_session(conference, settled, session, conflicts)
    return settled


def _settle_session(
    conference: Conference, places: list[Place | None], session: int, conflicts: Conflicts
) -> None:
    rooms: dict[int, list[int]] = defaultdict(list)
    start = {}
    for number, place in enumerate(places):
        if place is not None and place.session == session:
            rooms[place.room].append(number)
            start[number] = place.start
    for _ in range(MOST_ROUNDS):
        moved = _better(conference, start, rooms, session, conflicts)
        if moved is None:
            break
        start = moved
    for room, inside in rooms.items():
        for number in inside:
            places[number] = Place(session, room, start[number])


def _better(
    conference: Conference,
    start: dict[int, int],
    rooms: Mapping[int, list[int]],
    session: int,
    conflicts: Conflicts,
) -> dict[int, int] | None:
    """Find the move inside one cell that saves most, if any does."""
    best, chosen = _cost(conference, start, conflicts), None
    for inside in rooms.values():
        for number in inside:
            if best and any(other in start for other in conflicts.of.get(number, ())):
                for moved in _moves(conference, start, number, inside, session):
                    cost = _cost(conference, moved, conflicts)
                    if cost < best:
                        best, chosen = cost, moved
    return chosen


def _cost(conference: Conference, start: Mapping[int, int], conflicts: Conflicts) -> int:
    cost = 0
    for one in start:
        for other, weight in conflicts.of.get(one, {}).items():
            if one < other and other in start:
                ends = (start[number] + conference.submissions[number].slots for number in (one, other))
                cost += weight * max(0, min(ends) - max(start[one], start[other]))
    return cost


def _moves(
    conference: Conference, start: Mapping[int, int], number: int, inside: Sequence[int], session: int
) -> Iterator[dict[int, int]]:
    """All rows of a cell that put this one elsewhere, or that leave a slot free before it."""
    submissions = conference.submissions
    row = sorted(inside, key=lambda one: start[one])
    at = row.index(number)
    fixed = conference.weights.submissions_order and any(submissions[one].order for one in inside)
    rows = [row]
    if not fixed:
        rest = row[:at] + row[at + 1 :]
        rows += [[*rest[:place], number, *rest[place:]] for place in range(len(row)) if place != at]
        for other in range(len(row)):
            if other != at:
                swapped = list(row)
                swapped[at], swapped[other] = swapped[other], swapped[at]
                rows.append(swapped)
    spare = conference.slots[session] - sum(submissions[one].slots for one in inside)
    for ordered in rows:
        for gap in range(len(ordered) + 1 if spare else 1):
            moved = dict(start)
            slot = 0
            for position, one in enumerate(ordered):
                slot += spare > 0 and position == gap - 1
                moved[one] = slot
                slot += submissions[one].slots
            yield moved

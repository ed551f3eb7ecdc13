"""A first solution at once: track after track into cells of its own, the hardest to house first."""

import random
from collections import defaultdict
from collections.abc import Sequence

from workbook_solvers.cosplib.problem import Conference, Place

type Draft = list[Place | None]


def draft(conference: Conference, *, seed: int = 0) -> Draft:
    """House what fits: long submissions first, each into the fullest cell of its track, else a new cell."""
    dice = random.Random(seed)  # noqa: S311 - dice, not secrets
    submissions = conference.submissions
    free = {
        (session, room): slots
        for session, slots in enumerate(conference.slots)
        for room in range(len(conference.rooms))
    }
    held: dict[int, list[tuple[int, int]]] = defaultdict(list)
    filled: dict[tuple[int, int], int] = defaultdict(int)
    places: Draft = [None] * len(submissions)
    tracks = list(range(len(conference.tracks)))
    dice.shuffle(tracks)
    tracks.sort(key=lambda track: -max(submissions[number].slots for number in conference.of_track[track]))
    for track in tracks:
        for number in sorted(conference.of_track[track], key=lambda number: -submissions[number].slots):
            cell = _cell(conference, number, held[track], filled, free)
            if cell is None:
                continue
            if cell in free:
                del free[cell]
                held[track].append(cell)
            places[number] = Place(*cell, filled[cell])
            filled[cell] += submissions[number].slots
    return places


def _cell(
    conference: Conference,
    number: int,
    held: Sequence[tuple[int, int]],
    filled: dict[tuple[int, int], int],
    free: dict[tuple[int, int], int],
) -> tuple[int, int] | None:
    needed = conference.submissions[number].slots
    track = conference.submissions[number].track
    open_cells = [cell for cell in held if conference.slots[cell[0]] - filled[cell] >= needed]
    if open_cells:
        return min(open_cells, key=lambda cell: (conference.slots[cell[0]] - filled[cell], cell))
    weights = conference.weights
    left = sum(conference.submissions[one].slots for one in conference.of_track[track]) - sum(
        filled[cell] for cell in held
    )

    def worth(cell: tuple[int, int]) -> tuple[int, int, tuple[int, int]]:
        session, room = cell
        cost = (
            weights.tracks_sessions * conference.track_session[track][session]
            + weights.tracks_rooms * conference.track_room[track][room]
            + weights.sessions_rooms * conference.session_room[session][room]
        )
        return cost, abs(free[cell] - left), cell

    roomy = [cell for cell, slots in free.items() if slots >= needed]
    return min(roomy, key=worth, default=None)

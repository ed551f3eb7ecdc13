"""Which part of a solution is taken apart and put together again: some tracks, some sessions, or rooms."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from workbook_solvers.cosplib.frozen import Cell, Housing, Scope
from workbook_solvers.cosplib.problem import Conference

type Chooser = Callable[["Part"], Scope]


@dataclass(frozen=True)
class Part:
    """A solution, how much of it may change, below which cost, and the dice."""

    conference: Conference
    housing: Housing
    cutoff: int
    parallel: Callable[[int], int]
    size: float  # 1 is usual
    dice: random.Random

    def scope(self, tracks: set[int], **more: object) -> Scope:
        return Scope(tuple(sorted(tracks)), self.parallel, self.cutoff, self.housing, **more)  # type: ignore[arg-type]

    def tracks_in(self) -> dict[Cell, int]:
        return {cell: self.conference.submissions[number].track for number, cell in self.housing.items()}


def of_tracks(part: Part) -> Scope:
    """A track, those it shares rooms or sessions with, and some others."""
    held = part.tracks_in()
    most = max(2, round(4 * part.size))
    first = part.dice.randrange(len(part.conference.tracks))
    chosen = {first}
    rooms = {room for (_, room), track in held.items() if track == first}
    near = sorted({track for (_, room), track in held.items() if room in rooms} - chosen)
    far = sorted(set(held.values()) - set(near) - chosen)
    part.dice.shuffle(near)
    part.dice.shuffle(far)
    while len(chosen) < most and (near or far):
        pool = near if near and (not far or part.dice.random() < 0.5) else far  # noqa: PLR2004 - a coin
        chosen.add(pool.pop())
    return part.scope(chosen)


def of_rooms_full(part: Part) -> Scope:
    """All tracks that have cells in a few rooms."""
    held = part.tracks_in()
    rooms = list(range(len(part.conference.rooms)))
    part.dice.shuffle(rooms)
    most = max(2, round(6 * part.size))
    chosen: set[int] = set()
    for room in rooms:
        more = {track for (_, other), track in held.items() if other == room} - chosen
        for track in part.dice.sample(sorted(more), len(more)):
            if len(chosen) < most:
                chosen.add(track)
    return part.scope(chosen)


def of_sessions(part: Part) -> Scope:
    """Everything in two or three sessions; what is in the others stays."""
    count = min(len(part.conference.sessions), max(2, round(2.5 * part.size)))
    sessions = frozenset(part.dice.sample(range(len(part.conference.sessions)), count))
    tracks = {track for (session, _), track in part.tracks_in().items() if session in sessions}
    return part.scope(tracks, sessions=sessions)


def of_rooms(part: Part) -> Scope:
    """The sessions stay; rooms are dealt anew among a good part of the tracks."""
    tracks = sorted(set(part.tracks_in().values()))
    most = min(len(tracks), max(4, round(16 * part.size)))
    return part.scope(set(part.dice.sample(tracks, most)), only_rooms=True)


CHOOSERS: dict[str, Chooser] = {
    "tracks": of_tracks,
    "crowded rooms": of_rooms_full,
    "sessions": of_sessions,
    "rooms": of_rooms,
}

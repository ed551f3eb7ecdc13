"""What a model of a part may decide, and what everything outside it costs the choices inside."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workbook_solvers.cosplib.problem import Conference

type Cell = tuple[int, int]  # session, room
type Housing = Mapping[int, Cell]  # by submission


@dataclass(frozen=True)
class Scope:
    """What a model decides: which tracks, in how many rooms at once, below which cost."""

    tracks: tuple[int, ...]
    parallel: Callable[[int], int]  # by track: the most rooms it may hold in one session
    cutoff: int
    housing: Housing  # where everything is now
    sessions: frozenset[int] | None = None  # only what is in these may change; None: everything
    only_rooms: bool = False  # sessions stay, rooms may change


class Frozen:
    """What the tracks that keep their cells cost each choice of the others."""

    def __init__(self, conference: Conference, scope: Scope) -> None:
        self.conference = conference
        submissions, free = conference.submissions, set(scope.tracks)
        fixed = {
            number: cell for number, cell in scope.housing.items() if submissions[number].track not in free
        }
        self.taken = set(fixed.values())
        tracks_at: dict[int, dict[Cell, int]] = defaultdict(dict)
        self.session_of = {number: cell[0] for number, cell in fixed.items()}
        for number, cell in fixed.items():
            tracks_at[cell[0]][cell] = submissions[number].track
        self.held: dict[tuple[int, int], list[int]] = defaultdict(list)
        own = {
            (submissions[n].track, cell) for n, cell in scope.housing.items() if submissions[n].track in free
        }
        for track, (session, room) in sorted(own):
            self.held[track, session].append(room)
        self.tracks_at = {session: list(held.values()) for session, held in tracks_at.items()}
        self.against: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for pairs, weight in (
            (conference.presenter_pairs, conference.weights.presenters),
            (conference.attendee_pairs, conference.weights.attendees),
        ):
            if weight and fixed:
                for one, other in pairs:
                    self.against[one].append((other, weight))
                    self.against[other].append((one, weight))

    def pair_weight(self, one: int, other: int) -> int:
        conference, weights = self.conference, self.conference.weights
        chairs = (min(one, other), max(one, other)) in conference.chair_pairs
        return weights.similar_tracks * conference.similar[one][other] + weights.chairs * chairs

    def session_cost(self, track: int, session: int) -> int:
        own = self.conference.weights.tracks_sessions * self.conference.track_session[track][session]
        return own + sum(self.pair_weight(track, other) for other in self.tracks_at.get(session, ()))

    def cell_cost(self, track: int, session: int, room: int) -> int:
        conference, weights = self.conference, self.conference.weights
        return (
            weights.tracks_rooms * conference.track_room[track][room]
            + weights.sessions_rooms * conference.session_room[session][room]
        )

    def submission_cost(self, number: int, session: int) -> int:
        one, weights = self.conference.submissions[number], self.conference.weights
        own = (
            weights.submissions_timezones * one.by_zone[session]
            + weights.submissions_sessions * one.by_session[session]
        ) * one.slots
        met = sum(
            weight for other, weight in self.against.get(number, ()) if self.session_of.get(other) == session
        )
        return own + met


def copies_of(conference: Conference, housing: Housing) -> dict[tuple[int, Cell], int]:
    """Number the rooms of each track in each session from 0, in the order of the rooms."""
    rooms: dict[tuple[int, int], set[int]] = defaultdict(set)
    for number, (session, room) in housing.items():
        rooms[conference.submissions[number].track, session].add(room)
    return {
        (track, (session, room)): copy
        for (track, session), held in rooms.items()
        for copy, room in enumerate(sorted(held))
    }

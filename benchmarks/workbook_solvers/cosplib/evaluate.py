"""The objective of CoSPLib, term by term, for any places whatever: the single truth about a solution.

It shares nothing with the solvers. Definitions: Kheiri, Pylyavskyy, Jacko, CoSPLib 1.0.2 (EJOR 317(2), 2024).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from workbook_solvers.cosplib.problem import Conference, Pairs, Places, Weights

type Slot = tuple[int, int, int]  # session, room, slot


@dataclass(frozen=True, slots=True)
class Verdict:
    """The cost of each term, weights included; who stands nowhere; and what makes it no timetable at all."""

    terms: Weights
    unplaced: tuple[int, ...]
    broken: tuple[str, ...]

    @property
    def cost(self) -> int:
        return sum(self.terms)

    @property
    def score(self) -> tuple[int, int]:
        """Less is better: first how many stand nowhere, then what it costs."""
        return len(self.unplaced), self.cost


def evaluate(conference: Conference, places: Places) -> Verdict:
    """Say what the places cost by the objective of CoSPLib, and which hard rules they break."""
    grid = Grid(conference, places)
    counted = (
        getattr(grid, name)() if weight else 0 for name, weight in conference.weights._asdict().items()
    )
    costs = (weight * count for weight, count in zip(conference.weights, counted, strict=True))
    return Verdict(
        terms=Weights(*costs),
        unplaced=tuple(number for number, place in enumerate(places) if place is None),
        broken=tuple(broken(conference, places)),
    )


def broken(conference: Conference, places: Places) -> Iterator[str]:
    """Tell each slot that does not exist or is held twice, and each session and room with two tracks."""
    holder: dict[Slot, int] = {}
    track_of: dict[tuple[int, int], int] = {}
    for number, place in enumerate(places):
        if place is None:
            continue
        session, room, start = place
        one = conference.submissions[number]
        if not (0 <= start <= conference.slots[session] - one.slots):
            yield f"{one.name} does not fit into {conference.sessions[session]}"
        if track_of.setdefault((session, room), one.track) != one.track:
            yield f"{conference.sessions[session]} in {conference.rooms[room]} holds two tracks"
        for slot in range(start, start + one.slots):
            other = holder.setdefault((session, room, slot), number)
            if other != number:
                yield f"{one.name} and {conference.submissions[other].name} hold the same slot"


class Grid:
    """The places seen from the slots and the sessions; each method counts one term, without its weight."""

    def __init__(self, conference: Conference, places: Places) -> None:
        self.conference = conference
        self.placed = [(number, place) for number, place in enumerate(places) if place is not None]
        submissions = conference.submissions
        cells = {(place.session, place.room): submissions[number].track for number, place in self.placed}
        self.cells = [(session, room, track) for (session, room), track in sorted(cells.items())]
        self.by_session: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for session, room, track in self.cells:
            self.by_session[session].append((room, track))
        self.together: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.meeting: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, place in self.placed:
            self.meeting[place.session].append((number, place.room))
            for slot in range(place.start, place.start + submissions[number].slots):
                self.together[place.session, slot].append(number)

    def tracks_sessions(self) -> int:
        return sum(self.conference.track_session[track][session] for session, _, track in self.cells)

    def tracks_rooms(self) -> int:
        return sum(self.conference.track_room[track][room] for _, room, track in self.cells)

    def sessions_rooms(self) -> int:
        return sum(self.conference.session_room[session][room] for session, room, _ in self.cells)

    def similar_tracks(self) -> int:
        return sum(
            self.conference.similar[one][other]
            for cells in self.by_session.values()
            for (_, one), (_, other) in combinations(cells, 2)
            if one != other
        )

    def num_rooms_per_track(self) -> int:
        used = {(track, room) for _, room, track in self.cells}
        return len(used) - len({track for track, _ in used})

    def parallel_tracks(self) -> int:
        return len(self.cells) - len({(session, track) for session, _, track in self.cells})

    def consecutive_tracks(self) -> int:
        sessions: dict[int, set[int]] = defaultdict(set)
        for session, _, track in self.cells:
            sessions[track].add(session)
        return sum(max(held) - min(held) >= len(held) for held in sessions.values())

    def submissions_timezones(self) -> int:
        submissions = self.conference.submissions
        return sum(
            submissions[number].slots * submissions[number].by_zone[place.session]
            for number, place in self.placed
        )

    def submissions_sessions(self) -> int:
        submissions = self.conference.submissions
        return sum(
            submissions[number].slots * submissions[number].by_session[place.session]
            for number, place in self.placed
        )

    def submissions_rooms(self) -> int:
        submissions = self.conference.submissions
        return sum(
            submissions[number].slots * submissions[number].by_room[place.room]
            for number, place in self.placed
        )

    def submissions_order(self) -> int:
        submissions = self.conference.submissions
        ranks: dict[int, int] = defaultdict(int)
        wrong = 0
        for number, _ in sorted(self.placed, key=lambda item: item[1]):
            one = submissions[number]
            ranks[one.track] += 1
            wrong += one.order not in {0, ranks[one.track]}
        at_once: set[tuple[int, int, int, int]] = set()
        for (session, slot), numbers in self.together.items():
            ordered = [number for number in numbers if submissions[number].order]
            at_once.update(
                (session, slot, one, other)
                for one, other in combinations(ordered, 2)
                if submissions[one].track == submissions[other].track
            )
        return wrong + len(at_once)

    def presenters(self) -> int:
        return self._in_other_rooms(self.conference.presenter_pairs)

    def attendees(self) -> int:
        return self._in_other_rooms(self.conference.attendee_pairs)

    def chairs(self) -> int:
        return sum(
            (min(one, other), max(one, other)) in self.conference.chair_pairs
            for cells in self.by_session.values()
            for (_, one), (_, other) in combinations(cells, 2)
        )

    def presenters_slots(self) -> int:
        return self._at_once(self.conference.presenter_pairs)

    def attendees_slots(self) -> int:
        return self._at_once(self.conference.attendee_pairs)

    def _in_other_rooms(self, pairs: Pairs) -> int:
        return sum(
            room != other_room and (min(one, other), max(one, other)) in pairs
            for held in self.meeting.values()
            for (one, room), (other, other_room) in combinations(held, 2)
        )

    def _at_once(self, pairs: Pairs) -> int:
        return sum(
            (min(one, other), max(one, other)) in pairs
            for numbers in self.together.values()
            for one, other in combinations(numbers, 2)
        )

"""Tracks to cells and submissions to sessions as one model of CP-SAT, for all tracks or for a few.

A *cell* is a session in a room. Tracks that are not asked for keep their cells: what they cost the others is
a cost of a single choice, so a model of a few tracks is small. Slots inside a cell are not modelled: what is
in a cell can always be put in a row, and `arrange` does that best.

Whatever costs `cutoff` or more by itself is left out: no solution that is better than `cutoff` has it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise, product

from ortools.sat.python import cp_model

from workbook_solvers.cosplib.frozen import Cell, Frozen, Housing, Scope, copies_of
from workbook_solvers.cosplib.problem import Conference

type Bool = cp_model.IntVar


class CellModel:
    def __init__(self, conference: Conference, scope: Scope) -> None:
        self.conference = conference
        self.scope = scope
        self.model = cp_model.CpModel()
        self.costs: list[tuple[Bool, int]] = []
        self.constant = 0
        self.used: dict[tuple[int, int, int], Bool] = {}  # track, session, copy
        self.cell: dict[tuple[int, int, int], Bool] = {}  # track, session, room
        self.stands: dict[tuple[int, int, int], Bool] = {}  # submission, session, copy
        self.room_held: dict[tuple[int, int], Bool] = {}
        self.impossible = False
        self.true = self.model.new_constant(1)
        self.frozen = Frozen(conference, scope)
        self.copy_of = copies_of(conference, scope.housing)
        for track in scope.tracks:
            self._track(track)
        self._one_track_each()
        for track in scope.tracks:
            self._rooms_of(track)
            self._gaps(track)
            add_ranks(self, track)
            self._rooms_of_submissions(track)
        self._track_pairs()
        self._submission_pairs()
        self.objective = cp_model.LinearExpr.weighted_sum(
            [var for var, _ in self.costs], [weight for _, weight in self.costs]
        )

    # -- variables ---------------------------------------------------------------------------------

    def _track(self, track: int) -> None:
        for session in range(len(self.conference.sessions)):
            held = self.frozen.held.get((track, session), [])
            if self._stays(session):
                self._keep(track, session, held)
            elif self.scope.only_rooms:
                for copy in range(len(held)):
                    self.used[track, session, copy] = self.true
                    self.pay(self.true, self.conference.weights.parallel_tracks if copy else 0)
                self.pay_once(self.frozen.session_cost(track, session) * len(held))
                self._housed(track, session, self._rooms_for(track, session) if held else [])
            else:
                rooms = self._rooms_for(track, session)
                for copy in range(min(self.scope.parallel(track), len(rooms))):
                    self._copy(track, session, copy)
                self._housed(track, session, rooms)
        for number in self.conference.of_track[track]:
            self._submission(number)
        self._capacity(track)

    def _stays(self, session: int) -> bool:
        return self.scope.sessions is not None and session not in self.scope.sessions

    def _keep(self, track: int, session: int, held: Sequence[int]) -> None:
        """Nothing changes here; only what it means for rooms, gaps and ranks counts."""
        for copy, room in enumerate(held):
            self.used[track, session, copy] = self.true
            self.cell[track, session, room] = self.true

    def _rooms_for(self, track: int, session: int) -> list[int]:
        frozen, cutoff = self.frozen, self.scope.cutoff
        if frozen.session_cost(track, session) >= cutoff:
            return []
        return [
            room
            for room in range(len(self.conference.rooms))
            if (session, room) not in frozen.taken and frozen.cell_cost(track, session, room) < cutoff
        ]

    def _copy(self, track: int, session: int, copy: int) -> None:
        var = self.model.new_bool_var("")
        self.used[track, session, copy] = var
        self.pay(var, self.frozen.session_cost(track, session))
        if copy:
            self.model.add_implication(var, self.used[track, session, copy - 1])
            self.pay(var, self.conference.weights.parallel_tracks)

    def _housed(self, track: int, session: int, rooms: Sequence[int]) -> None:
        copies = self._copies(track, session)
        if not copies:
            return
        cells = []
        for room in rooms:
            var = self.model.new_bool_var("")
            self.cell[track, session, room] = var
            self.pay(var, self.frozen.cell_cost(track, session, room))
            cells.append(var)
        self.model.add(sum(cells) == sum(copies))

    def _copies(self, track: int, session: int) -> list[Bool]:
        copies: list[Bool] = []
        while (track, session, len(copies)) in self.used:
            copies.append(self.used[track, session, len(copies)])
        return copies

    def _submission(self, number: int) -> None:
        one = self.conference.submissions[number]
        now = self.scope.housing.get(number)
        if now is not None and (self.scope.only_rooms or self._stays(now[0])):
            self.stands[number, now[0], self.copy_of[one.track, now]] = self.true
            return
        stands = []
        for session, slots in enumerate(self.conference.slots):
            cost = self.frozen.submission_cost(number, session)
            if slots < one.slots or cost >= self.scope.cutoff or self._stays(session):
                continue
            for copy, used in enumerate(self._copies(one.track, session)):
                var = self.model.new_bool_var("")
                self.stands[number, session, copy] = var
                self.model.add_implication(var, used)
                self.pay(var, cost)
                stands.append(var)
        if not stands:
            self.impossible = True
        self.model.add_exactly_one(stands)

    def _capacity(self, track: int) -> None:
        inside: dict[tuple[int, int], list[tuple[int, Bool]]] = defaultdict(list)
        numbers = self.conference.of_track[track]
        for number in numbers:
            for (session, copy), var in self.stands_of(number):
                inside[session, copy].append((self.conference.submissions[number].slots, var))
        room = []
        for session, slots in enumerate(self.conference.slots):
            for copy, used in enumerate(self._copies(track, session)):
                held = inside[session, copy]
                self.model.add(sum(length * var for length, var in held) <= slots * used)
                self.model.add_bool_or([var for _, var in held]).only_enforce_if(used)
                room.append(slots * used)
        everything = sum(self.conference.submissions[number].slots for number in numbers)
        if room:
            self.model.add(sum(room) >= everything)

    def stands_of(self, number: int) -> list[tuple[tuple[int, int], Bool]]:
        track = self.conference.submissions[number].track
        return [
            ((session, copy), self.stands[number, session, copy])
            for session in range(len(self.conference.sessions))
            for copy in range(len(self._copies(track, session)))
            if (number, session, copy) in self.stands
        ]

    def in_session(self, number: int, session: int) -> cp_model.LinearExprT:
        """How often a submission stands in a session: 0 or 1."""
        return sum(var for (held, _), var in self.stands_of(number) if held == session)

    def _one_track_each(self) -> None:
        by_cell: dict[Cell, list[Bool]] = defaultdict(list)
        for (_, session, room), var in self.cell.items():
            by_cell[session, room].append(var)
        for held in by_cell.values():
            if len(held) > 1:
                self.model.add_at_most_one(held)

    # -- costs -------------------------------------------------------------------------------------

    def pay(self, var: Bool, weight: int) -> None:
        if weight:
            self.costs.append((var, weight))

    def pay_once(self, weight: int) -> None:
        self.pay(self.true, weight)

    def _never_or_pay(self, literals: Sequence[cp_model.BoolVarT], weight: int) -> None:
        """All of these together cost so much; at the cutoff they are excluded."""
        if not weight:
            return
        both: list[cp_model.BoolVarT] = [literal.negated() for literal in literals]
        if weight < self.scope.cutoff:
            paid = self.model.new_bool_var("")
            self.pay(paid, weight)
            both.append(paid)
        self.model.add_bool_or(both)

    def _rooms_of(self, track: int) -> None:
        weight = self.conference.weights.num_rooms_per_track
        if not weight:
            return
        by_room: dict[int, list[Bool]] = defaultdict(list)
        for session in range(len(self.conference.sessions)):
            for room in range(len(self.conference.rooms)):
                if (track, session, room) in self.cell:
                    by_room[room].append(self.cell[track, session, room])
        held = []
        for room, cells in by_room.items():
            var = self.model.new_bool_var("")
            self.room_held[track, room] = var
            for cell in cells:
                self.model.add_implication(cell, var)
            self.pay(var, weight)
            held.append(var)
        if held:
            self.model.add_bool_or(held)
            self.constant -= weight

    def _rooms_of_submissions(self, track: int) -> None:
        """Exact while a track holds one room of a session; of several it is open which one is meant."""
        weight = self.conference.weights.submissions_rooms
        for number in self.conference.of_track[track] if weight else ():
            one = self.conference.submissions[number]
            for (session, copy), stands in self.stands_of(number):
                others = self._copies(track, session)[1:2]
                for room, penalty in enumerate(one.by_room):
                    cell = self.cell.get((track, session, room))
                    if penalty and cell is not None and not copy:
                        literals = [stands, cell, *(other.negated() for other in others)]
                        self._never_or_pay(literals, weight * penalty * one.slots)

    def _gaps(self, track: int) -> None:
        weight = self.conference.weights.consecutive_tracks
        sessions = [
            (s, self.used[track, s, 0])
            for s in range(len(self.conference.sessions))
            if (track, s, 0) in self.used
        ]
        if not weight:
            return
        starts = []
        before: tuple[int, Bool] | None = None
        for session, used in sessions:
            start = self.model.new_bool_var("")
            clause = [used.negated(), start]
            if before is not None and before[0] == session - 1:
                clause.append(before[1])
            self.model.add_bool_or(clause)
            starts.append(start)
            before = session, used
        if weight < self.scope.cutoff:
            gap = self.model.new_bool_var("")
            self.pay(gap, weight)
            self.model.add(sum(starts) <= 1 + (len(starts) - 1) * gap)
        else:
            self.model.add_at_most_one(starts)

    def _track_pairs(self) -> None:
        for one, other in combinations(self.scope.tracks, 2):
            weight = self.frozen.pair_weight(one, other)
            if not weight:
                continue
            for session in range(len(self.conference.sessions)):
                for left, right in product(self._copies(one, session), self._copies(other, session)):
                    self._never_or_pay([left, right], weight)

    def _submission_pairs(self) -> None:
        weights = self.conference.weights
        for pairs, weight in (
            (self.conference.presenter_pairs, weights.presenters),
            (self.conference.attendee_pairs, weights.attendees),
        ):
            if weight:
                for one, other in sorted(pairs):
                    self._submission_pair(one, other, weight)

    def _submission_pair(self, one: int, other: int, weight: int) -> None:
        submissions = self.conference.submissions
        free = set(self.scope.tracks)
        tracks = submissions[one].track, submissions[other].track
        if not free.issuperset(tracks):
            return
        apart = [
            [var.negated(), other_var.negated()]
            for (session, copy), var in self.stands_of(one)
            for (other_session, other_copy), other_var in self.stands_of(other)
            if session == other_session and not (tracks[0] == tracks[1] and copy == other_copy)
        ]
        if not apart:
            return
        paid = []
        if weight < self.scope.cutoff:  # once for a pair: it meets in one session at most
            paid.append(self.model.new_bool_var(""))
            self.pay(paid[0], weight)
        for clause in apart:
            self.model.add_bool_or([*clause, *paid])

    # -- solutions ---------------------------------------------------------------------------------

    def hint(self, housing: Housing) -> None:
        """Give a whole solution as a start; variables that it implies are left to the solver."""
        copies = copies_of(self.conference, housing)
        cells = {(self.conference.submissions[n].track, *cell) for n, cell in housing.items()}
        stands = {
            (n, cell[0], copies[self.conference.submissions[n].track, cell]) for n, cell in housing.items()
        }
        used = {(self.conference.submissions[n].track, s, k) for n, s, k in stands}
        for name, chosen in ((self.used, used), (self.cell, cells), (self.stands, stands)):
            for key, var in name.items():
                self.model.add_hint(var, key in chosen)
        held = {(track, room) for track, _, room in cells}
        for pair, var in self.room_held.items():
            self.model.add_hint(var, pair in held)

    def housing(self, holds: Callable[[Bool], bool]) -> dict[int, Cell]:
        """Take the cell of each submission from a solution; copies take their rooms in order."""
        rooms: dict[tuple[int, int], list[int]] = defaultdict(list)
        for (track, session, room), var in sorted(self.cell.items(), key=lambda item: item[0]):
            if holds(var):
                rooms[track, session].append(room)
        found = dict(self.scope.housing)
        for (number, session, copy), var in self.stands.items():
            if holds(var):
                found[number] = session, rooms[self.conference.submissions[number].track, session][copy]
        return found


def add_ranks(cells: CellModel, track: int) -> None:
    """Ask for the rank of each submission with an order: few enough before its session, enough with it.

    Exact where a track is in one room at a time: different ranks are then free to be met inside a session.
    """
    submissions = cells.conference.submissions
    weight = cells.conference.weights.submissions_order
    numbers = cells.conference.of_track[track]
    ordered = in_order_asked(cells.conference, track)
    if not weight or not ordered:
        return
    sessions = range(len(cells.conference.sessions))
    at = {number: [cells.in_session(number, session) for session in sessions] for number in numbers}
    standing = [sum(at[number][session] for number in numbers) for session in sessions]
    wrong: dict[int, Bool] = {}
    for number in ordered:
        order = submissions[number].order
        if weight < cells.scope.cutoff:
            wrong[number] = cells.model.new_bool_var("")
            cells.pay(wrong[number], weight)
        for (session, _), stands in cells.stands_of(number):
            right = [stands, wrong[number].negated()] if wrong else [stands]
            if session:
                cells.model.add(sum(standing[:session]) <= order - 1).only_enforce_if(right)
            cells.model.add(sum(standing[: session + 1]) >= order).only_enforce_if(right)
    for one, other in pairwise(ordered):
        if not wrong:  # follows from the ranks, and helps to see it
            for session in sessions[:-1]:
                cells.model.add(sum(at[one][: session + 1]) >= sum(at[other][: session + 1]))
        elif submissions[one].order == submissions[other].order:
            cells.model.add_bool_or([wrong[one], wrong[other]])


def in_order_asked(conference: Conference, track: int) -> list[int]:
    """The submissions of a track that ask for a rank, by rank."""
    submissions = conference.submissions
    ordered = [number for number in conference.of_track[track] if submissions[number].order]
    return sorted(ordered, key=lambda number: submissions[number].order)

"""Where everybody stands while votes come in: counts, places on the axes, groups and their tallies.

People and statements are numbers, in the order in which they turn up. A person's sums along the axes are
kept, so that a vote only adds what it is worth: the axes, and the means taken off, stay put until `turn`.
"""

from array import array
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from muntada.engines.opinion.arrays import AXES, Bools, Floats, Integers
from muntada.engines.opinion.ballots import NO_VOTE, Ballots
from muntada.engines.opinion.clusters import nearest
from muntada.engines.opinion.coded import ANSWERS, CodedVotes
from muntada.engines.opinion.kernel import Loops
from muntada.engines.opinion.projection import taken_off
from muntada.engines.opinion.settings import Settings

NO_GROUP = -1
SPARE = 16  # statements that can come before the tallies need a larger table

type Many = NDArray[np.int64]


class Standing:
    """Everybody's standing. `axes` has a row per statement; one that is new is worth nothing on them yet."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.ballots = Ballots()
        self.axes = np.zeros((0, AXES))
        self.asked = 0  # statements in the map that somebody voted on
        self.enough = settings.enough_votes
        self._middles: list[tuple[float, float]] = []
        self._tallies = np.zeros((0, ANSWERS * SPARE), dtype=np.int64)
        self._label, self._seen, self._sums = array("q"), array("q"), (array("d"), array("d"))
        self._left_out, self._counts = array("b"), array("q")
        self._worth = (array("d"), array("d"))

    def add_person(self) -> None:
        self.ballots.add_person()
        self._label.append(NO_GROUP)
        self._seen.append(0)
        for sums in self._sums:
            sums.append(0.0)

    def add_statement(self, *, left_out: bool) -> None:
        self._left_out.append(left_out)
        self._counts.extend((0,) * ANSWERS)
        for worth in self._worth:
            worth.extend((0.0,) * ANSWERS)
        if len(self._counts) > self._tallies.shape[1]:
            self._tallies = np.pad(self._tallies, ((0, 0), (0, len(self._counts))))

    def leave_out(self, statement: int, *, out: bool) -> None:
        """Take a statement out of the map or back in; it is felt at the next `turn`."""
        self._left_out[statement] = out

    # One vote

    def vote(self, person: int, statement: int, value: int) -> None:
        """Count a vote in place of the person's earlier one on the statement, and move the person."""
        code = ANSWERS * statement + value + 1
        before = self.ballots.put(person, code)
        if before == code:
            return
        group = self._label[person]
        self._counts[code] += 1
        if group >= 0:
            self._tallies[group, code] += 1
        if before != NO_VOTE:
            self._counts[before] -= 1
            if group >= 0:
                self._tallies[group, before] -= 1
        if not self._left_out[statement]:
            self._move(person, code, before)
            self._join_nearest(person, group)

    def _move(self, person: int, code: int, before: int) -> None:
        (x, y), (worth_x, worth_y) = self._sums, self._worth
        x[person] += worth_x[code]
        y[person] += worth_y[code]
        if before != NO_VOTE:
            x[person] -= worth_x[before]
            y[person] -= worth_y[before]
        else:
            self._seen[person] += 1
            first = code - code % ANSWERS
            self.asked += sum(self._counts[first : first + ANSWERS]) == 1

    def _join_nearest(self, person: int, group: int) -> None:
        """Put somebody who has voted enough into the nearest group, with all their votes."""
        seen = self._seen[person]
        if seen < self.enough or not self._middles:
            return
        size = sqrt(seen)
        x, y = self._sums[0][person] / size, self._sums[1][person] / size
        distances = [(x - left) ** 2 + (y - up) ** 2 for left, up in self._middles]
        nearest_one = distances.index(min(distances))
        if nearest_one != group:
            codes = self.ballots.of(person)
            if group >= 0:
                self._tallies[group, codes] -= 1
            self._tallies[nearest_one, codes] += 1
            self._label[person] = nearest_one

    # Many votes

    def vote_all(self, person: Many, statement: Many, value: Many) -> None:
        """Count many votes at once; of two by one person on one statement the later one."""
        touched, among = np.unique(person, return_inverse=True)
        owner, before = self.ballots.gathered(touched)
        self._tally(touched, owner, before, -1)
        given = ANSWERS * statement + value + 1
        owner, codes = _last_of_each_cell(np.append(owner, among), np.append(before, given).astype(np.int64))
        self.ballots.put_rows(touched, np.bincount(owner, minlength=len(touched)), codes)
        self._place(touched, owner, codes)
        self._tally(touched, owner, codes, 1)
        self.asked = self._statements_asked()

    def _tally(self, touched: Many, owner: Integers, codes: NDArray[np.integer], sign: int) -> None:
        """Add or take off all votes of some people, in the counts and in those of their groups."""
        counts = np.frombuffer(self._counts, dtype=np.int64)
        counts += sign * np.bincount(codes, minlength=len(counts))
        label = np.array(self._label)[touched][owner]
        in_group = label >= 0
        groups, width = self._tallies.shape
        cells = label[in_group] * width + codes[in_group]
        self._tallies += sign * np.bincount(cells, minlength=groups * width).reshape(groups, width)

    def _place(self, touched: Many, owner: Integers, codes: Many) -> None:
        """Sum anew what the votes of some people are worth, and give them the nearest groups."""
        kept = ~self.left_out()[codes // ANSWERS]
        seen = np.bincount(owner[kept], minlength=len(touched))
        np.frombuffer(self._seen, dtype=np.int64)[touched] = seen
        for sums, worth in zip(self._sums, self._worth, strict=True):
            np.frombuffer(sums)[touched] = np.bincount(
                owner, np.frombuffer(worth)[codes], minlength=len(touched)
            )
        enough = touched[seen >= self.enough]
        if self._middles and enough.size:
            labels = nearest(self.points()[enough], np.array(self._middles))
            np.frombuffer(self._label, dtype=np.int64)[enough] = labels

    # Everybody

    def turn(self, axes: Floats) -> None:
        """Put everybody on other axes, with the means as they are now, and say anew who has voted enough."""
        self.axes = axes
        _, apart = taken_off(self.counts().astype(np.float64), self.left_out())
        worth = (apart[:, :, None] * axes[:, None, :]).reshape(-1, AXES)
        kept = np.repeat(~self.left_out(), ANSWERS).astype(np.float64)
        sums = Loops(self.coded()).positions(np.column_stack((worth, kept)))
        for axis in range(AXES):
            self._worth[axis][:] = array("d", worth[:, axis].tobytes())
            self._sums[axis][:] = array("d", sums[:, axis].tobytes())
        self._seen[:] = array("q", np.rint(sums[:, AXES]).astype(np.int64).tobytes())
        self.asked = self._statements_asked()
        self.enough = enough_votes(np.bincount(np.array(self._seen)), self.asked, self.settings)

    def settle(self, middles: Floats, labels: Integers | None = None) -> None:
        """Form the groups around these middles: of those nearest to each, or of the people labelled so."""
        self._middles = [(float(x), float(y)) for x, y in middles]
        if labels is None:
            labels = np.full(len(self._label), NO_GROUP, dtype=np.int64)
            enough = self.grouped()
            if self._middles and enough.any():
                labels[enough] = nearest(self.points()[enough], middles)
        self._label[:] = array("q", labels.astype(np.int64).tobytes())
        self._tallies = np.zeros((len(middles), len(self._counts) + ANSWERS * SPARE), dtype=np.int64)
        if self._middles:
            counted = Loops(self.coded()).group_counts(labels, len(middles))
            self._tallies[:, : len(self._counts)] = np.rint(counted).reshape(len(middles), -1)

    # What there is to read

    def counts(self) -> Many:
        """All votes by statement and by disagree, pass, agree."""
        return np.array(self._counts, dtype=np.int64).reshape(-1, ANSWERS)

    def tallies(self) -> Many:
        """The votes of each group by statement and by disagree, pass, agree."""
        shape = len(self._middles), len(self._left_out), ANSWERS
        return self._tallies[:, : len(self._counts)].reshape(shape).copy()

    def labels(self) -> Many:
        return np.array(self._label, dtype=np.int64)

    def left_out(self) -> Bools:
        return np.array(self._left_out, dtype=np.bool_)

    def grouped(self) -> Bools:
        return np.array(self._seen) >= self.enough

    def points(self) -> Floats:
        """Where everybody stands, but for the number of statements asked, by whose root the map is larger."""
        seen = np.sqrt(np.maximum(np.array(self._seen), 1))
        return np.column_stack([np.array(sums) / seen for sums in self._sums])

    def place(self, person: int) -> tuple[float, float]:
        size = sqrt(self.asked / max(1, self._seen[person]))
        return self._sums[0][person] * size, self._sums[1][person] * size

    def group(self, person: int) -> int | None:
        label = self._label[person]
        return label if label >= 0 else None

    def middles(self) -> Floats:
        return np.array(self._middles, dtype=np.float64).reshape(-1, AXES)

    def coded(self) -> CodedVotes:
        codes, offsets = self.ballots.in_rows()
        return CodedVotes(len(self._left_out), codes, offsets)

    def _statements_asked(self) -> int:
        return int(np.count_nonzero((self.counts().sum(axis=1) > 0) & ~self.left_out()))


def _last_of_each_cell(owner: Integers, codes: Many) -> tuple[Integers, Many]:
    cell = owner * (int(codes.max(initial=0)) // ANSWERS + 1) + codes // ANSWERS
    order = np.argsort(cell, kind="stable")
    last = np.append(np.diff(cell[order]) != 0, np.ones(min(1, len(order)), dtype=np.bool_))
    return owner[order[last]], codes[order[last]]


def enough_votes(people: Integers, asked: int, settings: Settings) -> int:
    """Give on how many statements somebody has to have voted to be grouped: as `grouped_people` has it.

    `people` are counted by the number of statements they voted on.
    """
    enough = max(1, min(settings.enough_votes, asked))
    more_active = np.cumsum(people[::-1])[::-1]  # people who voted on at least so many
    if int(people[enough:].sum()) >= settings.fill_up_to:
        return enough
    filled = np.flatnonzero(more_active >= settings.fill_up_to)
    return max(1, min(enough, int(filled[-1]) if filled.size else 0))

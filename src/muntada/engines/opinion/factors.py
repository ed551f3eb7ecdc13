"""A factor model of the votes: how well a statement does beyond the support of its own camp.

A vote (1 agree, -1 disagree; passes are left out) is modelled as

    mean + person + statement + leaning of the person x leaning of the statement

by least squares with a ridge penalty on every term except the mean. Agreement among like-minded
people is explained by the leanings; only agreement across leanings raises the statement term. Many
accounts of one camp therefore hardly change it. The model is that of Community Notes (Wojcik et al.
2022).
"""

from dataclasses import dataclass

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray
from muntada.engines.opinion.coded import ANSWERS
from muntada.engines.opinion.kernel import Passes

RIDGE_OF_LEVELS, RIDGE_OF_LEANINGS = 0.75, 0.6
CLOSE_ENOUGH = 1e-4
MOST_ROUNDS = 200
GAUGES = 2
DISAGREE, AGREE = 0, 2


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """The fitted terms; `level` is the person or statement term."""

    mean: float
    people: FloatArray
    statements: FloatArray
    leaning_of_people: FloatArray
    leaning_of_statements: FloatArray
    rounds: int

    @property
    def expected(self) -> FloatArray:
        """Return the expected vote of a person without leaning on each statement, from -1 to 1."""
        return np.clip(self.mean + self.statements, -1.0, 1.0)


def fit(loops: Passes, counted: BoolArray, start: FloatArray, weights: FloatArray | None = None) -> Factors:
    """Fit by alternating least squares; statements that are not counted are left out.

    `start` holds the initial leanings of the statements: the first axis of the map. `weights` holds the
    weight of each person.
    """
    fitting = _Fitting(loops, counted, start, weights)
    rounds = 0
    settled = False
    while not settled and rounds < MOST_ROUNDS:
        rounds += 1
        before = fitting.statements, fitting.leaning_of_statements
        fitting.fit_people()
        fitting.fit_statements()
        fitting.settle_what_is_free()
        after = fitting.statements, fitting.leaning_of_statements
        settled = bool(np.all(np.abs(np.subtract(after, before)) < CLOSE_ENOUGH))
    return Factors(
        fitting.mean,
        fitting.people,
        fitting.statements,
        fitting.leaning_of_people,
        fitting.leaning_of_statements,
        rounds,
    )


class _Fitting:
    """The current terms, and the number of votes of each person and statement, passes excluded."""

    def __init__(
        self, loops: Passes, counted: BoolArray, start: FloatArray, weights: FloatArray | None
    ) -> None:
        self.loops, self.counted = loops, counted
        self.weights = np.ones(loops.votes.participants) if weights is None else weights
        histogram = loops.histogram(weights) * counted[:, None]
        self.votes_on = histogram[:, DISAGREE] + histogram[:, AGREE]
        self.votes_by = loops.positions(self._table(np.ones(len(counted)), signed=False)) * self.weights
        self.balance = histogram[:, AGREE] - histogram[:, DISAGREE]
        self.mean = float(self.balance.sum() / max(1.0, float(self.votes_on.sum())))
        self.people, self.leaning_of_people = np.zeros(len(self.votes_by)), np.zeros(len(self.votes_by))
        self.statements = np.zeros(len(counted))
        self.leaning_of_statements = np.where(counted, start, 0.0)

    def _table(self, values: FloatArray, *, signed: bool) -> FloatArray:
        """Return the value of each vote code: 0 for a pass or for a statement that is not counted."""
        table = np.zeros((len(values), ANSWERS))
        kept = np.where(self.counted, values, 0.0)
        table[:, DISAGREE], table[:, AGREE] = -kept if signed else kept, kept
        return table.ravel()

    def fit_people(self) -> None:
        """Fit the terms of the people: sum their normal equations by table lookup, then solve them."""
        leaning = self.leaning_of_statements
        known = self.mean + self.statements
        tables = (
            self._table(leaning, signed=False),
            self._table(leaning**2, signed=False),
            self._table(np.ones_like(leaning), signed=True) - self._table(known, signed=False),
            self._table(leaning, signed=True) - self._table(leaning * known, signed=False),
        )
        sums = self.loops.positions(np.stack(tables, axis=1)) * self.weights[:, None]
        self.people, self.leaning_of_people = _solved(self.votes_by, *sums.T)

    def fit_statements(self) -> None:
        leaning = self.leaning_of_people
        values = np.stack((leaning, leaning**2, self.people, leaning * self.people), axis=1)
        values *= self.weights[:, None]
        sums = self.loops.scatter(values.__getitem__, values.shape[1]).reshape(-1, ANSWERS, values.shape[1])
        by_all = (sums[:, DISAGREE] + sums[:, AGREE]) * self.counted[:, None]
        by_sides = (sums[:, AGREE, 0] - sums[:, DISAGREE, 0]) * self.counted
        self.statements, self.leaning_of_statements = _solved(
            self.votes_on,
            by_all[:, 0],
            by_all[:, 1],
            self.balance - self.mean * self.votes_on - by_all[:, 2],
            by_sides - self.mean * by_all[:, 0] - by_all[:, 3],
        )

    def settle_what_is_free(self) -> None:
        """Move the terms that the data leave undetermined to where the ridge penalty is smallest.

        Alternating steps alone converge very slowly here. The moves do not change the fitted votes.
        """
        by, on = self.votes_by > 0, self.votes_on > 0
        for _ in range(GAUGES):
            self._shift(by, on)
        sizes = (
            float(np.linalg.norm(self.leaning_of_people)),
            float(np.linalg.norm(self.leaning_of_statements)),
        )
        if min(sizes) > 0:
            scale = float(np.sqrt(sizes[1] / sizes[0]))
            self.leaning_of_people = self.leaning_of_people * scale
            self.leaning_of_statements = self.leaning_of_statements / scale

    def _shift(self, by: BoolArray, on: BoolArray) -> None:
        moved = _best_move(self.statements, self.leaning_of_statements, self.leaning_of_people, by)
        self.leaning_of_people = self.leaning_of_people + moved * by
        self.statements = self.statements - moved * self.leaning_of_statements
        moved = _best_move(self.people, self.leaning_of_people, self.leaning_of_statements, on)
        self.leaning_of_statements = self.leaning_of_statements + moved * on
        self.people = self.people - moved * self.leaning_of_people
        of_people = float(self.people.sum() / max(1, int(by.sum())))
        of_statements = float(self.statements.sum() / max(1, int(on.sum())))
        self.people = self.people - of_people * by
        self.statements = self.statements - of_statements * on
        self.mean += of_people + of_statements


def _solved(
    votes: FloatArray, lean: FloatArray, lean_twice: FloatArray, rest: FloatArray, leaning_rest: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Solve the two normal equations (level, leaning) of each person or statement."""
    one, two = votes + RIDGE_OF_LEVELS, lean_twice + RIDGE_OF_LEANINGS
    determinant = one * two - lean * lean
    return (two * rest - lean * leaning_rest) / determinant, (one * leaning_rest - lean * rest) / determinant


def _best_move(levels: FloatArray, leanings: FloatArray, others: FloatArray, present: BoolArray) -> float:
    """Return the shift of all leanings of the other side that reduces the penalty on these levels most."""
    bend = RIDGE_OF_LEVELS * float(leanings @ leanings) + RIDGE_OF_LEANINGS * float(present.sum())
    slope = RIDGE_OF_LEVELS * float(levels @ leanings) - RIDGE_OF_LEANINGS * float(others.sum())
    return slope / bend if bend > 0 else 0.0

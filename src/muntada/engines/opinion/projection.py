"""Project people and statements on the two axes, and select the people who voted enough to be grouped."""

from dataclasses import dataclass, replace

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray, IndexArray
from muntada.engines.opinion.axes import EXACT, Axes, principal_axes
from muntada.engines.opinion.kernel import Loops, Passes
from muntada.engines.opinion.parts import loops_over
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.tendency import apply_without, places_without, spread_without, tendencies
from muntada.engines.opinion.votes import VoteTable

ANSWERS = np.array([-1.0, 0.0, 1.0])
FEW_VOTES, WORTH_IT, SPARSELY, ROUGHLY = 100_000, 10, 100, 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Centred:
    """The votes, and the value of each answer after subtracting its statement's mean (statements x answers).

    `counts` holds the votes by statement and answer, `voted` the number of votes of each person on
    statements that take part. `seen` and `statements` (votes per person, statements in all) only scale
    the map. `weights` multiplies each person in means and axes. `tendency` is also subtracted from each
    person's votes.
    """

    loops: Passes
    worth: FloatArray
    counts: FloatArray
    means: FloatArray
    voted: IndexArray
    seen: FloatArray
    statements: int
    weights: FloatArray | None = None
    tendency: FloatArray | None = None

    @property
    def spread(self) -> FloatArray:
        """The sum of squares of each statement."""
        if self.tendency is not None:
            return spread_without(self.loops, self.worth, self.tendency, self.weights)
        return np.asarray((self.counts * self.worth**2).sum(axis=1))

    def apply(self, directions: FloatArray) -> FloatArray:
        """Return the product of `Y'Y` with a direction, or two (columns), one entry per statement.

        `Y` holds the votes minus the means.
        """
        if self.tendency is not None:
            made = [
                apply_without(self.loops, self.worth, self.tendency, one, self.weights)
                for one in np.atleast_2d(directions.T)
            ]
            return np.array(made).T.reshape(directions.shape)
        columns = directions.reshape(len(directions), 1, -1)
        table = (self.worth[:, :, None] * columns).reshape(-1, *directions.shape[1:])
        passed = self.loops.fused_pass(table, self.weights).reshape(*self.worth.shape, -1)
        sums: FloatArray = np.einsum("ta,tak->tk", self.worth, passed).reshape(directions.shape)
        return sums


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Positions of people and statements; a statement lies where a person lies who only agreed with it."""

    axes: Axes
    people: FloatArray
    statements: FloatArray
    extremity: FloatArray


def centre(table: VoteTable, settings: OpinionSettings, weights: FloatArray | None = None) -> Centred:
    """Subtract the means; statements that are moderated out are excluded.

    With `compat` Polis, their columns are set to zero instead, so everybody counts as having voted on
    them.
    """
    loops, out = loops_over(table.coded), table.left_out()
    counts = loops.histogram(weights)
    totals = counts.sum(axis=1)
    statements, zeroed = int(np.count_nonzero(totals[~out])), int(np.count_nonzero(totals[out]))
    voted = table.coded.counts
    if zeroed:
        voted = loops.positions(np.repeat(~out, len(ANSWERS)).astype(np.float64)).astype(np.intp)
    seen = np.maximum(voted + zeroed if settings.compat else voted, 1.0)
    if settings.compat:
        statements += zeroed
    means, worth = taken_off(counts, out)
    tendency = tendencies(loops, worth, voted) if settings.without_tendency else None
    return Centred(loops, worth, counts, means, voted, seen, statements, weights, tendency)


def with_votes(centred: Centred, loops: Passes) -> Centred:
    """Centre the votes of `loops`: same people and statements."""
    counts = loops.histogram(centred.weights)
    means, worth = taken_off(counts, ~centred.worth.any(axis=1))
    tendency = None if centred.tendency is None else tendencies(loops, worth, centred.voted)
    return replace(centred, loops=loops, counts=counts, means=means, worth=worth, tendency=tendency)


def taken_off(counts: FloatArray, out: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return the means, and each answer minus its mean; 0 for statements that are out."""
    totals = np.maximum(counts.sum(axis=1), np.finfo(np.float64).tiny)
    means = np.where(out, 0.0, counts @ ANSWERS / totals)
    return means, np.where(out[:, None], 0.0, ANSWERS - means[:, None])


def of_people(centred: Centred, places: IndexArray) -> Centred:
    """Return the votes of some people as a table of their own."""
    some = replace(
        centred,
        voted=centred.voted[places],
        seen=centred.seen[places],
        weights=None if centred.weights is None else centred.weights[places],
    )
    return with_votes(some, Loops(centred.loops.votes.of_people(places)))


def at_hand(centred: Centred) -> Centred:
    """Load all votes into this process, for callers that pass over them many times."""
    return replace(centred, loops=Loops(centred.loops.votes.whole()))


def project(centred: Centred, tolerance: float = EXACT) -> Projection:
    axes = principal_axes(centred.apply, centred.spread, tolerance, _head_start(centred))
    people = _along(centred, axes.directions)
    people.T[:] *= np.sqrt(centred.statements / centred.seen)
    statements = np.sqrt(centred.statements) * (1 - centred.means)[:, None] * axes.directions
    return Projection(axes, people, statements, np.hypot(statements[:, 0], statements[:, 1]))


def _along(centred: Centred, directions: FloatArray) -> FloatArray:
    if centred.tendency is not None:
        return places_without(centred.loops, centred.worth, centred.tendency, directions)
    table = centred.worth[:, :, None] * directions[:, None, :]
    return centred.loops.positions(table.reshape(-1, directions.shape[1]))


def _head_start(centred: Centred) -> FloatArray | None:
    """Compute a starting plane from every n-th person (up to one in a hundred), if passes are expensive."""
    votes = centred.loops.votes
    step = min(len(votes) // FEW_VOTES, SPARSELY)
    if step < WORTH_IT:
        return None
    some = of_people(centred, np.arange(0, votes.participants, step))
    return principal_axes(some.apply, some.spread, ROUGHLY).directions


def grouped_people(table: VoteTable, centred: Centred, settings: OpinionSettings) -> BoolArray:
    """Mark the people to be grouped: all with enough votes, filled up with the most active others.

    Equally active people are added together or not at all, so the order of ids has no influence. Polis
    uses the order of first votes and also counts votes on statements that are out.
    """
    votes = table.coded.counts if settings.compat else centred.voted
    enough = votes >= max(1, min(settings.enough_votes, centred.statements))
    if np.count_nonzero(enough) >= settings.fill_up_to or settings.compat == "red-dwarf":
        return enough
    most_active = np.lexsort((table.arrival, -votes))[: settings.fill_up_to]
    if settings.compat:
        filled = np.zeros_like(enough)
        filled[most_active] = True
    else:
        filled = votes >= (votes[most_active].min() if most_active.size else 1)
    return enough | (filled & (votes > 0))

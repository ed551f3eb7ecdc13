"""Weights that give each category its target share (raking, iterative proportional fitting).

Deming and Stephan 1940, computed on cells: people in the same categories have the same weight.
Weights are capped at a multiple of the median, so that a single voice is not multiplied without
limit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray, IndexArray
from muntada.engines.opinion.heard import Margin, Weighting
from muntada.engines.opinion.intervals import design_effect, effective_size
from muntada.engines.reasons import Reason, gettext_noop

CAP = 5.0
CLOSE_ENOUGH = 1e-9
MISSED = 1e-6
MOST_ROUNDS = 5000
PER_HUNDRED = 100

NOT_HEARD = gettext_noop(
    "%(dimension)s, not heard: %(categories)s. Nobody can be weighted in their place, so the other shares"
    " are scaled up to make a whole."
)
NOBODY_SAID = gettext_noop(
    "%(dimension)s: nobody who voted is in a category with a share, so it weighs nothing."
)
OPEN = gettext_noop(
    "%(dimension)s: %(people)s people are in no category with a share. Together they keep the share they"
    " have, and each is weighted by the other dimensions alone."
)
OPEN_SOME = gettext_noop(
    "%(dimension)s: some people are in no category with a share. Together they keep the share they have,"
    " and each is weighted by the other dimensions alone."
)
CAPPED = gettext_noop(
    "%(people)s people would weigh more than %(cap)s times the median weight and are held there; so the"
    " shares are not met exactly, the largest difference is %(points)s percentage points."
)
CAPPED_SOME = gettext_noop(
    "Some people would weigh more than %(cap)s times the median weight and are held there; so the shares are"
    " not met exactly."
)
NOT_MET = gettext_noop(
    "The shares cannot all be met at once by the people who voted: the largest difference is %(points)s"
    " percentage points."
)


@dataclass(frozen=True, slots=True, eq=False)
class DeclaredShares:
    """The declarations in one dimension: an index into `categories` per person, -1 for none."""

    name: str
    categories: tuple[str, ...]
    codes: IndexArray


# Sentences without numbers, used where a number would reveal the size of a small group.
WITHOUT_NUMBERS = {OPEN: OPEN_SOME, CAPPED: CAPPED_SOME}


@dataclass(frozen=True, slots=True, eq=False)
class Raked:
    """A weight for each person (mean 1), with a report of how it was reached."""

    weights: FloatArray
    weighting: Weighting


@dataclass(frozen=True, slots=True, eq=False)
class _Goal:
    """The target shares of one dimension; the last is the share of people in no category with a target."""

    name: str
    codes: IndexArray
    categories: tuple[str, ...]
    targets: FloatArray
    people: IndexArray
    open_share: float

    @property
    def heard(self) -> BoolArray:
        return np.asarray(self.people > 0)

    @property
    def aims(self) -> FloatArray:
        """Return the shares among categories with voters, which add up to 1; 0 for those without."""
        heard = np.where(self.heard, self.targets, 0.0)
        return np.asarray(heard / heard.sum() if heard.any() else heard)

    @property
    def shares(self) -> FloatArray:
        return np.append(self.aims * (1 - self.open_share), self.open_share)


def rake(
    declared: Sequence[DeclaredShares],
    targets: Mapping[str, Mapping[str, float]],
    base: FloatArray,
    cap: float = CAP,
) -> Raked:
    """Weight people so that the categories of each dimension with targets reach their shares.

    `base` holds the initial weights, normally 1. Targets may be shares or any numbers in proportion.
    People in no category with a target keep, together, their share of the base weights. Raises
    ValueError for targets that are empty or not above 0.
    """
    goals = [_goal(one, targets[one.name], base) for one in declared if one.name in targets]
    useful = [goal for goal in goals if goal.heard.any()]
    cell_of, codes, start, people = _cells(useful, base)
    weights, rounds, converged = _fitted([goal.shares for goal in useful], codes, start, people, cap)
    weights = weights * (len(base) / max(float(weights @ people), np.finfo(np.float64).tiny))
    limit = cap * _median(weights, people) * (1 - CLOSE_ENOUGH)
    capped = int(people[weights >= limit].sum())
    of_people = weights[cell_of]
    margins = [margin for goal in goals for margin in _margins(goal, of_people, base)]
    error = max(
        (abs(one.achieved - one.aim) for one in margins if one.achieved is not None and one.aim), default=0.0
    )
    weighting = Weighting(
        people=len(base),
        effective_size=effective_size(of_people),
        design_effect=design_effect(of_people),
        cap=cap,
        capped=capped,
        largest_weight=float(of_people.max(initial=0.0)),
        largest_error=error,
        converged=converged,
        rounds=rounds,
        margins=tuple(margins),
        reasons=tuple(_reasons(goals, capped, cap, error)),
    )
    return Raked(of_people, weighting)


def check_targets(targets: Mapping[str, Mapping[str, float]]) -> None:
    """Raise ValueError unless there are targets and all are above 0; omit a category with no share."""
    for dimension, shares in targets.items():
        if not shares:
            raise ValueError(f"the targets of {dimension} are empty")
        if not all(np.isfinite(share) and share > 0 for share in shares.values()):
            raise ValueError(f"a target share is a number above 0: {dimension}")


def _goal(declared: DeclaredShares, targets: Mapping[str, float], base: FloatArray) -> _Goal:
    categories = tuple(sorted(targets))
    places = {category: place for place, category in enumerate(categories)}
    moved = [places.get(category, len(categories)) for category in declared.categories]
    codes = np.array([*moved, len(categories)], dtype=np.intp)[declared.codes]  # -1 selects the last entry
    shares = np.array([targets[category] for category in categories], dtype=np.float64)
    is_open = codes == len(categories)
    return _Goal(
        name=declared.name,
        codes=codes,
        categories=categories,
        targets=shares / shares.sum(),
        people=np.bincount(codes, minlength=len(categories) + 1)[:-1],
        open_share=float(base[is_open].sum() / base.sum()) if is_open.any() else 0.0,
    )


def _cells(
    goals: Sequence[_Goal], base: FloatArray
) -> tuple[IndexArray, list[IndexArray], FloatArray, IndexArray]:
    """Collect people in equal categories: cell of each person; codes, weight and size of each cell."""
    key = np.unique(base, return_inverse=True)[1].reshape(-1)
    for goal in goals:
        key = np.unique(key * (len(goal.categories) + 1) + goal.codes, return_inverse=True)[1].reshape(-1)
    _, first, cell_of, people = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    return cell_of.reshape(-1), [goal.codes[first] for goal in goals], base[first], people


def _fitted(
    shares: Sequence[FloatArray],
    codes: Sequence[IndexArray],
    start: FloatArray,
    people: IndexArray,
    cap: float,
) -> tuple[FloatArray, int, bool]:
    """Scale each margin to its target in turn, capping the weights, until nothing changes."""
    weights = start / max(float(start @ people), np.finfo(np.float64).tiny)
    for rounds in range(1, MOST_ROUNDS + 1):
        before = weights
        for aims, cells in zip(shares, codes, strict=True):
            masses = np.bincount(cells, weights=weights * people, minlength=len(aims))
            total = masses.sum()
            factors = np.divide(aims * total, masses, out=np.ones_like(aims), where=masses > 0)
            weights = weights * factors[cells]
        weights = np.minimum(weights, cap * _median(weights, people))
        weights = weights / max(float(weights @ people), np.finfo(np.float64).tiny)
        if np.all(np.abs(weights - before) * people.sum() <= CLOSE_ENOUGH):  # the mean weight is 1
            return weights, rounds, True
    return weights, MOST_ROUNDS, False


def _median(weights: FloatArray, people: IndexArray) -> float:
    """Return the median weight of the people; the lower of two middle values."""
    order = np.argsort(weights, kind="stable")
    up_to = np.cumsum(people[order])
    if not len(up_to):
        return 0.0
    return float(weights[order[np.searchsorted(up_to, up_to[-1] / 2)]])


def _margins(goal: _Goal, weights: FloatArray, base: FloatArray) -> list[Margin]:
    size = len(goal.categories)
    raw, weighted = (
        np.bincount(goal.codes, weights=one, minlength=size + 1)[:size] for one in (base, weights)
    )
    whole = (
        max(float(raw.sum()), np.finfo(np.float64).tiny),
        max(float(weighted.sum()), np.finfo(np.float64).tiny),
    )
    return [
        Margin(
            dimension=goal.name,
            category=category,
            heard=bool(goal.heard[place]),
            people=int(goal.people[place]) if goal.heard[place] else None,
            target=float(goal.targets[place]),
            aim=float(goal.aims[place]) if goal.heard[place] else None,
            raw=float(raw[place] / whole[0]) if goal.heard[place] else None,
            achieved=float(weighted[place] / whole[1]) if goal.heard[place] else None,
        )
        for place, category in enumerate(goal.categories)
    ]


def _reasons(goals: Sequence[_Goal], capped: int, cap: float, error: float) -> list[Reason]:
    reasons = []
    for goal in goals:
        if not goal.heard.any():
            reasons.append(Reason(NOBODY_SAID, {"dimension": goal.name}))
            continue
        missing = [name for name, heard in zip(goal.categories, goal.heard, strict=True) if not heard]
        if missing:
            params: dict[str, str | int] = {"dimension": goal.name, "categories": ", ".join(missing)}
            reasons.append(Reason(NOT_HEARD, params))
        open_people = len(goal.codes) - int(goal.people.sum())
        if open_people:
            reasons.append(Reason(OPEN, {"dimension": goal.name, "people": open_people}))
    if error > MISSED:
        points = f"{error * PER_HUNDRED:.2g}"
        if capped:
            reasons.append(Reason(CAPPED, {"people": capped, "cap": f"{cap:g}", "points": points}))
        else:
            reasons.append(Reason(NOT_MET, {"points": points}))
    return reasons

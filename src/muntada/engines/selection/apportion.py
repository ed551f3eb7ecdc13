"""Apportionment of places by demand.

Largest remainder with the Hare quota (Hamilton's method), and Sainte-Laguë (Webster's method:
divisors 1, 3, 5, ...): M. L. Balinski and H. P. Young, *Fair Representation*, 2nd ed. 2001,
chapters 2 and 4 and appendix A.
"""

from collections.abc import Mapping
from fractions import Fraction

from muntada.engines.selection.problem import SelectionMethod


def apportion(
    demand: Mapping[str, float],
    places: int,
    *,
    method: SelectionMethod = SelectionMethod.LARGEST_REMAINDER,
    most: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """Return whole places per group, which add up to `places` or to the total capacity of the groups.

    A group without demand gets no place, and no group gets more than `most` allows. Ties go to the
    larger demand, then by group name, so the order of the mapping has no influence.
    """
    exactly = {group: Fraction(str(demand[group])) for group in sorted(demand) if demand[group] > 0}
    limits = {group: (most or {}).get(group, places) for group in exactly}
    share = by_divisors if method is SelectionMethod.SAINTE_LAGUE else by_remainders
    return dict.fromkeys(sorted(demand), 0) | share(exactly, places, limits)


def by_divisors(demand: Mapping[str, Fraction], places: int, limits: Mapping[str, int]) -> dict[str, int]:
    got = dict.fromkeys(demand, 0)
    for _ in range(places):
        open_ = [group for group in demand if got[group] < limits[group]]
        if not open_:
            break
        best = max(open_, key=lambda group: (demand[group] / (2 * got[group] + 1), demand[group]))
        got[best] += 1
    return got


def by_remainders(demand: Mapping[str, Fraction], places: int, limits: Mapping[str, int]) -> dict[str, int]:
    """Assign whole quotas, then the largest remainders; places a group cannot use go to the others."""
    left, full = dict(demand), dict[str, int]()
    while left:
        free = places - sum(full.values())
        total = sum(left.values())
        quotas = {group: free * claim / total for group, claim in left.items()}
        got = {group: int(quota) for group, quota in quotas.items()}
        order = sorted(left, key=lambda group: (got[group] - quotas[group], -demand[group]))
        for group in order[: free - sum(got.values())]:
            got[group] += 1
        over = [group for group in left if got[group] > limits[group]]
        if not over:
            return full | got
        for group in over:
            full[group] = limits[group]
            del left[group]
    return full

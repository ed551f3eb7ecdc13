"""The position of one person on a stored map, computed from that person's current votes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt


@dataclass(frozen=True, slots=True)
class OwnVote:
    """A vote, with the position and the counts of its statement on the stored map."""

    value: int
    x: float
    y: float
    agree: int
    disagree: int
    passed: int


def own_place(votes: Sequence[OwnVote]) -> tuple[float, float]:
    """Project a person on the stored axes; equal to the full analysis if no vote has changed since.

    A statement lies at `sqrt(n) (1 - mean) d` and a person at `sqrt(n / seen)` times the sum of `(vote
    - mean) d` (`projection.project`), so the axes `d` need not be stored. A statement that everybody
    agrees with lies in the centre and has no effect.
    """
    across = up = 0.0
    for one in votes:
        seen = one.agree + one.disagree + one.passed
        against = seen - one.agree + one.disagree  # 1 - mean, times the votes
        if against:
            turned = (one.value * seen - one.agree + one.disagree) / against
            across, up = across + turned * one.x, up + turned * one.y
    size = sqrt(max(1, len(votes)))
    return across / size, up / size


def nearest(place: tuple[float, float], middles: Sequence[tuple[float, float]]) -> int | None:
    """Return the number of the group with the nearest centre, or None without groups."""
    x, y = place
    apart = [hypot(x - across, y - up) for across, up in middles]
    return apart.index(min(apart)) if apart else None

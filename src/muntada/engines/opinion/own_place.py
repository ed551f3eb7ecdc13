"""Where one person stands on a map that was drawn before, by their own votes as they are now."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt


@dataclass(frozen=True, slots=True)
class OwnVote:
    """A vote, and where its statement lies on the map with the votes it had there."""

    value: int
    x: float
    y: float
    agree: int
    disagree: int
    passed: int


def own_place(votes: Sequence[OwnVote]) -> tuple[float, float]:
    """Put somebody on the stored axes; exactly where the whole analysis has them, if nothing changed since.

    A statement lies at `sqrt(n) (1 - mean) d`, a person at `sqrt(n / seen)` times the sum of
    `(vote - mean) d` (`projection.project`), so the axes `d` need not be stored. One that all agree with
    lies in the middle and moves nobody.
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
    """Return the number of the group whose middle is nearest; none where there is no group."""
    x, y = place
    apart = [hypot(x - across, y - up) for across, up in middles]
    return apart.index(min(apart)) if apart else None

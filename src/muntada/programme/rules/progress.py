"""How far the making of a timetable has come, as it is kept and as it is told."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Report(Protocol):
    """What the engine says: in which step, the best figure so far, the best that is still possible."""

    @property
    def tier(self) -> str: ...
    @property
    def best(self) -> int: ...
    @property
    def bound(self) -> int: ...
    @property
    def effort(self) -> float: ...


def so_far(before: Mapping[str, Any], reports: Sequence[Report], seconds: float) -> dict[str, Any]:
    """Join new reports to what was told before; `improved` is the second in which something became better."""
    told: dict[str, Any] = {**before, "seconds": round(seconds)}
    steps: dict[str, dict[str, int]] = {name: dict(one) for name, one in before.get("steps", {}).items()}
    for one in reports:
        known = steps.get(one.tier)
        if known is None or one.best < known["best"]:
            told["improved"] = round(seconds)
        best = min(one.best, known["best"]) if known else one.best
        bound = max(one.bound, known["bound"]) if known else one.bound
        steps[one.tier] = {"best": best, "bound": min(bound, best)}
        told |= {"tier": one.tier, "best": best, "bound": min(bound, best), "effort": one.effort}
    told["steps"] = steps
    return told


def gap_in_percent(best: int, bound: int) -> int:
    """Return how much of a figure is not proved to be needed, as a share of it; 0 where all is proved."""
    return 0 if best <= bound else round(100 * (best - bound) / best)

"""The progress of making a timetable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muntada.programme.timetable.rules import BROKEN_NAMES, STEP_NAMES, gap_in_percent


@dataclass(frozen=True)
class TimetableStep:
    """One step of the making: its best figure so far, the best that is still possible, what lies between."""

    name: str
    best: int
    bound: int
    is_current: bool

    @property
    def gap(self) -> int:
        return gap_in_percent(self.best, self.bound)


@dataclass(frozen=True)
class Broken:
    """A kind of wish: how often the best so far breaks it, and what that costs."""

    name: str
    count: int
    cost: int


@dataclass(frozen=True)
class Making:
    """How far it is; `since` is how long nothing has become better, in seconds."""

    step: str
    steps: tuple[TimetableStep, ...]
    seconds: int | None
    since: int | None
    wishes: int | None
    broken: tuple[Broken, ...] | None


def making(progress: Mapping[str, Any]) -> Making:
    """Read what is kept of a making that goes on."""
    tier = progress.get("tier", "")
    found = progress.get("steps", {})
    seconds, improved = progress.get("seconds"), progress.get("improved")
    return Making(
        step=str(STEP_NAMES.get(tier, "")),
        steps=tuple(
            TimetableStep(str(name), found[key]["best"], found[key]["bound"], key == tier)
            for key, name in STEP_NAMES.items()
            if key in found
        ),
        seconds=seconds,
        since=None if seconds is None or improved is None else max(0, seconds - improved),
        wishes=found.get("wishes", {}).get("best"),
        broken=_broken(progress["broken"]) if "broken" in progress else None,
    )


def _broken(kept: Sequence[Mapping[str, Any]]) -> tuple[Broken, ...]:
    return tuple(
        Broken(str(BROKEN_NAMES.get(one["rule"], one["rule"])), one["count"], one["cost"]) for one in kept
    )

"""The progress of making a timetable."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from muntada.foundations.stored import read_stored
from muntada.programme.timetable.rules import (
    BROKEN_NAMES,
    STEP_NAMES,
    BrokenWishes,
    TimetableProgress,
    gap_in_percent,
)


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


def making(details: Mapping[str, Any]) -> Making:
    """Return what is shown of a making that goes on, by the details of its job."""
    progress = read_stored(TimetableProgress, details)
    seconds, improved = progress.seconds, progress.improved
    wishes = progress.steps.get("wishes")
    return Making(
        step=str(STEP_NAMES.get(progress.tier, "")),
        steps=tuple(
            TimetableStep(str(name), found.best, found.bound, key == progress.tier)
            for key, name in STEP_NAMES.items()
            if (found := progress.steps.get(key))
        ),
        seconds=seconds,
        since=None if seconds is None or improved is None else max(0, seconds - improved),
        wishes=wishes.best if wishes else None,
        broken=None if progress.broken is None else tuple(_broken(one) for one in progress.broken),
    )


def _broken(found: BrokenWishes) -> Broken:
    return Broken(str(BROKEN_NAMES.get(found.rule, found.rule)), found.count, found.cost)

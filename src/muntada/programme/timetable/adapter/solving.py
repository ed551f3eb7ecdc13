"""Adapter of the timetable solver, loaded only by workers and commands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from muntada.engines import halt as halting
from muntada.engines.timetable.plan import SearchProgress
from muntada.engines.timetable.repair import repair
from muntada.engines.timetable.solve import solve
from muntada.engines.timetable.tally import tally
from muntada.programme.timetable.adapter.timetables import (
    Seat,
    TimetableFrame,
    TimetableJudgement,
    figures,
    findings,
    named_sentence,
    seat_of,
)
from muntada.programme.timetable.rules import BrokenWishes, UnplacedReasons

# Stops the solver from another thread; it returns its best result so far.
HaltSolving = halting.Halt

type ReportSolving = Callable[["HowFar"], None]


@dataclass(frozen=True)
class HowFar:
    """How far the making has come: at which kind of rule, the best figure so far, the best still possible."""

    tier: str
    best: int
    bound: int
    effort: float
    starts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """A timetable the engine made, and what it has proved about it."""

    seats: tuple[Seat, ...]
    judgement: TimetableJudgement
    bound: Mapping[str, int]
    status: str
    effort: float
    unplaced: tuple[UnplacedReasons, ...]


def make(
    frame: TimetableFrame,
    *,
    seed: int,
    effort: float,
    report: ReportSolving | None = None,
    halt: HaltSolving | None = None,
) -> Made:
    """Make a timetable; if one is published, with the fewest moves. Uses no database."""
    work = repair if frame.problem.published else solve
    passed_on = _passed_on(report) if report else None
    plan = work(frame.problem, seed=seed, effort=effort, report=passed_on, halt=halt)
    return Made(
        seats=tuple(seat_of(frame.names, placement) for placement in plan.placements),
        judgement=TimetableJudgement(findings(frame.names, plan.violations), figures(plan.score)),
        bound=figures(plan.bound),
        status=plan.status.value,
        effort=plan.effort,
        unplaced=tuple(
            UnplacedReasons(one.session, tuple(named_sentence(frame.names, reason) for reason in one.reasons))
            for one in plan.unplaced
        ),
    )


def _passed_on(report: ReportSolving) -> Callable[[SearchProgress], None]:
    return lambda one: report(HowFar(one.tier, one.best, one.bound, one.effort, one.starts))


def broken_wishes(frame: TimetableFrame, so_far: HowFar) -> tuple[BrokenWishes, ...]:
    """Say which wishes the best so far breaks, the dearest kind first."""
    found = sorted(tally(frame.options, so_far.starts), key=lambda one: -one.cost)
    return tuple(BrokenWishes(one.rule, one.count, one.cost) for one in found)

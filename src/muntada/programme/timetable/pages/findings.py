"""The faults of a timetable in words, by importance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from muntada.programme.timetable.rules import (
    FIGURE_NAMES,
    TIER_NAMES,
    ConflictingRules,
    Figures,
    TimetableFinding,
    UnplacedReasons,
    in_words,
)

SHOWN = 25


@dataclass(frozen=True)
class FindingGroup:
    """The findings of one weight, the dearest first; only so many are written out."""

    tier: str
    label: str
    count: int
    cost: int
    words: tuple[str, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.words)


@dataclass(frozen=True)
class TimetableFigure:
    """One figure by which timetables are compared, and the best that is possible as far as is proved."""

    label: str
    value: int
    bound: int | None


@dataclass(frozen=True)
class LeftOut:
    """A session without a place, and why."""

    session: str
    reasons: tuple[str, ...]


def groups(findings: Sequence[TimetableFinding], zone: ZoneInfo) -> list[FindingGroup]:
    """Sort stored findings by their weight."""
    found = []
    for tier, label in TIER_NAMES.items():
        mine = sorted((one for one in findings if one.tier == tier), key=lambda one: -one.cost)
        if mine:
            words = tuple(in_words(one.sentence, one.params, zone) for one in mine[:SHOWN])
            found.append(FindingGroup(tier, str(label), len(mine), sum(one.cost for one in mine), words))
    return found


def figures(objective: Figures, bound: Figures) -> list[TimetableFigure]:
    """Put each figure beside what is proved about it. A bound holds only under figures that are settled."""
    found, is_settled = [], bool(bound)
    for key, label in FIGURE_NAMES.items():
        if key in objective:
            best = bound.get(key) if is_settled else None
            found.append(TimetableFigure(str(label), objective[key], best))
            is_settled = is_settled and best == objective[key]
    return found


@dataclass(frozen=True)
class BlamedSet:
    """Rules that cannot all hold; one alone says what counting has found."""

    words: tuple[str, ...]
    sessions: tuple[str, ...]


def blamed_sets(conflicts: Iterable[ConflictingRules], zone: ZoneInfo) -> list[BlamedSet]:
    return [
        BlamedSet(
            tuple(in_words(reason.sentence, reason.params, zone) for reason in one.reasons),
            tuple(one.sessions[:SHOWN]),
        )
        for one in conflicts
    ]


def left_out(unplaced: Iterable[UnplacedReasons], zone: ZoneInfo) -> list[LeftOut]:
    return [
        LeftOut(
            one.session,
            tuple(in_words(reason.sentence, reason.params, zone) for reason in one.reasons),
        )
        for one in unplaced
    ]

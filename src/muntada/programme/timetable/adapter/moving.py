"""Adapter for moves: the places of a session, with costs and reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.explain import why_nowhere
from muntada.engines.timetable.moves import FALLEN_AWAY, PossibleMove, counted, moves, one_of, why_placed
from muntada.engines.timetable.plan import Tier, TimetableAssessment
from muntada.engines.timetable.preflight import preflight
from muntada.engines.timetable.problem import PlacementSpec
from muntada.programme.timetable.adapter.timetables import (
    Seat,
    TimetableFrame,
    findings,
    named_sentence,
    placements,
)
from muntada.programme.timetable.rules import NamedSentence, TimetableFinding


@dataclass(frozen=True)
class PlaceChoice:
    """A place for one session: what forbids it, and how much more than now it would cost.

    `wishes` are those it would break and are not broken now; they are looked for only where they are shown.
    """

    slot_id: int
    room_id: int
    broken: tuple[TimetableFinding, ...]
    cost: int
    fit: int
    wishes: tuple[TimetableFinding, ...] = ()

    @property
    def is_allowed(self) -> bool:
        return not self.broken


def choices(frame: TimetableFrame, seats: Iterable[Seat], session_name: str) -> list[PlaceChoice]:
    """Return every place of a session: first those that are allowed, the best first, then the others."""
    weighed = moves(frame.problem, list(placements(frame.names, seats)), session_name)
    starts = {name: slot.starts_at for name, slot in frame.names.slots.items()}
    order = {name: number for number, name in enumerate(frame.names.rooms)}

    def rank(one: PossibleMove) -> tuple[object, ...]:
        return (len(one.hard), one.moved + one.cost, one.fit, starts[one.slot], order[one.room])

    return [_choice(frame, one) for one in sorted(weighed, key=rank)]


def _choice(frame: TimetableFrame, move: PossibleMove) -> PlaceChoice:
    return PlaceChoice(
        slot_id=int(move.slot),
        room_id=int(move.room),
        broken=findings(frame.names, move.hard),
        cost=move.cost + move.moved,
        fit=move.fit,
    )


def with_wishes(
    frame: TimetableFrame, seats: Iterable[Seat], session_name: str, found: Sequence[PlaceChoice]
) -> list[PlaceChoice]:
    """Say of each of these places which wishes it would break that are not broken now."""
    stands = list(placements(frame.names, seats))
    others = [one for one in stands if one.session != session_name]
    now = evaluate(frame.problem, stands)
    return [replace(one, wishes=_brought(frame, now, others, session_name, one)) for one in found]


def _brought(
    frame: TimetableFrame,
    now: TimetableAssessment,
    others: Sequence[PlacementSpec],
    session_name: str,
    choice: PlaceChoice,
) -> tuple[TimetableFinding, ...]:
    there = PlacementSpec(session_name, str(choice.slot_id), str(choice.room_id))
    then = evaluate(frame.problem, [*others, there]).violations
    before, after = counted(now.violations), counted(then)
    brought = [
        one for one in then if one.tier in {Tier.WISH, Tier.MOVE} and after[one_of(one)] > before[one_of(one)]
    ]
    # That it leaves its published place says enough; how far it goes is in the cost.
    has_left = any(one.tier is Tier.MOVE for one in brought)
    return findings(frame.names, [one for one in brought if not (has_left and one.rule == "stays-near")])


@dataclass(frozen=True)
class WhyHere:
    """Why a session stands where it does, and why its other places fall away."""

    here: tuple[NamedSentence, ...]
    elsewhere: tuple[NamedSentence, ...]


def reasons_for_place(frame: TimetableFrame, seats: Iterable[Seat], session_name: str) -> WhyHere:
    """Say why a session stands where it does, and not in another of its places."""
    why = why_placed(frame.problem, list(placements(frame.names, seats)), session_name)
    wrong = [one.reason for one in why.violations if one.tier is not Tier.FIT]
    lost = set(FALLEN_AWAY.values())
    return WhyHere(
        here=tuple(
            named_sentence(frame.names, one) for one in (*wrong, *why.reasons) if one.sentence not in lost
        ),
        elsewhere=tuple(named_sentence(frame.names, one) for one in why.reasons if one.sentence in lost),
    )


def locks_at_odds(frame: TimetableFrame, session_name: str) -> list[NamedSentence]:
    """Say what stands against the lock of a session: alone, or beside the other locks."""
    number = next(
        (number for number, one in enumerate(frame.problem.sessions) if one.id == session_name), None
    )
    alone = why_nowhere(frame.options, number) if number is not None else []
    together = (
        finding.reason
        for finding in preflight(frame.problem)
        if finding.kind == "locks" and session_name in finding.sessions
    )
    return [named_sentence(frame.names, one) for one in chain(alone, together)]

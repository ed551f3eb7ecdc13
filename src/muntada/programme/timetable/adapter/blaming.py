"""Adapter for conflicts: the smallest sets of rules that cannot all hold."""

from muntada.engines.timetable.blame import blame
from muntada.programme.timetable.adapter.timetables import TimetableFrame, named_sentence
from muntada.programme.timetable.rules import ConflictingRules

EFFORT = 5.0


def blamed(frame: TimetableFrame, *, effort: float = EFFORT) -> list[ConflictingRules]:
    """Return sets of rules; take back one rule of a set, and that set can hold."""
    return [
        ConflictingRules(
            reasons=tuple(named_sentence(frame.names, reason) for reason in one.reasons),
            sessions=tuple(one.sessions),
            is_counted=one.counted,
        )
        for one in blame(frame.problem, effort=effort)
    ]

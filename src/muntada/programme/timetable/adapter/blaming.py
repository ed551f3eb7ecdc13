"""Adapter for conflicts: the smallest sets of rules that cannot all hold."""

from muntada.engines.timetable.blame import blame
from muntada.programme.timetable.adapter.timetables import TimetableFrame, named

EFFORT = 5.0


def blamed(frame: TimetableFrame, *, effort: float = EFFORT) -> list[dict[str, object]]:
    """Return sets of rules as they are stored; take back one rule of a set, and that set can hold."""
    return [
        {
            "reasons": [
                {"sentence": reason.sentence, "params": named(frame.names, reason)} for reason in one.reasons
            ],
            "sessions": list(one.sessions),
            "is_counted": one.counted,
        }
        for one in blame(frame.problem, effort=effort)
    ]

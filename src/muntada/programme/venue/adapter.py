"""Faults of rooms and slots found by counting."""

from muntada.engines.timetable.preflight import preflight
from muntada.forums.models import Forum
from muntada.programme.timetable.adapter.frames import frame_now
from muntada.programme.timetable.adapter.moving import NamedSentence
from muntada.programme.timetable.adapter.timetables import named


def shortcomings(forum: Forum) -> list[NamedSentence]:
    """Return what no timetable can solve with these rooms, slots and people."""
    frame, _state = frame_now(forum)
    if not frame.problem.sessions or not frame.problem.rooms or not frame.problem.slots:
        return []
    said: dict[tuple[str, str], NamedSentence] = {}
    for finding in preflight(frame.problem):
        words = NamedSentence(finding.reason.sentence, named(frame.names, finding.reason))
        said.setdefault((words.sentence, str(sorted(words.params.items()))), words)
    return list(said.values())

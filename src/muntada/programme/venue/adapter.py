"""Faults of rooms and slots found by counting."""

from muntada.engines.timetable.preflight import preflight
from muntada.forums.models import Forum
from muntada.programme.timetable.adapter.frames import frame_now
from muntada.programme.timetable.adapter.timetables import named_sentence
from muntada.programme.timetable.rules import NamedSentence


def shortcomings(forum: Forum) -> list[NamedSentence]:
    """Return what no timetable can solve with these rooms, slots and people."""
    frame, _state = frame_now(forum)
    if not frame.problem.sessions or not frame.problem.rooms or not frame.problem.slots:
        return []
    said: dict[tuple[str, str], NamedSentence] = {}
    for finding in preflight(frame.problem):
        words = named_sentence(frame.names, finding.reason)
        said.setdefault((words.sentence, str(sorted(words.params.items()))), words)
    return list(said.values())

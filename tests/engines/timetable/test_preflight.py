from dataclasses import replace

import pytest

from engines.timetable.instances import forum
from engines.timetable.small import away, hours, talk
from muntada.engines.timetable.preflight import preflight
from muntada.engines.timetable.problem import Lock, PersonSpec, RoomSpec, SessionSpec, TimetableProblem

HALL = RoomSpec("hall", 100, frozenset({"hybrid", "interpretation"}))
DEN = RoomSpec("den", 20, frozenset({"captions"}))


def told(problem: TimetableProblem) -> list[str]:
    return [str(finding.reason) for finding in preflight(problem)]


def with_sessions(*sessions: SessionSpec, people: tuple[PersonSpec, ...] = ()) -> TimetableProblem:
    return TimetableProblem(sessions, (HALL, DEN), hours(9, 10), people=people)


def test_a_sound_forum_gives_no_finding() -> None:
    assert told(with_sessions(talk("a", "ana"), talk("b", "ana", needs=frozenset({"hybrid"})))) == []


@pytest.mark.parametrize(
    ("session", "sentence"),
    [
        (talk("a", audience=300), "a expects 300 people. Seats of the largest room: 100."),
        (talk("a", needs=frozenset({"tables"})), "a needs tables, which no room has."),
        (
            talk("a", needs=frozenset({"captions"}), audience=50),
            "No room has all that a needs: captions and 50 seats in one room.",
        ),
        (talk("a", minutes=180), "a lasts 180 minutes: no run of slots on one day is as long."),
        (talk("a", "ana"), "ana is available at none of the times at which a could start."),
        (
            talk("a", "ben", "eve"),
            "There is no time at which all people of a are available: ben, eve.",
        ),
        (talk("a", "ben", locked=Lock("0/9")), "ben is not available when a takes place."),
        (
            talk("a", audience=50, locked=Lock("0/9", "den")),
            "den has 20 seats. Expected at a: 50.",
        ),
    ],
)
def test_a_session_that_can_stand_nowhere_is_told_why(session: SessionSpec, sentence: str) -> None:
    people = (away("ana", 9, 10), away("ben", 9), away("eve", 10))
    assert told(with_sessions(session, people=people)) == [sentence]


def test_a_room_closed_all_the_time_is_named() -> None:
    closed = replace(HALL, closed=frozenset({"0/9", "0/10"}))
    problem = TimetableProblem((talk("a", audience=50),), (closed, DEN), hours(9, 10))
    assert told(problem) == ["The rooms that suit a are closed whenever it could take place: hall."]


def test_more_interpretation_than_there_is_is_counted_in_slots() -> None:
    needs = frozenset({"interpretation"})
    problem = with_sessions(talk("a", needs=needs, minutes=120), talk("b", needs=needs))
    assert told(problem) == [
        "Sessions that need interpretation fill 3 slots of a room; rooms with it are open for 2."
    ]


def test_more_large_sessions_than_large_rooms_are_counted() -> None:
    problem = with_sessions(*(talk(name, audience=40) for name in "abc"))
    assert "Sessions with more people than 20 fill slots of a room: 3. Larger rooms are open for 2." in told(
        problem
    )


def test_needs_that_only_together_are_too_many_are_counted() -> None:
    rooms = (HALL, RoomSpec("loft", 100), RoomSpec("cell", 20, frozenset({"hybrid"})))
    sessions = tuple(talk(name, audience=40, needs=frozenset({"hybrid"})) for name in "abc")
    assert told(TimetableProblem(sessions, rooms, hours(9, 10))) == [
        (
            "3 sessions can only stand in these rooms: hall. Slots they fill: 3; slots in which the rooms are"
            " open: 2."
        )
    ]


def test_a_person_in_more_sessions_than_slots_is_named() -> None:
    problem = with_sessions(talk("a", "ana"), talk("b", "ana"), people=(away("ana", 9),))
    (finding,) = preflight(problem)
    assert str(finding.reason) == "ana is in 2 sessions. Slots they fill: 2; slots possible for them: 1."
    assert finding.people == ("ana",)
    assert finding.sessions == ("a", "b")


def test_locks_that_contradict_each_other_are_told() -> None:
    problem = with_sessions(
        talk("a", "ana", locked=Lock("0/9", "hall")),
        talk("b", locked=Lock("0/9", "hall")),
        talk("c", "ana", locked=Lock("0/9")),
    )
    assert told(problem) == [
        "ana is in 2 sessions. Slots they fill: 2; slots possible for them: 1.",
        "ana would be in a and c at the same time.",
        "a and b would be in hall at the same time.",
    ]


def test_all_rooms_together_too_few() -> None:
    problem = with_sessions(*(talk(f"s{number}") for number in range(5)))
    assert told(problem) == ["The sessions fill 5 slots of a room; all rooms together are open for 4."]


def test_a_whole_forum_with_half_its_rooms_closed_is_told_by_service() -> None:
    problem = forum(120, 10, 5)
    every_slot = frozenset(slot.id for slot in problem.slots)
    rooms = (
        problem.rooms[0],
        *(replace(room, closed=every_slot) for room in problem.rooms[1:5]),
        *problem.rooms[5:],
    )
    assert any(
        sentence.startswith("Sessions that need hybrid fill")
        for sentence in told(replace(problem, rooms=rooms))
    )

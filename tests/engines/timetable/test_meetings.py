"""Who can walk from where in the time between two sessions."""

import pytest

from engines.timetable.small import hours, talk
from muntada.engines.timetable.options import Options
from muntada.engines.timetable.problem import RoomSpec, TimetableProblem

ROOMS = (
    RoomSpec("hall", 100, building="north"),
    RoomSpec("den", 20, building="south"),
    RoomSpec("hut", 20, building="west"),
    RoomSpec("online", 20),
)


@pytest.mark.parametrize(
    "walks", [{}, {("north", "south"): 15}, {("north", "south"): 15, ("west", "north"): 90}]
)
def test_a_room_is_in_reach_where_the_walk_is_no_longer_than_the_time_between(
    walks: dict[tuple[str, str], int],
) -> None:
    sessions = (talk("short", "ana"), talk("long", "ana", minutes=120))
    options = Options(TimetableProblem(sessions, ROOMS, hours(9, 10, 11, 13, days=2), walks=walks))
    meetings, layout = options.meetings, options.layout
    seen = set()
    every = (1 << len(meetings.rooms)) - 1
    for ours in (start.span for start in options.starts[0].values()):
        for theirs in (start.span for start in options.starts[1].values()):
            for room, there in enumerate(meetings.rooms):
                reached = {
                    one
                    for one, here in enumerate(meetings.rooms)
                    if ours.shares_slot_with(theirs) or ours.minutes_to(theirs) >= layout.walk(here, there)
                }
                assert meetings.in_reach(ours, every, theirs, room) == sum(1 << one for one in reached)
                for one in range(len(meetings.rooms)):
                    assert meetings.too_far(ours, 1 << one, theirs, 1 << room) == (one not in reached)
                seen.add(len(reached))
    assert (len(seen) > 1) == bool(walks)


@pytest.mark.parametrize("walks", [{}, {("north", "south"): 15, ("west", "north"): 90}])
def test_only_near_starts_can_be_too_far_to_walk(walks: dict[tuple[str, str], int]) -> None:
    sessions = (talk("short", "ana"), talk("long", "ana", minutes=120))
    options = Options(TimetableProblem(sessions, ROOMS, hours(9, 10, 11, 13, days=2), walks=walks))
    meetings = options.meetings
    for position, ours in options.starts[0].items():
        near = dict(meetings.near(0, 1, position))
        for at, theirs in options.starts[1].items():
            for one in range(len(ROOMS)):
                for other in range(len(ROOMS)):
                    rooms, others = 1 << one, 1 << other
                    is_too_far = at in near and near[at] < meetings.least_walk(rooms, others)
                    assert is_too_far == meetings.too_far(ours.span, rooms, theirs.span, others)
        assert bool(near) == bool(walks)

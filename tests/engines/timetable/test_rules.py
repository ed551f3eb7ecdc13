"""The rules between sessions and about real clocks, one by one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from engines.timetable.small import away, hour, hours, talk
from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.moves import moves
from muntada.engines.timetable.plan import Tier, Violation
from muntada.engines.timetable.problem import (
    Lock,
    PersonSpec,
    PlacementSpec,
    RoomSpec,
    SeriesSpec,
    SessionSpec,
    SlotSpec,
    TimePeriod,
    TimetableProblem,
    WishWeights,
)
from muntada.engines.timetable.repair import repair
from muntada.engines.timetable.solve import solve

HALL = RoomSpec("hall", 100, building="north")
DEN = RoomSpec("den", 20, building="south")


def broken(problem: TimetableProblem, *placements: PlacementSpec) -> Sequence[Violation]:
    return evaluate(problem, placements).violations


def sentences(problem: TimetableProblem, *placements: PlacementSpec) -> list[str]:
    return [str(violation.reason) for violation in broken(problem, *placements)]


def places(problem: TimetableProblem) -> dict[str, str]:
    plan = solve(problem, effort=2.0)
    assert not plan.unplaced
    return {placement.session: placement.slot for placement in plan.placements}


def test_a_session_that_follows_another_waits_for_its_end() -> None:
    sessions = (talk("first", minutes=120), talk("second", after=frozenset({"first"})))
    problem = TimetableProblem(sessions, (HALL, DEN), hours(9, 10, 11))
    assert sentences(
        problem, PlacementSpec("first", "0/9", "hall"), PlacementSpec("second", "0/10", "den")
    ) == ["second is to start when first has ended, not before."]
    assert places(problem) == {"first": "0/9", "second": "0/11"}


def test_the_parts_of_a_series_stand_in_order_and_on_one_day() -> None:
    sessions = (talk("c"), talk("b"), talk("a"))
    problem = TimetableProblem(
        sessions, (HALL,), hours(9, 10, 11, days=2), series=(SeriesSpec(("a", "b", "c"), same_day=True),)
    )
    assert sentences(problem, PlacementSpec("a", "1/9", "hall"), PlacementSpec("b", "0/9", "hall")) == [
        "b is to start when a has ended, not before.",
        "a and b are parts of one series and belong on one day.",
    ]
    stands = places(problem)
    assert sorted(stands, key=lambda name: int(stands[name][2:])) == ["a", "b", "c"]
    assert len({slot[0] for slot in stands.values()}) == 1


def test_sessions_that_exclude_each_other_are_never_at_the_same_time() -> None:
    sessions = (talk("a", exclusive=frozenset({"ministers"})), talk("b", exclusive=frozenset({"ministers"})))
    problem = TimetableProblem(sessions, (HALL, DEN), hours(9, 10))
    assert sentences(problem, PlacementSpec("a", "0/9", "hall"), PlacementSpec("b", "0/9", "den")) == [
        "a and b exclude each other and are at the same time."
    ]
    assert set(places(problem).values()) == {"0/9", "0/10"}


def test_a_person_has_the_pause_between_two_sessions() -> None:
    sessions = (talk("a", "ana"), talk("b", "ana", minutes=45))
    problem = TimetableProblem(sessions, (HALL,), hours(9, 10, 11), pause=timedelta(minutes=30))
    (violation,) = broken(problem, PlacementSpec("a", "0/10", "hall"), PlacementSpec("b", "0/9", "hall"))
    assert (violation.rule, violation.amount, violation.people) == ("person-pause", 15, ("ana",))
    assert str(violation.reason) == "ana has 15 minutes between a and b; 30 are needed."
    assert set(places(problem).values()) == {"0/9", "0/11"}


def test_a_person_has_time_to_walk_to_the_other_building_unless_online() -> None:
    sessions = (talk("a", "ana", minutes=50), talk("b", "ana"))
    problem = TimetableProblem(sessions, (HALL, DEN), hours(9, 10), walks={("south", "north"): 15})
    stands = (PlacementSpec("a", "0/9", "hall"), PlacementSpec("b", "0/10", "den"))
    assert sentences(problem, *stands) == ["ana has 10 minutes between a and b; 15 are needed."]
    assert broken(replace(problem, people=(PersonSpec("ana", zone="Europe/Paris"),)), *stands) == ()
    plan = solve(problem, effort=2.0)
    assert len(plan.placements) == 2
    near = {placement.slot: placement.room for placement in plan.placements}
    assert near["0/9"] == near["0/10"] or [p.slot for p in plan.placements if p.session == "a"] == ["0/10"]


def test_rooms_are_chosen_so_that_nobody_walks_too_far() -> None:
    """By size alone the small talk would stand in the den, too far from the hall for ana."""
    sessions = (
        talk("large", "ana", audience=60),
        talk("small", "ana", audience=10),
        talk("also small", audience=10),
    )
    rooms = (HALL, DEN, RoomSpec("annex", 30, building="north"))
    problem = TimetableProblem(sessions, rooms, hours(9, 10), walks={("north", "south"): 15})
    plan = solve(problem, effort=2.0)
    assert not plan.unplaced
    assert evaluate(problem, plan.placements).hard == ()


def test_an_organiser_has_at_most_so_many_sessions_on_a_day() -> None:
    sessions = tuple(talk(name, organisers=frozenset({"itu"})) for name in "abc")
    problem = TimetableProblem(sessions, (HALL, DEN), hours(9, 10, days=2), organiser_limit=2)
    every = [PlacementSpec(name, "0/9", "hall") for name in "abc"]
    (violation,) = [one for one in broken(problem, *every) if one.rule == "organiser-day"]
    assert (violation.amount, violation.sessions) == (1, ("a", "b", "c"))
    assert str(violation.reason) == (
        "itu would have 3 sessions on 2025-07-07; at most 2 are allowed: a, b, c."
    )
    assert sorted(slot[0] for slot in places(problem).values()) in (["0", "0", "1"], ["0", "1", "1"])


def test_who_finds_no_day_is_told_that_the_organiser_has_enough() -> None:
    sessions = tuple(talk(name, organisers=frozenset({"itu"})) for name in "ab")
    plan = solve(TimetableProblem(sessions, (HALL, DEN), hours(9, 10), organiser_limit=1), effort=2.0)
    (left_out,) = plan.unplaced
    (reason,) = left_out.reasons
    assert str(reason) == (
        f"Times at which {left_out.session} could start: 2. Lost because its organizer has as many sessions"
        " on that day as are allowed: 2."
    )


def test_who_finds_no_time_in_the_order_is_told_so() -> None:
    sessions = (talk("a", minutes=120), talk("b", after=frozenset({"a"})))
    plan = solve(TimetableProblem(sessions, (HALL, DEN), hours(9, 10)), effort=2.0)
    (left_out,) = plan.unplaced
    assert "the order of sessions, a pause or a session that excludes it: " in str(left_out.reasons[0])


def test_stakeholder_groups_are_spread_over_the_days() -> None:
    sessions = tuple(talk(name, groups=frozenset({"youth"})) for name in "abcd")
    problem = TimetableProblem(sessions, (HALL, DEN), hours(9, 10, days=2))
    crowded = [
        PlacementSpec("a", "0/9", "hall"),
        PlacementSpec("b", "0/9", "den"),
        PlacementSpec("c", "0/10", "hall"),
    ]
    assert sentences(problem, *crowded) == [
        "3 sessions with youth on stage are on 2025-07-07; spread evenly it would be 2."
    ]
    assert sorted(slot[0] for slot in places(problem).values()) == ["0", "0", "1", "1"]


def test_marked_sessions_in_one_slot_are_missed_and_no_attendee_is_named() -> None:
    sessions = tuple(talk(name) for name in "abc")
    marks = {"kim": frozenset("abc"), "lee": frozenset("ab"), "mo": frozenset("c")}
    rooms = (HALL, DEN, RoomSpec("loft", 20))
    problem = TimetableProblem(sessions, rooms, hours(9, 10, 11), favourites=marks)
    together = [PlacementSpec(name, "0/9", room.id) for name, room in zip("abc", rooms, strict=True)]
    (violation,) = broken(problem, *together)
    assert (violation.amount, violation.cost, violation.people) == (3, 3 * WishWeights().favourites, ())
    assert str(violation.reason) == "In the slot 0/9 attendees have to miss 3 sessions that they marked."
    assert len(set(places(problem).values())) == 3


def test_a_room_is_used_within_its_own_hours_only() -> None:
    night = RoomSpec("night", 20, hours=(TimePeriod(hour(0, 10), hour(0, 12)),))
    problem = TimetableProblem((talk("a"),), (night,), hours(9, 10, 11, 12))
    assert sentences(problem, PlacementSpec("a", "0/9", "night")) == [
        "night is closed in the slot 0/9, in which a needs it."
    ]
    assert places(problem)["a"] in {"0/10", "0/11"}
    assert solve(replace(problem, sessions=(talk("a", minutes=180),)), effort=1.0).unplaced


def test_a_session_online_only_stands_in_a_room_online_only_and_no_other() -> None:
    rooms = (RoomSpec("hall", 100, frozenset({"on-site"})), RoomSpec("zoom", 1000, frozenset({"online"})))
    sessions = (
        SessionSpec("a", 60, needs=frozenset({"online"})),
        SessionSpec("b", 60, needs=frozenset({"on-site"})),
    )
    plan = solve(TimetableProblem(sessions, rooms, hours(9)), effort=1.0)
    assert {one.session: one.room for one in plan.placements} == {"a": "zoom", "b": "hall"}


def test_a_person_is_there_only_in_the_times_given() -> None:
    ana = PersonSpec(
        "ana", available=(TimePeriod(hour(0, 10), hour(0, 11)), TimePeriod(hour(1, 0), hour(1, 24)))
    )
    problem = TimetableProblem(
        (talk("a", "ana", minutes=90),), (HALL,), hours(9, 10, 11, days=2), people=(ana,)
    )
    assert sentences(problem, PlacementSpec("a", "0/10", "hall")) == [
        "ana is not available when a takes place."
    ]
    assert places(problem)["a"].startswith("1/")


@pytest.mark.parametrize(
    ("comfort", "at", "cost"),
    [
        ((time(8), time(12)), 4, 0),  # 9:45 in Kathmandu
        ((time(10), time(12)), 4, 1),  # 15 minutes early
        ((time(18), time(22)), 4, 10),
    ],
)
def test_who_says_which_hours_suit_is_asked_for_those(comfort: tuple[time, time], at: int, cost: int) -> None:
    people = (PersonSpec("ana", zone="Asia/Kathmandu", comfort=comfort),)
    problem = TimetableProblem((talk("a", "ana"),), (HALL,), hours(at), people=people)
    assert (
        evaluate(problem, [PlacementSpec("a", f"0/{at}", "hall")]).score.wishes
        == cost * WishWeights().comfort
    )


GENEVA = ZoneInfo("Europe/Zurich")


def geneva(day: int, at: int, minute: int = 0) -> datetime:
    """A moment around Sunday, 26 October 2025, when Geneva's clocks go back from 3 to 2 h."""
    return datetime(2025, 10, day, at, minute, tzinfo=GENEVA)


def test_a_clock_change_in_the_week_moves_who_is_online_and_nothing_else() -> None:
    """At 22:15 in Delhi 18:45 in Geneva is bearable; on Monday Geneva's 18:45 is 23:15 there."""
    slots = tuple(SlotSpec(str(day), geneva(day, 18, 45), geneva(day, 19, 30)) for day in (25, 27))
    people = (PersonSpec("ana", zone="Asia/Kolkata"),)
    problem = TimetableProblem((talk("a", "ana", minutes=45),), (HALL,), slots, people=people)
    costs = [evaluate(problem, [PlacementSpec("a", day, "hall")]).score.wishes for day in ("25", "27")]
    assert costs == [WishWeights().comfort, 10 * WishWeights().comfort]
    assert places(problem) == {"a": "25"}


def test_hours_are_counted_as_they_pass_in_the_night_of_the_clock_change() -> None:
    """From 1:30 to 3:30 on the wall three hours pass, so a session of three hours fits and of four not."""
    slot = SlotSpec("night", geneva(26, 1, 30), geneva(26, 3, 30))
    problem = TimetableProblem((talk("a", minutes=180), talk("b", minutes=181)), (HALL, DEN), (slot,))
    placements = (PlacementSpec("a", "night", "hall"), PlacementSpec("b", "night", "den"))
    assert [violation.sessions for violation in broken(problem, *placements)] == [("b",)]


def test_an_absence_given_in_another_zone_holds_across_the_clock_change() -> None:
    """Away until 8:00 UTC, which is 9:00 in Geneva on Monday and was 10:00 on Saturday."""
    slots = tuple(SlotSpec(str(day), geneva(day, 9), geneva(day, 10)) for day in (25, 27))
    away = tuple(
        TimePeriod(datetime(2025, 10, day, 6, tzinfo=UTC), datetime(2025, 10, day, 8, tzinfo=UTC))
        for day in (25, 27)
    )
    problem = TimetableProblem((talk("a", "ana"),), (HALL,), slots, people=(PersonSpec("ana", away),))
    assert places(problem) == {"a": "27"}


def test_a_session_that_must_move_rather_changes_its_room_than_its_time() -> None:
    closed = RoomSpec("hall", 100, closed=frozenset({"0/9"}))
    problem = TimetableProblem(
        (talk("a"),),
        (closed, DEN),
        hours(9, 10, days=2),
        published=(PlacementSpec("a", "0/9", "hall"),),
    )
    assert repair(problem, effort=2.0).placements == (PlacementSpec("a", "0/9", "den"),)
    assert sentences(problem, PlacementSpec("a", "1/9", "den")) == [
        "a moves from hall, slot 0/9, where it was published.",
        "a was published in the slot 0/9 and stands on another day.",
    ]


def test_what_must_be_spread_is_spread_or_left_out_with_the_reason() -> None:
    """Three of a group in two days: two on one day at most. With Tuesday locked away one has no place."""
    youth = frozenset({"youth"})
    sessions = (
        *(talk(name, "ana", groups=youth) for name in "ab"),
        talk("c", groups=youth, locked=Lock("0/11")),
    )
    problem = TimetableProblem(
        sessions, (HALL, DEN), hours(9, 10, 11, days=2), must_spread=frozenset({"groups"})
    )
    plan = solve(problem, effort=2.0)
    days = [placement.slot[0] for placement in plan.placements]
    assert sorted(map(days.count, set(days))) == [1, 2]
    crowded = [PlacementSpec(name, f"0/{at}", "hall") for name, at in (("a", 9), ("b", 10), ("c", 11))]
    (violation,) = [one for one in evaluate(problem, crowded).violations if one.rule == "groups-must-spread"]
    assert violation.tier is Tier.HARD
    assert (violation.amount, violation.sessions) == (1, ("a", "b", "c"))
    only_monday = replace(problem, people=(away("ana", 9, 10, 11, day=1),))
    left = solve(only_monday, effort=2.0)
    assert len(left.unplaced) == 1
    assert "its even share on that day" in " ".join(map(str, left.unplaced[0].reasons))
    place = next(move for move in moves(only_monday, left.placements, left.unplaced[0].session))
    assert {one.rule for one in place.hard} & {"groups-must-spread", "person-clash", "room-clash"}

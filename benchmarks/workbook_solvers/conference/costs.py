"""The score as one number and as arrays: what each talk costs at each place, and each two talks at each two.

Everything between two talks has the form A[i, j] · B[x, y]: what the talks have in common, times what their
places have in common (minutes that overlap, minutes on different days, ...). Ten such kinds hold all
constraints but crowd control, so the cost of a talk everywhere is a product of small matrices.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from workbook_solvers.conference.problem import (
    REWARDS,
    Conference,
    Constraint,
    Place,
    Score,
    Talk,
    Timeslot,
)

type Floats = NDArray[np.float64]
type Numbers = NDArray[np.intp]

# A forbidden place costs more than all else, and less than 2^53, up to which whole numbers are exact.
FORBIDDEN = 2.0**50
MOST_SOFT = 2.0**24


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs are whole numbers, to be made small. n talks and one that stands for nobody, x places, k kinds.

    `alone` is (n + 1, x); `talks` is (n + 1, n + 1, k) with nothing between a talk and itself; `places` is
    (k, x, x), the cost of the first talk at the first place and the second at the second.
    """

    at: tuple[Place, ...]
    alone: Floats
    talks: Floats
    places: Floats
    timeslots: Numbers  # of each place
    minutes: Floats  # of each timeslot
    risky: Floats  # 1 for each talk that draws a crowd
    crowd: float  # cost of a minute of a talk in a crowd
    unit: float  # a usual wish between two talks
    tier: float  # a unit of a hard or medium constraint
    pinned: Numbers  # the talks that may not move


def costs_of(conference: Conference, copies: int = 1) -> Costs:
    """The costs at every place that some talk may have; with copies, so many talks may share a place."""
    scale = _Scale(conference)
    talks = conference.talks
    at = tuple(dict.fromkeys(place for talk in talks for place in conference.places(talk))) * copies
    common, shared = _kinds(conference, scale, at)
    pinned = [number for number, talk in enumerate(talks) if talk.pinned is not None]
    return Costs(
        at=at,
        alone=_alone(conference, scale, at),
        talks=common,
        places=shared,
        timeslots=np.array([place.timeslot for place in at], dtype=np.intp),
        minutes=np.array([timeslot.minutes for timeslot in conference.timeslots], dtype=np.float64),
        risky=np.array([talk.crowd_risk > 0 for talk in talks] + [False], dtype=np.float64),
        crowd=scale.of(Constraint.CROWD_CONTROL),
        unit=scale.usual(conference),
        tier=scale.tier,
        pinned=np.array(pinned, dtype=np.intp),
    )


class _Scale:
    """One number for a score: a unit of a tier outweighs what moving a talk can win in the tiers below."""

    def __init__(self, conference: Conference) -> None:
        self.weights = conference.weights
        pairs = 4 * max(len(conference.talks), 1)
        longest = max(timeslot.minutes for timeslot in conference.timeslots)
        heaviest = max(weight.soft for weight in self.weights.values())
        self.tier = min(MOST_SOFT, 2.0 ** int(np.ceil(np.log2(1 + pairs * longest * heaviest))))

    def number(self, score: Score) -> float:
        return (score.hard + score.medium) * self.tier + score.soft

    def usual(self, conference: Conference) -> float:
        """The middle weight that is not 0, for the minutes of two usual timeslots."""
        weights = [weight.soft for weight in self.weights.values() if weight.soft] or [1]
        minutes = [timeslot.minutes for timeslot in conference.timeslots]
        return float(np.median(weights) * 2 * np.median(minutes))

    def of(self, constraint: Constraint) -> float:
        """The cost of one unit."""
        cost = self.number(self.weights[constraint])
        return -cost if constraint in REWARDS else cost


def _kinds(conference: Conference, scale: _Scale, at: Sequence[Place]) -> tuple[Floats, Floats]:
    """The kinds of costs between two talks; those that are zero everywhere are left out."""
    kinds = [
        (common, shared)
        for common, shared in (
            *_kinds_of_time(conference, scale, at),
            *_kinds_of_rooms(conference, scale, at),
        )
        if common.any() and shared.any()
    ]
    talks, places = len(conference.talks) + 1, len(at)
    if not kinds:
        return np.zeros((talks, talks, 1)), np.zeros((1, places, places))
    return (
        np.ascontiguousarray(np.stack([common for common, _ in kinds], axis=2)),
        np.stack([shared for _, shared in kinds]),
    )


def _kinds_of_time(
    conference: Conference, scale: _Scale, at: Sequence[Place]
) -> tuple[tuple[Floats, Floats], ...]:
    cost = scale.of
    themes, contents = (
        _common(conference, lambda talk: talk.themes),
        _common(conference, lambda talk: talk.contents),
    )
    audiences = _common(conference, lambda talk: talk.audience_types)
    speakers = _common(conference, lambda talk: frozenset(talk.speakers))
    overlapping = (
        cost(Constraint.SPEAKER_CONFLICT) * speakers
        + cost(Constraint.MUTUALLY_EXCLUSIVE) * _common(conference, lambda talk: talk.exclusions)
        + cost(Constraint.THEME_CONFLICT) * themes
        + cost(Constraint.SECTOR_CONFLICT) * _common(conference, lambda talk: talk.sectors)
        + cost(Constraint.AUDIENCE_THEME_CONFLICT) * themes * audiences
        + cost(Constraint.CONTENT_CONFLICT) * contents
    )
    levels = _between(conference, lambda one, other: one.audience_level != other.audience_level)
    languages = _between(conference, lambda one, other: one.language != other.language)
    side_by_side = (
        cost(Constraint.AUDIENCE_DIVERSITY) * audiences
        + cost(Constraint.LEVEL_DIVERSITY) * levels
        + cost(Constraint.LANGUAGE_DIVERSITY) * languages
    )
    numbers = {talk.code: number for number, talk in enumerate(conference.talks)}
    first = _between(conference, lambda one, other: numbers[one.code] in other.prerequisites)
    easier = _between(conference, lambda one, other: one.audience_level < other.audience_level)
    ordered = cost(Constraint.PREREQUISITES) * first + cost(Constraint.LEVEL_FLOW) * easier * contents
    days_apart = cost(Constraint.SAME_DAY) * (themes + contents)
    pauses = cost(Constraint.PAUSE) * np.sign(speakers)

    moments = _over_timeslots(conference, at)
    late = moments(lambda one, other: _both(one, other) * one.ends_after_start_of(other))
    return (
        (overlapping, moments(lambda one, other: one.overlap(other))),
        (side_by_side, moments(lambda one, other: one.minutes if one is other else 0)),
        (days_apart, moments(lambda one, other: _both(one, other) * (one.day != other.day))),
        (pauses, moments(lambda one, other: _both(one, other) * _too_close(conference.pause, one, other))),
        (ordered, late),
        (ordered.T, late.T),
    )


def _kinds_of_rooms(
    conference: Conference, scale: _Scale, at: Sequence[Place]
) -> tuple[tuple[Floats, Floats], ...]:
    themes = _common(conference, lambda talk: talk.themes)
    anybody = _between(conference, lambda one, other: one is not other)
    less = scale.of(Constraint.POPULAR) * _between(
        conference, lambda one, other: one.favourites < other.favourites
    )
    moments = _over_timeslots(conference, at)
    room = np.array([place.room for place in at], dtype=np.intp)
    capacity = np.array([conference.rooms[place.room].capacity for place in at], dtype=np.int64)
    same_room = (room[:, None] == room[None, :]).astype(np.float64)
    larger = (capacity[:, None] > capacity[None, :]) * moments(_both)
    same_day = moments(lambda one, other: _both(one, other) * (one.day == other.day))
    return (
        (scale.of(Constraint.THEME_STABILITY) * themes, (1 - same_room) * same_day),
        (scale.of(Constraint.ROOM_CONFLICT) * anybody, same_room * moments(lambda a, b: a.overlap(b))),
        (less, larger),
        (less.T, larger.T),
    )


def _alone(conference: Conference, scale: _Scale, at: Sequence[Place]) -> Floats:
    table = np.full((len(conference.talks) + 1, len(at)), FORBIDDEN)
    table[-1] = 0
    for row, talk in enumerate(conference.talks):
        costs = {place: _cost_alone(conference, scale, talk, place) for place in conference.places(talk)}
        for column, place in enumerate(at):
            if place in costs:
                table[row, column] = costs[place]
    return table


def _cost_alone(conference: Conference, scale: _Scale, talk: Talk, place: Place) -> float:
    timeslot, room = conference.timeslots[place.timeslot], conference.rooms[place.room]
    speakers = [conference.speakers[number] for number in talk.speakers]
    cost = scale.of(Constraint.ROOM_UNAVAILABLE) * (place.timeslot in room.unavailable)
    cost += scale.of(Constraint.SPEAKER_UNAVAILABLE) * sum(
        place.timeslot in speaker.unavailable for speaker in speakers
    )
    for who, what in product(("Talk", "Speaker"), ("timeslot", "room")):
        given = timeslot.tags if what == "timeslot" else room.tags
        for one in speakers if who == "Speaker" else [talk]:
            tags = one.timeslot_tags if what == "timeslot" else one.room_tags
            for kind, count in (
                ("required", len(tags.required - given)),
                ("preferred", len(tags.preferred - given)),
                ("prohibited", len(tags.prohibited & given)),
                ("undesired", len(tags.undesired & given)),
            ):
                cost += scale.of(Constraint(f"{who} {kind} {what} tags")) * count
    cost *= timeslot.minutes
    cost += scale.of(Constraint.PUBLISHED_TIMESLOT) * (talk.published_timeslot not in {None, place.timeslot})
    return cost + scale.of(Constraint.PUBLISHED_ROOM) * (talk.published_room not in {None, place.room})


def _between(conference: Conference, measure: Callable[[Talk, Talk], float]) -> Floats:
    """A figure for each two talks, 0 for a talk with itself and for nobody."""
    size = len(conference.talks) + 1
    table = np.zeros((size, size))
    for row, one in enumerate(conference.talks):
        for column, other in enumerate(conference.talks):
            if row != column:
                table[row, column] = measure(one, other)
    return table


def _common(conference: Conference, tags: Callable[[Talk], frozenset[str] | frozenset[int]]) -> Floats:
    return _between(conference, lambda one, other: len(tags(one) & tags(other)))


def _over_timeslots(
    conference: Conference, at: Sequence[Place]
) -> Callable[[Callable[[Timeslot, Timeslot], float]], Floats]:
    """Turn a measure of two timeslots into a table over each two places."""
    timeslot = np.array([place.timeslot for place in at], dtype=np.intp)

    def table(measure: Callable[[Timeslot, Timeslot], float]) -> Floats:
        slots = conference.timeslots
        small = np.array([[measure(one, other) for other in slots] for one in slots], dtype=np.float64)
        return small[np.ix_(timeslot, timeslot)]

    return table


def _both(one: Timeslot, other: Timeslot) -> int:
    return one.minutes + other.minutes


def _too_close(least: int, one: Timeslot, other: Timeslot) -> bool:
    if one.day != other.day:
        return False
    between = max(one.start, other.start) - min(one.end, other.end)
    return between < max(0, least)

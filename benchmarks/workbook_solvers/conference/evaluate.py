"""The score of any timetable, constraint by constraint, from the definitions alone.

Nothing here is shared with the solver. Definitions: ConferenceSchedulingConstraintProvider of OptaPlanner's
examples (Apache-2.0), reproduced to the unit; where its descriptions say something else, its code counts.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

from workbook_solvers.conference.problem import (
    REWARDS,
    Conference,
    Constraint,
    Place,
    Score,
    Tags,
    Talk,
    Timeslot,
)

NOTHING = Score(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Match:
    """One case of a constraint: which talks (by number), and how many units, mostly minutes."""

    constraint: Constraint
    talks: tuple[int, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class Line:
    """What one constraint contributes to the score."""

    constraint: Constraint
    matches: int
    score: Score


@dataclass(frozen=True, slots=True)
class Assessment:
    score: Score
    lines: tuple[Line, ...]  # constraints with a match, in the order of the sheet Configuration


def evaluate(conference: Conference, places: Sequence[Place]) -> Assessment:
    """Judge a timetable: one place for each talk, in the order of the talks."""
    counts: Counter[Constraint] = Counter()
    amounts: Counter[Constraint] = Counter()
    for match in matches(conference, places):
        counts[match.constraint] += 1
        amounts[match.constraint] += match.amount
    lines = tuple(
        Line(constraint, counts[constraint], _scored(conference, constraint, amounts[constraint]))
        for constraint in Constraint
        if counts[constraint]
    )
    score = NOTHING
    for line in lines:
        score = score.plus(line.score)
    return Assessment(score, lines)


def _scored(conference: Conference, constraint: Constraint, amount: int) -> Score:
    return conference.weights[constraint].times(amount if constraint in REWARDS else -amount)


def matches(conference: Conference, places: Sequence[Place]) -> Iterator[Match]:
    """Every case of every constraint, also of those whose weight is 0."""
    standing = [
        Standing(number, talk, place, conference.timeslots[place.timeslot])
        for number, (talk, place) in enumerate(zip(conference.talks, places, strict=True))
    ]
    for one in standing:
        yield from _alone(conference, one)
    for one, other in combinations(standing, 2):
        yield from _together(conference, one, other)
    for one, other in permutations(standing, 2):
        yield from _in_order(conference, one, other)
    yield from _crowds(standing)


@dataclass(frozen=True, slots=True)
class Standing:
    """A talk with its place."""

    number: int
    talk: Talk
    place: Place
    timeslot: Timeslot


def _alone(conference: Conference, one: Standing) -> Iterator[Match]:
    talk, minutes = one.talk, one.timeslot.minutes
    room = conference.rooms[one.place.room]

    def match(constraint: Constraint, amount: int) -> Iterator[Match]:
        if amount:
            yield Match(constraint, (one.number,), amount)

    if one.place.timeslot in room.unavailable:
        yield from match(Constraint.ROOM_UNAVAILABLE, minutes)
    speakers = [conference.speakers[number] for number in talk.speakers]
    for speaker in speakers:
        if one.place.timeslot in speaker.unavailable:
            yield from match(Constraint.SPEAKER_UNAVAILABLE, minutes)
    for constraint, asked, given in (
        (_SPEAKER_TIMESLOT, [speaker.timeslot_tags for speaker in speakers], one.timeslot.tags),
        (_TALK_TIMESLOT, [talk.timeslot_tags], one.timeslot.tags),
        (_SPEAKER_ROOM, [speaker.room_tags for speaker in speakers], room.tags),
        (_TALK_ROOM, [talk.room_tags], room.tags),
    ):
        for kind, count in zip(constraint, _tag_counts(asked, given), strict=True):
            yield from match(kind, count * minutes)
    if talk.published_timeslot not in {None, one.place.timeslot}:
        yield from match(Constraint.PUBLISHED_TIMESLOT, 1)
    if talk.published_room not in {None, one.place.room}:
        yield from match(Constraint.PUBLISHED_ROOM, 1)


_SPEAKER_TIMESLOT = (
    Constraint.SPEAKER_REQUIRED_TIMESLOT,
    Constraint.SPEAKER_PREFERRED_TIMESLOT,
    Constraint.SPEAKER_PROHIBITED_TIMESLOT,
    Constraint.SPEAKER_UNDESIRED_TIMESLOT,
)
_TALK_TIMESLOT = (
    Constraint.TALK_REQUIRED_TIMESLOT,
    Constraint.TALK_PREFERRED_TIMESLOT,
    Constraint.TALK_PROHIBITED_TIMESLOT,
    Constraint.TALK_UNDESIRED_TIMESLOT,
)
_SPEAKER_ROOM = (
    Constraint.SPEAKER_REQUIRED_ROOM,
    Constraint.SPEAKER_PREFERRED_ROOM,
    Constraint.SPEAKER_PROHIBITED_ROOM,
    Constraint.SPEAKER_UNDESIRED_ROOM,
)
_TALK_ROOM = (
    Constraint.TALK_REQUIRED_ROOM,
    Constraint.TALK_PREFERRED_ROOM,
    Constraint.TALK_PROHIBITED_ROOM,
    Constraint.TALK_UNDESIRED_ROOM,
)


def _tag_counts(asked: Sequence[Tags], given: frozenset[str]) -> tuple[int, int, int, int]:
    return (
        sum(len(tags.required - given) for tags in asked),
        sum(len(tags.preferred - given) for tags in asked),
        sum(len(tags.prohibited & given) for tags in asked),
        sum(len(tags.undesired & given) for tags in asked),
    )


def _together(conference: Conference, one: Standing, other: Standing) -> Iterator[Match]:
    talks = (one.number, other.number)
    overlap = one.timeslot.overlap(other.timeslot)
    if overlap:
        for constraint, count in _at_once(one, other):
            if count:
                yield Match(constraint, talks, count * overlap)
        for _ in range(_shared_speakers(one, other)):
            yield Match(Constraint.SPEAKER_CONFLICT, talks, overlap)
    if one.place.timeslot == other.place.timeslot:
        for constraint, count in _side_by_side(one.talk, other.talk):
            if count:
                yield Match(constraint, talks, count * one.timeslot.minutes)
    for constraint, count in _over_days(conference, one, other):
        if count:
            yield Match(constraint, talks, count * (one.timeslot.minutes + other.timeslot.minutes))


type Counted = Iterator[tuple[Constraint, int]]


def _at_once(one: Standing, other: Standing) -> Counted:
    """Constraints on two talks whose timeslots overlap, counted for each minute of it."""
    talk, second = one.talk, other.talk
    themes = len(talk.themes & second.themes)
    yield Constraint.ROOM_CONFLICT, one.place.room == other.place.room
    yield Constraint.MUTUALLY_EXCLUSIVE, len(talk.exclusions & second.exclusions)
    yield Constraint.THEME_CONFLICT, themes
    yield Constraint.SECTOR_CONFLICT, len(talk.sectors & second.sectors)
    yield Constraint.AUDIENCE_THEME_CONFLICT, themes * len(talk.audience_types & second.audience_types)
    yield Constraint.CONTENT_CONFLICT, len(talk.contents & second.contents)


def _side_by_side(talk: Talk, second: Talk) -> Counted:
    """Constraints on two talks in the very same timeslot, counted for each of its minutes."""
    yield Constraint.AUDIENCE_DIVERSITY, len(talk.audience_types & second.audience_types)
    yield Constraint.LEVEL_DIVERSITY, talk.audience_level != second.audience_level
    yield Constraint.LANGUAGE_DIVERSITY, talk.language != second.language


def _over_days(conference: Conference, one: Standing, other: Standing) -> Counted:
    """Constraints on two talks wherever they stand, counted for each minute of either."""
    themes = len(one.talk.themes & other.talk.themes)
    same_day = one.timeslot.day == other.timeslot.day
    close = not _is_pause(conference.pause, one.timeslot, other.timeslot)
    yield Constraint.PAUSE, close and _shared_speakers(one, other) > 0
    yield Constraint.THEME_STABILITY, themes * (same_day and one.place.room != other.place.room)
    yield Constraint.SAME_DAY, (themes + len(one.talk.contents & other.talk.contents)) * (not same_day)


def _shared_speakers(one: Standing, other: Standing) -> int:
    return len(set(one.talk.speakers) & set(other.talk.speakers))


def _is_pause(least: int, one: Timeslot, other: Timeslot) -> bool:
    """Whether there is time enough between the two; days are apart in any case."""
    if one.day != other.day:
        return True
    if one.overlap(other):
        return False
    return max(one.start, other.start) - min(one.end, other.end) >= least


def _in_order(conference: Conference, one: Standing, other: Standing) -> Iterator[Match]:
    """Constraints in which the first talk of the pair is the earlier, the easier or the less popular one."""
    both = one.timeslot.minutes + other.timeslot.minutes
    talks = (one.number, other.number)
    if one.timeslot.ends_after_start_of(other.timeslot):
        if one.number in other.talk.prerequisites:
            yield Match(Constraint.PREREQUISITES, talks, both)
        contents = len(one.talk.contents & other.talk.contents)
        if contents and one.talk.audience_level < other.talk.audience_level:
            yield Match(Constraint.LEVEL_FLOW, talks, contents * both)
    if one.talk.favourites < other.talk.favourites:
        rooms = conference.rooms
        if rooms[one.place.room].capacity > rooms[other.place.room].capacity:
            yield Match(Constraint.POPULAR, talks, both)


def _crowds(standing: Sequence[Standing]) -> Iterator[Match]:
    """Talks that draw a crowd stand in pairs; one alone in its timeslot is not counted, three or more are."""
    risky = [one for one in standing if one.talk.crowd_risk > 0]
    count = Counter(one.place.timeslot for one in risky)
    for one in risky:
        if count[one.place.timeslot] > 2:  # noqa: PLR2004 - a pair
            yield Match(Constraint.CROWD_CONTROL, (one.number,), one.timeslot.minutes)

"""A conference as the workbook of OptaPlanner and Timefold tells it; everything is named by its number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Constraint(StrEnum):
    """The 37 constraints, by the names under which the sheet Configuration gives their weights."""

    ROOM_UNAVAILABLE = "Room unavailable timeslot"
    ROOM_CONFLICT = "Room conflict"
    SPEAKER_UNAVAILABLE = "Speaker unavailable timeslot"
    SPEAKER_CONFLICT = "Speaker conflict"
    PREREQUISITES = "Talk prerequisite talks"
    MUTUALLY_EXCLUSIVE = "Talk mutually-exclusive-talks tags"
    PAUSE = "Consecutive talks pause"
    CROWD_CONTROL = "Crowd control"
    SPEAKER_REQUIRED_TIMESLOT = "Speaker required timeslot tags"
    SPEAKER_PROHIBITED_TIMESLOT = "Speaker prohibited timeslot tags"
    TALK_REQUIRED_TIMESLOT = "Talk required timeslot tags"
    TALK_PROHIBITED_TIMESLOT = "Talk prohibited timeslot tags"
    SPEAKER_REQUIRED_ROOM = "Speaker required room tags"
    SPEAKER_PROHIBITED_ROOM = "Speaker prohibited room tags"
    TALK_REQUIRED_ROOM = "Talk required room tags"
    TALK_PROHIBITED_ROOM = "Talk prohibited room tags"
    PUBLISHED_TIMESLOT = "Published timeslot"
    PUBLISHED_ROOM = "Published room"
    THEME_CONFLICT = "Theme track conflict"
    THEME_STABILITY = "Theme track room stability"
    SECTOR_CONFLICT = "Sector conflict"
    AUDIENCE_DIVERSITY = "Audience type diversity"
    AUDIENCE_THEME_CONFLICT = "Audience type theme track conflict"
    LEVEL_DIVERSITY = "Audience level diversity"
    LEVEL_FLOW = "Content audience level flow violation"
    CONTENT_CONFLICT = "Content conflict"
    LANGUAGE_DIVERSITY = "Language diversity"
    SAME_DAY = "Same day talks"
    POPULAR = "Popular talks"
    SPEAKER_PREFERRED_TIMESLOT = "Speaker preferred timeslot tags"
    SPEAKER_UNDESIRED_TIMESLOT = "Speaker undesired timeslot tags"
    TALK_PREFERRED_TIMESLOT = "Talk preferred timeslot tags"
    TALK_UNDESIRED_TIMESLOT = "Talk undesired timeslot tags"
    SPEAKER_PREFERRED_ROOM = "Speaker preferred room tags"
    SPEAKER_UNDESIRED_ROOM = "Speaker undesired room tags"
    TALK_PREFERRED_ROOM = "Talk preferred room tags"
    TALK_UNDESIRED_ROOM = "Talk undesired room tags"


REWARDS = frozenset(
    {Constraint.AUDIENCE_DIVERSITY, Constraint.LEVEL_DIVERSITY, Constraint.LANGUAGE_DIVERSITY}
)


class Score(NamedTuple):
    """Larger is better, and each figure counts only between timetables that are equal in those before it."""

    hard: int
    medium: int
    soft: int

    def times(self, amount: int) -> "Score":
        return Score(self.hard * amount, self.medium * amount, self.soft * amount)

    def plus(self, other: "Score") -> "Score":
        return Score(self.hard + other.hard, self.medium + other.medium, self.soft + other.soft)

    def __str__(self) -> str:
        return f"{self.hard}hard/{self.medium}medium/{self.soft}soft"


class Place(NamedTuple):
    """Where a talk stands: the numbers of a timeslot and of a room, from 0 in the order of their sheets."""

    timeslot: int
    room: int


@dataclass(frozen=True, slots=True)
class Tags:
    required: frozenset[str] = frozenset()
    preferred: frozenset[str] = frozenset()
    prohibited: frozenset[str] = frozenset()
    undesired: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Timeslot:
    day: date
    start: int  # minutes after midnight
    end: int
    talk_types: frozenset[str]
    tags: frozenset[str] = frozenset()

    @property
    def minutes(self) -> int:
        return self.end - self.start

    def overlap(self, other: "Timeslot") -> int:
        """Minutes that both have in common."""
        if self.day != other.day:
            return 0
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def ends_after_start_of(self, other: "Timeslot") -> bool:
        return (self.day, self.end) > (other.day, other.start)


@dataclass(frozen=True, slots=True)
class Room:
    name: str
    capacity: int
    talk_types: frozenset[str]
    tags: frozenset[str] = frozenset()
    unavailable: frozenset[int] = frozenset()  # numbers of timeslots


@dataclass(frozen=True, slots=True)
class Speaker:
    name: str
    timeslot_tags: Tags = Tags()
    room_tags: Tags = Tags()
    unavailable: frozenset[int] = frozenset()  # numbers of timeslots


@dataclass(frozen=True, slots=True)
class Talk:
    code: str
    title: str
    talk_type: str
    speakers: tuple[int, ...] = ()  # numbers of speakers
    themes: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    audience_types: frozenset[str] = frozenset()
    audience_level: int = 1
    contents: frozenset[str] = frozenset()
    language: str = ""
    timeslot_tags: Tags = Tags()
    room_tags: Tags = Tags()
    exclusions: frozenset[str] = frozenset()
    prerequisites: frozenset[int] = frozenset()  # numbers of talks
    favourites: int = 0
    crowd_risk: int = 0
    pinned: Place | None = None  # it stands there, whatever that costs
    published_timeslot: int | None = None
    published_room: int | None = None


@dataclass(frozen=True, slots=True)
class Conference:
    name: str
    pause: int  # least minutes between two talks of a speaker
    weights: Mapping[Constraint, Score]  # of one match and unit, none negative
    timeslots: tuple[Timeslot, ...]
    rooms: tuple[Room, ...]
    speakers: tuple[Speaker, ...]
    talks: tuple[Talk, ...]

    def places(self, talk: Talk) -> tuple[Place, ...]:
        """Where the talk may stand: the timeslots and rooms that take its type, or where it is pinned."""
        if talk.pinned is not None:
            return (talk.pinned,)
        return tuple(
            Place(number, place)
            for number, timeslot in enumerate(self.timeslots)
            if talk.talk_type in timeslot.talk_types
            for place, room in enumerate(self.rooms)
            if talk.talk_type in room.talk_types
        )

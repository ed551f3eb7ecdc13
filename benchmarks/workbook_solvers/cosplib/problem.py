"""A conference of the CoSPLib kind: submissions of tracks, to be put into the slots of sessions in rooms.

All submissions, tracks, sessions and rooms are numbered from 0 in the order of the workbook.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

type Matrix = tuple[tuple[int, ...], ...]
type Pairs = frozenset[tuple[int, int]]  # the smaller number first


class Weights(NamedTuple):
    """What each unit of a term costs, in the order of the sheet `parameters`."""

    tracks_sessions: int
    tracks_rooms: int
    sessions_rooms: int
    similar_tracks: int
    num_rooms_per_track: int
    parallel_tracks: int
    consecutive_tracks: int
    submissions_timezones: int
    submissions_order: int
    submissions_sessions: int
    submissions_rooms: int
    presenters: int
    attendees: int
    chairs: int
    presenters_slots: int
    attendees_slots: int


class Place(NamedTuple):
    """Where a submission stands: it holds its slots of this session and room from `start` on."""

    session: int
    room: int
    start: int


type Places = Sequence[Place | None]  # by submission; None stands nowhere


@dataclass(frozen=True, slots=True)
class Submission:
    name: str | float  # as the cell has it: other readers look it up by this value
    track: int
    slots: int
    order: int  # 1 is first in its track, 0 does not care
    by_session: tuple[int, ...]  # penalty for each slot, by session
    by_zone: tuple[int, ...]  # penalty of the local hour for each slot, by session
    by_room: tuple[int, ...]  # penalty for each slot, by room


@dataclass(frozen=True)
class Conference:
    submissions: tuple[Submission, ...]
    tracks: tuple[str | float, ...]
    sessions: tuple[str | float, ...]
    slots: tuple[int, ...]  # how many each session has
    rooms: tuple[str | float, ...]
    weights: Weights
    track_session: Matrix
    track_room: Matrix
    session_room: Matrix
    similar: Matrix  # track by track, symmetric
    presenter_pairs: Pairs  # submissions that share a presenter, or one presents in the other's chair
    attendee_pairs: Pairs  # submissions that somebody wants to attend both of
    chair_pairs: Pairs  # tracks that share a chair

    @cached_property
    def of_track(self) -> tuple[tuple[int, ...], ...]:
        """The submissions of each track."""
        return tuple(
            tuple(number for number, one in enumerate(self.submissions) if one.track == track)
            for track in range(len(self.tracks))
        )

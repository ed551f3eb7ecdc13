"""The tables of the programme, by what they hold."""

from muntada.programme.models.choices import TsTzRange
from muntada.programme.models.releases import Release, ReleaseEntry, ReleaseLetter
from muntada.programme.models.requests import RequestSpeaker, SessionRequest
from muntada.programme.models.sessions import Session, SessionPerson
from muntada.programme.models.timetables import Move, Placement, PlacementPerson, SessionLock, Timetable
from muntada.programme.models.venue import Building, Room, RoomClosure, RoomOpening, Slot, Walk

__all__ = [
    "Building",
    "Move",
    "Placement",
    "PlacementPerson",
    "Release",
    "ReleaseEntry",
    "ReleaseLetter",
    "RequestSpeaker",
    "Room",
    "RoomClosure",
    "RoomOpening",
    "Session",
    "SessionLock",
    "SessionPerson",
    "SessionRequest",
    "Slot",
    "Timetable",
    "TsTzRange",
    "Walk",
]

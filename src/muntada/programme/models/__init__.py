"""The tables of the programme, by what they hold."""

from muntada.programme.models.choices import TsTzRange
from muntada.programme.models.releases import Release, ReleaseEntry
from muntada.programme.models.requests import RequestSpeaker, SessionRequest
from muntada.programme.models.sessions import Session, SessionPerson
from muntada.programme.models.timetables import Placement, PlacementPerson, Timetable
from muntada.programme.models.venue import Room, RoomClosure, Slot

__all__ = [
    "Placement",
    "PlacementPerson",
    "Release",
    "ReleaseEntry",
    "RequestSpeaker",
    "Room",
    "RoomClosure",
    "Session",
    "SessionPerson",
    "SessionRequest",
    "Slot",
    "Timetable",
    "TsTzRange",
]

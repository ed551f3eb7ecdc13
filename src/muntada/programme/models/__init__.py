"""The tables of the programme, by what they hold."""

from muntada.programme.models.books import Book
from muntada.programme.models.checks import ReportOwed, RequestRule
from muntada.programme.models.choices import TsTzRange
from muntada.programme.models.favourites import Favourite, FavouriteCalendar
from muntada.programme.models.free_places import FreePlace
from muntada.programme.models.hours import HoursSaid, HoursTold, HoursToldSpan
from muntada.programme.models.merging import MergeRole, RequestMerge
from muntada.programme.models.releases import Release, ReleaseEntry, ReleaseLetter
from muntada.programme.models.request_forms import FormVersion
from muntada.programme.models.request_versions import RequestCopy, RequestVersion
from muntada.programme.models.requests import SessionRequest
from muntada.programme.models.reviews import Review, ReviewMark, ReviewTerms
from muntada.programme.models.selections import Pin, PlannedDecision, Selection, SelectionRules
from muntada.programme.models.sessions import Session, SessionPerson
from muntada.programme.models.speakers import CoOrganiser, RequestSpeaker, SpeakerFacts, SpeakerSpan
from muntada.programme.models.ties import (
    ApartMember,
    ApartSet,
    SeriesPart,
    SessionOrder,
    SessionSeries,
    TimetableRules,
)
from muntada.programme.models.timetables import Move, Placement, PlacementPerson, SessionLock, Timetable
from muntada.programme.models.venue import Building, Room, RoomClosure, RoomOpening, Slot, Walk

__all__ = [
    "ApartMember",
    "ApartSet",
    "Book",
    "Building",
    "CoOrganiser",
    "Favourite",
    "FavouriteCalendar",
    "FormVersion",
    "FreePlace",
    "HoursSaid",
    "HoursTold",
    "HoursToldSpan",
    "MergeRole",
    "Move",
    "Pin",
    "Placement",
    "PlacementPerson",
    "PlannedDecision",
    "Release",
    "ReleaseEntry",
    "ReleaseLetter",
    "ReportOwed",
    "RequestCopy",
    "RequestMerge",
    "RequestRule",
    "RequestSpeaker",
    "RequestVersion",
    "Review",
    "ReviewMark",
    "ReviewTerms",
    "Room",
    "RoomClosure",
    "RoomOpening",
    "Selection",
    "SelectionRules",
    "SeriesPart",
    "Session",
    "SessionLock",
    "SessionOrder",
    "SessionPerson",
    "SessionRequest",
    "SessionSeries",
    "Slot",
    "SpeakerFacts",
    "SpeakerSpan",
    "Timetable",
    "TimetableRules",
    "TsTzRange",
    "Walk",
]

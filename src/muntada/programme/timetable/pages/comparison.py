"""Two timetables side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from muntada.programme.sessions.models import Session
from muntada.programme.timetable.pages.board import Seated
from muntada.programme.timetable.rules import FIGURE_NAMES, Figures, moment_in_words


@dataclass(frozen=True)
class TwoFigures:
    """One figure in both; smaller is better."""

    label: str
    here: int
    there: int


@dataclass(frozen=True)
class PlacementDifference:
    """A session that stands differently; an empty place is none."""

    session: Session
    here: str
    there: str


def figures_side_by_side(here: Figures, there: Figures) -> list[TwoFigures]:
    return [
        TwoFigures(str(label), here.get(key, 0), there.get(key, 0))
        for key, label in FIGURE_NAMES.items()
        if key in here or key in there
    ]


def compare(
    sessions: Mapping[int, Session],
    rooms: Mapping[int, str],
    here: Iterable[Seated],
    there: Iterable[Seated],
    zone: ZoneInfo,
) -> list[PlacementDifference]:
    """Return the sessions that do not stand at the same time in the same room in both."""

    def places(seats: Iterable[Seated]) -> dict[int, str]:
        return {
            seat.session_id: f"{moment_in_words(seat.starts_at, zone)}, {rooms.get(seat.room_id, '')}"
            for seat in seats
        }

    ours, theirs = places(here), places(there)
    return [
        PlacementDifference(session, ours.get(pk, ""), theirs.get(pk, ""))
        for pk, session in sessions.items()
        if ours.get(pk) != theirs.get(pk)
    ]

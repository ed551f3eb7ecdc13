"""The page object of a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from muntada.programme.sessions.models import Session
from muntada.programme.timetable.adapter.frames import frame_now, seats_of
from muntada.programme.timetable.adapter.timetables import Seat, TimetableFrame, judge
from muntada.programme.timetable.models import Timetable
from muntada.programme.timetable.pages.board import Board, BoardCard, board, cards, days_of
from muntada.programme.timetable.pages.findings import LeftOut, left_out
from muntada.programme.timetable.rules import Figures, TimetableFinding


@dataclass(frozen=True)
class UnplacedSession:
    """A session that has no place in a draft, and why as far as it was said."""

    session: Session
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Workspace:
    """A draft as it stands and as it is judged now."""

    frame: TimetableFrame
    seats: Sequence[Seat]
    findings: Sequence[TimetableFinding]
    objective: Figures
    is_judged_anew: bool
    cards: Sequence[BoardCard]
    missing: Sequence[UnplacedSession]
    days: Sequence[date]

    def board_of(self, timetable: Timetable, day: date) -> Board:
        """Draw one day of it."""
        names = self.frame.names
        closed = frozenset(
            (int(slot), int(room.id)) for room in self.frame.problem.rooms for slot in room.closed
        )
        zone = timetable.forum.timezone
        return board(day, names.slots.values(), names.rooms.values(), self.cards, closed, zone)


def workspace_of(timetable: Timetable) -> Workspace:
    """Read a draft; where something has changed since it was judged, it is judged as things are now."""
    frame, state = frame_now(timetable.forum)
    seats = seats_of(timetable)
    is_old = timetable.judged_by != state
    if is_old:
        judgement = judge(frame, seats)
        findings, objective = judgement.findings, judgement.objective
    else:
        findings, objective = timetable.findings, timetable.objective
    sessions = {session.pk: session for session in frame.names.sessions.values()}
    rooms = {room.pk: room for room in frame.names.rooms.values()}
    zone = timetable.forum.timezone
    placed = cards(seats, sessions, rooms, findings, zone)
    standing = {card.session.pk for card in placed}
    said = {one.session: one for one in left_out(timetable.left_out, zone)}
    nothing = LeftOut("", ())
    return Workspace(
        frame=frame,
        seats=seats,
        findings=findings,
        objective=objective,
        is_judged_anew=is_old,
        cards=placed,
        missing=[
            UnplacedSession(session, said.get(session.symbol.short, nothing).reasons)
            for session in sessions.values()
            if session.pk not in standing
        ],
        days=days_of(frame.names.slots.values(), placed, zone),
    )

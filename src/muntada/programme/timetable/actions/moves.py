"""Move single sessions by hand, with undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext

from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations import live
from muntada.foundations.errors import Refused
from muntada.foundations.stored import as_stored
from muntada.programme.sessions.models import Room, Session, Slot
from muntada.programme.timetable.actions.placements import draft_to_change, replace, store_judgement, topic_of
from muntada.programme.timetable.adapter.frames import frame_now, seats_of
from muntada.programme.timetable.adapter.timetables import Seat, TimetableFrame, TimetableJudgement, judge
from muntada.programme.timetable.models import Move, Placement, Timetable
from muntada.programme.timetable.queries import moves_since
from muntada.programme.timetable.rules import UnplacedReasons, in_words, moved_meanwhile
from muntada.record import actions as record
from muntada.record.rules import Actor


@dataclass(frozen=True)
class PlacementChange:
    """A change of one session; None means unplaced."""

    session: Session
    before: Seat | None
    after: Seat | None


def move_session(
    *,
    timetable: Timetable,
    session: Session,
    room: Room,
    slot: Slot,
    actor: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Placement:
    """Move or place a session; refuse what breaks a rule, with those affected.

    With the version the editor saw, a conflicting move since then is reported.
    """
    require_role(actor, SECRETARIAT, timetable.forum_id)
    seat = Seat(session.pk, room.pk, slot.starts_at, slot.starts_at + timedelta(minutes=session.minutes))
    _change(
        timetable,
        {session.pk: seat},
        actor=actor,
        now=now,
        seen_version=seen_version,
        verb="move_session",
        words={"room": room.name, "starts_at": slot.starts_at},
    )
    return Placement.objects.select_related("room").get(timetable=timetable, session=session)


def take_out(
    *, timetable: Timetable, session: Session, actor: Actor, now: datetime, seen_version: int | None = None
) -> None:
    """Unplace a session."""
    require_role(actor, SECRETARIAT, timetable.forum_id)
    _change(
        timetable,
        {session.pk: None},
        actor=actor,
        now=now,
        seen_version=seen_version,
        verb="take_out_session",
        words={},
    )


def undo_last_move(*, timetable: Timetable, actor: Actor, now: datetime) -> list[Session]:
    """Undo the last change by hand; repeated calls go further back."""
    require_role(actor, SECRETARIAT, timetable.forum_id)
    with transaction.atomic():
        draft = draft_to_change(timetable)
        rows = _last_step(draft)
        if not rows:
            raise Refused(gettext("There is no move to undo in this timetable."), "nothing-to-undo")
        seats = {
            row.session_id: Seat(
                row.session_id, row.from_room_id, row.from_period.lower, _end_of(row.session, row.from_period)
            )
            if row.from_room_id
            else None
            for row in rows
        }
        Move.objects.filter(pk__in=[row.pk for row in rows]).update(undone_at=now)
        _change(draft, seats, actor=actor, now=now, verb="undo_move", words={}, is_undo=True)
    return [row.session for row in rows]


def _end_of(session: Session, period: DateTimeTZRange) -> datetime:
    """Return when a session ends that stood there: its length can have changed since."""
    starts_at: datetime = period.lower
    return starts_at + timedelta(minutes=session.minutes)


def _last_step(draft: Timetable) -> list[Move]:
    standing = Move.objects.filter(timetable=draft, undone_at=None, is_undo=False)
    last = standing.order_by("-version").values_list("version", flat=True).first()
    return list(standing.filter(version=last).select_related("session__symbol")) if last is not None else []


def _change(
    timetable: Timetable,
    wanted: dict[int, Seat | None],
    *,
    actor: Actor,
    now: datetime,
    verb: str,
    words: dict[str, object],
    seen_version: int | None = None,
    is_undo: bool = False,
) -> None:
    """Change placements, all or none, judged before storing."""
    try:
        with transaction.atomic():
            draft = draft_to_change(timetable)
            _require_unmoved(draft, wanted, seen_version)
            frame, state = frame_now(draft.forum)
            _require_held(frame, wanted)
            before = seats_of(draft)
            after = [one for one in before if one.session_id not in wanted]
            after += [seat for seat in wanted.values() if seat is not None]
            judgement = judge(frame, after)
            _require_nothing_new(draft, _known(draft, frame, state, before), judgement)
            replace(draft, [seat for seat in wanted.values() if seat is not None], list(wanted))
            draft.version += 1
            _keep(draft, _changes(frame, before, wanted), actor, now, is_undo=is_undo)
            _follow_unplaced(draft, _changes(frame, before, wanted))
            draft.save(update_fields=["version", "unplaced"])
            store_judgement(draft, judgement, state)
            for change in _changes(frame, before, wanted):
                record.write(
                    forum_id=draft.forum_id,
                    actor=actor,
                    verb=verb,
                    symbol=change.session.symbol,
                    change={"timetable": draft.number, **words},
                    now=now,
                )
            live.announce(topic_of(draft))
    except IntegrityError as error:
        raise Refused(
            gettext(
                "Somebody else has just used this room or placed one of these people. Please look again."
            ),
            "double-booking",
            "room",
        ) from error


def _changes(
    frame: TimetableFrame, before: Sequence[Seat], wanted: dict[int, Seat | None]
) -> list[PlacementChange]:
    stood = {seat.session_id: seat for seat in before}
    sessions = {session.pk: session for session in frame.names.sessions.values()}
    return [
        PlacementChange(sessions[pk], stood.get(pk), seat) for pk, seat in wanted.items() if pk in sessions
    ]


def _require_held(frame: TimetableFrame, wanted: dict[int, Seat | None]) -> None:
    """Refuse to place what does not take place any more."""
    known = {session.pk for session in frame.names.sessions.values()}
    if any(seat is not None and pk not in known for pk, seat in wanted.items()):
        raise Refused(gettext("This session is cancelled and has no place any more."), "session-cancelled")


def _require_unmoved(draft: Timetable, wanted: dict[int, Seat | None], seen_version: int | None) -> None:
    if seen_version is None or seen_version >= draft.version:
        return
    for move in moves_since(draft, seen_version).filter(session_id__in=wanted):
        raise Refused(moved_meanwhile(move.news(draft.forum.timezone)), "moved-meanwhile")


def _known(
    draft: Timetable, frame: TimetableFrame, state: str, before: Sequence[Seat]
) -> set[tuple[str, tuple[str, ...]]]:
    """Return what was wrong already: as it was judged, or judged anew where something has changed since."""
    if draft.judged_by == state:
        return {(one.rule, one.sessions) for one in draft.findings if one.tier == "hard"}
    return {(finding.rule, finding.sessions) for finding in judge(frame, before).hard}


def _require_nothing_new(
    draft: Timetable, known: set[tuple[str, tuple[str, ...]]], after: TimetableJudgement
) -> None:
    """Refuse what a move would newly break."""
    broken = [finding for finding in after.hard if (finding.rule, finding.sessions) not in known]
    if broken:
        words = in_words(broken[0].sentence, broken[0].params, draft.forum.timezone)
        raise Refused(words, f"move-{broken[0].rule}", "room" if "room" in broken[0].rule else "slot")


def _keep(
    draft: Timetable, changes: Sequence[PlacementChange], actor: Actor, now: datetime, *, is_undo: bool
) -> None:
    Move.objects.bulk_create(
        Move(
            timetable=draft,
            version=draft.version,
            session=change.session,
            moved_by_id=actor.person_id,
            moved_at=now,
            from_room_id=change.before.room_id if change.before else None,
            from_period=_period(change.before),
            to_room_id=change.after.room_id if change.after else None,
            to_period=_period(change.after),
            is_undo=is_undo,
        )
        for change in changes
    )


def _period(seat: Seat | None) -> DateTimeTZRange | None:
    return DateTimeTZRange(seat.starts_at, seat.ends_at) if seat else None


def _follow_unplaced(draft: Timetable, changes: Sequence[PlacementChange]) -> None:
    names = {change.session.symbol.short: change for change in changes}
    left_out = [one for one in draft.left_out if one.session not in names]
    left_out += [UnplacedReasons(name) for name, change in names.items() if change.after is None]
    draft.unplaced = [as_stored(one) for one in left_out]

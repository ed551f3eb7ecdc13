"""Making a timetable, watching it being made, and moving single sessions by hand."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWorking
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.foundations import live
from muntada.foundations.errors import Refused
from muntada.programme.engine.timetables import Frame, HowFar, Judgement, Made, Seat, frame_of, judge, make
from muntada.programme.models import Placement, PlacementPerson, Room, Session, SessionPerson, Slot, Timetable
from muntada.programme.queries.releases import last_release
from muntada.programme.queries.timetables import sessions_to_place
from muntada.programme.queries.venue import rooms_of, slots_of
from muntada.programme.rules.secretariat import require_secretariat
from muntada.programme.rules.sessions import ON_STAGE
from muntada.programme.rules.timetables import TimetableState, in_words, require_unreleased
from muntada.record import actions as record
from muntada.record.rules import Actor

# Seconds of computing, as the engine counts them: the same on every machine.
EFFORTS: dict[str, float] = {"quick": 5.0, "normal": 20.0, "thorough": 120.0}
LOOK_EVERY_SECONDS = 0.4
LOCK = "programme.timetable"


def topic_of(timetable: Timetable) -> str:
    """Return the live topic on which the making of a timetable is announced."""
    return f"{timetable.forum.slug}-timetable-{timetable.number}"


def order_timetable(
    *, forum: Forum, actor: Actor, now: datetime, seed: int = 0, effort: float = EFFORTS["normal"]
) -> Timetable:
    """Write down that a timetable is wanted; refuse where there is nothing to make it from."""
    require_secretariat(actor)
    _require_material(forum)
    with transaction.atomic():
        timetable = _new_timetable(forum, now, state=TimetableState.WAITING, seed=seed, effort=effort)
        record.write(
            forum_id=forum.pk,
            actor=actor,
            verb="make_timetable",
            change={"timetable": timetable.number, "seed": seed, "effort": effort},
            now=now,
        )
    return timetable


def make_timetable(
    *, forum: Forum, actor: Actor, now: datetime, seed: int = 0, effort: float = EFFORTS["normal"]
) -> Timetable:
    """Make a timetable and wait for it."""
    timetable = order_timetable(forum=forum, actor=actor, now=now, seed=seed, effort=effort)
    return run_timetable(timetable=timetable)


def run_timetable(*, timetable: Timetable) -> Timetable:
    """Make the timetable that was ordered. Started twice it is made once; left half-way it can start anew."""
    with _only_one(timetable) as is_mine:
        timetable.refresh_from_db()
        if not is_mine or timetable.state == TimetableState.READY:
            return timetable
        timetable.state = TimetableState.MAKING
        timetable.save(update_fields=["state"])
        try:
            frame = frame_of(timetable.forum, published=_published_seats(timetable.forum))
            _store(timetable, _watched(timetable, frame))
        except BaseException:
            # Nobody waits for this one any longer; the caller or the queue says what happened.
            Timetable.objects.filter(pk=timetable.pk).update(state=TimetableState.FAILED)
            raise
        finally:
            live.announce(topic_of(timetable))
    return timetable


def reopen_timetable(*, timetable: Timetable, actor: Actor, now: datetime) -> None:
    """Let a timetable whose making failed or was broken off be made after all."""
    require_secretariat(actor)
    if timetable.state == TimetableState.READY:
        raise Refused(gettext("This timetable is made already."), "timetable-ready")
    with transaction.atomic():
        timetable.state, timetable.progress = TimetableState.WAITING, {}
        timetable.save(update_fields=["state", "progress"])
        record.write(
            forum_id=timetable.forum_id,
            actor=actor,
            verb="make_timetable_again",
            change={"timetable": timetable.number},
            now=now,
        )


def copy_timetable(*, timetable: Timetable, actor: Actor, now: datetime) -> Timetable:
    """Make a new draft from a timetable, to change it by hand; a released one is never changed itself."""
    require_secretariat(actor)
    _require_ready(timetable)
    with transaction.atomic():
        draft = _new_timetable(
            timetable.forum,
            now,
            state=TimetableState.READY,
            made_from=timetable,
            seed=timetable.seed,
            effort=0,
            status=timetable.status,
        )
        seats = seats_of(timetable)
        _place(draft, seats)
        _store_judgement(draft, judge(frame_of(timetable.forum), seats))
        record.write(
            forum_id=draft.forum_id,
            actor=actor,
            verb="copy_timetable",
            change={"timetable": draft.number, "from": timetable.number},
            now=now,
        )
    return draft


def move_session(
    *, timetable: Timetable, session: Session, room: Room, slot: Slot, actor: Actor, now: datetime
) -> Placement:
    """Put a session elsewhere, or somewhere at all; refuse what breaks a rule and say whom it hits."""
    require_secretariat(actor)
    try:
        with transaction.atomic():
            draft = Timetable.objects.select_for_update(no_key=True).get(pk=timetable.pk)
            _require_ready(draft)
            require_unreleased(is_released=hasattr(draft, "release"))
            frame = frame_of(draft.forum, published=_published_seats(draft.forum))
            before = seats_of(draft)
            seat = Seat(
                session.pk, room.pk, slot.starts_at, slot.starts_at + timedelta(minutes=session.minutes)
            )
            after = [one for one in before if one.session_id != session.pk] + [seat]
            judgement = judge(frame, after)
            _require_nothing_new(draft, judge(frame, before), judgement)
            placement = _put(draft, session, seat)
            _store_judgement(draft, judgement)
            draft.unplaced = [one for one in draft.unplaced if one["session"] != session.symbol.short]
            draft.save(update_fields=["unplaced"])
            record.write(
                forum_id=draft.forum_id,
                actor=actor,
                verb="move_session",
                symbol=session.symbol,
                change={"timetable": draft.number, "room": room.name, "starts_at": slot.starts_at},
                now=now,
            )
    except IntegrityError as error:
        raise Refused(
            gettext(
                "Somebody else has just used this room or placed one of these people. Please look again."
            ),
            "double-booking",
            "room",
        ) from error
    return placement


def seats_of(timetable: Timetable) -> list[Seat]:
    return [
        Seat(one.session_id, one.room_id, one.period.lower, one.period.upper)
        for one in Placement.objects.filter(timetable=timetable).order_by("session")
    ]


def _published_seats(forum: Forum) -> list[Seat]:
    release = last_release(forum)
    return seats_of(release.timetable) if release else []


def _require_material(forum: Forum) -> None:
    if not sessions_to_place(forum).exists():
        raise Refused(
            gettext("There is no session yet. Please accept session requests first."), "no-sessions"
        )
    if not rooms_of(forum).exists():
        raise Refused(gettext("There is no room yet. Please add rooms first."), "no-rooms")
    if not slots_of(forum).exists():
        raise Refused(gettext("There is no slot yet. Please add slots first."), "no-slots")


def _require_ready(timetable: Timetable) -> None:
    if timetable.state != TimetableState.READY:
        raise Refused(gettext("This timetable is not ready. Please wait until it is made."), "not-ready")


def _require_nothing_new(timetable: Timetable, before: Judgement, after: Judgement) -> None:
    """Refuse what a move would break; what was wrong before does not stand in its way."""
    known = {(finding.rule, finding.sessions) for finding in before.hard}
    broken = [finding for finding in after.hard if (finding.rule, finding.sessions) not in known]
    if broken:
        words = in_words(broken[0].sentence, broken[0].params, timetable.forum.timezone)
        raise Refused(words, f"move-{broken[0].rule}", "room" if "room" in broken[0].rule else "slot")


def _new_timetable(forum: Forum, now: datetime, **values: object) -> Timetable:
    # Two at once would get the same number: the second waits here for the first.
    Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
    last = Timetable.objects.filter(forum=forum).order_by("-number").first()
    return Timetable.objects.create(forum=forum, number=last.number + 1 if last else 1, made_at=now, **values)


def _watched(timetable: Timetable, frame: Frame) -> Made:
    """Let the engine work in a thread of its own, and write down from this one how far it is."""
    reports: list[HowFar] = []
    told = 0
    begun = time.monotonic()
    with ThreadPoolExecutor(max_workers=1) as pool:
        work = pool.submit(make, frame, seed=timetable.seed, effort=timetable.effort, report=reports.append)
        while True:
            try:
                return work.result(timeout=LOOK_EVERY_SECONDS)
            except StillWorking:
                if len(reports) > told:
                    told = len(reports)
                    _tell_progress(timetable, reports[-1], time.monotonic() - begun)


def _tell_progress(timetable: Timetable, progress: HowFar, seconds: float) -> None:
    Timetable.objects.filter(pk=timetable.pk).update(
        progress={
            "tier": progress.tier,
            "best": progress.best,
            "bound": progress.bound,
            "effort": progress.effort,
            "seconds": round(seconds, 1),
        }
    )
    live.announce(topic_of(timetable))


def _store(timetable: Timetable, made: Made) -> None:
    with transaction.atomic():
        _place(timetable, made.seats)
        timetable.state, timetable.status = TimetableState.READY, made.status
        timetable.bound, timetable.unplaced = dict(made.bound), [dict(one) for one in made.unplaced]
        timetable.progress = {"effort": made.effort}
        timetable.save(update_fields=["state", "status", "bound", "unplaced", "progress"])
        _store_judgement(timetable, made.judgement)


def _store_judgement(timetable: Timetable, judgement: Judgement) -> None:
    timetable.objective = dict(judgement.objective)
    timetable.violations = [finding.as_data() for finding in judgement.findings]
    timetable.save(update_fields=["objective", "violations"])


def _place(timetable: Timetable, seats: Sequence[Seat]) -> None:
    on_stage = SessionPerson.objects.filter(
        session_id__in=[seat.session_id for seat in seats], part__in=ON_STAGE
    )
    keys: dict[int, set[str]] = defaultdict(set)
    for session_id, key in on_stage.values_list("session_id", "key"):
        keys[session_id].add(key)
    placements = Placement.objects.bulk_create(
        Placement(
            timetable=timetable,
            session_id=seat.session_id,
            room_id=seat.room_id,
            period=DateTimeTZRange(seat.starts_at, seat.ends_at),
        )
        for seat in seats
    )
    PlacementPerson.objects.bulk_create(
        PlacementPerson(placement=placement, timetable=timetable, key=key, period=placement.period)
        for placement in placements
        for key in sorted(keys[placement.session_id])
    )


def _put(timetable: Timetable, session: Session, seat: Seat) -> Placement:
    """Move the placement, its people follow by themselves; or make one."""
    period = DateTimeTZRange(seat.starts_at, seat.ends_at)
    moved = Placement.objects.filter(timetable=timetable, session=session).update(
        room_id=seat.room_id, period=period
    )
    if not moved:
        _place(timetable, [seat])
    return Placement.objects.select_related("room").get(timetable=timetable, session=session)


@contextmanager
def _only_one(timetable: Timetable) -> Iterator[bool]:
    """Hold the making of a timetable for this connection alone; a worker that dies lets go of it."""
    key: tuple[str, int] = (LOCK, timetable.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s)", key)
        (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", key)

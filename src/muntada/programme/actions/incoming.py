"""Taking in a programme or session requests from a file: looked at first, then all of it or nothing."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.people.rules import Role
from muntada.programme.actions import task_types
from muntada.programme.actions.decisions import accept_request
from muntada.programme.actions.intake import import_requests
from muntada.programme.actions.places import add_room, add_slots
from muntada.programme.actions.placing import new_timetable, place, store_judgement
from muntada.programme.actions.requests import NewRequest, NewSpeaker, draft_from_file, hand_in
from muntada.programme.engine.files import FileRequest
from muntada.programme.engine.frames import frame_now
from muntada.programme.engine.incoming import as_csv_file, kind_of, programme_in, requests_in
from muntada.programme.engine.timetables import Seat, judge
from muntada.programme.models import IncomingFile, Room, Session, Slot, Timetable
from muntada.programme.models.incoming import FILE_NAME_LENGTH
from muntada.programme.rules.incoming import (
    FileKind,
    FileState,
    Incoming,
    IncomingRoom,
    IncomingSession,
    Unplaced,
    faults_in,
    parted,
    slots_needed,
)
from muntada.programme.rules.timetables import TimetableState
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, Actor

log = logging.getLogger("muntada.programme")

KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Coming:
    """What taking in a schedule would make, before anything is made."""

    title: str
    sessions: tuple[IncomingSession, ...]
    known: Mapping[UUID, str]
    rooms: tuple[IncomingRoom, ...]
    slots: tuple[tuple[datetime, datetime], ...]
    placed: tuple[IncomingSession, ...]
    unplaced: tuple[Unplaced, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """What was found in a file: what would come of it, or everything that is wrong with it."""

    faults: Sequence[str] = ()
    coming: Coming | None = None
    requests: Sequence[FileRequest] = ()
    file: IncomingFile | None = None


def look_at_file(*, forum: Forum, content: bytes, name: str, actor: Actor, now: datetime) -> Look:
    """Read a file, say what would come of it, and keep it so that exactly this can be taken in."""
    require_role(actor, SECRETARIAT, forum.pk)
    kind = kind_of(content)
    look = look_again(forum, kind, content, name)
    if look.faults:
        return look
    file = IncomingFile.objects.create(
        forum=forum,
        name=name[-FILE_NAME_LENGTH:],
        kind=kind,
        content=content,
        looked_by_id=actor.person_id,
        looked_at=now,
    )
    return Look(coming=look.coming, requests=look.requests, file=file)


def look_again(forum: Forum, kind: FileKind, content: bytes, name: str) -> Look:
    if kind is FileKind.REQUESTS:
        return Look(requests=requests_in(content, name))
    incoming = programme_in(content, kind, zone=forum.timezone, language=forum.languages[0])
    faults = faults_in(incoming)
    return Look(faults=faults) if faults else Look(coming=_coming(forum, incoming))


def _coming(forum: Forum, incoming: Incoming) -> Coming:
    known = _known(forum, incoming)
    new = [one for one in incoming.sessions if uid_here(forum, one.uid) not in known]
    there = list(Slot.objects.filter(forum=forum).values_list("starts_at", "ends_at"))
    slots = slots_needed((one.period for one in new), there)
    placed, unplaced = parted(new, [start for start, _ in (*there, *slots)])
    rooms = {name.casefold() for name in Room.objects.filter(forum=forum).values_list("name", flat=True)}
    return Coming(
        title=incoming.title,
        sessions=tuple(new),
        known=known,
        rooms=tuple(one for one in incoming.rooms if one.name.casefold() not in rooms),
        slots=tuple(slots),
        placed=tuple(placed),
        unplaced=tuple(unplaced),
        remarks=incoming.remarks,
    )


def _known(forum: Forum, incoming: Incoming) -> dict[UUID, str]:
    """Return the sessions of the file that are here already; they are left as they are."""
    wanted = [uid_here(forum, one.uid) for one in incoming.sessions]
    found = Session.objects.filter(forum=forum, uid__in=wanted).select_related("symbol")
    return {session.uid: session.symbol.short for session in found}


def uid_here(forum: Forum, uid: UUID) -> UUID:
    """Return by what a session is known here: its own guid, unless another forum here has that session."""
    is_elsewhere = Session.objects.filter(uid=uid).exclude(forum=forum).exists()
    return uuid5(uid, forum.slug) if is_elsewhere else uid


def order_file(*, file: IncomingFile, actor: Actor) -> None:
    """Have a file taken in by the queue; ordered twice is once."""
    require_role(actor, SECRETARIAT, file.forum_id)
    try:
        with transaction.atomic():
            kept = IncomingFile.objects.select_for_update(of=("self",), no_key=True).get(pk=file.pk)
            if kept.state in {FileState.DONE, FileState.WAITING}:
                return
            kept.state, kept.sentence = FileState.WAITING, ""
            kept.save(update_fields=["state", "sentence"])
            task_types.take_in_file.order(file_id=kept.pk)
            announce(topic_of(file))
    except IntegrityError as error:
        sentence = gettext("Another file of this forum is being taken in. Please wait until that is done.")
        raise Refused(sentence, "file-under-way") from error


def topic_of(file: IncomingFile) -> str:
    return f"{file.forum.slug}-file-{file.pk}"


def carry_out_file(*, file: IncomingFile, clock: Callable[[], datetime]) -> None:
    """Take in a file that was ordered: all of it or nothing; what is in the way is said on its page."""
    language = file.looked_by.language if file.looked_by else "en"
    actor = Actor(file.looked_by_id, Role.SECRETARIAT, file.forum_id) if file.looked_by_id else SYSTEM
    try:
        with translation.override(language):
            made, timetable = take_in(
                forum=file.forum,
                kind=FileKind(file.kind),
                content=bytes(file.content),
                name=file.name,
                actor=actor,
                now=clock(),
            )
    except Refused as refusal:
        _end(file, FileState.REFUSED, clock(), sentence=str(refusal))
    except Exception:
        log.exception("taking in file %s broke off", file.pk)
        _end(file, FileState.FAILED, clock())
        raise
    else:
        # What it said stands in the forum now; the file itself is needed no more.
        _end(file, FileState.DONE, clock(), made=made, timetable=timetable, content=b"")


def _end(file: IncomingFile, state: FileState, now: datetime, **columns: object) -> None:
    with transaction.atomic():
        IncomingFile.objects.filter(pk=file.pk).update(state=state, ended_at=now, **columns)
        announce(topic_of(file))


def take_in(
    *, forum: Forum, kind: FileKind, content: bytes, name: str, actor: Actor, now: datetime
) -> tuple[dict[str, int], Timetable | None]:
    """Take in a file: all of it, or nothing. Return how much of what was made."""
    require_role(actor, SECRETARIAT, forum.pk)
    if kind is FileKind.REQUESTS:
        with as_csv_file(content, name) as path:
            requests = import_requests(path=path, forum=forum, actor=actor, now=now)
        return {"requests": len(requests)}, None
    with transaction.atomic():
        # Two at once: the second waits, and then finds the sessions of the first.
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        look = look_again(forum, kind, content, name)
        if look.coming is None:
            raise Refused(look.faults[0], "file-faults", "file")
        return _make(forum, look.coming, name, actor, now)


def _make(
    forum: Forum, coming: Coming, name: str, actor: Actor, now: datetime
) -> tuple[dict[str, int], Timetable | None]:
    if not coming.sessions:
        raise Refused(gettext("Every session of this file is here already."), "file-known", "file")
    for room in coming.rooms:
        add_room(forum=forum, name=room.name, seats=room.seats, actor=actor, now=now)
    if coming.slots:
        add_slots(forum=forum, periods=coming.slots, actor=actor, now=now)
    sessions = {one.uid: _make_session(forum, one, name, actor, now) for one in coming.sessions}
    rooms = {room.name.casefold(): room for room in Room.objects.filter(forum=forum)}
    seats = [Seat(sessions[one.uid].pk, rooms[one.room.casefold()].pk, *one.period) for one in coming.placed]
    timetable = _draft(forum, seats, _left(coming, sessions), now) if seats else None
    made = Counter(
        sessions=len(sessions),
        rooms=len(coming.rooms),
        slots=len(coming.slots),
        unplaced=len(coming.unplaced),
    )
    record.write(
        forum_id=forum.pk,
        actor=actor,
        verb="import_schedule",
        change={"file": name, "timetable": timetable.number if timetable else None, **made},
        now=now,
    )
    return dict(made), timetable


def _draft(
    forum: Forum, seats: Sequence[Seat], left: Sequence[Mapping[str, object]], now: datetime
) -> Timetable:
    timetable = new_timetable(forum, now, state=TimetableState.READY, unplaced=list(left))
    place(timetable, seats)
    frame, state = frame_now(forum)
    store_judgement(timetable, judge(frame, seats), state)
    return timetable


def _left(coming: Coming, sessions: Mapping[UUID, Session]) -> list[dict[str, object]]:
    # The words are kept as they are: they name sessions and people of the file.
    return [
        {
            "session": sessions[one.session.uid].symbol.short,
            "reasons": [{"sentence": one.reason.replace("%", "%%"), "params": {}}],
        }
        for one in coming.unplaced
    ]


def _make_session(forum: Forum, one: IncomingSession, file: str, actor: Actor, now: datetime) -> Session:
    """Ask for the session and accept it, as every session here comes from a request; it keeps its guid."""
    uid = uid_here(forum, one.uid)
    new = NewRequest(
        title=one.title,
        description=one.description,
        language=one.language,
        kind=one.kind,
        minutes=one.minutes,
        speakers=[NewSpeaker(name) for name in one.people],
        track=one.track,
        source=file[:FILE_NAME_LENGTH],
        source_id=f"guid:{uid}",
    )
    draft = draft_from_file(forum=forum, new=new, now=now)
    try:
        hand_in(draft, actor=actor, now=now)
        session = accept_request(request=draft, actor=actor, now=now)
    except Refused as refusal:
        raise Refused(f"{one.where}: {refusal.sentence}", refusal.code, "file") from refusal
    session.uid = uid
    session.save(update_fields=["uid"])
    return session


def drop_old_files(*, now: datetime) -> None:
    """Throw away files that nobody took in within a day."""
    IncomingFile.objects.filter(looked_at__lte=now - KEPT_FOR).exclude(state=FileState.DONE).delete()

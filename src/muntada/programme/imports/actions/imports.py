"""Import a programme or session requests: first a preview, then everything or nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.forums.models import Forum
from muntada.forums.queries import who_ordered
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.foundations.files import clean_name
from muntada.foundations.jobs.actions import JobOrder, keep_upload
from muntada.foundations.jobs.models import Upload
from muntada.foundations.jobs.running import Run
from muntada.foundations.stored import as_stored
from muntada.programme.decisions.actions import accept_request
from muntada.programme.imports.actions.request_imports import check_requests, import_requests
from muntada.programme.imports.adapter.file_kinds import as_csv_file, kind_of, programme_in
from muntada.programme.imports.adapter.files import FileRequest
from muntada.programme.imports.rules import (
    MOST_SESSIONS,
    FileKind,
    ImportFault,
    Incoming,
    IncomingRoom,
    IncomingSession,
    UnplacedImport,
    faults_in,
    parted,
    slots_needed,
)
from muntada.programme.imports.task_types import take_in_file
from muntada.programme.requests.actions.requests import NewRequest, NewSpeaker, draft_from_file, hand_in
from muntada.programme.sessions.actions import add_room, add_slots
from muntada.programme.sessions.models import Room, Session, Slot
from muntada.programme.sessions.rules import NAME_LENGTH
from muntada.programme.timetable.actions.placements import new_timetable, place, store_judgement
from muntada.programme.timetable.adapter.frames import frame_now
from muntada.programme.timetable.adapter.timetables import Seat, judge
from muntada.programme.timetable.models import Timetable
from muntada.programme.timetable.rules import NamedSentence, UnplacedReasons
from muntada.record import actions as record
from muntada.record.rules import Actor

MADE_NAMES: Mapping[str, Promise] = {
    "sessions": _("Sessions"),
    "rooms": _("Rooms"),
    "slots": _("Slots"),
    "unplaced": _("Without a place"),
    "requests": _("Session requests"),
}


@dataclass(frozen=True)
class NewSchedule:
    """The effects of importing a schedule."""

    title: str
    sessions: tuple[IncomingSession, ...]
    known: Mapping[UUID, str]
    rooms: tuple[IncomingRoom, ...]
    slots: tuple[tuple[datetime, datetime], ...]
    placed: tuple[IncomingSession, ...]
    unplaced: tuple[UnplacedImport, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class SchedulePreview:
    """The preview of a file: its effects, or its faults."""

    faults: Sequence[ImportFault] = ()
    coming: NewSchedule | None = None
    requests: Sequence[FileRequest] = ()
    upload: Upload | None = None


def files_of(forum: Forum) -> str:
    """Return the job key of a forum's files: only one is imported at a time."""
    return f"programme.files:{forum.pk}"


def preview_file(*, forum: Forum, content: bytes, name: str, actor: Actor, now: datetime) -> SchedulePreview:
    """Check a file with the checks of the import, list all faults, and store a valid one."""
    require_role(actor, SECRETARIAT, forum.pk)
    kind = kind_of(content)
    preview = _checked(forum, kind, content, name)
    is_new = preview.requests or (preview.coming is not None and preview.coming.sessions)
    if preview.faults or not is_new:
        return preview
    order = JobOrder(
        forum_id=forum.pk,
        key=files_of(forum),
        about=clean_name(name, _extension(kind, content)),
        back=reverse("programme:files", args=[forum.slug]),
        actor=actor,
        now=now,
    )
    return replace(preview, upload=keep_upload(take_in_file, order, content))


def _extension(kind: FileKind, content: bytes) -> str:
    if kind is FileKind.REQUESTS:
        return "xlsx" if content.startswith(b"PK") else "csv"
    return "xml" if kind is FileKind.SCHEDULE_XML else "json"


def _checked(forum: Forum, kind: FileKind, content: bytes, name: str) -> SchedulePreview:
    if kind is FileKind.REQUESTS:
        with as_csv_file(content, name) as path:
            reading = check_requests(path=path, forum=forum)
        return SchedulePreview(faults=reading.faults, requests=reading.rows)
    incoming = programme_in(content, kind, zone=forum.timezone, language=forum.languages[0])
    faults = faults_in(incoming)
    if len(incoming.sessions) > MOST_SESSIONS:
        return SchedulePreview(faults=[ImportFault(one) for one in faults])
    coming = _coming(forum, incoming)
    faults += _wrong_citations(forum, coming)
    return (
        SchedulePreview(faults=[ImportFault(one) for one in faults])
        if faults
        else SchedulePreview(coming=coming)
    )


def _wrong_citations(forum: Forum, coming: NewSchedule) -> Iterator[str]:
    for one in coming.sessions:
        try:
            record.check_citations(forum_id=forum.pk, text=one.description)
        except Refused as refusal:
            yield f"{one.where}: {refusal}"


def _coming(forum: Forum, incoming: Incoming) -> NewSchedule:
    known = _known(forum, incoming)
    new = [one for one in incoming.sessions if uid_here(forum, one.uid) not in known]
    there = list(Slot.objects.filter(forum=forum).values_list("starts_at", "ends_at"))
    slots = slots_needed((one.period for one in new), there)
    placed, unplaced = parted(new, [start for start, _ in (*there, *slots)])
    rooms = {name.casefold() for name in Room.objects.filter(forum=forum).values_list("name", flat=True)}
    return NewSchedule(
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
    """Return the sessions that exist already and are skipped."""
    wanted = [uid_here(forum, one.uid) for one in incoming.sessions]
    found = Session.objects.filter(forum=forum, uid__in=wanted).select_related("symbol")
    return {session.uid: session.symbol.short for session in found}


def uid_here(forum: Forum, uid: UUID) -> UUID:
    """Return the guid of a session: its own, unless another forum uses it."""
    is_elsewhere = Session.objects.filter(uid=uid).exclude(forum=forum).exists()
    return uuid5(uid, forum.slug) if is_elsewhere else uid


def carry_out_file(*, run: Run) -> None:
    """Import a file, completely or not at all."""
    content, job, forum = run.content(), run.job, run.job.forum
    actor = who_ordered(job)
    with transaction.atomic():
        made, result_at = take_in(
            forum=forum,
            kind=kind_of(content),
            content=content,
            name=job.about,
            actor=actor,
            now=run.clock(),
        )
        counts = ", ".join(f"{MADE_NAMES[what]}: {count}" for what, count in made.items())
        sentence = f"{gettext('It is taken in, all of it.')} {counts}"
        run.end(sentence=sentence, result_at=result_at)


def take_in(
    *, forum: Forum, kind: FileKind, content: bytes, name: str, actor: Actor, now: datetime
) -> tuple[dict[str, int], str]:
    """Import a file atomically; return the numbers of created objects and the address."""
    require_role(actor, SECRETARIAT, forum.pk)
    if kind is FileKind.REQUESTS:
        with as_csv_file(content, name) as path:
            requests = import_requests(path=path, forum=forum, actor=actor, now=now)
        return {"requests": len(requests)}, reverse("programme:requests", args=[forum.slug])
    with transaction.atomic():
        # The second of two concurrent imports waits and then finds the sessions of the first.
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        preview = _checked(forum, kind, content, name)
        if preview.coming is None:
            raise Refused(preview.faults[0].sentence, "file-faults", "file")
        made, timetable = _make(forum, preview.coming, name, actor, now)
        if timetable is None:
            return made, reverse("programme:workspace", args=[forum.slug])
        return made, reverse("programme:timetable", args=[forum.slug, timetable.number])


def _make(
    forum: Forum, coming: NewSchedule, name: str, actor: Actor, now: datetime
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


def _draft(forum: Forum, seats: Sequence[Seat], left: Sequence[UnplacedReasons], now: datetime) -> Timetable:
    timetable = new_timetable(forum, now, unplaced=[as_stored(one) for one in left])
    place(timetable, seats)
    frame, state = frame_now(forum)
    store_judgement(timetable, judge(frame, seats), state)
    return timetable


def _left(coming: NewSchedule, sessions: Mapping[UUID, Session]) -> list[UnplacedReasons]:
    # Texts of the file are stored unchanged: they name its sessions and people.
    return [
        UnplacedReasons(
            sessions[one.session.uid].symbol.short, (NamedSentence(one.reason.replace("%", "%%")),)
        )
        for one in coming.unplaced
    ]


def _make_session(forum: Forum, one: IncomingSession, file: str, actor: Actor, now: datetime) -> Session:
    """Create and accept a request for the session; the guid is kept."""
    uid = uid_here(forum, one.uid)
    new = NewRequest(
        title=one.title,
        description=one.description,
        language=one.language,
        kind=one.kind,
        minutes=one.minutes,
        speakers=[NewSpeaker(name) for name in one.people],
        track=one.track,
        source=file[:NAME_LENGTH],
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

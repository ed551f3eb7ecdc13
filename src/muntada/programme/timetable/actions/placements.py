"""Store timetables: placements and findings."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.foundations import live
from muntada.foundations.errors import Refused
from muntada.foundations.stored import as_stored
from muntada.programme.sessions.models import Session, SessionPerson
from muntada.programme.sessions.rules import ON_STAGE
from muntada.programme.timetable.adapter.timetables import Seat, TimetableJudgement
from muntada.programme.timetable.models import Placement, PlacementPerson, Timetable
from muntada.programme.timetable.queries import MADE
from muntada.programme.timetable.rules import UnplacedReasons, require_kept, require_unreleased


def new_timetable(forum: Forum, now: datetime, **values: object) -> Timetable:
    # Locked, so that numbers are unique.
    Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
    last = Timetable.objects.filter(forum=forum).order_by("-number").first()
    return Timetable.objects.create(forum=forum, number=last.number + 1 if last else 1, made_at=now, **values)


def topic_of(timetable: Timetable) -> str:
    """Return the live topic on which changes of a timetable are announced."""
    return f"{timetable.forum.slug}-timetable-{timetable.number}"


def draft_to_change(timetable: Timetable) -> Timetable:
    """Lock a draft for a change by hand."""
    draft = (
        Timetable.objects.select_for_update(of=("self",), no_key=True)
        .select_related("forum", "discarded_by", "job")
        .get(pk=timetable.pk)
    )
    require_kept(draft.number, draft.discarded_at, str(draft.discarded_by or ""), draft.forum.timezone)
    require_ready(draft)
    require_unreleased(is_released=hasattr(draft, "release"))
    return draft


def require_ready(timetable: Timetable) -> None:
    if not timetable.is_made:
        raise Refused(gettext("This timetable is not ready. Please wait until it is made."), "not-ready")


def place(timetable: Timetable, seats: Sequence[Seat]) -> None:
    """Store placements with the people who are on stage in them."""
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


def replace(timetable: Timetable, seats: Sequence[Seat], session_ids: Sequence[int]) -> None:
    """Take these sessions out and put them where the seats say, all at once: they may change places."""
    Placement.objects.filter(timetable=timetable, session_id__in=session_ids).delete()
    place(timetable, seats)


def follow_session(session: Session) -> tuple[int, ...]:
    """Update every draft after a session's length or people changed; return where it was unplaced.

    It keeps its start if room and people are free. Runs in a transaction.
    """
    drafts = Timetable.objects.select_for_update(of=("self",), no_key=True).filter(
        MADE, forum_id=session.forum_id, release=None, placements__session=session
    )
    lost = []
    for draft in drafts.select_related("forum").order_by("pk"):
        stood = draft.placements.get(session=session)
        ends_at = stood.period.lower + timedelta(minutes=session.minutes)
        try:
            with transaction.atomic():
                replace(draft, [Seat(session.pk, stood.room_id, stood.period.lower, ends_at)], [session.pk])
        except IntegrityError:
            stood.delete()
            draft.unplaced = [*draft.unplaced, as_stored(UnplacedReasons(session.symbol.short))]
            lost.append(draft.number)
        draft.version += 1
        draft.save(update_fields=["version", "unplaced"])
        live.announce(topic_of(draft))
    return tuple(lost)


def store_judgement(timetable: Timetable, judgement: TimetableJudgement, state: str) -> None:
    """Keep what was judged, and the state of the tables it was judged by."""
    timetable.objective = dict(judgement.objective)
    timetable.violations = [as_stored(finding) for finding in judgement.findings]
    timetable.judged_by = state
    timetable.save(update_fields=["objective", "violations", "judged_by"])

"""Plan, change, cancel and record meetings of a call."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call, CallMeeting, MeetingRecord
from muntada.consultation.calls.rules.calls import CALLING_ROLES
from muntada.consultation.calls.rules.meetings import require_record, require_room, require_times
from muntada.forums.rules.reasons import require_reason
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.languages import Translations
from muntada.record import actions as record
from muntada.record.rules import Actor


@dataclass(frozen=True)
class MeetingPlan:
    """Time, place and agenda of a meeting; `language` is that of the agenda."""

    titles: Translations
    agenda: str
    language: str
    place: str
    join_url: str
    starts_at: datetime
    ends_at: datetime


def plan_meeting(*, call: Call, plan: MeetingPlan, actor: Actor, now: datetime) -> CallMeeting:
    """Plan a meeting; a repeated request creates no second one."""
    require_role(actor, CALLING_ROLES, call.forum_id)
    _require_plan(call, plan)
    with transaction.atomic():
        Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        before = CallMeeting.objects.filter(call=call, cancelled_at=None, **asdict(plan)).first()
        if before is not None:
            return before
        last = CallMeeting.objects.filter(call=call).aggregate(last=Max("number"))["last"] or 0
        meeting = CallMeeting.objects.create(call=call, number=last + 1, changed_at=now, **asdict(plan))
        _write(meeting, "plan_meeting", asdict(plan), actor, now)
    return meeting


def change_meeting(*, meeting: CallMeeting, plan: MeetingPlan, actor: Actor, now: datetime) -> CallMeeting:
    """Change a meeting that has no record yet.

    Calendars get a higher sequence number, unless nothing changed.
    """
    require_role(actor, CALLING_ROLES, meeting.call.forum_id)
    _require_plan(meeting.call, plan)
    with transaction.atomic():
        kept = _standing(meeting)
        if kept.recorded_at is not None:
            sentence = gettext("This meeting was held and has its record, so it stays as it was.")
            raise Refused(sentence, "meeting-recorded")
        if all(getattr(kept, name) == value for name, value in asdict(plan).items()):
            return kept
        for name, value in asdict(plan).items():
            setattr(kept, name, value)
        kept.sequence, kept.changed_at = kept.sequence + 1, now
        kept.save()
        _write(kept, "change_meeting", asdict(plan), actor, now)
    return kept


def cancel_meeting(*, meeting: CallMeeting, reason: str, actor: Actor, now: datetime) -> None:
    """Cancel a meeting with a reason; it stays on the page and is removed from calendars."""
    require_role(actor, CALLING_ROLES, meeting.call.forum_id)
    require_reason(reason)
    with transaction.atomic():
        kept = _standing(meeting)
        if kept.recorded_at is not None:
            sentence = gettext("This meeting was held and has its record, so it cannot be cancelled.")
            raise Refused(sentence, "meeting-recorded", "reason")
        kept.cancelled_at, kept.cancelled_reason = now, clean_text(reason)
        kept.sequence, kept.changed_at = kept.sequence + 1, now
        kept.save(update_fields=["cancelled_at", "cancelled_reason", "sequence", "changed_at"])
        _write(kept, "cancel_meeting", {"reason": kept.cancelled_reason}, actor, now)


def file_record(
    *, meeting: CallMeeting, text: str, language: str, actor: Actor, now: datetime
) -> CallMeeting:
    """File a record; its citations must exist. Each correction is a new version."""
    require_role(actor, CALLING_ROLES, meeting.call.forum_id)
    require_record(text, meeting.starts_at, now)
    words = clean_text(text)
    with transaction.atomic():
        kept = _standing(meeting)
        if (kept.record, kept.record_language) == (words, language):
            return kept
        cited = record.check_citations(forum_id=kept.call.forum_id, text=words, field="record")
        kept.record, kept.record_language, kept.recorded_at = words, language, now
        kept.save(update_fields=["record", "record_language", "recorded_at"])
        last = kept.records.aggregate(last=Max("number"))["last"] or 0
        version = MeetingRecord.objects.create(
            meeting=kept, number=last + 1, text=words, language=language, filed_at=now
        )
        version.cites.set(cited)
        change = {"record": words, "language": language, "version": version.number}
        _write(kept, "file_record", change, actor, now)
    return kept


def _standing(meeting: CallMeeting) -> CallMeeting:
    kept = CallMeeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    if kept.cancelled_at is not None:
        raise Refused(gettext("This meeting was cancelled. Please plan a new one."), "meeting-cancelled")
    return kept


def _require_plan(call: Call, plan: MeetingPlan) -> None:
    if not any(plan.titles.values()):
        raise Refused(gettext("Please give the meeting a title in at least one language."), "title-missing")
    require_times(plan.starts_at, plan.ends_at)
    require_room(plan.place, plan.join_url)
    record.check_citations(forum_id=call.forum_id, text=plan.agenda, field="agenda")


def _write(meeting: CallMeeting, verb: str, change: dict[str, object], actor: Actor, now: datetime) -> None:
    call = meeting.call
    record.write(
        forum_id=call.forum_id,
        actor=actor,
        verb=verb,
        change={"call": call.slug, "meeting": meeting.number, **change},
        now=now,
    )

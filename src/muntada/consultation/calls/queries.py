"""Calls of a forum: periods, questions, meetings."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext
from icalendar import Calendar, Event

from muntada.consultation.calls.models import Call, CallExtension, CallMeeting, MeetingRecord, QuestionSet
from muntada.consultation.calls.rules.calls import results_are_visible
from muntada.consultation.calls.rules.dry_run import DryRunInput
from muntada.forums.models import Forum
from muntada.forums.queries import windows_of
from muntada.forums.rules import Stage, StageState
from muntada.foundations.errors import NotThere
from muntada.foundations.languages import language_of
from muntada.foundations.whole_numbers import whole_number
from muntada.record.models import Symbol

PRODUCT = "-//Muntada//Consultation//EN"
# The rules of a time zone are written for a year around the meeting.
MARGIN = timedelta(days=183)


@dataclass(frozen=True)
class CallCard:
    """A call with its counts."""

    call: Call
    state: str
    contributions: int
    statements: int
    voters: int
    meetings: int
    extended_from: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state == StageState.OPEN


@dataclass(frozen=True)
class ShownQuestion:
    """One thing a call asks."""

    code: str
    labels: dict[str, str]
    hints: dict[str, str]
    required: bool = False
    words: int | None = None


def call_cards(forum: Forum, now: datetime) -> list[CallCard]:
    """Return the calls of a forum: open ones, then upcoming, then closed."""
    order = (StageState.OPEN, StageState.UPCOMING, StageState.CLOSED)
    cards = [_card(call, now) for call in _with_counts(_opened(forum))]
    return sorted(cards, key=lambda card: order.index(StageState(card.state)))


def card_at(forum: Forum, slug: str, now: datetime) -> CallCard:
    """Return a call that was opened."""
    call = _with_counts(_opened(forum).filter(slug=slug)).first()
    if call is None:
        raise NotThere(gettext("There is no call at this address. Please choose one from the list."), "call")
    return _card(call, now)


def question_set_of(call: Call) -> QuestionSet | None:
    """Return the current question set of a call."""
    return QuestionSet.objects.filter(call=call).order_by("-version").first()


def questions_shown(call: Call, version: int | None) -> QuestionSet:
    """Return the question set of a version, or the current one."""
    versions = QuestionSet.objects.filter(call=call)
    known = versions.filter(version=version).first() if version is not None else None
    return known or versions.order_by("-version")[0]


def questions_of(call: Call) -> list[ShownQuestion]:
    """Return the current questions of a call."""
    return questions_in(question_set_of(call))


def questions_in(asked: QuestionSet | None) -> list[ShownQuestion]:
    return [
        ShownQuestion(
            item["code"],
            item["labels"],
            item.get("hints", {}),
            bool(item.get("required")),
            item.get("words"),
        )
        for item in (asked.items if asked else ())
    ]


def _opened(forum: Forum) -> QuerySet[Call]:
    return Call.objects.filter(forum=forum, opened_at__isnull=False)


def _with_counts(calls: QuerySet[Call]) -> QuerySet[Call]:
    # Each count is a subquery, so that no join multiplies another.
    return calls.select_related("forum").annotate(
        said=_count_of("contributions", withdrawn_at=None),
        put=_count_of("statements", state="open"),
        voting=_count_of("voters", banned_at=None, joined_to=None),
        met=_count_of("meetings"),
        extended_from=Subquery(
            CallExtension.objects.filter(call=OuterRef("pk")).order_by("-decided_at").values("closed_at")[:1]
        ),
    )


def _count_of(name: str, **which: object) -> Coalesce:
    """Count rows that refer to a call by the reverse name, without importing their models."""
    counted = {f"{name}__{field}": value for field, value in which.items()}
    calls = Call.objects.filter(pk=OuterRef("pk"), **counted).order_by().values("pk")
    return Coalesce(Subquery(calls.annotate(count=Count(name)).values("count")), 0)


def _card(call: Call, now: datetime) -> CallCard:
    state = call.window.state(now).value
    counted: Any = call
    return CallCard(
        call, state, counted.said, counted.put, counted.voting, counted.met, counted.extended_from
    )


def call_to_steer(forum: Forum, slug: str) -> Call:
    """Return a call in any state, for the secretariat."""
    call = Call.objects.select_related("forum").filter(forum=forum, slug=slug).first()
    if call is None:
        raise NotThere(gettext("There is no call at this address. Please choose one from the list."), "call")
    return call


def prepared_calls(forum: Forum) -> list[Call]:
    return list(Call.objects.select_related("forum").filter(forum=forum, opened_at=None))


def question_versions(call: Call) -> list[QuestionSet]:
    """Return all question sets of a call, latest first."""
    return list(QuestionSet.objects.filter(call=call).order_by("-version"))


def codes_ever(call: Call) -> set[str]:
    """Return the codes of all questions a call ever had."""
    return {item["code"] for asked in QuestionSet.objects.filter(call=call) for item in asked.items}


def plan_of(call: Call, *, has_reply_templates: bool = True) -> DryRunInput:
    """Return a call for the dry run. Missing reply templates are only a hint on its page."""
    asked = question_set_of(call)
    return DryRunInput(
        titles=call.titles,
        introductions=call.introductions,
        languages=call.forum.languages,
        items=asked.items if asked else (),
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        takes_contributions=call.takes_contributions,
        votes_open_to=call.votes_open_to,
        stage_windows=windows_of(call.forum)[Stage.CONSULTATION],
        has_reply_templates=has_reply_templates,
        zone=call.forum.timezone,
    )


def meetings_of(call: Call) -> list[CallMeeting]:
    """Return all meetings of a call in order."""
    meetings = list(CallMeeting.objects.filter(call=call))
    for meeting in meetings:
        meeting.call = call
    return meetings


def meetings_to_come(forum: Forum, now: datetime) -> list[CallMeeting]:
    """Return upcoming meetings of public calls, next first."""
    meetings = CallMeeting.objects.filter(
        call__forum=forum, call__opened_at__isnull=False, cancelled_at=None, ends_at__gt=now
    )
    return list(meetings.select_related("call__forum"))


def meeting_at(call: Call, number: int) -> CallMeeting:
    found = CallMeeting.objects.select_related("call__forum").filter(call=call, number=number).first()
    if found is None:
        sentence = gettext("There is no meeting of this number. Please choose one from the list.")
        raise NotThere(sentence, "meeting")
    return found


def meeting_named(call: Call, number: str) -> CallMeeting:
    """Return the meeting with a number from a URL of any length."""
    return meeting_at(call, whole_number(number, digits=4) or 0)


def records_of(meeting: CallMeeting) -> list[MeetingRecord]:
    """Return the filed versions of a record, latest first, with citations."""
    filed = MeetingRecord.objects.filter(meeting=meeting).order_by("-number")
    return list(filed.prefetch_related("cites__forum"))


def cited_in(symbol: Symbol) -> list[CallMeeting]:
    """Return the public meetings whose current record cites a symbol."""
    later = MeetingRecord.objects.filter(meeting=OuterRef("meeting"), number__gt=OuterRef("number"))
    standing = MeetingRecord.objects.filter(~Exists(later), cites=symbol)
    meetings = CallMeeting.objects.filter(records__in=standing, call__opened_at__isnull=False)
    return list(meetings.select_related("call__forum"))


def provenance_of(meeting: CallMeeting) -> str:
    """Return the provenance of contributions made in a meeting."""
    day = meeting.starts_at.astimezone(meeting.call.forum.timezone).date()
    return f"{meeting.title_here}, {date_format(day, 'DATE_FORMAT')}"


def calendar_of(meeting: CallMeeting, site: str) -> bytes:
    """Return a meeting as a calendar file; equal meetings give equal files."""
    zone = meeting.call.forum.timezone
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    event = Event()
    language = {"LANGUAGE": language_of(meeting.titles)}
    address = f"{site}{meeting.get_absolute_url()}"
    event.add("uid", f"{address.partition('://')[2].replace('/', '-')}@muntada")
    event.add("dtstamp", (meeting.changed_at or meeting.call.prepared_at).astimezone(UTC))
    event.add("sequence", meeting.sequence)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    event.add("summary", meeting.title_here, parameters=language)
    event.add("location", ", ".join(filter(None, (meeting.place, meeting.join_url))))
    event.add("description", meeting.agenda, parameters={"LANGUAGE": meeting.language})
    event.add("url", address)
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    found.add_component(event)
    day = meeting.starts_at.astimezone(zone).date()
    found.add_missing_timezones(day - MARGIN, day + MARGIN)
    return bytes(found.to_ical())


def results_shown(call: Call, now: datetime, *, voted: bool = False) -> bool:
    """Return whether votes are shown: to everybody, or to people who voted."""
    return results_are_visible(call.results_visible, call.window, now, voted=voted)


def call_topic(call: Call) -> str:
    """Return the topic of the pages of a call."""
    return f"{call.forum.slug}-call-{call.pk}"

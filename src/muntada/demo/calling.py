"""Calls of the demo: a meeting with its record, and a call in preparation."""

from datetime import UTC, datetime, timedelta

from muntada.consultation.calls.actions import meetings, preparing
from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.consultation.calls.models import Call, CallMeeting
from muntada.consultation.calls.queries import provenance_of
from muntada.consultation.calls.rules.question_sets import template_called
from muntada.consultation.contributions.actions import entries
from muntada.consultation.contributions.rules.contributions import CameBy, Saying
from muntada.consultation.contributions.rules.imports import ReceivedContribution
from muntada.demo.frame import DemoState
from muntada.demo.reading import DemoRow, read
from muntada.people.rules import Role
from muntada.record.rules import Actor

MEETS = datetime(2025, 4, 3, 12, 0, tzinfo=UTC)
LASTS = timedelta(hours=1)
# The next call is prepared for the spring after the forum.
NEXT_OPENS, NEXT_CLOSES = datetime(2027, 2, 1, 8, 0, tzinfo=UTC), datetime(2027, 3, 12, 22, 59, tzinfo=UTC)


def call_together(stand: DemoState, call: Call) -> None:
    """Hold a meeting of the call, file its record, and import what was said there."""
    data = read("invented/called.json")
    stand.clock.go_to(MEETS + LASTS)
    meeting = meetings.plan_meeting(
        call=call,
        plan=meetings.MeetingPlan(
            titles=data["meeting"]["titles"],
            agenda=data["meeting"]["agenda"],
            language="en",
            place=data["meeting"]["place"],
            join_url="",
            starts_at=MEETS,
            ends_at=MEETS + LASTS,
        ),
        actor=_secretariat(stand),
        now=stand.clock.tick(),
    )
    _take_in(stand, call, meeting, data["said_there"])
    meetings.file_record(
        meeting=meeting,
        text=data["meeting"]["record"],
        language="en",
        actor=_secretariat(stand),
        now=stand.clock.tick(),
    )
    _prepare(stand, data["prepared"])


def _take_in(stand: DemoState, call: Call, meeting: CallMeeting, row: DemoRow) -> None:
    entries.enter_contribution(
        call=call,
        taken=ReceivedContribution(
            saying=Saying(
                title=row["title"],
                text=row["text"],
                language=row["language"],
                consent_to_publish=True,
                line_ids=tuple(stand.line_ids(row)),
            ),
            name=row["name"],
            provenance=provenance_of(meeting),
        ),
        came_by=CameBy.MEETING,
        actor=_secretariat(stand),
        now=stand.clock.tick(),
        meeting=meeting,
    )


def _prepare(stand: DemoState, row: DemoRow) -> None:
    """Leave a call in preparation, to show its dry run."""
    template = template_called(row["template"])
    items = template.items if template else ()
    preparing.prepare_call(
        forum=stand.forum,
        plan=preparing.CallPlan(
            slug=row["slug"],
            titles=row["titles"],
            introductions={},
            languages=tuple(stand.forum.languages),
            opens_at=NEXT_OPENS,
            closes_at=NEXT_CLOSES,
        ),
        questions=[CallQuestion(one["code"], one["labels"], one["hints"], one["required"]) for one in items],
        actor=_secretariat(stand),
        now=stand.clock.tick(),
    )


def _secretariat(stand: DemoState) -> Actor:
    return stand.forum_request(stand.shown[Role.SECRETARIAT]).actor(Role.SECRETARIAT)

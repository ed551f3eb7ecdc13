"""Pages of meetings: public ones, and those of the secretariat."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.consultation.calls import queries
from muntada.consultation.calls.actions import meetings as actions
from muntada.consultation.calls.forms.fields import page_language
from muntada.consultation.calls.forms.meetings import (
    CancelMeetingForm,
    MeetingForm,
    RecordForm,
    meeting_as_typed,
)
from muntada.consultation.calls.models import Call, CallMeeting
from muntada.consultation.calls.queries import call_to_steer
from muntada.consultation.calls.rules.calls import CALLING_ROLES
from muntada.consultation.calls.views.calls import call_context, typed
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.downloads import download
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.pages import ANYONE, READS_AND_WRITES, answer_form, refusals_shown_in

CALLS = role(*CALLING_ROLES)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def meeting_list(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show the meetings of a call."""
    card = queries.card_at(forum_request.forum, slug, forum_request.now)
    found = queries.meetings_of(card.call)
    context = call_context(forum_request, card, "meetings") | {
        "to_come": [one for one in found if one.ends_at > forum_request.now],
        "held": [one for one in reversed(found) if one.ends_at <= forum_request.now],
        "may_call": forum_request.has(*CALLING_ROLES),
    }
    return render(request, "consultation/calls/meetings.html", context)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
@chosen_by()
def calendar(_request: HttpRequest, forum_request: ForumRequest, slug: str, number: int) -> HttpResponse:
    """Serve a meeting as a calendar file."""
    kept = meeting_shown(forum_request, slug, number)
    content = queries.calendar_of(kept, settings.SITE_ADDRESS)
    return download(content, f"{kept.call.slug}-{kept.number}.ics", "text/calendar; charset=utf-8")


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def new_meeting(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Plan a meeting."""
    return _meeting_form(request, forum_request, call_to_steer(forum_request.forum, slug), None)


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def edit_meeting(request: HttpRequest, forum_request: ForumRequest, slug: str, number: int) -> HttpResponse:
    """Change a meeting."""
    kept = meeting_shown(forum_request, slug, number)
    return _meeting_form(request, forum_request, kept.call, kept)


def _meeting_form(
    request: HttpRequest, forum_request: ForumRequest, call: Call, kept: CallMeeting | None
) -> HttpResponse:
    initial = meeting_as_typed(kept) if kept else {"language": page_language()}
    form = MeetingForm(typed(request), initial=initial, languages=forum_request.forum.languages)
    if kept is None:
        form.suggests()
    if request.method == "POST" and form.is_valid():
        actor = forum_request.actor(*CALLING_ROLES)
        with refusals_shown_in(form):
            before = kept.sequence if kept else None
            if kept is None:
                kept = actions.plan_meeting(call=call, plan=form.plan(), actor=actor, now=forum_request.now)
            else:
                kept = actions.change_meeting(
                    meeting=kept, plan=form.plan(), actor=actor, now=forum_request.now
                )
            is_same = kept.sequence == before
            messages.success(request, gettext("Nothing was changed.") if is_same else _word_on(before))
            return redirect(kept)
    context = {"form": form, "call": call, "meeting": kept}
    return answer_form(request, "consultation/calls/meeting_form.html", form, context)


def _word_on(sequence: int | None) -> str:
    if sequence is None:
        return gettext("The meeting is planned.")
    return gettext("The meeting is changed. Whoever has it in a calendar takes the file from its page anew.")


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def cancel_meeting(request: HttpRequest, forum_request: ForumRequest, slug: str, number: int) -> HttpResponse:
    """Cancel a meeting with a reason."""
    kept = meeting_shown(forum_request, slug, number)
    form = CancelMeetingForm(typed(request))
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.cancel_meeting(
                meeting=kept,
                reason=form.cleaned_data["reason"],
                actor=forum_request.actor(*CALLING_ROLES),
                now=forum_request.now,
            )
            messages.success(request, gettext("The meeting is cancelled."))
            return redirect(kept)
    context = {"form": form, "call": kept.call, "meeting": kept}
    return answer_form(request, "consultation/calls/cancel_meeting.html", form, context)


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def file_record(request: HttpRequest, forum_request: ForumRequest, slug: str, number: int) -> HttpResponse:
    """File a record."""
    kept = meeting_shown(forum_request, slug, number)
    initial = {"record": kept.record, "language": kept.record_language or page_language()}
    form = RecordForm(typed(request), initial=initial)
    if not kept.record:
        form.suggests("language")
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.file_record(
                meeting=kept,
                text=form.cleaned_data["record"],
                language=form.cleaned_data["language"],
                actor=forum_request.actor(*CALLING_ROLES),
                now=forum_request.now,
            )
            messages.success(request, gettext("The record is public."))
            return redirect(kept)
    context = {"form": form, "call": kept.call, "meeting": kept}
    return answer_form(request, "consultation/calls/meeting_record.html", form, context)


def meeting_shown(forum_request: ForumRequest, slug: str, number: int) -> CallMeeting:
    """Return a meeting; those of a call in preparation only for the secretariat."""
    if forum_request.has(*CALLING_ROLES):
        return queries.meeting_at(call_to_steer(forum_request.forum, slug), number)
    return queries.meeting_at(queries.card_at(forum_request.forum, slug, forum_request.now).call, number)

"""Pages to prepare and open a call, for the secretariat."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from muntada.consultation.calls import queries as prepared
from muntada.consultation.calls.actions import preparing
from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.consultation.calls.forms.calls import (
    CallForm,
    call_as_typed,
    question_set_form,
    questions_as_typed,
)
from muntada.consultation.calls.models import Call
from muntada.consultation.calls.queries import question_set_of
from muntada.consultation.calls.rules.calls import CALLING_ROLES
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.consultation.calls.rules.question_sets import question_templates, template_called
from muntada.consultation.calls.views.calls import typed
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import Refused
from muntada.foundations.pages import READS_AND_WRITES, answer_form, refusals_as_messages, refusals_shown_in

CALLS = role(*CALLING_ROLES)


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def new_call(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Create a call, optionally from a question set."""
    template = template_called(request.GET.get("template", ""))
    initial: dict[str, Any] = {
        "takes_contributions": True,
        "takes_attachments": True,
        "statements_wait": True,
    }
    initial |= {"votes_open_to": "signed-in", "statements_open_to": "nobody", "results_visible": "always"}
    initial |= {"gives_out": GivesOut.BREAKDOWN.value}
    if template is not None:
        initial |= {f"title_{language}": title for language, title in template.titles.items()}
        initial |= {"slug": template.key, "source": template.source, "source_url": template.source_url}
    form = CallForm(typed(request), initial=initial, languages=forum_request.forum.languages).suggests()
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            call = preparing.prepare_call(
                forum=forum_request.forum,
                plan=form.plan(),
                questions=_as_questions(template.items if template else (), form.shown_in),
                actor=forum_request.actor(*CALLING_ROLES),
                now=forum_request.now,
            )
            messages.success(request, gettext("The call is prepared. Only the secretariat sees it."))
            return redirect("consultation:prepare", forum_request.forum.slug, call.slug)
    context = {"form": form, "templates": question_templates(), "template": template}
    return answer_form(request, "consultation/calls/new_call.html", form, context)


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def edit_call(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Change a call in preparation."""
    call = prepared.call_to_steer(forum_request.forum, slug)
    form = CallForm(typed(request), initial=call_as_typed(call), languages=forum_request.forum.languages)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            kept = preparing.edit_call(
                call=call, plan=form.plan(), actor=forum_request.actor(*CALLING_ROLES), now=forum_request.now
            )
            is_same = preparing.is_as_planned(call, form.plan())
            messages.success(request, _nothing_changed() if is_same else gettext("The call was changed."))
            return redirect("consultation:prepare", forum_request.forum.slug, kept.slug)
    return answer_form(request, "consultation/calls/edit_call.html", form, {"form": form, "call": call})


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def questions(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Edit the questions of a call on one page."""
    call = prepared.call_to_steer(forum_request.forum, slug)
    asked = question_set_of(call)
    items = list(asked.items) if asked else []
    more = 1 if request.method == "POST" or not items else 0
    form_set = question_set_form(max(more, int(request.GET.get("more") == "1")))(
        typed(request),
        initial=questions_as_typed(items),
        form_kwargs={"languages": forum_request.forum.languages},
    )
    refused = ""
    if request.method == "POST" and form_set.is_valid():
        try:
            kept = preparing.ask(
                call=call,
                questions=form_set.questions(prepared.codes_ever(call), [item["code"] for item in items]),
                actor=forum_request.actor(*CALLING_ROLES),
                now=forum_request.now,
            )
        except Refused as refusal:
            refused = str(refusal)
        else:
            is_same = asked is not None and asked.version == kept.version and items == kept.items
            messages.success(request, _nothing_changed() if is_same else _asked(call, kept.version))
            address = "questions" if request.POST.get("step") == "more" else "prepare"
            url = reverse(f"consultation:{address}", args=[forum_request.forum.slug, call.slug])
            return redirect(url + ("?more=1#last" if address == "questions" else ""))
    context = {"call": call, "form_set": form_set, "asked": asked, "refused": refused}
    status = 422 if refused or (request.method == "POST" and not form_set.is_valid()) else 200
    return render(request, "consultation/calls/questions.html", context, status=status)


def _nothing_changed() -> str:
    return gettext("Nothing was changed: all of it stood there already.")


def _asked(call: Call, version: int) -> str:
    if call.opened_at is None:
        return gettext("The questions were saved.")
    sentence = gettext(
        "Version %(version)s of the questions is asked from now on. What was said stays as it is."
    )
    return sentence % {"version": version}


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=("POST",))
def open_prepared(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Open a call."""
    call = prepared.call_to_steer(forum_request.forum, slug)
    with refusals_as_messages(request):
        preparing.open_prepared_call(
            call=call, actor=forum_request.actor(*CALLING_ROLES), now=forum_request.now
        )
        messages.success(request, gettext("The call is public. Everybody sees it."))
        return redirect(call)
    return redirect("consultation:prepare", forum_request.forum.slug, call.slug)


@forum_page(may=CALLS, stage=Stage.CONSULTATION, methods=("POST",))
def drop_call(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Delete a call that was never opened."""
    call = prepared.call_to_steer(forum_request.forum, slug)
    preparing.drop_call(call=call, actor=forum_request.actor(*CALLING_ROLES), now=forum_request.now)
    messages.success(request, gettext("The prepared call was dropped."))
    return redirect("consultation:front", forum_request.forum.slug)


def _as_questions(items: Sequence[Mapping[str, Any]], languages: Sequence[str]) -> list[CallQuestion]:
    """Return the questions of a template in the languages of the forum."""
    return [
        CallQuestion(
            item["code"],
            {language: item["labels"][language] for language in languages if language in item["labels"]},
            {language: item["hints"][language] for language in languages if language in item["hints"]},
            item["required"],
            item["words"],
        )
        for item in items
    ]

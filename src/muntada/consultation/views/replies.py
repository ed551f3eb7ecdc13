"""Answering what was said, one or several at once; what waits for it; and what was answered."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from muntada.consultation.actions.replies import reply_together as answer_all
from muntada.consultation.forms.fields import page_language
from muntada.consultation.forms.replies import ReplyForm, filled_in
from muntada.consultation.queries import calls, campaigns, contributions, replies, statements, themes
from muntada.consultation.queries.replies import AGES, Said, Wanted
from muntada.consultation.rules.calls import ANSWERING_ROLES
from muntada.consultation.rules.replies import DISPOSITION_WORDS, require_some
from muntada.consultation.views.calls import call_context, typed
from muntada.forums.queries import Here, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import Refused
from muntada.foundations.pages import ANYONE, answer_form, put_refusal

READS_AND_WRITES = ("GET", "HEAD", "POST")
PER_PAGE = 25


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION)
def inbox(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what still waits for a reply, the oldest first."""
    wanted = _wanted(request)
    page = Paginator(replies.inbox(here.forum, wanted, here.now), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "listed": replies.said_in(page),
        "wanted": wanted,
        "waiting": replies.waiting_in(here.forum, here.now),
        "answered": replies.answered_in(here.forum),
        "calls": calls.call_cards(here.forum, here.now),
        "lines": lines_of(here.forum),
        "languages": replies.languages_waiting(here.forum),
        "ages": AGES,
        "campaigns": campaigns.waiting_campaigns(here.forum),
    }
    return render(request, "consultation/inbox.html", context)


def _wanted(request: HttpRequest) -> Wanted:
    asked = {name: request.GET.get(name, "")[:64] for name in ("what", "call", "language", "line", "days")}
    days = asked.pop("days")
    return Wanted(**asked, days=int(days) if days in map(str, AGES) else 0)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def reply(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Answer a contribution, for everybody to read."""
    return _reply_page(request, here, [contributions.contribution_at(here, number)])


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def reply_to_statement(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Answer a statement, for everybody to read."""
    return _reply_page(request, here, [statements.statement_at(here, number)])


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def reply_together(request: HttpRequest, here: Here) -> HttpResponse:
    """Answer several with the same words, where that is honest: a campaign, or the same said twice."""
    asked = request.POST if request.method == "POST" else request.GET
    number = asked.get("campaign", "")
    if number:
        campaign = campaigns.campaign_at(here.forum, number)
        return _reply_page(request, here, replies.said_in_campaign(campaign), campaign=campaign.pk)
    said = replies.said_named(here.forum, asked.getlist("said"))
    require_some(len(said))
    return _reply_page(request, here, said)


def _reply_page(
    request: HttpRequest, here: Here, said: Sequence[Said], campaign: int | None = None
) -> HttpResponse:
    language = said[0].language if said else page_language()
    form = ReplyForm(typed(request), initial={"language": language})
    if request.method == "POST" and request.POST.get("step") == "fill":
        template = replies.template_named(here.forum, request.POST.get("template", ""))
        words = request.POST.dict()
        form = ReplyForm(initial=filled_in(words, template, language) if template else words)
    elif request.method == "POST" and form.is_valid():
        try:
            answer_all(said=said, answer=form.answer(), actor=here.actor(*ANSWERING_ROLES), now=here.now)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, _published(len(said)))
            return redirect(said[0]) if len(said) == 1 else redirect("consultation:inbox", here.forum.slug)
    context = {
        "form": form,
        "said": said,
        "one": said[0] if len(said) == 1 else None,
        "campaign": campaign,
        "templates": list(replies.templates_of(here.forum)),
        "themes": list(themes.themes_of(here.forum)),
    }
    return answer_form(request, "consultation/reply.html", form, context)


def _published(count: int) -> str:
    if count == 1:
        return gettext("The reply is public, and its author gets it by letter.")
    sentence = ngettext(
        "%(count)s reply is public, and its author gets it by letter.",
        "%(count)s replies are public, and the authors get them by letter.",
        count,
    )
    return sentence % {"count": count}


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def said_and_done(request: HttpRequest, here: Here, slug: str) -> HttpResponse:
    """Show "you said, we did": what was said in public and answered, with the answer and what it led to."""
    card = calls.card_at(here.forum, slug, here.now)
    chosen = request.GET.get("disposition", "")
    chosen = chosen if chosen in DISPOSITION_WORDS else ""
    page = Paginator(replies.answered_rows(card.call, chosen), PER_PAGE).get_page(request.GET.get("page"))
    said, put = replies.answered_in(here.forum, card.call), replies.answered_statements_in(card.call)
    context: dict[str, Any] = call_context(here, card, "replies") | {
        "page": page,
        "listed": replies.with_what_came(replies.said_in(page)),
        "answered": said,
        "answered_statements": put,
        "chosen": chosen,
        "dispositions": [
            (one.value, words, said.by_disposition[one] + put.by_disposition[one])
            for one, words in DISPOSITION_WORDS.items()
        ],
    }
    return render(request, "consultation/replies.html", context)

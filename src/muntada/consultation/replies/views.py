"""Pages to reply to one or several texts; templates; unsubscribing."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.csrf import csrf_exempt

from muntada.consultation.calls import queries as calls
from muntada.consultation.calls.forms.fields import page_language
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.calls.views.calls import call_context, typed
from muntada.consultation.contributions.queries import campaigns as contributions_campaigns
from muntada.consultation.contributions.queries import contributions
from muntada.consultation.replies.actions import reply_templates as actions
from muntada.consultation.replies.actions.notices import address_in, stop_letters
from muntada.consultation.replies.actions.replies import reply_together as answer_all
from muntada.consultation.replies.forms import ContributionReplyForm, TemplateForm, filled_in
from muntada.consultation.replies.models import ReplyTemplate
from muntada.consultation.replies.queries import campaigns, replies
from muntada.consultation.replies.queries.replies import AGES, Answerable, InboxFilter
from muntada.consultation.replies.rules import DISPOSITION_WORDS, require_some
from muntada.consultation.statements.queries import statements
from muntada.consultation.themes import queries as themes
from muntada.forums.queries import ForumRequest, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import ANYONE, READS_AND_WRITES, answer_form, refusals_shown_in

PER_PAGE = 25


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION)
def inbox(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show the inbox, oldest first."""
    wanted = _wanted(request)
    page = Paginator(replies.inbox(forum_request.forum, wanted, forum_request.now), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "listed": replies.said_in(page),
        "wanted": wanted,
        "waiting": replies.waiting_in(forum_request.forum, forum_request.now),
        "answered": replies.answered_in(forum_request.forum),
        "calls": calls.call_cards(forum_request.forum, forum_request.now),
        "lines": lines_of(forum_request.forum),
        "languages": replies.languages_waiting(forum_request.forum),
        "ages": AGES,
        "campaigns": campaigns.waiting_campaigns(forum_request.forum),
    }
    return render(request, "consultation/replies/inbox.html", context)


def _wanted(request: HttpRequest) -> InboxFilter:
    asked = {name: request.GET.get(name, "")[:64] for name in ("what", "call", "language", "line", "days")}
    days = asked.pop("days")
    return InboxFilter(**asked, days=int(days) if days in map(str, AGES) else 0)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def reply(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Reply publicly to a contribution."""
    return _reply_page(request, forum_request, [contributions.contribution_at(forum_request, number)])


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def reply_to_statement(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Reply publicly to a statement."""
    return _reply_page(request, forum_request, [statements.statement_at(forum_request, number)])


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def reply_together(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Reply with the same text to several, for instance a campaign."""
    asked = request.POST if request.method == "POST" else request.GET
    number = asked.get("campaign", "")
    if number:
        campaign = contributions_campaigns.campaign_at(forum_request.forum, number)
        return _reply_page(request, forum_request, replies.said_in_campaign(campaign), campaign=campaign.pk)
    said = replies.said_named(forum_request.forum, asked.getlist("said"))
    require_some(len(said))
    return _reply_page(request, forum_request, said)


def _reply_page(
    request: HttpRequest, forum_request: ForumRequest, said: Sequence[Answerable], campaign: int | None = None
) -> HttpResponse:
    language = said[0].language if said else page_language()
    form = ContributionReplyForm(typed(request), initial={"language": language})
    if request.method == "POST" and request.POST.get("step") == "fill":
        template = replies.template_named(forum_request.forum, request.POST.get("template", ""))
        words = request.POST.dict()
        form = ContributionReplyForm(initial=filled_in(words, template, language) if template else words)
    elif request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            answer_all(
                said=said,
                answer=form.answer(),
                actor=forum_request.actor(*ANSWERING_ROLES),
                now=forum_request.now,
            )
            messages.success(request, _published(len(said)))
            return (
                redirect(said[0])
                if len(said) == 1
                else redirect("consultation:inbox", forum_request.forum.slug)
            )
    context = {
        "form": form,
        "said": said,
        "one": said[0] if len(said) == 1 else None,
        "back_address": said[0].get_absolute_url() if len(said) == 1 else _inbox_address(forum_request),
        "campaign": campaign,
        "templates": list(replies.templates_of(forum_request.forum)),
        "themes": list(themes.themes_of(forum_request.forum)),
    }
    return answer_form(request, "consultation/replies/reply.html", form, context)


def _inbox_address(forum_request: ForumRequest) -> str:
    return reverse("consultation:inbox", args=[forum_request.forum.slug])


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
def said_and_done(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show public texts with replies and results ("You said, we did")."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    chosen = request.GET.get("disposition", "")
    chosen = chosen if chosen in DISPOSITION_WORDS else ""
    page = Paginator(replies.answered_rows(card.call, chosen), PER_PAGE).get_page(request.GET.get("page"))
    said, put = replies.answered_in(forum_request.forum, card.call), replies.answered_statements_in(card.call)
    context: dict[str, Any] = call_context(forum_request, card, "replies") | {
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
    return render(request, "consultation/replies/replies.html", context)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION)
def template_list(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show all templates, retired ones last."""
    kept = sorted(
        replies.templates_of(forum_request.forum, with_retired=True),
        key=lambda one: one.retired_at is not None,
    )
    return render(request, "consultation/replies/reply_templates.html", {"kept": kept})


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("GET", "HEAD", "POST"))
def new_template(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Create a template."""
    return _template_page(request, forum_request, None)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("GET", "HEAD", "POST"))
def edit_template(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Edit a template."""
    return _template_page(request, forum_request, replies.template_at(forum_request.forum, pk))


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("POST",))
def retire_template(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Retire or restore a template."""
    template = replies.template_at(forum_request.forum, pk)
    actor = forum_request.actor(*ANSWERING_ROLES)
    if template.retired_at is None:
        actions.retire_template(template=template, actor=actor, now=forum_request.now)
        messages.success(request, gettext("The template is retired. You can bring it back."))
    else:
        actions.bring_back_template(template=template, actor=actor, now=forum_request.now)
        messages.success(request, gettext("The template is offered again."))
    return redirect("consultation:reply_templates", forum_request.forum.slug)


def _template_page(
    request: HttpRequest, forum_request: ForumRequest, template: ReplyTemplate | None
) -> HttpResponse:
    form = TemplateForm(typed(request), languages=forum_request.forum.languages, template=template)
    if template is None:
        form.suggests()
    if request.method == "POST" and form.is_valid():
        actor = forum_request.actor(*ANSWERING_ROLES)
        with refusals_shown_in(form):
            if template is None:
                actions.make_template(
                    forum=forum_request.forum, words=form.words(), actor=actor, now=forum_request.now
                )
            else:
                actions.edit_template(
                    template=template, words=form.words(), actor=actor, now=forum_request.now
                )
            messages.success(request, gettext("The template is kept."))
            return redirect("consultation:reply_templates", forum_request.forum.slug)
    context = {"form": form, "template": template}
    return answer_form(request, "consultation/replies/reply_template.html", form, context)


@csrf_exempt
@forum_page(may=ANYONE, stage=Stage.CONSULTATION, methods=("GET", "HEAD", "POST"))
def letters(request: HttpRequest, forum_request: ForumRequest, token: str) -> HttpResponse:
    """Unsubscribe after a confirmation, since mail programs follow links.

    Mail programs unsubscribe with a POST (RFC 8058) without a page or CSRF token; the signed address of
    the e-mail authorizes it.
    """
    email = address_in(token)
    if request.method == "POST":
        stop_letters(token=token, now=forum_request.now)
    context = {"email": email, "stopped": request.method == "POST"}
    return render(request, "consultation/replies/letters_stopped.html", context)

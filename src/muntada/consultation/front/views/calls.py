"""The front page of the consultation, and the page of a call."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.consultation.calls import queries as calls
from muntada.consultation.calls.queries import meetings_to_come, prepared_calls
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES, CALLING_ROLES
from muntada.consultation.calls.views.calls import LATEST, THEMES, call_context
from muntada.consultation.contributions.queries import contributions
from muntada.consultation.front import queries
from muntada.consultation.replies.queries import replies
from muntada.consultation.themes import queries as themes
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage, StageState
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def front(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show current calls and contributions."""
    cards = calls.call_cards(forum_request.forum, forum_request.now)
    context = {
        "open_calls": [card for card in cards if card.state == StageState.OPEN],
        "upcoming_calls": [card for card in cards if card.state == StageState.UPCOMING],
        "closed_calls": [card for card in cards if card.state == StageState.CLOSED],
        "answered": replies.answered_in(forum_request.forum),
        "statement_count": sum(card.statements for card in cards),
        "vote_count": queries.votes_cast_in(forum_request.forum),
        "latest": replies.with_replies(contributions.latest_of(forum_request.forum, LATEST)),
        "themes": list(themes.themes_of(forum_request.forum)[:THEMES]),
        "drafts": contributions.drafts_of(forum_request),
        "may_answer": forum_request.has(*ANSWERING_ROLES),
        "may_call": forum_request.has(*CALLING_ROLES),
        "prepared": prepared_calls(forum_request.forum) if forum_request.has(*CALLING_ROLES) else [],
        "meetings": meetings_to_come(forum_request.forum, forum_request.now),
    }
    return render(request, "consultation/front/front.html", context)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def call(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show the questions of a call and how to take part."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    context = call_context(forum_request, card, "call") | {
        "questions": calls.questions_of(card.call),
        "extensions": list(card.call.extensions.all()),
        "answered": replies.answered_in(forum_request.forum, card.call),
        "latest": replies.with_replies(contributions.contributions_of(card.call)[:LATEST]),
        "languages": contributions.languages_in(card.call),
        "mine": replies.with_replies(contributions.my_contributions(forum_request, card.call)),
        "has_draft": contributions.has_draft(forum_request, card.call),
    }
    return render(request, "consultation/front/call.html", context)

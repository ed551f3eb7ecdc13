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
from muntada.forums.queries import Here
from muntada.forums.rules import Stage, State
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def front(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what is asked now and until when, and what was said."""
    cards = calls.call_cards(here.forum, here.now)
    context = {
        "open_calls": [card for card in cards if card.state == State.OPEN],
        "upcoming_calls": [card for card in cards if card.state == State.UPCOMING],
        "closed_calls": [card for card in cards if card.state == State.CLOSED],
        "answered": replies.answered_in(here.forum),
        "statement_count": sum(card.statements for card in cards),
        "vote_count": queries.votes_cast_in(here.forum),
        "latest": contributions.latest_of(here.forum, LATEST),
        "themes": list(themes.themes_of(here.forum)[:THEMES]),
        "drafts": contributions.drafts_of(here),
        "may_answer": here.has(*ANSWERING_ROLES),
        "may_call": here.has(*CALLING_ROLES),
        "prepared": prepared_calls(here.forum) if here.has(*CALLING_ROLES) else [],
        "meetings": meetings_to_come(here.forum, here.now),
    }
    return render(request, "consultation/front/front.html", context)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def call(request: HttpRequest, here: Here, slug: str) -> HttpResponse:
    """Show what a call asks and how to take part."""
    card = calls.card_at(here.forum, slug, here.now)
    context = call_context(here, card, "call") | {
        "questions": calls.questions_of(card.call),
        "extensions": list(card.call.extensions.all()),
        "answered": replies.answered_in(here.forum, card.call),
        "latest": list(contributions.contributions_of(card.call)[:LATEST]),
        "languages": contributions.languages_in(card.call),
        "mine": contributions.my_contributions(here, card.call),
        "has_draft": contributions.has_draft(here, card.call),
    }
    return render(request, "consultation/front/call.html", context)

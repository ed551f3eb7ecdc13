"""The front of the stage, and the pages of a call that everybody reads."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from muntada.consultation.actions.maps import call_topic
from muntada.consultation.queries import calls, contributions, replies, statements, themes
from muntada.consultation.queries.calls import CallCard
from muntada.consultation.queries.meetings import meetings_to_come
from muntada.consultation.queries.preparing import prepared_calls
from muntada.consultation.rules.calls import ANSWERING_ROLES, CALLING_ROLES, VotesOpenTo
from muntada.forums.queries import Here, is_open
from muntada.forums.rules import Stage, State
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE

LATEST = 5
THEMES = 6


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
        "vote_count": calls.votes_cast_in(here.forum),
        "latest": contributions.latest_of(here.forum, LATEST),
        "themes": list(themes.themes_of(here.forum)[:THEMES]),
        "drafts": contributions.drafts_of(here),
        "may_answer": here.has(*ANSWERING_ROLES),
        "may_call": here.has(*CALLING_ROLES),
        "prepared": prepared_calls(here.forum) if here.has(*CALLING_ROLES) else [],
        "meetings": meetings_to_come(here.forum, here.now),
    }
    return render(request, "consultation/front.html", context)


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
    return render(request, "consultation/call.html", context)


def call_context(here: Here, card: CallCard, tab: str) -> dict[str, object]:
    """Return what all pages of a call share: the call, its tabs, and what can be done in it now."""
    stage_open = is_open(here.forum, Stage.CONSULTATION, here.now)
    current = card.call
    return {
        "card": card,
        "call": current,
        "tab": tab,
        "live_topic": call_topic(current),
        "may_write": stage_open and card.is_open and current.takes_contributions,
        "may_vote": stage_open and card.is_open and current.votes_open_to != VotesOpenTo.NOBODY,
        "results_shown": statements.results_shown(current, here.now),
        "may_answer": here.has(*ANSWERING_ROLES),
        "may_call": here.has(*CALLING_ROLES),
        "meeting_count": card.meetings,
    }


def typed(request: HttpRequest) -> QueryDict | None:
    """Return what was typed into a form, even if it is nothing; none where a form is only shown."""
    return request.POST if request.method == "POST" else None

"""The shared context of the pages of a call."""

from django.http import HttpRequest, QueryDict

from muntada.consultation.calls import queries
from muntada.consultation.calls.queries import CallCard, call_topic
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES, CALLING_ROLES, CallVotesOpenTo
from muntada.forums.queries import ForumRequest, is_open
from muntada.forums.rules import Stage

LATEST = 5
THEMES = 6


def call_context(forum_request: ForumRequest, card: CallCard, tab: str) -> dict[str, object]:
    """Return the context of all pages of a call."""
    stage_open = is_open(forum_request.forum, Stage.CONSULTATION, forum_request.now)
    current = card.call
    return {
        "card": card,
        "call": current,
        "tab": tab,
        "live_topic": call_topic(current),
        "may_write": stage_open and card.is_open and current.takes_contributions,
        "may_vote": stage_open and card.is_open and current.votes_open_to != CallVotesOpenTo.NOBODY,
        "results_shown": queries.results_shown(current, forum_request.now),
        "may_answer": forum_request.has(*ANSWERING_ROLES),
        "may_call": forum_request.has(*CALLING_ROLES),
        "meeting_count": card.meetings,
    }


def typed(request: HttpRequest) -> QueryDict | None:
    """Return the submitted form data, even if empty; None if the form is only shown."""
    return request.POST if request.method == "POST" else None

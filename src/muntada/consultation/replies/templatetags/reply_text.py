"""The words of replies."""

from django import template

from muntada.consultation.contributions.models import Contribution
from muntada.consultation.replies.models import Reply, ReplyTemplate
from muntada.consultation.replies.queries.replies import last_reply_to
from muntada.consultation.replies.rules import STANDING_WORDS

register = template.Library()


@register.filter
def disposition_name(disposition: str) -> str:
    return str(STANDING_WORDS[disposition])


@register.filter
def disposition_mark(disposition: str) -> str:
    """Return the class of the mark that shows a disposition."""
    return {"declined": "declined", "undone": "withdrawn"}.get(disposition, "answered")


@register.filter
def template_mark(kept: ReplyTemplate) -> str:
    """Return the class of the mark that shows what a template answers, and whether it is retired."""
    return "closed" if kept.retired_at else disposition_mark(kept.disposition)


@register.filter
def last_reply(contribution: Contribution) -> Reply | None:
    return last_reply_to(contribution)

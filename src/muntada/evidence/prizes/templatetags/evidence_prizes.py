"""The rules of a showcase in words, and plain numbers for attributes."""

from django import template

from muntada.evidence.initiatives.rules import PROGRESS_NAMES
from muntada.evidence.prizes.rules.rounds import PrizeTerms
from muntada.foundations.languages import listed
from muntada.people.rules import KIND_NAMES

register = template.Library()


@register.filter
def kinds_said(terms: PrizeTerms) -> str:
    return listed(str(KIND_NAMES[one]) for one in terms.kinds)


@register.filter
def states_said(terms: PrizeTerms) -> str:
    return listed(str(PROGRESS_NAMES[one]) for one in terms.states)


@register.filter
def plain_number(value: int) -> str:
    """Return a number without separators."""
    return f"{value or 0:d}"

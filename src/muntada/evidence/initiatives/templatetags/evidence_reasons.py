"""Stored reasons and fields in the language of the page."""

from collections.abc import Callable, Mapping

from django import template

from muntada.evidence.initiatives.rules import (
    ACTIVITY_NAMES,
    PROGRESS_NAMES,
    SCOPE_NAMES,
    Activity,
    InitiativeProgress,
    InitiativeScope,
    LikenessReason,
)
from muntada.forums.templatetags.forum_text import country, named_language
from muntada.foundations.errors import template_here

register = template.Library()

_NAMES: Mapping[str, Callable[[str], object]] = {
    "language": named_language,
    "country": country,
    "also_in": lambda codes: "; ".join(country(code) for code in codes.split("; ")),
    "activity": lambda value: ACTIVITY_NAMES[Activity(value)],
    "scope": lambda value: SCOPE_NAMES[InitiativeScope(value)],
    "status": lambda value: PROGRESS_NAMES[InitiativeProgress(value)],
}


@register.filter
def reason_here(reason: LikenessReason) -> str:
    """`{{ reason|reason_here }}`: a sentence of the engine with its parameters."""
    return str(template_here(reason.sentence, reason.params) % reason.params)


@register.filter
def said_here(value: str, part: str) -> str:
    """`{{ left|said_here:part }}`: a field, with codes as names."""
    return str(_NAMES[part](value)) if value and part in _NAMES else value

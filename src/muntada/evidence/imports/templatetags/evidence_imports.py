"""Texts of imports in the language of the page: rejected rows, breakdowns."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext

from muntada.evidence.indicators.rules.observations import breakdown_name

register = template.Library()


@register.filter
def refusal_here(fault: Mapping[str, Any]) -> str:
    """`{{ fault|refusal_here }}`: the stored sentence of a rejected row."""
    sentence = fault["sentence"]
    return str(gettext(sentence) % fault["params"])


@register.filter
def part_name(breakdown: str) -> str:
    return breakdown_name(breakdown)

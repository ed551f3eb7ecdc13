"""Reasons of an engine as they are stored, in the language of the page."""

from collections.abc import Mapping
from typing import Any

from django import template

from muntada.foundations.errors import template_here

register = template.Library()


@register.filter
def reason_here(reason: Mapping[str, Any]) -> str:
    """`{{ reason|reason_here }}`: a stored sentence with its places filled."""
    return str(template_here(reason["sentence"], reason["params"]) % reason["params"])

"""Show conflicting edits of a field side by side."""

from typing import Any

from django import template
from django.template.loader import render_to_string

from muntada.foundations.sent_forms import sent_since

register = template.Library()


@register.simple_tag(takes_context=True)
def conflict(context: dict[str, Any], field: Any) -> str:
    """Show the submitted and the saved value, and who saved it if known; empty without a conflict."""
    found = getattr(field, "conflict", None)
    if found is None:
        return ""
    request = context["request"]
    shown = {
        "conflict": found,
        "saved": sent_since(request, field.shown_at) if field.shown_at else None,
        "user": request.user,
        "forum": context.get("forum"),
    }
    return render_to_string("parts/conflict.html", shown)

"""The address of a page's event stream."""

from datetime import UTC, datetime
from typing import Any

from django import template
from django.http import HttpRequest

from muntada.foundations.live_streams import LIVE, live_token

register = template.Library()


@register.simple_tag(takes_context=True)
def live_address(context: Any, topic: str) -> str:
    """`{% live_address live_topic %}`: the event stream of the page's topic, for its viewer."""
    request: HttpRequest = context["request"]
    session_key = (request.session.session_key or "") if request.user.is_authenticated else ""
    return LIVE + live_token(topic, session_key, datetime.now(UTC).date())

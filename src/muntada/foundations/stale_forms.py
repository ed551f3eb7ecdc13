"""A form that was open while somebody signed in elsewhere: it is refused, and what was typed stays."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.foundations.typed_text import typed_context


def stale_form_page(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (Django's own)
    """Give back what was typed, to be copied or sent again; what another site sent is shown to nobody."""
    return render(request, "403_csrf.html", typed_context(request), status=403)

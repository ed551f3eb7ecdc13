"""A form opened before the person signed in elsewhere is refused, with its input kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.foundations.typed_text import typed_context


def stale_form_page(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (Django's own)
    """Return the input, to copy or submit again; input sent from another site is not shown."""
    return render(request, "403_csrf.html", typed_context(request), status=403)

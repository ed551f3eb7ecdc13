"""A form that was open while somebody signed in elsewhere: it is refused, and what was typed stays."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  (the name of a field)
# What nobody wants to see written out again.
SECRETS = ("password", "secret", "otp")
SHORT, FEW_ROWS, MANY_ROWS = 100, 2, 10


@dataclass(frozen=True)
class Typed:
    """One field of a form as it was sent; `is_words` says whether somebody would want to read it again."""

    name: str
    value: str
    is_words: bool

    @property
    def rows(self) -> int:
        """How many lines of it are shown at once."""
        return FEW_ROWS if len(self.value) <= SHORT else MANY_ROWS


def stale_form_page(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (Django's own)
    """Give back what was typed, to be copied or sent again; what another site sent is shown to nobody."""
    fields = fields_sent_from_our_pages(request)
    context = {
        "fields": fields,
        "words": [one for one in fields if one.is_words],
        "choices": [one for one in fields if not one.is_words],
        "address": request.get_full_path(),
        "had_files": bool(request.FILES) if fields else False,
    }
    return render(request, "403_csrf.html", context, status=403)


def fields_sent_from_our_pages(request: HttpRequest) -> list[Typed]:
    """Return what was typed into a form of ours, but for the token; nothing of a form that holds a secret."""
    fields = list(_typed(request)) if _came_from_here(request) else []
    if any(secret in one.name.lower() for one in fields for secret in SECRETS):
        return []
    return fields


def _came_from_here(request: HttpRequest) -> bool:
    """Say whether the browser names a page of ours as the one the form stood on."""
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return request.headers.get("Origin") in ours


def _typed(request: HttpRequest) -> Iterator[Typed]:
    for name, values in request.POST.lists():
        if name == TOKEN:
            continue
        for value in values:
            yield Typed(name, value, _is_words(value))


def _is_words(value: str) -> bool:
    return not value.isascii() or len(value.split()) > 1

"""Make form submissions idempotent: double clicks, browser retries, Back and send again.

Django's CSRF token is drawn anew for each page and belongs to one browser, so token, address and
content together identify a submission. The first submission and its effect are one transaction. A
repetition waits for it, has no effect, and gets the same answer. A refused submission is forgotten,
so that a corrected form can be sent.

Only the immediate predecessor counts as a repetition: going back, changing the form, and later
submitting the first version again is a new submission.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext

from muntada.foundations.edit_forms import PREFIX as SHOWN
from muntada.foundations.models import SentForm
from muntada.foundations.pages import View

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  (the name of a field)
REFUSED, BROKEN = 400, 500
MOST_BYTES = 500_000

# Waits for a concurrent submission of the form, and returns a row unless it was the same.
_BEGIN = """
INSERT INTO foundations_sentform (key, content, address, person_id, sent_at, headers, body)
VALUES (%s, %s, %s, %s, %s, '{}', '')
ON CONFLICT (key) DO UPDATE
    SET content = EXCLUDED.content, person_id = EXCLUDED.person_id, sent_at = EXCLUDED.sent_at
    WHERE foundations_sentform.content <> EXCLUDED.content
RETURNING key
"""


def may_repeat(reason: str) -> Callable[[View], View]:
    """Exempt a view: its effect is the same when repeated, and `reason` says why."""

    def decorate(view: View) -> View:
        view.may_repeat = reason  # type: ignore[attr-defined]
        return view

    return decorate


def edits(thing: Callable[..., str]) -> Callable[[View], View]:
    """Name what a view edits, if several addresses edit it: all its editors take turns.

    `thing` is called with the URL arguments, and must return the same text for all these addresses.
    """

    def decorate(view: View) -> View:
        view.edits = thing  # type: ignore[attr-defined]
        return view

    return decorate


class SentFormMiddleware:
    """Answers a repeated submission as before; runs after the CSRF check."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with ExitStack() as effects:
            request.effects = effects  # type: ignore[attr-defined]
            response = self.get_response(request)
            key = getattr(request, "sent_form", None)
            if key is not None:
                _end(key, response)
        return response

    def process_view(
        self, request: HttpRequest, view: View, _args: tuple[Any, ...], named: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Open the transaction of the whole answer; it ends when the answer is known."""
        if request.method != "POST" or hasattr(view, "may_repeat") or not request.POST.get(TOKEN):
            return None
        request.effects.enter_context(transaction.atomic())  # type: ignore[attr-defined]
        if any(name.startswith(SHOWN) for name in request.POST):
            thing = getattr(view, "edits", None)
            _wait_for_other_editors(thing(**named) if thing else request.path)
        key = _key(request)
        if not _begin(request, key):
            return _repeated(request, SentForm.objects.get(pk=key))
        request.sent_form = key  # type: ignore[attr-defined]
        return None


def _wait_for_other_editors(thing: str) -> None:
    """Let editors of the same thing pass one by one, so that each is compared with the current data."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"edit {thing}"])


def sent_since(request: HttpRequest, moment: datetime) -> SentForm | None:
    """Return the last submission by others to this address since a moment."""
    sent = SentForm.objects.filter(address=request.path, sent_at__gte=moment)
    others = sent.exclude(pk=getattr(request, "sent_form", ""))
    return others.select_related("person").order_by("-sent_at").first()


def _begin(request: HttpRequest, key: str) -> bool:
    """Return whether this submission is new, after waiting for a concurrent one."""
    about = [key, _content(request), request.path, request.user.pk, timezone.now()]
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, about)
        return cursor.fetchone() is not None


def _end(key: str, response: HttpResponseBase) -> None:
    """Store the answer with its effect, or forget the submission; failures leave no effect."""
    if response.status_code >= BROKEN:
        transaction.set_rollback(True)
    elif isinstance(response, HttpResponse) and _can_be_given_again(response):
        SentForm.objects.filter(pk=key).update(
            status=response.status_code, headers=dict(response.headers), body=response.content
        )
    else:
        SentForm.objects.filter(pk=key).delete()


def _can_be_given_again(response: HttpResponse) -> bool:
    if "Location" in response.headers:
        return response.status_code < REFUSED
    is_storable = "no-store" not in response.headers.get("Cache-Control", "")
    return response.status_code < REFUSED and is_storable and len(response.content) <= MOST_BYTES


def _repeated(request: HttpRequest, sent: SentForm) -> HttpResponse:
    if "Location" in sent.headers:
        messages.info(request, gettext("You sent this form twice. It was done once."))
    return HttpResponse(bytes(sent.body), status=sent.status, headers=sent.headers)


def _key(request: HttpRequest) -> str:
    token = str(request.POST[TOKEN])
    return hashlib.sha256(f"{token} {request.get_full_path()}".encode()).hexdigest()


def _content(request: HttpRequest) -> str:
    digest = hashlib.sha256()
    for piece in _pieces(request):
        digest.update(b"%d " % len(piece))
        digest.update(piece)
    return digest.hexdigest()


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    for name, values in request.POST.lists():
        if name != TOKEN:
            yield from (one.encode(errors="surrogatepass") for one in (name, *map(str, values)))
    for name, files in request.FILES.lists():
        for file in files:
            yield from (name.encode(), str(file.name).encode())
            yield from file.chunks()
            file.seek(0)

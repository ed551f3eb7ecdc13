"""The page shown while the database is away, in the reader's language, made without a query."""

from contextlib import suppress

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from muntada.foundations.languages import direction
from muntada.foundations.typed_text import TOKEN, typed_context

RETRY_AFTER_SECONDS = 5
CODE = "database-away"


def unavailable_page(request: HttpRequest) -> HttpResponse:
    """Say that reading and saving are impossible for a moment; the input is returned."""
    if request.path.startswith("/api/"):
        sentence = gettext("The database does not answer at the moment. Please try again in a few seconds.")
        answer: HttpResponse = JsonResponse({"code": CODE, "detail": sentence}, status=503)
    elif request.headers.get("HX-Request") == "true":
        answer = HttpResponse(status=503)
        # The part of the page stays unchanged, with its input.
        answer.headers["HX-Reswap"] = "none"
    else:
        answer = HttpResponse(render_to_string("503.html", _context(request)), status=503)
    answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _context(request: HttpRequest) -> dict[str, object]:
    language = translation.get_language() or "en"
    context: dict[str, object] = {
        "page_language": language,
        "page_direction": direction(language),
        "page_theme": request.COOKIES.get("theme", ""),
        "sends": request.method not in {"GET", "HEAD"},
        **typed_context(request),
    }
    with suppress(SuspiciousOperation, BadRequest, OSError):
        context["token"] = request.POST.get(TOKEN, "")
    return context

"""The API, and the mapping of refusals to its responses."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from muntada.api import trace
from muntada.foundations.errors import Refused
from muntada.foundations.pages import status_of

DESCRIPTION = """The trace of a forum: what a symbol is based on, and what is based on it.

This document describes the trace alone. The data files of a forum (CSV, JSON, iCalendar, feeds) have
addresses of their own, listed in docs/using/data-files.md.
"""

interface = NinjaAPI(
    title="Muntada", version="0.1.0", description=DESCRIPTION, docs_url=None, urls_namespace="api"
)
interface.add_router("", trace.router)


@interface.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    answer = {"code": refusal.code, "detail": str(refusal.sentence)}
    return interface.create_response(request, answer, status=status_of(refusal))


@interface.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer a wrong parameter in the same form as any refusal."""
    faults = [f"{one['loc'][-1]}: {one['msg']}" for one in error.errors]
    answer = {"code": "parameter-value", "detail": " ".join(faults)}
    return interface.create_response(request, answer, status=422)

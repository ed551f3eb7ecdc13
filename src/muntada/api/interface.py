"""The API, and the mapping of refusals to its responses."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from muntada.api import trace
from muntada.foundations.errors import Refused
from muntada.foundations.pages import status_of

interface = NinjaAPI(title="Muntada", version="0.1.0", docs_url=None, urls_namespace="api")
interface.add_router("", trace.router)


@interface.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    answer = {"code": refusal.code, "detail": str(refusal.sentence)}
    return interface.create_response(request, answer, status=status_of(refusal))

"""Cache headers of private pages: personal pages are stored only by the browser, account pages nowhere."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# Account pages: addresses, codes, sign-in links.
OF_ACCOUNTS = "/account/"


class PrivatePageMiddleware:
    """Sets the cache headers of an answer unless its view does.

    A page of a signed-in person may be stored in their browser, so that going back loses no input; it
    is revalidated when opened.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            if request.path.startswith(OF_ACCOUNTS):
                response.headers["Cache-Control"] = "private, no-store"
            elif settings.SESSION_COOKIE_NAME in request.COOKIES:
                response.headers["Cache-Control"] = "private, no-cache"
        return response

"""What is shown to a person is stored by nobody else; what lets somebody in is stored nowhere."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# Pages of accounts: addresses, codes, links that sign in.
OF_ACCOUNTS = "/account/"


class PrivatePageMiddleware:
    """Say for whom an answer is, unless its view says so itself.

    A page of somebody signed in may stand in their own browser, so that going back loses nothing typed; it is
    asked for anew whenever it is opened.
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

"""Requests for host names that this installation does not serve."""

import logging
from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

log = logging.getLogger("muntada.hosts")

# Longer names are cut in the log.
LONGEST_NAME = 100


class HostMiddleware:
    """Answers such a request with a sentence, and logs the relevant setting in one line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
        except DisallowedHost:
            name = request.META.get("HTTP_HOST", "")[:LONGEST_NAME]
            log.warning("a request for the host %r was refused: MUNTADA_HOSTS does not name it", name)
            answer = render(request, "unknown_host.html", status=400)
            # Otherwise Django logs a second line.
            answer._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
            return answer
        return self.get_response(request)

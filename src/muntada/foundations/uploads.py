"""Forms and files as they come in: where there is no room left for them on the disk, it is said as such."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.http.request import UnreadablePostError

from muntada.foundations.errors import Refused
from muntada.foundations.pages import View, refusal_page
from muntada.foundations.storage import refused_when_full, temporary_folder


class UploadMiddleware:
    """Reads what was sent before the check against forgery does: half a form would look forged to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        temporary_folder()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: View, _args: tuple[Any, ...], _named: Mapping[str, Any]
    ) -> HttpResponse | None:
        if request.method != "POST":
            return None
        try:
            with refused_when_full():
                _ = request.POST
        except Refused as refusal:
            request.POST = QueryDict()
            _drop_what_was_written(request)
            return refusal_page(request, refusal)
        except UnreadablePostError:
            # Whoever sent it has left, and whatever reads it next finds nothing.
            return None
        return None


def _drop_what_was_written(request: HttpRequest) -> None:
    """Free the disk at once, not only when the memory of this request is collected."""
    for handler in request.upload_handlers:
        file = getattr(handler, "file", None)
        if file is not None:
            with suppress(OSError):
                file.close()

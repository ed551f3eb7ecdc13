"""Forms for long texts: each view sets its limit, and longer input is refused with a page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.http.multipartparser import FIELD, ChunkIter, LazyStream, Parser
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.utils.encoding import force_str

from muntada.foundations.pages import View

# No letter takes more bytes in transit.
BYTES_PER_LETTER = 4
# The size of everything else in a form.
OTHER_BYTES = 100_000
MOST_FIELDS = 100


def takes_text(letters: int) -> Callable[[View], View]:
    """Let a view accept this many letters in a `multipart/form-data` form without files."""

    def decorate(view: View) -> View:
        view.most_bytes = letters * BYTES_PER_LETTER + OTHER_BYTES  # type: ignore[attr-defined]
        return view

    return decorate


class LongTextMiddleware:
    """Parses the form of such a view with its own limit, before anything else reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, _args: tuple[Any, ...], _named: Mapping[str, Any]
    ) -> None:
        most_bytes = getattr(view, "most_bytes", None)
        if most_bytes is not None and request.method == "POST":
            request.upload_handlers.insert(0, LongTextHandler(request, most_bytes))


class LongTextHandler(FileUploadHandler):
    """Parses fields up to its own limit instead of the global one."""

    def __init__(self, request: HttpRequest, most_bytes: int) -> None:
        super().__init__(request)
        self.most_bytes = most_bytes

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, str],  # noqa: ARG002, N803  (its names are what Django hands over)
        content_length: int,  # noqa: ARG002
        boundary: Any,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, Any]]:
        """Return all fields without files; refuse before reading more than allowed."""
        charset = encoding or settings.DEFAULT_CHARSET
        post, left = QueryDict(mutable=True, encoding=charset), self.most_bytes
        for kind, about, stream in Parser(LazyStream(ChunkIter(input_data, self.chunk_size)), boundary):
            if kind != FIELD or "content-disposition" not in about:
                continue
            name = force_str(about["content-disposition"][1].get("name", ""), charset, errors="replace")
            words = stream.read(size=left + 1)
            left -= len(words) + len(name)
            if left < 0 or len(post) == MOST_FIELDS:
                raise RequestDataTooBig("The form is longer than this address takes.")
            post.appendlist(name.strip(), force_str(words, charset, errors="replace"))
        return post, MultiValueDict()


def unread_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a request could not be read; for one that is too long, show where its text still is."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)

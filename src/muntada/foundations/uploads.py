"""Incoming forms and files; a full disk is reported as such."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.http.request import UnreadablePostError

from muntada.foundations.errors import Refused
from muntada.foundations.pages import View, refusal_page
from muntada.foundations.storage import FULL, refused_when_full, temporary_folder


class DiskUploadHandler(TemporaryFileUploadHandler):
    """Writes files to the disk; if one does not fit, drops it and keeps reading the fields."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self._unless_full(super().new_file, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._unless_full(super().receive_data_chunk, raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:  # type: ignore[type-arg]
        return self._unless_full(super().file_complete, file_size)

    def _unless_full[T](self, write: Callable[..., T], *args: Any, **kwargs: Any) -> T | None:
        """Write unless the disk is already full; on failure, free the space at once."""
        if hasattr(self.request, "disk_fault"):
            return None
        try:
            return write(*args, **kwargs)
        except OSError as error:
            if error.errno not in FULL:
                raise
            self.request.disk_fault = error  # type: ignore[union-attr]
            with suppress(OSError):
                self.file.close()
            return None


class UploadMiddleware:
    """Parses the body before the CSRF check, which would reject an incomplete form as forged."""

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
                if fault := getattr(request, "disk_fault", None):
                    raise fault
        except Refused as refusal:
            if not hasattr(request, "disk_fault"):
                request.POST = QueryDict()
            return refusal_page(request, refusal)
        except UnreadablePostError:
            # The sender has disconnected; later readers find nothing.
            return None
        return None

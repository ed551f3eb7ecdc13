"""Handle each request in one thread from start to end.

All pages are synchronous code that waits for the database. Django's ASGI handler creates a thread
with a new connection object per request, and switches between thread and event loop at each
middleware, which costs more than most requests. Here a request enters one of a few permanent
threads and leaves it answered.
"""

import asyncio
import io
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from contextvars import copy_context
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.urls import set_script_prefix

from muntada.foundations.asgi_types import AsgiMessage, AsgiReceive, AsgiSend
from muntada.foundations.form_fields import FieldsOnly, WithoutFiles
from muntada.foundations.storage import FULL


class PlainHandler(ASGIHandler):
    """Django's ASGI handler with all middleware and views run synchronously."""

    def __init__(self) -> None:
        super().__init__()
        # Fewer threads than pool connections: a request that waits for others, such as grouped votes, keeps
        # its connection, and must not block those behind it.
        self._threads = ThreadPoolExecutor(settings.THREADS, thread_name_prefix="page")

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as Django calls it
        super().load_middleware(is_async=False)

    async def __call__(self, scope: dict[str, Any], receive: AsgiReceive, send: AsgiSend) -> None:
        try:
            body = await self.read_body(receive, _content_type(scope))
        except RequestAborted:
            return
        loop = asyncio.get_running_loop()

        def send_part(message: AsgiMessage) -> None:
            asyncio.run_coroutine_threadsafe(_sent(send, message), loop).result()

        with closing(body):
            answer = copy_context().run
            response = await loop.run_in_executor(self._threads, answer, self._answer, scope, body, send_part)
            if response is not None:
                await self.send_response(response, send)

    async def read_body(self, receive: AsgiReceive, content_type: str = "") -> IO[bytes]:
        """Return the request body, a long one as a file.

        If the disk is full, form fields are returned without files; for other content, reading raises the
        error.
        """
        fields = FieldsOnly(content_type, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        most = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        body: IO[bytes] = SpooledTemporaryFile(most, "w+b", dir=str(settings.FILE_UPLOAD_TEMP_DIR))  # noqa: SIM115
        size, is_all, full = 0, False, None
        while not is_all:
            message = await receive()
            if message["type"] == "http.disconnect":
                body.close()
                raise RequestAborted
            part, is_all = message.get("body", b""), not message.get("more_body")
            size += len(part)
            fields.feed(part)
            # The body is read to its end, otherwise the browser would show a broken connection.
            if full is None:
                write = partial(_written, body, part, is_all=is_all)
                full = await asyncio.to_thread(write) if size > most else write()
        if full is None:
            return body
        with suppress(OSError):
            # The buffered data does not fit either.
            body.close()
        form = fields.form()
        return WithoutFiles(form, full) if form else Unwritten(full)  # type: ignore[return-value]

    def _answer(
        self, scope: dict[str, Any], body: IO[bytes], send_part: Callable[[AsgiMessage], None]
    ) -> HttpResponse | None:
        """Return the answer, or None if it was a stream and has been sent from here."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, fault = self.create_request(scope, body)
        if request is not None and isinstance(body, WithoutFiles):
            request.disk_fault = body.fault  # type: ignore[attr-defined]
        response = self.get_response(request) if request is not None else fault or HttpResponse(status=400)
        try:
            if isinstance(response, HttpResponse):
                return response
            self._stream(response, send_part)
            return None
        finally:
            # Returns the connection in its own thread; the bytes of a plain answer stay available.
            response.close()

    def _stream(self, response: HttpResponseBase, send_part: Callable[[AsgiMessage], None]) -> None:
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        headers = _headers(response)
        send_part({"type": "http.response.start", "status": response.status_code, "headers": headers})
        for part in response:
            for chunk, _ in self.chunk_bytes(part):
                send_part({"type": "http.response.body", "body": chunk, "more_body": True})
        send_part({"type": "http.response.body", "body": b""})


class Unwritten(io.RawIOBase):
    """The body of a request that could not be stored."""

    def __init__(self, fault: OSError) -> None:
        super().__init__()
        self._fault = fault

    def read(self, _size: int = -1) -> bytes:
        raise self._fault


def _written(body: IO[bytes], part: bytes, *, is_all: bool) -> OSError | None:
    """Write a part of a body; return the error if the disk is full."""
    try:
        body.write(part)
        if is_all:
            body.seek(0)
    except OSError as error:
        if error.errno not in FULL:
            raise
        return error
    return None


def _content_type(scope: Mapping[str, Any]) -> str:
    return next((value.decode("latin1") for name, value in scope["headers"] if name == b"content-type"), "")


async def _sent(send: AsgiSend, message: AsgiMessage) -> None:
    await send(message)


def _headers(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    named = [(name.encode("ascii"), value.encode("latin1")) for name, value in response.items()]
    return named + [(b"Set-Cookie", one.OutputString().encode("ascii")) for one in response.cookies.values()]

"""Answer at the open port while no web process does.

A web process reports when it accepts connections, and its end is known at once, so the two never
answer side by side, except for requests at that very moment.
"""

import asyncio
import socket
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from muntada.cli.fallback_answers import Pages, answer, pages_from

# A restarted web process is often ready within this time; clients that wait for it notice nothing.
PATIENCE_SECONDS = 1.5
# Slower clients are disconnected.
LONGEST_SECONDS = 10.0
LONGEST_HEAD = 65_536
BACKLOG = 2048


class Fallback:
    """Runs in a thread of its own from the start of the block to its end or `stop`."""

    def __init__(self, listening: socket.socket, file: Path) -> None:
        self.was_relieved = threading.Event()
        self._listening = listening
        self._file = file
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="fallback")
        self._web_processes = 0
        self._accepting: asyncio.Task[None] | None = None
        # Connections without a request yet.
        self._silent: set[StreamWriter] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Leave the port permanently."""
        self._in_loop(self._stopped.set)
        self._thread.join()

    @contextmanager
    def relieved(self) -> Iterator[None]:
        """Leave the port to a web process while the block runs."""
        self._in_loop(self._count, 1)
        self.was_relieved.set()
        try:
            yield
        finally:
            self._in_loop(self._count, -1)

    def _in_loop(self, called: Callable[..., None], *arguments: object) -> None:
        # The loop is closed when everything stops.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(called, *arguments)

    def _run(self) -> None:
        asyncio.run(self._until_stopped(), loop_factory=lambda: self._loop)

    async def _until_stopped(self) -> None:
        self._count(0)
        await self._stopped.wait()

    def _count(self, more: int) -> None:
        self._web_processes += more
        if self._web_processes == 0 and self._accepting is None:
            self._accepting = self._loop.create_task(self._accept())
        elif self._web_processes > 0 and self._accepting is not None:
            self._accepting.cancel()
            self._accepting = None

    async def _accept(self) -> None:
        await asyncio.sleep(PATIENCE_SECONDS)
        answer_them = partial(self._answer, pages_from(self._file))
        server = await asyncio.start_server(
            answer_them, sock=self._listening.dup(), backlog=BACKLOG, limit=LONGEST_HEAD, start_serving=False
        )
        try:
            await server.start_serving()
            await asyncio.Event().wait()
        finally:
            server.close()
            # A browser with a preopened connection retries on another one and reaches the web process.
            for writer in self._silent:
                writer.close()

    async def _answer(self, pages: Pages, reader: StreamReader, writer: StreamWriter) -> None:
        self._silent.add(writer)
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(LONGEST_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                self._silent.discard(writer)
                writer.write(answer(head, pages))
                writer.write_eof()
                # The rest of a request is read, otherwise the browser would show a broken connection.
                while await reader.read(LONGEST_HEAD):
                    pass
        self._silent.discard(writer)
        writer.close()

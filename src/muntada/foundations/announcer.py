"""Says to all processes which topics changed, outside the transactions that changed them.

PostgreSQL lets one transaction at a time commit with a `NOTIFY` in it. A `NOTIFY` in each transaction of an
action would make all commits wait for each other, so topics are collected here and sent by themselves.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

log = logging.getLogger("muntada.live")

# A topic is sent at most once in this time, however often it changes.
PAUSE_SECONDS = 0.2
ATTEMPTS = 2


class Announcer:
    """Collects topics of all threads; a thread of its own sends them and ends when there are none left.

    The thread is no daemon: a command that ends waits for it, so its last topics are sent too. Topics that
    cannot be sent are dropped. Where the database is away, each listener has lost its connection as well, and
    asks for everything anew.
    """

    def __init__(
        self, send: Callable[[Sequence[str]], None], pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._send = send
        self._pause = pause
        self._lock = threading.Lock()
        # A dict, so that topics leave in the order they came.
        self._waiting: dict[str, None] = {}
        self._thread: threading.Thread | None = None

    def add(self, topic: str) -> None:
        with self._lock:
            self._waiting[topic] = None
            # A child process that was forked has none of the threads.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="announcer")
                self._thread.start()

    def join(self) -> None:
        """Wait until all that was added is sent."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while topics := self._take():
            self._try_to_send(topics)
            self._pause(PAUSE_SECONDS)

    def _take(self) -> list[str]:
        with self._lock:
            topics = list(self._waiting)
            self._waiting.clear()
            if not topics:
                self._thread = None
            return topics

    def _try_to_send(self, topics: Sequence[str]) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._send(topics)
            except Exception as fault:  # noqa: BLE001 - whatever it is, the next topics are sent all the same
                log.warning("attempt %s to announce %s topics failed: %s", attempt, len(topics), fault)
            else:
                return

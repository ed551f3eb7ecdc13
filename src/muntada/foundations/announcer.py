"""Announce changed topics to all processes, outside the transactions that changed them.

PostgreSQL commits only one transaction with a `NOTIFY` at a time. With a `NOTIFY` in the
transaction of every action, all commits would wait for each other. So topics are collected here and
sent separately.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

log = logging.getLogger("muntada.live")

# A topic is sent at most once in this interval.
PAUSE_SECONDS = 0.2
ATTEMPTS = 2


class Announcer:
    """Collects topics from all threads. A sender thread runs while there are topics to send.

    The thread is no daemon: a command waits for it at exit, so the last topics are sent. Topics that
    cannot be sent are dropped: if the database is away, every listener has lost its connection too and
    reloads everything.
    """

    def __init__(
        self, send: Callable[[Sequence[str]], None], pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._send = send
        self._pause = pause
        self._lock = threading.Lock()
        # A dict keeps the topics in order of arrival.
        self._waiting: dict[str, None] = {}
        self._thread: threading.Thread | None = None

    def add(self, topic: str) -> None:
        with self._lock:
            self._waiting[topic] = None
            # A forked child process has no threads.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="announcer")
                self._thread.start()

    def join(self) -> None:
        """Wait until all topics added so far are sent."""
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

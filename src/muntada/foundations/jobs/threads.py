"""Run minutes of computation in a separate thread, with checks beside it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWorking
from typing import Protocol

from muntada.foundations.jobs.running import TELL_EVERY_SECONDS


class Stoppable(Protocol):
    def stop(self) -> None: ...


def in_thread[Made](work: Callable[[], Made], *, look: Callable[[], bool], halt: Stoppable) -> Made:
    """Run `work` in a thread and call `look` regularly; `look` returns whether to halt.

    An exception raised by `look`, for example after a cancellation, also ends the work.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        done = pool.submit(work)
        try:
            while True:
                try:
                    return done.result(timeout=TELL_EVERY_SECONDS)
                except StillWorking:
                    if look():
                        halt.stop()
        finally:
            halt.stop()

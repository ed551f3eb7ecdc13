"""Work that computes for minutes without a word: it has a thread of its own, and is looked at beside."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWorking
from typing import Protocol

from muntada.foundations.jobs.running import TELL_EVERY_SECONDS


class Stoppable(Protocol):
    def stop(self) -> None: ...


def in_thread[Made](work: Callable[[], Made], *, look: Callable[[], bool], halt: Stoppable) -> Made:
    """Let it work in a thread of its own and look every so often; `look` says whether an end is asked for.

    What `look` raises, as where the job was cancelled, ends the work too.
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

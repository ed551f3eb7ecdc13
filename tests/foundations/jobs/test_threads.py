"""Work in a thread of its own, looked at beside: it ends when that is asked, and when looking fails."""

import threading

import pytest

from muntada.foundations.jobs.running import Stopped
from muntada.foundations.jobs.threads import in_thread

PATIENCE = 20.0


class Search:
    """Goes on until it is stopped, and then gives the best it has."""

    def __init__(self) -> None:
        self.stopped = threading.Event()

    def stop(self) -> None:
        self.stopped.set()

    def run(self) -> str:
        assert self.stopped.wait(PATIENCE), "nobody stopped it"
        return "the best so far"


def test_it_gives_what_was_made_and_what_it_refuses():
    assert in_thread(lambda: 5, look=lambda: False, halt=Search()) == 5
    with pytest.raises(ZeroDivisionError):
        in_thread(lambda: 1 / 0, look=lambda: False, halt=Search())


def test_it_is_stopped_when_looking_says_so_and_gives_the_best_it_has():
    search, answers = Search(), iter([False, True])
    assert in_thread(search.run, look=lambda: next(answers, True), halt=search) == "the best so far"
    assert next(answers, None) is None


def test_where_looking_fails_it_ends_and_nothing_is_given():
    search = Search()

    def look() -> bool:
        raise Stopped

    with pytest.raises(Stopped):
        in_thread(search.run, look=look, halt=search)
    assert search.stopped.is_set()

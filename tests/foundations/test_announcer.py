import threading
from collections.abc import Sequence

from muntada.foundations.announcer import Announcer


class Pauses:
    """Stands for the clock: the announcer rests until the test lets it go on."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.over = threading.Semaphore(0)

    def __call__(self, _seconds: float) -> None:
        self.begun.release()
        self.over.acquire()


def test_a_topic_that_changes_often_is_sent_at_once_and_then_once_more():
    sent: list[Sequence[str]] = []
    pauses = Pauses()
    announcer = Announcer(sent.append, pauses)
    announcer.add("call")
    pauses.begun.acquire()
    for _ in range(1_000):
        announcer.add("call")
        announcer.add("programme")
    assert sent == [["call"]]
    pauses.over.release(2)
    announcer.join()
    assert sent == [["call"], ["call", "programme"]]


def test_after_a_rest_the_next_topic_is_sent_again():
    sent: list[Sequence[str]] = []
    announcer = Announcer(sent.append, lambda _: None)
    for topic in ("first", "second"):
        announcer.add(topic)
        announcer.join()
    assert sent == [["first"], ["second"]]


def test_what_cannot_be_sent_is_tried_again_and_holds_nothing_up():
    tried: list[Sequence[str]] = []

    def send(topics: Sequence[str]) -> None:
        tried.append(topics)
        if topics == ["lost"]:
            raise ConnectionError

    announcer = Announcer(send, lambda _: None)
    announcer.add("lost")
    announcer.join()
    announcer.add("next")
    announcer.join()
    assert tried == [["lost"], ["lost"], ["next"]]


def test_topics_of_many_threads_are_all_sent():
    sent: list[str] = []
    announcer = Announcer(sent.extend, lambda _: None)
    threads = [
        threading.Thread(target=lambda one=one: [announcer.add(f"{one}-{n}") for n in range(100)])
        for one in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    announcer.join()
    assert sorted(sent) == sorted(f"{one}-{n}" for one in range(8) for n in range(100))

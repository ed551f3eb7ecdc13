import asyncio

from muntada.foundations.live import WAITING_LIMIT, Hub, stream

from .apart import run_apart


def test_a_listener_hears_its_topic_and_no_other():
    hub = Hub()
    one, other = hub.join("a"), hub.join("b")
    hub.tell("a")
    assert (one.qsize(), other.qsize()) == (1, 0)
    hub.leave("a", one)
    hub.tell("a")
    assert one.qsize() == 1


def test_a_listener_that_does_not_keep_up_holds_nobody_up():
    hub = Hub()
    queue = hub.join("a")
    for _ in range(WAITING_LIMIT + 10):
        hub.tell("a")
    assert queue.qsize() == WAITING_LIMIT


def test_a_stream_ends_when_the_browser_leaves():
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        await asyncio.sleep(0.05)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    run_apart(asyncio.wait_for(stream("topic", receive, send), timeout=5))
    assert sent[0]["status"] == 200
    assert sent[-1]["more_body"] is False

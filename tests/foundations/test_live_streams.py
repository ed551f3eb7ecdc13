import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from muntada.foundations import live_streams
from muntada.foundations.live import Hub
from muntada.foundations.live_streams import (
    OpenStreams,
    TooManyStreams,
    live_stream,
    live_token,
    stream,
    topic_of_token,
)

from .apart import run_apart, until

DAY = date(2025, 7, 8)
TOPIC = "wsis20-timetable-1"


def test_a_token_stands_for_its_topic():
    assert topic_of_token(live_token(TOPIC, "", DAY), "", DAY) == TOPIC


def test_the_token_of_a_public_page_is_good_for_everybody():
    token = live_token(TOPIC, "", DAY)
    assert topic_of_token(token, "session of somebody", DAY) == TOPIC


@pytest.mark.parametrize("session", ["", "another session"])
def test_the_token_of_somebody_signed_in_is_good_in_their_session_alone(session):
    token = live_token(TOPIC, "my session", DAY)
    assert topic_of_token(token, "my session", DAY) == TOPIC
    assert topic_of_token(token, session, DAY) is None


@pytest.mark.parametrize("token", ["", TOPIC, "anything", "a:b", "W10:x", live_token(TOPIC, "", DAY)[:-1]])
def test_what_was_not_given_by_a_page_stands_for_nothing(token):
    assert topic_of_token(token, "", DAY) is None


def test_a_token_is_the_same_all_day_and_ends_after_its_days():
    token = live_token(TOPIC, "", DAY)
    assert token == live_token(TOPIC, "", DAY)
    assert topic_of_token(token, "", DAY + timedelta(days=live_streams.TOKEN_DAYS)) == TOPIC
    assert topic_of_token(token, "", DAY + timedelta(days=live_streams.TOKEN_DAYS + 1)) is None


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_page_listens_with_a_token_for_who_sees_it(is_signed_in):
    class Somebody(AnonymousUser):
        is_authenticated = is_signed_in

    request = RequestFactory().get("/")
    request.user = Somebody()
    request.session = SessionStore("my-session")
    page = Template("{% load live %}{% live_address topic %}")
    token = page.render(Context({"request": request, "topic": TOPIC})).removeprefix("/live/")
    today = timezone.now().date()
    assert topic_of_token(token, request.session.session_key, today) == TOPIC
    assert (topic_of_token(token, "", today) is None) is is_signed_in


def test_streams_are_bounded_by_who_asks_and_in_all(monkeypatch):
    streams = OpenStreams()
    monkeypatch.setattr(live_streams, "MOST_STREAMS", 2)
    with streams.place("one", 1):
        with pytest.raises(TooManyStreams) as refused, streams.place("one", 1):
            pass
        assert refused.value.status == 429
        with streams.place("two", 1):
            with pytest.raises(TooManyStreams) as refused, streams.place("three", 1):
                pass
            assert refused.value.status == 503
    with streams.place("one", 1):
        pass


class Browser:
    """Asks for an event stream and leaves after the first events."""

    def __init__(self, leaves_after: int = 1) -> None:
        self.sent: list[dict[str, Any]] = []
        self._leaves_after = leaves_after
        self._left = asyncio.Event()

    async def receive(self) -> dict[str, object]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)
        if len(self.sent) > self._leaves_after:
            self._left.set()

    def ask(self, path: str, *cookies: bytes, method: str = "GET") -> int:
        headers = [(b"cookie", cookie) for cookie in cookies]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": headers or [],
            "client": ("::1", 1),
        }
        run_apart(asyncio.wait_for(live_stream(scope, self.receive, self.send), timeout=60))
        return self.sent[0]["status"]


def test_only_a_topic_that_a_page_gave_is_answered():
    token = live_token(TOPIC, "", timezone.now().date())
    assert Browser().ask(f"/live/{token}") == 200
    assert Browser().ask(f"/live/{TOPIC}") == 404
    assert Browser().ask("/live/") == 404
    assert Browser().ask(f"/live/{token}", method="POST") == 405


def test_the_session_is_read_as_django_reads_it():
    token = live_token(TOPIC, "mine", timezone.now().date())
    assert Browser().ask(f"/live/{token}", b"theme=dark; sessionid =mine") == 200
    assert Browser().ask(f"/live/{token}", b"a=b", b"sessionid=mine") == 200
    assert Browser().ask(f"/live/{token}", b"sessionid=other") == 404


def test_one_session_has_so_many_streams_and_no_more(monkeypatch):
    monkeypatch.setattr(live_streams, "MOST_OF_A_SESSION", 0)
    token = live_token(TOPIC, "", timezone.now().date())
    refused = Browser()
    assert refused.ask(f"/live/{token}", b"sessionid=mine") == 429
    assert b"retry-after" in dict(refused.sent[0]["headers"])
    assert Browser().ask(f"/live/{token}") == 200


def test_changes_in_a_row_are_one_event_and_the_stream_ends_when_the_browser_leaves():
    hub, browser = Hub(), Browser(leaves_after=3)

    async def change_often() -> None:
        running = asyncio.create_task(stream(hub, TOPIC, browser.receive, browser.send))
        await until(lambda: len(browser.sent) == 2)
        for _ in range(100):
            hub.publish(TOPIC)
        await until(lambda: len(browser.sent) == 3)
        for _ in range(100):
            hub.publish(TOPIC)
        await asyncio.wait_for(running, timeout=60)

    run_apart(change_often())
    events = [one["body"] for one in browser.sent[2:-1]]
    assert events == [b"event: changed\ndata: changed\n\n"] * 2
    assert browser.sent[-1]["more_body"] is False


def test_streams_end_in_order_when_the_server_stops():
    hub, browser = Hub(), Browser(leaves_after=1_000)

    async def stop() -> None:
        running = asyncio.create_task(stream(hub, TOPIC, browser.receive, browser.send))
        await until(lambda: len(browser.sent) == 2)
        live_streams.end_streams()
        await running

    run_apart(asyncio.wait_for(stop(), timeout=60))
    assert browser.sent[-1]["more_body"] is False

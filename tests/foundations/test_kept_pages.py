import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse

from muntada.foundations import kept_pages
from muntada.foundations.kept_pages import KeptPages, keep
from muntada.foundations.live import Hub

from .apart import run_apart

TOPIC = "forum-programme"


class Site:
    """An application that counts how often it is asked, and the pages kept in front of it."""

    def __init__(self, answer: Callable[[], HttpResponse] | None = None) -> None:
        self.asked = 0
        self.now = 0.0
        self.while_drawing: Callable[[], None] = lambda: None
        self._answer = answer or (lambda: keep(HttpResponse(f"page {self.asked}"), TOPIC, seconds=60))
        self.hub = Hub()
        self.pages = KeptPages(self._draw, self.hub, lambda: self.now)
        self.hub.begin()

    async def _draw(self, _scope: Any, _receive: Any, send: Any) -> None:
        self.asked += 1
        answer = self._answer()
        self.while_drawing()
        headers = [(name.encode(), value.encode()) for name, value in answer.items()]
        headers += [(b"Set-Cookie", b"a=b") for _ in answer.cookies]
        await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": answer.content})

    def ask(
        self, path: str = "/f/programme", *, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], str]:
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": named}
        run_apart(self.pages(scope, lambda: asyncio.sleep(0), send))
        given = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], given, b"".join(one.get("body", b"") for one in sent[1:]).decode()


def test_a_page_is_drawn_once_for_all_who_are_not_signed_in():
    site = Site()
    assert [site.ask()[2], site.ask()[2]] == ["page 1", "page 1"]
    assert site.asked == 1


def test_the_mark_is_never_sent_to_a_browser():
    site = Site()
    for cookie in ("", "", "sessionid=mine"):
        assert "x-muntada-kept" not in site.ask(cookie=cookie)[1]


def test_an_announcement_forgets_the_pages_of_its_topic_alone():
    site = Site()
    site.ask()
    site.hub.tell("another")
    assert site.ask()[2] == "page 1"
    site.hub.tell(TOPIC)
    assert site.ask()[2] == "page 2"


def test_what_was_announced_while_a_page_was_drawn_is_not_missed():
    site = Site()
    site.while_drawing = lambda: site.hub.tell(TOPIC)
    site.ask()
    site.while_drawing = lambda: None
    assert site.ask()[2] == "page 2"


def test_nothing_is_kept_while_announcements_may_go_unheard():
    site = Site()
    site.ask()
    site.hub.end()
    assert [site.ask()[2], site.ask()[2]] == ["page 2", "page 3"]
    site.hub.begin()
    assert [site.ask()[2], site.ask()[2]] == ["page 4", "page 4"]


def test_a_page_grows_old():
    site = Site()
    site.ask()
    site.now = 61
    assert site.ask()[2] == "page 2"


@pytest.mark.parametrize("cookie", ["sessionid=abc", "theme=dark; sessionid=abc", "messages=x"])
def test_who_has_a_session_gets_a_page_of_their_own(cookie):
    site = Site()
    site.ask()
    assert site.ask(cookie=cookie)[2] == "page 2"
    assert site.ask()[2] == "page 1"


@pytest.mark.parametrize(
    "header",
    [
        {"cookie": "theme=dark"},
        {"cookie": "django_language=ar"},
        {"accept_language": "ar"},
        {"accept_encoding": "gzip"},
        {"host": "other.example"},
    ],
)
def test_what_changes_a_page_is_part_of_its_key(header):
    site = Site()
    site.ask()
    assert site.ask(**header)[2] == "page 2"


def test_other_cookies_change_nothing():
    site = Site()
    site.ask()
    assert site.ask(cookie="csrftoken=1; visit=2")[2] == "page 1"


def test_who_has_the_page_gets_304_and_head_gets_no_body():
    site = Site()
    _, headers, _ = site.ask()
    status, _, body = site.ask(if_none_match=f'"x", {headers["etag"]}')
    assert (status, body) == (304, "")
    status, _, body = site.ask(method="HEAD")
    assert (status, body) == (200, "")
    assert site.asked == 1


def test_who_knows_the_moment_alone_gets_304_for_just_that_moment():
    moment = "Tue, 08 Jul 2025 10:00:00 GMT"
    site = Site(lambda: keep(HttpResponse("page", headers={"Last-Modified": moment}), TOPIC))
    site.ask()
    assert site.ask(if_modified_since=moment)[0] == 304
    assert site.ask(if_modified_since="Tue, 08 Jul 2025 09:59:59 GMT")[0] == 200
    # A tag weighs more than a moment.
    assert site.ask(if_modified_since=moment, if_none_match='"another"')[0] == 200
    assert site.asked == 1


def test_answers_without_the_mark_refusals_and_cookies_are_not_kept():
    def with_cookie() -> HttpResponse:
        answer = keep(HttpResponse("mine"), TOPIC)
        answer.set_cookie("a", "b")
        return answer

    refused = Site(lambda: keep(HttpResponse("no", status=404), TOPIC))
    for site in (Site(lambda: HttpResponse("plain")), Site(with_cookie), refused):
        site.ask()
        site.ask()
        assert site.asked == 2


def test_the_oldest_pages_make_room(monkeypatch):
    monkeypatch.setattr(kept_pages, "MOST_PAGES", 2)
    site = Site()
    for path in ("/a", "/b", "/c", "/a"):
        site.ask(path)
    assert site.asked == 4

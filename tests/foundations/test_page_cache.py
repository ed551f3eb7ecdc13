import asyncio
import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from muntada.foundations import page_cache
from muntada.foundations.live import Hub
from muntada.foundations.page_cache import NOTICE_PLACE, PageCache, cache_response

from .apart import run_apart

TOPIC = "forum-programme"


def a_reader() -> HttpRequest:
    request = RequestFactory().get("/f/programme")
    request.user = AnonymousUser()
    return request


def cached(answer: HttpResponse) -> HttpResponse:
    return cache_response(a_reader(), answer, TOPIC, seconds=60)


class Site:
    """An application that counts how often it is asked, and the pages kept in front of it."""

    def __init__(self, answer: Callable[[], HttpResponse] | None = None) -> None:
        self.asked = 0
        self.now = 0.0
        self.while_drawing: Callable[[], None] = lambda: None
        self._answer = answer or (lambda: cached(HttpResponse(f"page {self.asked}")))
        self.hub = Hub()
        began_at = datetime(2025, 7, 8, 10, 0, tzinfo=UTC)
        self.pages = PageCache(
            self._draw, self.hub, lambda: self.now, lambda: began_at + timedelta(seconds=self.now)
        )
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
        status, given, body = self.ask_bytes(path, method=method, **headers)
        return status, given, body.decode()

    def ask_bytes(
        self, path: str = "/f/programme", *, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        headers = {"host": "forum.example"} | headers
        named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": named}
        run_apart(self.pages(scope, lambda: asyncio.sleep(0), send))
        given = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], given, b"".join(one.get("body", b"") for one in sent[1:])


def test_a_page_is_drawn_once_for_all_who_are_not_signed_in():
    site = Site()
    assert [site.ask()[2], site.ask()[2]] == ["page 1", "page 1"]
    assert site.asked == 1


def test_the_mark_is_never_sent_to_a_browser():
    site = Site()
    for cookie in ("", "", "sessionid=mine"):
        assert "x-muntada-cache" not in site.ask(cookie=cookie)[1]


@pytest.mark.parametrize("cookies", [{"sessionid": ""}, {"sessionid": "x"}, {"messages": "x"}])
def test_an_answer_to_a_browser_with_a_session_or_a_message_is_not_marked(cookies):
    request = a_reader()
    request.COOKIES = cookies
    answer = cache_response(request, HttpResponse("page"), TOPIC)
    assert "X-Muntada-Cache" not in answer.headers
    assert answer["Cache-Control"] == "private, no-cache"


def test_an_announcement_removes_the_pages_of_its_topic_alone():
    site = Site()
    site.ask()
    site.hub.publish("another")
    assert site.ask()[2] == "page 1"
    site.hub.publish(TOPIC)
    assert site.ask()[2] == "page 2"


def test_what_was_announced_while_a_page_was_drawn_is_not_missed():
    site = Site()
    site.while_drawing = lambda: site.hub.publish(TOPIC)
    site.ask()
    site.while_drawing = lambda: None
    assert site.ask()[2] == "page 2"


def test_nothing_is_stored_while_announcements_may_go_unheard():
    site = Site()
    site.hub.end()
    assert [site.ask()[2], site.ask()[2]] == ["page 1", "page 2"]
    site.hub.begin()
    assert [site.ask()[2], site.ask()[2]] == ["page 3", "page 3"]


def test_a_page_drawn_while_announcements_went_unheard_is_not_stored():
    site = Site()

    def lose_and_find_the_database() -> None:
        site.hub.end()
        site.hub.begin()

    site.while_drawing = lose_and_find_the_database
    site.ask()
    site.while_drawing = lambda: None
    assert site.ask()[2] == "page 2"


HTML = b"<main>" + NOTICE_PLACE + b"<p>page</p></main>"


def test_cached_pages_go_on_being_served_while_the_database_is_away_and_say_so():
    site = Site(lambda: cached(HttpResponse(HTML)))
    fresh = site.ask(accept_language="en")
    site.hub.end()
    site.now = 1_000
    status, headers, body = site.ask(accept_language="en", if_none_match=fresh[1]["etag"])
    assert (status, site.asked) == (200, 1)
    assert "data-stale" in body
    assert "8 July 2025, 10:00" in body
    assert (headers["age"], headers["cache-control"]) == ("1000", "no-store")
    assert headers["content-length"] == str(len(body.encode()))
    assert "etag" not in headers


def test_the_notice_is_written_in_the_language_of_the_page():
    site = Site(lambda: cached(HttpResponse(HTML)))
    site.ask(accept_language="fr")
    site.hub.end()
    assert "8 juillet 2025" in site.ask(accept_language="fr")[2]


def test_a_packed_page_is_packed_again_with_its_notice():
    site = Site(lambda: cached(HttpResponse(gzip.compress(HTML), headers={"Content-Encoding": "gzip"})))
    site.ask_bytes(accept_encoding="gzip")
    site.hub.end()
    assert b"data-stale" in gzip.decompress(site.ask_bytes(accept_encoding="gzip")[2])


def test_a_file_without_a_place_for_a_notice_is_served_as_it_is_with_its_age():
    site = Site()
    site.ask()
    site.hub.end()
    _, headers, body = site.ask()
    assert (body, headers["age"]) == ("page 1", "0")


def test_pages_are_fresh_again_once_the_database_is_back():
    site = Site(lambda: cached(HttpResponse(HTML)))
    site.ask()
    site.hub.end()
    site.ask()
    site.hub.begin()
    assert "data-stale" not in site.ask()[2]
    assert site.asked == 2


def test_a_page_that_cannot_be_drawn_again_is_served_as_it_was():
    site = Site(lambda: cached(HttpResponse(HTML)))
    site.ask()
    site.now = 61
    site._answer = lambda: HttpResponse("broken", status=503)
    status, _, body = site.ask()
    assert (status, "data-stale" in body, "broken" in body) == (200, True, False)
    site._answer = lambda: cached(HttpResponse(HTML))
    assert "data-stale" not in site.ask()[2]


def test_nobody_gets_a_page_of_others_while_the_database_is_away():
    site = Site()
    site.ask()
    site.hub.end()
    site._answer = lambda: HttpResponse("not now", status=503)
    assert site.ask(cookie="sessionid=mine")[0] == 503


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


def test_who_has_other_cookies_is_given_the_page_and_theirs_is_given_to_nobody():
    site = Site()
    assert site.ask(cookie="csrftoken=1; visit=2")[2] == "page 1"
    assert site.ask()[2] == "page 2"
    assert site.ask(cookie="csrftoken=1; visit=2")[2] == "page 2"


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
    site = Site(lambda: cached(HttpResponse("page", headers={"Last-Modified": moment})))
    site.ask()
    assert site.ask(if_modified_since=moment)[0] == 304
    assert site.ask(if_modified_since="Tue, 08 Jul 2025 09:59:59 GMT")[0] == 200
    # A tag weighs more than a moment.
    assert site.ask(if_modified_since=moment, if_none_match='"another"')[0] == 200
    assert site.asked == 1


def test_answers_without_the_mark_refusals_and_cookies_are_not_stored():
    def with_cookie() -> HttpResponse:
        answer = cached(HttpResponse("mine"))
        answer.set_cookie("a", "b")
        return answer

    refused = Site(lambda: cached(HttpResponse("no", status=404)))
    for site in (Site(lambda: HttpResponse("plain")), Site(with_cookie), refused):
        site.ask()
        site.ask()
        assert site.asked == 2


def test_the_oldest_pages_make_room(monkeypatch):
    monkeypatch.setattr(page_cache, "MOST_PAGES", 2)
    site = Site()
    for path in ("/a", "/b", "/c", "/a"):
        site.ask(path)
    assert site.asked == 4

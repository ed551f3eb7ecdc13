"""Every kind of answer of the whole site has the security headers, whoever makes the answer."""

import asyncio
import logging
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from tests.foundations.apart import run_apart

from muntada import asgi
from muntada.foundations import live_streams
from muntada.foundations.live import hub
from muntada.foundations.live_streams import live_token
from muntada.foundations.page_cache import PageCache
from muntada.foundations.serving import PlainHandler

HEADERS = {
    *("content-security-policy", "cross-origin-opener-policy", "referrer-policy"),
    *("x-content-type-options", "x-frame-options"),
}


def ask(
    path: str, *, query: bytes = b"", method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], str]:
    """Ask the whole site as the server does, and leave as soon as the answer has begun to come."""
    sent: list[dict[str, Any]] = []

    async def asked() -> None:
        begun = asyncio.Event()
        requests = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> dict[str, Any]:
            request = next(requests, None) if not path.startswith("/live/") else None
            if request is None:
                await begun.wait()
            return request or {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            begun.set()

        named = {"host": "localhost"} | headers
        scope = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "path": path,
            "query_string": query,
            "client": ("127.0.0.1", 1),
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()],
        }
        await asyncio.wait_for(asgi.application(scope, receive, send), timeout=60)

    run_apart(asked())
    given = [(name.decode().lower(), value.decode()) for name, value in sent[0]["headers"]]
    assert len(given) == len(dict(given)), "a header stands twice"
    body = b"".join(one.get("body", b"") for one in sent[1:])
    return sent[0]["status"], dict(given), body.decode(errors="replace")


@pytest.fixture
def site(transactional_db, forum, monkeypatch):
    monkeypatch.setattr(asgi, "pages", PageCache(PlainHandler(), hub))
    monkeypatch.setattr(hub, "is_listening", True)
    return forum


def test_every_kind_of_answer_has_the_security_headers(site, monkeypatch):
    token = live_token("topic", "", timezone.now().date())
    first = ask("/wsis20/programme")
    answers = {
        "a page": ask("/wsis20/programme", query=b"a=1"),
        "a cached page": ask("/wsis20/programme"),
        "a page that did not change": ask("/wsis20/programme", if_none_match=first[1]["etag"]),
        "no such page": ask("/wsis20/nothing"),
        "sign in first": ask("/wsis20/my-work"),
        "wrong method": ask("/wsis20/programme", method="DELETE"),
        "no token": ask("/wsis20/programme", method="POST"),
        "an address with a NUL": ask("/wsis20/\0"),
        "an address that is no text": ask("/wsis20/programme", query=b"\xff"),
        "an unknown host": ask("/wsis20/programme", host="evil.example"),
        "a stream": ask(f"/live/{token}"),
        "no such stream": ask("/live/anything"),
        "a stream with the wrong method": ask(f"/live/{token}", method="POST"),
        "the interface": ask("/api/openapi.json"),
        "no such address in the interface": ask("/api/nothing"),
        "no such file": ask("/static/nothing.css"),
    }
    monkeypatch.setattr(live_streams, "MOST_STREAMS", 0)
    answers["too many streams"] = ask(f"/live/{token}")
    monkeypatch.setattr(hub, "is_listening", False)
    answers["a page while the database is away"] = ask("/wsis20/programme")
    statuses = {name: status for name, (status, _, _) in answers.items()}
    assert {400, 404, 405, 403, 304, 200, 503} <= set(statuses.values())
    assert {name: HEADERS - headers.keys() for name, (_, headers, _) in answers.items()} == {
        name: set() for name in answers
    }


def test_an_unknown_host_is_one_line_in_the_log_and_one_sentence_on_the_page(site, caplog):
    with caplog.at_level(logging.WARNING):
        status, _, body = ask("/wsis20/programme", host="evil.example\tx" + "y" * 500)
    assert status == 400
    assert "MUNTADA_HOSTS" in body
    lines = [record for record in caplog.records if record.name != "asyncio"]
    assert len(lines) == 1
    assert "MUNTADA_HOSTS" in lines[0].getMessage()
    assert lines[0].exc_info is None
    assert len(lines[0].getMessage()) < 300
    assert "\t" not in lines[0].getMessage()


def test_only_a_name_of_the_setting_is_served():
    assert "evil.example" not in settings.ALLOWED_HOSTS

"""What the parent of all processes answers while no web process is there."""

import json
import subprocess
import sys
from http.client import HTTPResponse
from io import BytesIO
from pathlib import Path

import pytest

from muntada.cli.fallback_answers import Pages, answer, pages_from
from muntada.cli.fallback_pages import write_fallback_pages
from muntada.foundations.languages import CONTENT_LANGUAGES, LANGUAGE_CODES, direction


class Sent:
    """An answer as bytes, read as a browser would."""

    def __init__(self, content: bytes) -> None:
        self._file = BytesIO(content)

    def makefile(self, _mode: str) -> BytesIO:
        return self._file


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    file = tmp_path_factory.mktemp("var") / "fallback.json"
    write_fallback_pages(file)
    return pages_from(file)


def ask(pages: Pages, target: str, method: str = "GET", **headers: str) -> HTTPResponse:
    named = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"{method} {target} HTTP/1.1", "Host: localhost", *named, "", ""])
    response = HTTPResponse(Sent(answer(head.encode(), pages)), method=method)  # type: ignore[arg-type]
    response.begin()
    return response


@pytest.mark.parametrize("language", LANGUAGE_CODES)
def test_a_page_is_calm_and_in_the_language_of_the_reader(pages, language):
    response = ask(pages, "/wsis20/programme", Accept_Language=f"xx, {language};q=0.8, en;q=0.1")
    page = response.read().decode()
    assert response.status == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}" dir="{direction(language)}">' in page
    assert 'id="content"' in page
    assert "<form" not in page


def test_each_language_has_words_of_its_own(pages):
    assert len({words.sentences for words in pages.words.values()}) == len(CONTENT_LANGUAGES)


@pytest.mark.parametrize(
    ("target", "headers", "language"),
    [
        ("/?q=a&lang=ru", {"Cookie": "django_language=ar"}, "ru"),
        ("/", {"Cookie": "theme=dark; django_language=ar", "Accept_Language": "fr"}, "ar"),
        ("/", {"Cookie": "django_language=xx", "Accept_Language": "fr-CH, en"}, "fr"),
        ("/", {"Accept_Language": "zh-CN,zh;q=0.9"}, "zh-hans"),
        ("/?lang=xx", {"Accept_Language": "*"}, "en"),
        ("/", {}, "en"),
    ],
)
def test_the_language_is_found_as_the_platform_finds_it(pages, target, headers, language):
    assert ask(pages, target, **headers).headers["Content-Language"] == language


def test_who_sent_something_is_told_to_send_it_again(pages):
    page = ask(pages, "/wsis20/s/1", "POST", Content_Length="3").read().decode()
    assert 'role="alert"' in page
    assert "<form" not in page


def test_the_styles_of_the_page_are_there_without_a_web_process(pages):
    page = ask(pages, "/").read().decode()
    styles = [part.split('"')[0] for part in page.split('<link rel="stylesheet" href="')[1:]]
    assert styles
    for address in styles:
        response = ask(pages, address)
        assert (response.status, response.headers["Content-Type"]) == (200, "text/css")
        assert response.read()


def test_programs_parts_of_pages_and_streams_get_what_they_can_read(pages):
    programs = ask(pages, "/api/forums")
    assert (programs.status, json.loads(programs.read())["code"]) == (503, "starting")
    part = ask(pages, "/wsis20/programme", HX_Request="true")
    assert (part.status, part.headers["HX-Reswap"], part.read()) == (503, "none", b"")
    stream = ask(pages, "/live/token")
    assert (stream.status, stream.read()) == (503, b"")


def test_health_says_that_nothing_is_ready(pages):
    assert (alive := ask(pages, "/healthz")).status == 503
    assert json.loads(alive.read()) == {"alive": False}
    assert (ready := ask(pages, "/readyz")).status == 503
    assert json.loads(ready.read())["ready"] is False


def test_no_body_follows_where_none_was_asked_for(pages):
    sent = answer(b"HEAD / HTTP/1.1\r\n\r\n", pages)
    assert sent.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "head", [b"\r\n\r\n", b"\xff\xfe\r\nCookie\r\n: :\r\n\r\n", b"GET\r\nAccept-Language: ,;\r\n\r\n"]
)
def test_what_is_no_request_is_answered_all_the_same(pages, head):
    assert answer(head, pages).startswith(b"HTTP/1.1 503 ")


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"words": {"en": {}}}'])
def test_before_anything_was_written_there_are_plain_words(tmp_path, content):
    file = tmp_path / "fallback.json"
    if content is not None:
        file.write_bytes(content)
    response = ask(pages_from(file), "/", Accept_Language="ar")
    assert (response.status, response.headers["Content-Language"]) == (503, "en")


def test_the_parent_of_all_processes_loads_nothing_of_the_platform():
    source = Path(__file__).resolve().parents[2] / "src"
    code = "import sys, muntada.cli.serve, muntada.cli.commands; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert "muntada" in loaded
    assert loaded & {"django", "psycopg", "numpy", "uvicorn"} == set()

"""The server's own way into Django: pages whole, streams part by part, every connection given back."""

import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import path

from foundations.test_whole_files import names_in, room_for
from muntada.foundations.serving import PlainHandler
from muntada.foundations.storage import FULL

from .apart import run_apart

seen: dict[str, str] = {}


def plain(request: HttpRequest) -> HttpResponse:
    seen["view"] = threading.current_thread().name
    answer = HttpResponse(request.body.decode() + "!")
    answer.set_cookie("kept", "yes")
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a defect")


def parts(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(str(number) for number in range(3))


def file(request: HttpRequest) -> FileResponse:
    return FileResponse(Path(__file__).open("rb"))


urlpatterns = [path("plain", plain), path("parts", parts), path("file", file), path("broken", broken)]


@pytest.fixture(autouse=True)
def own_addresses(settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
    settings.ALLOWED_HOSTS = ["*"]


def ask(address: str, body: bytes = b"", *, leaves: bool = False) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "POST" if body else "GET",
        "path": address,
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "server": ("localhost", 80),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"} if leaves else {"type": "http.request", "body": body}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    run_apart(PlainHandler()(scope, receive, send))
    return sent


def whole(sent: list[dict[str, Any]]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent[1:])


def test_a_page_comes_whole_with_its_cookies():
    sent = ask("/plain", b"words")
    assert sent[0]["status"] == 200
    assert whole(sent) == b"words!"
    assert any(name == b"Set-Cookie" and b"kept=yes" in value for name, value in sent[0]["headers"])


def test_the_thread_that_served_a_page_gives_its_connection_back():
    def finished(**_: object) -> None:
        seen["finished"] = threading.current_thread().name

    request_finished.connect(finished)
    try:
        ask("/plain", b"words")
    finally:
        request_finished.disconnect(finished)
    assert seen["view"].startswith("page")
    assert seen["finished"] == seen["view"]


def test_a_stream_comes_part_by_part():
    sent = ask("/parts")
    assert [message["body"] for message in sent[1:]] == [b"0", b"1", b"2", b""]
    assert sent[-1].get("more_body", False) is False


def test_a_file_comes_whole():
    assert whole(ask("/file")) == Path(__file__).read_bytes()


def test_a_defect_and_a_wrong_address_are_answered(settings):
    assert ask("/nowhere")[0]["status"] == 404
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    assert ask("/broken")[0]["status"] == 500


def test_whoever_leaves_while_sending_gets_no_answer():
    assert ask("/plain", leaves=True) == []


def test_what_there_is_no_room_for_is_taken_in_to_its_end_and_whoever_reads_it_is_told(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    parts = [b"x" * 2_000_000] * 4
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    messages.append({"type": "http.request", "body": b"end"})

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    with room_for(3_000_000):
        body = run_apart(PlainHandler().read_body(receive))
    assert messages == []
    with pytest.raises(OSError, check=lambda fault: fault.errno in FULL):
        body.read()
    assert names_in(tmp_path) == []


def test_of_a_form_there_is_no_room_for_the_fields_come_through(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    form = encode_multipart(BOUNDARY, {"before": "one", "file": BytesIO(b"x" * 8_000_000), "after": "two"})
    pieces = [form[start : start + 1_000_003] for start in range(0, len(form), 1_000_003)]
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.request", "body": b""})

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    with room_for(3_000_000):
        body = run_apart(PlainHandler().read_body(receive, MULTIPART_CONTENT))
    request = RequestFactory().generic("POST", "/plain", body.read(), MULTIPART_CONTENT)
    assert request.POST.dict() == {"before": "one", "after": "two"}
    assert body.fault.errno in FULL
    assert names_in(tmp_path) == []

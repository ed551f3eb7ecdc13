"""Whatever a browser sends: two requests with the same key are the same request to Django."""

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from hypothesis import event, given
from hypothesis import strategies as st

from muntada.foundations.languages import LanguageMiddleware
from muntada.foundations.page_keys import page_request
from muntada.foundations.pages import page_context

type Headers = list[tuple[bytes, bytes]]

COOKIES = (
    *("django_language=ar", "django_language =ar", " django_language= ar ", 'django_language="ar"'),
    *("DJANGO_LANGUAGE=fr", "django_language=", "django_language=xx", "django_language=en; x=1"),
    *("theme=dark", "theme =dark", 'theme="d\\141rk"', "theme=light;", "theme=pink", "=theme=dark", "theme"),
    *("sessionid=a", "sessionid =a", "sessionid=", "sessionid", " sessionid\t=a", "messages =x"),
    *("csrftoken=1", "", ";", "a=b;c", "x=django_language=ar"),
)
LANGUAGES = (
    "ar",
    "en",
    "fr, ar;q=0.5",
    "AR",
    "zh-CN",
    "xx",
    "*",
    "",
    "en;q=0, ar",
    "zh-hans;q=0.1,ru",
    "e n",
)
NAMES = (
    *("cookie", "Cookie", "accept-language", "Accept-Language", "accept_language", "host", "Host"),
    *("accept-encoding", "hx-request", "Hx-Target", "range", "x-forwarded-host", "x-forwarded-proto"),
    *("content-type", "user-agent", "accept", "x-http-method-override"),
)
VALUES = (
    "a",
    "forum.example",
    "other.example",
    "gzip",
    "xgzip",
    "true",
    "bytes=0-1",
    "text/x; charset=utf-16",
)

PARTS = ("method", "scheme", "path", "raw_path", "root_path", "query_string")

cookie_headers = st.lists(st.sampled_from(COOKIES), min_size=1, max_size=3).map("; ".join)
headers = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("cookie", "cookie", "Cookie")), cookie_headers),
        st.tuples(st.just("accept-language"), st.sampled_from(LANGUAGES)),
        st.tuples(st.sampled_from(NAMES), st.sampled_from((*VALUES, *COOKIES, *LANGUAGES))),
        st.tuples(st.sampled_from(NAMES), st.text(max_size=12)),
    ).map(lambda pair: (pair[0].encode(), pair[1].encode("utf-8"))),
    max_size=2,
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    path = draw(st.sampled_from(("/f/programme", "/f/programme/", "/f/pro%67ramme", "/f/é", "/f//programme")))
    host: Headers = [(b"host", draw(st.sampled_from((b"forum.example", b"forum.example:80"))))]
    return {
        "type": "http",
        "method": draw(st.sampled_from(("GET", "HEAD", "POST"))),
        "scheme": draw(st.sampled_from(("http", "https"))),
        "path": path,
        "raw_path": draw(st.sampled_from((path.encode(), b"/f/pro%2567ramme", b"/other"))),
        "root_path": draw(st.sampled_from(("", "", "/f"))),
        "query_string": draw(st.sampled_from((b"", b"a=1&b=2", b"b=2&a=1", b"a=1&b=2&", b"a=%31&b=2"))),
        "headers": [*host, *draw(headers)],
    }


def as_django_sees(scope: dict[str, Any]) -> tuple[object, ...]:
    """Return all that a public page can depend on, read by Django and the middleware of the house."""
    request = ASGIRequest(scope, BytesIO())
    LanguageMiddleware(lambda _: HttpResponse())(request)
    return (
        request._get_raw_host(),
        request.scheme,
        request.path,
        request.path_info,
        list(request.GET.lists()),
        request.LANGUAGE_CODE,
        page_context(request)["page_theme"],
        request.COOKIES.get(settings.SESSION_COOKIE_NAME),
        request.COOKIES.get("messages"),
        request.encoding,
        [name for name in request.headers if name.startswith(("Hx-", "Range", "Authorization"))],
    )


@given(first=requests(), second=requests(), same=st.sets(st.sampled_from(PARTS)))
def test_requests_with_the_same_key_are_seen_alike_by_django(first, second, same):
    # Most pairs that share a key differ in little.
    second = second | {part: first[part] for part in same}
    asked = page_request(first), page_request(second)
    if asked[0] is None or asked[1] is None or asked[0].key != asked[1].key:
        event("no key in common")
        return
    event("a key in common")
    assert as_django_sees(first) == as_django_sees(second)


def a_request(*sent: tuple[bytes, bytes], **changed: Any) -> dict[str, Any]:
    scope = {"type": "http", "method": "GET", "path": "/f", "query_string": b"", "scheme": "http"}
    return {**scope, "headers": [(b"host", b"forum.example"), *sent], **changed}


@pytest.mark.parametrize(
    "sent",
    [
        [(b"cookie", b"sessionid =a")],
        [(b"cookie", b"theme=dark"), (b"cookie", b"django_language=ar")],
        [(b"accept-language", b"en"), (b"accept-language", b"ar")],
        [(b"host", b"other.example")],
        [(b"cookie", b"theme=d\xc3\xa4rk")],
        [(b"accept_language", b"ar")],
        [(b"hx-target", b"main")],
        [(b"range", b"bytes=0-1")],
        [(b"content-type", b"text/plain; charset=utf-16")],
    ],
)
def test_an_odd_request_is_answered_by_django_alone(sent):
    assert page_request(a_request()) is not None
    assert page_request(a_request(*sent)) is None


def test_a_space_before_the_sign_does_not_hide_a_language_or_a_theme():
    spaced = page_request(a_request((b"cookie", b"django_language =ar; theme =dark")))
    assert spaced is not None
    assert (spaced.key.language, spaced.key.theme) == ("ar", "dark")


def test_browsers_that_prefer_a_language_in_other_words_share_its_page():
    asked = [page_request(a_request((b"accept-language", sent))) for sent in (b"fr-CH, fr;q=0.9", b"fr")]
    assert asked[0] is not None
    assert asked[0] == asked[1]

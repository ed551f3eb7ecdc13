"""What a cached page is found by: all that Django reads from a request of somebody who is not signed in.

The key is made by the functions that Django and the pages use themselves, so that no request is read in two
ways. A request that is odd in any way has no key: Django answers it, and nothing of the answer is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import parse_cookie
from django.middleware.gzip import re_accepts_gzip

from muntada.foundations.languages import preferred_language
from muntada.foundations.pages import THEME_COOKIE, theme_of

CACHED_METHODS = frozenset({"GET", "HEAD"})
# Whoever sends one of these asks for something of their own, or for a part of a page.
PERSONAL_HEADERS = frozenset(
    {
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"expect",
        b"if-match",
        b"if-range",
        b"if-unmodified-since",
        b"range",
        b"transfer-encoding",
        b"upgrade",
    }
)
# Other names are ignored by Django or read as another one.
PLAIN_NAME = b"abcdefghijklmnopqrstuvwxyz0123456789-\n"
PLAIN_VALUE = bytes(range(0x20, 0x7F))
HTMX = b"\nhx-"
LONGEST_ADDRESS = 2_000


class PageKey(NamedTuple):
    """Two requests with the same key are the same request to Django."""

    scheme: str
    host: bytes
    root_path: str
    path: str
    query: bytes
    language: str
    theme: str
    takes_gzip: bool


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request that may be answered with a cached page.

    `is_storable` says that the request holds nothing of one browser, so its answer is good for others too.
    """

    key: PageKey
    method: str
    is_storable: bool
    if_none_match: bytes
    if_modified_since: bytes


def page_request(scope: Mapping[str, Any]) -> PageRequest | None:
    """Return the key of a request and what it asks for, or none where no cached page may answer it."""
    if scope["type"] != "http" or scope["method"] not in CACHED_METHODS:
        return None
    headers: dict[bytes, bytes] = dict(scope["headers"])
    host, languages = headers.get(b"host", b""), headers.get(b"accept-language", b"")
    sent_cookies, encodings = headers.get(b"cookie", b""), headers.get(b"accept-encoding", b"")
    if (
        len(headers) != len(scope["headers"])
        or not host
        or not PERSONAL_HEADERS.isdisjoint(headers)
        or (names := b"\n".join((b"", *headers))).translate(None, PLAIN_NAME)
        or HTMX in names
        or b"".join((host, languages, sent_cookies, encodings)).translate(None, PLAIN_VALUE)
        or len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS
    ):
        return None
    # ASGIRequest takes the same characters from the end of the header.
    cookies = parse_cookie(sent_cookies.decode("ascii").rstrip("; ")) if sent_cookies else {}
    if settings.SESSION_COOKIE_NAME in cookies or CookieStorage.cookie_name in cookies:
        return None
    return PageRequest(
        key=PageKey(
            scheme=scope.get("scheme") or "http",
            host=host,
            root_path=scope.get("root_path", ""),
            path=scope["path"],
            query=scope["query_string"],
            language=preferred_language(cookies, languages.decode("ascii")),
            theme=theme_of(cookies),
            takes_gzip=_takes_gzip(encodings),
        ),
        method=scope["method"],
        is_storable=cookies.keys() <= {settings.LANGUAGE_COOKIE_NAME, THEME_COOKIE},
        if_none_match=headers.get(b"if-none-match", b""),
        if_modified_since=headers.get(b"if-modified-since", b""),
    )


@lru_cache(maxsize=1_000)
def _takes_gzip(encodings: bytes) -> bool:
    return re_accepts_gzip.search(encodings.decode("ascii")) is not None

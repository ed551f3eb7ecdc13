"""The key of a cached page: all that Django reads from a request without sign-in.

The key uses the functions of Django and the pages themselves, so a request is never interpreted in
two ways. An unusual request has no key: Django answers it, and the answer is not stored.
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
# A request with one of these is personal, or asks for a part of a page.
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
# Django ignores other names or reads them differently.
PLAIN_NAME = b"abcdefghijklmnopqrstuvwxyz0123456789-\n"
PLAIN_VALUE = bytes(range(0x20, 0x7F))
HTMX = b"\nhx-"
LONGEST_ADDRESS = 2_000


class PageKey(NamedTuple):
    """Requests with the same key are the same request to Django."""

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
    """A request that a cached page may answer.

    `is_storable` says that nothing in the request depends on one browser, so the answer may be stored.
    """

    key: PageKey
    method: str
    is_storable: bool
    if_none_match: bytes
    if_modified_since: bytes


def page_request(scope: Mapping[str, Any]) -> PageRequest | None:
    """Return the key and properties of a request, or None if no cached page may answer it."""
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
    # ASGIRequest strips the same characters.
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

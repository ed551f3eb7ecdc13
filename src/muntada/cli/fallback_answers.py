"""The answers while no web process runs: a 503 page in the reader's language.

The pages are written in advance (cli.fallback_pages), so nothing of the platform is imported here.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

RETRY_AFTER_SECONDS = 3
OK, UNAVAILABLE = "200 OK", "503 Service Unavailable"
HTML, JSON = "text/html; charset=utf-8", "application/json"
POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)
HEADERS = (
    "Connection: close",
    "Cache-Control: no-store",
    f"Content-Security-Policy: {'; '.join(POLICY)}",
    "Referrer-Policy: same-origin",
    "X-Content-Type-Options: nosniff",
    "X-Frame-Options: DENY",
)
CODE = "starting"
UNREADY = {"ready": False, "database": "unknown", "worker": "unknown", "migrations": "unknown"}
ASKED_LANGUAGE = re.compile(r"[?&]lang=([\w-]+)")


@dataclass(frozen=True)
class FallbackText:
    """The texts of one language: on a page, on a page after a submission, and for programs."""

    page: str
    page_after_sending: str
    sentences: str


PLAIN = FallbackText(
    page="<!doctype html><title>Muntada</title><p>Muntada is starting. Try again in a few seconds.</p>",
    page_after_sending=(
        "<!doctype html><title>Muntada</title><p>Muntada is starting. Send it again in a few seconds.</p>"
    ),
    sentences="Muntada is starting. Please try again in a few seconds.",
)


@dataclass(frozen=True)
class Pages:
    """All texts by language, and the static files of the pages with their types."""

    words: Mapping[str, FallbackText] = field(default_factory=lambda: {"en": PLAIN})
    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    language_cookie: str = ""


def pages_from(file: Path) -> Pages:
    """Read the prepared pages; before the first start there are a few plain words."""
    try:
        found = json.loads(file.read_bytes())
        words = {language: FallbackText(**one) for language, one in found["words"].items()}
        files = {address: (kind, content) for address, (kind, content) in found["files"].items()}
        return Pages(words, files, found["language_cookie"])
    except (OSError, ValueError, KeyError, TypeError):
        return Pages()


def answer(head: bytes, pages: Pages) -> bytes:
    """Return the complete answer to a request with this head."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    target = rest.partition(" ")[0]
    path = target.partition("?")[0]
    if path in pages.files:
        kind, content = pages.files[path]
        return _response(OK, method, content, f"Content-Type: {kind}")
    named = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in named}
    language = _language(target, headers, pages)
    words = pages.words[language]
    more = [f"Retry-After: {RETRY_AFTER_SECONDS}", f"Content-Language: {language}"]
    if path == "/healthz":
        kind, content = JSON, json.dumps({"alive": False})
    elif path == "/readyz":
        kind, content = JSON, json.dumps(UNREADY)
    elif path.startswith("/api/"):
        kind, content = JSON, json.dumps({"code": CODE, "detail": words.sentences}, ensure_ascii=False)
    elif headers.get("hx-request") == "true" or path.startswith("/live/"):
        # The part of the page stays unchanged, with its input.
        kind, content = HTML, ""
        more.append("HX-Reswap: none")
    else:
        kind, content = HTML, words.page if method in {"GET", "HEAD"} else words.page_after_sending
    return _response(UNAVAILABLE, method, content, f"Content-Type: {kind}", *more)


def _response(status: str, method: str, content: str, *headers: str) -> bytes:
    body = content.encode()
    lines = (f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", *HEADERS, "", "")
    return "\r\n".join(lines).encode("latin-1") + (b"" if method == "HEAD" else body)


def _language(target: str, headers: Mapping[str, str], pages: Pages) -> str:
    """Return the language of the address, else of the cookie, else the browser's preference."""
    cookies = dict(one.strip().partition("=")[::2] for one in headers.get("cookie", "").split(";"))
    chosen: list[str] = [*ASKED_LANGUAGE.findall(target), cookies.get(pages.language_cookie, "")]
    for code in chosen:
        if code in pages.words:
            return code
    codes = {code.partition("-")[0]: code for code in pages.words}
    tags = headers.get("accept-language", "").lower().split(",")
    preferred = (re.split("[-;]", tag.strip())[0] for tag in tags)
    return next((codes[one] for one in preferred if one in codes), "en")

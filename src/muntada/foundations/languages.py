"""The six languages of the platform, the language of a page, and text direction."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import cast

from babel import Locale
from babel.dates import format_date as babel_date
from babel.lists import format_list
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format

type Translations = Mapping[str, str]

# Each name is in its own language, so names are never translated.
CONTENT_LANGUAGES: list[tuple[str, str]] = [
    ("ar", "العربية"),
    ("zh-hans", "中文"),
    ("en", "English"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("es", "Español"),
]
LANGUAGE_CODES: tuple[str, ...] = tuple(code for code, _ in CONTENT_LANGUAGES)
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "ckb", "dv", "yi"})


def direction(language: str) -> str:
    """Return `rtl` or `ltr` for a language tag."""
    return "rtl" if language.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def language_name(language: str) -> str:
    return dict(CONTENT_LANGUAGES).get(language, language)


def city_name(zone: str) -> str:
    """Return the city of a time zone in the language of the page (CLDR)."""
    locale = Locale.parse(translation.get_language() or settings.LANGUAGE_CODE, sep="-")
    known = locale.time_zones.get(zone, {}).get("city")
    return str(known or zone.rpartition("/")[2].replace("_", " "))


def listed(words: Iterable[str]) -> str:
    """Join words with the separators of the page's language (CLDR)."""
    locale = Locale.parse(translation.get_language() or settings.LANGUAGE_CODE, sep="-")
    return format_list(list(words), locale=locale)


def day_of(moment: datetime) -> str:
    """Return the date of a moment in the current zone, in the format of the page's language."""
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def weekday_and_day(day: date) -> str:
    """Return a date with its weekday in the format of the page's language (CLDR)."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    # Our English dates have the day before the month.
    pattern = "EEEE, d MMMM y" if language == "en" else "full"
    return babel_date(day, pattern, locale=Locale.parse(language, sep="-"))


def in_language(texts: Mapping[str, str], language: str | None = None) -> str:
    """Return the text in the page's language, else in English, else in any language."""
    wanted = language or translation.get_language() or settings.LANGUAGE_CODE
    for code in (wanted, "en"):
        if texts.get(code):
            return texts[code]
    return next((text for text in texts.values() if text), "")


def language_of(texts: Mapping[str, str], language: str | None = None) -> str:
    """Return the language `in_language` would use, for the `lang` attribute."""
    wanted = language or translation.get_language() or settings.LANGUAGE_CODE
    for code in (wanted, "en"):
        if texts.get(code):
            return code
    return next((code for code, text in texts.items() if text), "en")


@dataclass(frozen=True)
class _Sent:
    """The parts of a request from which Django determines the language."""

    COOKIES: Mapping[str, str]
    META: Mapping[str, str]


def preferred_language(cookies: Mapping[str, str], accept_language: str) -> str:
    """Return the language of a request: from the cookie, else from the browser's preference."""
    return _preferred(cookies.get(settings.LANGUAGE_COOKIE_NAME, ""), accept_language)


@lru_cache(maxsize=1_000)
def _preferred(chosen: str, accept_language: str) -> str:
    sent = _Sent({settings.LANGUAGE_COOKIE_NAME: chosen}, {"HTTP_ACCEPT_LANGUAGE": accept_language})
    return translation.get_language_from_request(cast("HttpRequest", sent))


class LanguageMiddleware:
    """Sets the language: `?lang=ar` chooses and remembers one; else the cookie; else the browser.

    A link is enough, so the switch works without JavaScript, and a page can be shared in a language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("lang", "")
        is_chosen = chosen in LANGUAGE_CODES
        accepted = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
        language = chosen if is_chosen else preferred_language(request.COOKIES, accepted)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if is_chosen:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=60 * 60 * 24 * 365,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
        return response

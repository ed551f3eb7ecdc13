"""The six languages of the house, the language of a page, and the direction of a text."""

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

# Names are each language's own, so they are never translated.
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
    """Return the city a time zone is named after, in the language of the page (CLDR)."""
    locale = Locale.parse(translation.get_language() or settings.LANGUAGE_CODE, sep="-")
    known = locale.time_zones.get(zone, {}).get("city")
    return str(known or zone.rpartition("/")[2].replace("_", " "))


def listed(words: Iterable[str]) -> str:
    """Return words in a row, with the commas and the last "and" of the language of the page (CLDR)."""
    locale = Locale.parse(translation.get_language() or settings.LANGUAGE_CODE, sep="-")
    return format_list(list(words), locale=locale)


def day_of(moment: datetime) -> str:
    """Return the day of a moment in the zone that is current, as the language of the page writes it."""
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def weekday_and_day(day: date) -> str:
    """Return a day with its weekday as the language of the page writes the two together (CLDR)."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    # English dates of this house have the day before the month.
    pattern = "EEEE, d MMMM y" if language == "en" else "full"
    return babel_date(day, pattern, locale=Locale.parse(language, sep="-"))


def in_language(texts: Mapping[str, str], language: str | None = None) -> str:
    """Return the text in the page's language, else in English, else in whatever language it exists."""
    wanted = language or translation.get_language() or settings.LANGUAGE_CODE
    for code in (wanted, "en"):
        if texts.get(code):
            return texts[code]
    return next((text for text in texts.values() if text), "")


def language_of(texts: Mapping[str, str], language: str | None = None) -> str:
    """Return the language that `in_language` would answer in, for the `lang` attribute."""
    wanted = language or translation.get_language() or settings.LANGUAGE_CODE
    for code in (wanted, "en"):
        if texts.get(code):
            return code
    return next((code for code, text in texts.items() if text), "en")


@dataclass(frozen=True)
class _Sent:
    """What Django reads of a request to find its language."""

    COOKIES: Mapping[str, str]
    META: Mapping[str, str]


def preferred_language(cookies: Mapping[str, str], accept_language: str) -> str:
    """Return the language of who asks: that of the cookie, else what the browser prefers."""
    return _preferred(cookies.get(settings.LANGUAGE_COOKIE_NAME, ""), accept_language)


@lru_cache(maxsize=1_000)
def _preferred(chosen: str, accept_language: str) -> str:
    sent = _Sent({settings.LANGUAGE_COOKIE_NAME: chosen}, {"HTTP_ACCEPT_LANGUAGE": accept_language})
    return translation.get_language_from_request(cast("HttpRequest", sent))


class LanguageMiddleware:
    """`?lang=ar` chooses and remembers; else the cookie, else what the browser prefers.

    A link is enough, so the switch works without JavaScript and a page can be shared in a language.
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

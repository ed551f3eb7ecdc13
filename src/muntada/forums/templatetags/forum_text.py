"""Texts of a forum in the language of the page."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from django import template
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from muntada.foundations.languages import (
    city_name,
    direction,
    in_language,
    language_name,
    language_of,
    weekday_and_day,
)

register = template.Library()


@register.filter
def translated(texts: Mapping[str, str]) -> SafeString:
    """`{{ texts|translated }}`: the text in the page's language, with a `lang` attribute if it differs."""
    language = language_of(texts)
    text = in_language(texts)
    if language == translation.get_language():
        return format_html("{}", text)
    return format_html('<span lang="{}" dir="{}">{}</span>', language, direction(language), text)


@register.filter
def direction_of(language: str) -> str:
    return direction(language)


@register.filter
def named_language(language: str) -> str:
    """Return the name of a language in the language of the page."""
    return _name_of_language(language, translation.get_language() or "en")


@lru_cache(maxsize=1024)
def _name_of_language(language: str, page_language: str) -> str:
    try:
        locale = Locale.parse(page_language, sep="-")
        return Locale.parse(language, sep="-").get_display_name(locale) or language_name(language)
    except (UnknownLocaleError, ValueError):
        return language_name(language)


@register.filter
def country(code: str) -> str:
    """Return the name of a country in the language of the page (CLDR)."""
    locale = Locale.parse((translation.get_language() or "en"), sep="-")
    return str(locale.territories.get(code, code)) if code else ""


@register.filter
def with_weekday(day: date) -> str:
    """`{{ day|with_weekday }}`: Monday, 7 July 2025, in the format of the page's language."""
    return weekday_and_day(day)


@register.filter
def is_address(source: str) -> bool:
    """Return whether a source is a web address rather than text."""
    return source.startswith(("https://", "http://"))


@register.filter
def last_moment(closes_at: datetime | None) -> datetime | None:
    """Return the last minute of a period with an exclusive end, as shown to people."""
    return closes_at - timedelta(minutes=1) if closes_at else None


@register.simple_tag
def moment(at: datetime | None, zone: ZoneInfo | None = None, form: str = "DATETIME_FORMAT") -> SafeString:
    """`{% moment at forum.timezone %}`: a time with its zone, also machine-readable."""
    if at is None:
        return SafeString("")
    local = timezone.localtime(at, zone) if zone else at
    name = (city_name(zone.key) if zone else "UTC") if form != "DATE_FORMAT" else ""
    return format_html(
        '<time datetime="{}">{}{}</time>',
        at.isoformat(),
        date_format(local, form),
        f" ({name})" if name else "",
    )


@register.simple_tag
def hours(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """`{% hours slot.starts_at slot.ends_at forum.timezone %}`: 09:00-10:30, of the clock of the forum."""
    return "–".join(date_format(timezone.localtime(at, zone), "H:i") for at in (starts_at, ends_at))

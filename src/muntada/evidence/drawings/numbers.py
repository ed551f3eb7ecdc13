"""Numbers as each language writes them, with no more digits than say anything."""

from functools import cache

from babel import Locale
from babel.numbers import format_compact_decimal, format_decimal


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def number(value: float, language: str) -> str:
    """Write a number as its language does, with as many digits as can be read."""
    locale = _locale(language)
    size = abs(value)
    if size >= 1_000_000:  # noqa: PLR2004
        return str(format_compact_decimal(value, locale=locale, fraction_digits=2))
    pattern = "#,##0" if size >= 1000 else "0.0" if size >= 1 or size == 0 else "0.00"  # noqa: PLR2004
    return str(format_decimal(value, format=pattern, locale=locale))


def figure(value: float, language: str) -> str:
    """Write a figure with the digits its source printed, where they are two at most; else as a number."""
    if abs(value) >= 1000 or value != round(value, 2):  # noqa: PLR2004
        return number(value, language)
    return str(format_decimal(value, format="0.##", locale=_locale(language)))


def difference(value: float, language: str) -> str:
    """Write the size of a difference, to one digit wherever that says anything."""
    if 0.1 <= value < 1:  # noqa: PLR2004
        return str(format_decimal(value, format="0.0", locale=_locale(language)))
    return number(value, language)


def tick_label(value: float, language: str) -> str:
    locale = _locale(language)
    if abs(value) >= 1_000_000:  # noqa: PLR2004
        return str(format_compact_decimal(value, locale=locale, fraction_digits=1))
    return str(format_decimal(value, format="#,##0.###", locale=locale))

"""Format numbers by language, with meaningful digits only."""

from functools import lru_cache

from babel import Locale
from babel.numbers import NumberPattern, format_compact_decimal, format_percent, parse_pattern

# A table of all countries has a thousand numbers and is requested repeatedly.
KEPT = 50_000


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    return Locale.parse(language, sep="-")


@lru_cache(maxsize=64)
def _pattern(written: str) -> NumberPattern:
    return parse_pattern(written)


@lru_cache(maxsize=KEPT)
def _decimal(value: float, pattern: str, language: str) -> str:
    return str(_pattern(pattern).apply(value, locale_of(language)))


def number(value: float, language: str) -> str:
    """Format a number in the way of the language, with readable precision."""
    size = abs(value)
    if size >= 1_000_000:  # noqa: PLR2004
        return str(format_compact_decimal(value, locale=locale_of(language), fraction_digits=2))
    pattern = "#,##0" if size >= 1000 else "0.0" if size >= 1 or size == 0 else "0.00"  # noqa: PLR2004
    return _decimal(value, pattern, language)


def figure(value: float, language: str) -> str:
    """Format a figure with the digits of its source if at most two; else as `number`."""
    if abs(value) >= 1000 or value != round(value, 2):  # noqa: PLR2004
        return number(value, language)
    return _decimal(value, "0.##", language)


def difference(value: float, language: str) -> str:
    """Format the size of a difference, to one digit if meaningful."""
    return _decimal(value, "0.0", language) if 0.1 <= value < 1 else number(value, language)  # noqa: PLR2004


def signed(value: float, language: str) -> str:
    """Format a difference with its sign; the caller isolates it."""
    written = difference(abs(value), language)
    return f"+{written}" if value > 0 else f"−{written}" if value < 0 else written


def ratio(value: float, language: str) -> str:
    return _decimal(value, "0.00", language)


def slope(value: float, language: str) -> str:
    """Format a small slope with sign and four decimals; the caller isolates it."""
    written = _decimal(abs(value), "0.0000", language)
    return f"−{written}" if value < 0 else written


@lru_cache(maxsize=KEPT)
def percent(share: float, language: str) -> str:
    return str(format_percent(share, locale=locale_of(language)))


def tick_label(value: float, language: str) -> str:
    if abs(value) >= 1_000_000:  # noqa: PLR2004
        return str(format_compact_decimal(value, locale=locale_of(language), fraction_digits=1))
    return _decimal(value, "#,##0.###", language)

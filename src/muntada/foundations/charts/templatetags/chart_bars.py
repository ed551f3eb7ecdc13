"""Small drawings in the rows of a table: shares, years, ranks. The number stands beside each."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

BAR = 100
YEAR = 4


@register.simple_tag
def known_bar(recent: int, too_old: int, of: int) -> SafeString:
    """Draw how many of all have a recent number, and behind them how many only an old one."""
    whole = max(of, 1)
    dark, light = BAR * recent / whole, BAR * (recent + too_old) / whole
    return format_html(
        '<svg class="bar" viewBox="0 0 {0} 8" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><rect class="whole" width="{0}" height="8"/>'
        '<rect class="part" width="{1}" height="8"/><rect width="{2}" height="8"/></svg>',
        BAR,
        f"{light:.1f}",
        f"{dark:.1f}",
    )


@register.simple_tag
def share_bar(share: float) -> SafeString:
    """Draw a share of a whole."""
    return known_bar(round(share * BAR), 0, BAR)


@register.simple_tag
def known_years(years: Sequence[bool]) -> SafeString:
    """Draw a stroke for each year with a number."""
    places = [at for at, known in enumerate(years) if known]
    strokes = "".join(f"M{at * YEAR},0v8h{YEAR - 1}v-8z" for at in places)
    return format_html(
        '<svg class="bar years" viewBox="0 0 {0} 8" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><rect class="whole" y="7" width="{0}" height="1"/><path d="{1}"/></svg>',
        max(len(years), 1) * YEAR,
        strokes,
    )


@register.simple_tag
def rank_bar(rank: int, low: int, high: int, median: float, of: int) -> SafeString:
    """Draw a rank as a dot on the line between the ranks among which it lies; a stroke is their middle."""
    return format_html(
        '<svg class="ranks" viewBox="0 0 {0} 16" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><line class="whole" x1="0" x2="{0}" y1="8" y2="8"/>'
        '<line class="reach" x1="{1}" x2="{2}" y1="8" y2="8"/><line class="middle" x1="{3}" x2="{3}" y1="3"'
        ' y2="13"/><line class="dot" x1="{4}" x2="{4}" y1="8" y2="8"/></svg>',
        2 * BAR,
        *(_rank_place(one, of) for one in (low, high, median, rank)),
    )


def _rank_place(rank: float, of: int) -> str:
    return f"{5 + (2 * BAR - 10) * (rank - 1) / max(of - 1, 1):.1f}"

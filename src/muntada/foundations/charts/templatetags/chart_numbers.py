"""Numbers as the language of the page writes them, and the stroke of a line beside its name."""

from django import template
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from muntada.foundations.charts import numbers, palette, sparks

register = template.Library()

TIMES_FROM, MOST_TIMES = 10, 1000


def _language() -> str:
    return translation.get_language() or "en"


@register.filter
def number(value: float | None) -> str:
    """`{{ point.value|number }}`."""
    return "" if value is None else numbers.number(value, _language())


@register.filter
def figure(value: float | None) -> str:
    """`{{ world.value|figure }}`: a single figure as its source printed it."""
    return "" if value is None else numbers.figure(value, _language())


@register.filter
def signed(value: float) -> str:
    """Return a difference with its sign, isolated by the caller."""
    return numbers.signed(value, _language())


@register.filter
def percent(share: float) -> str:
    """Return a share in hundredths, as the language writes it."""
    return numbers.percent(share, _language())


@register.filter
def signed_percent(share: float) -> str:
    """Return a relative change in hundredths with its sign, one of more than tenfold as a multiple.

    From next to nothing everything is a large change, so from a thousandfold on no number is given.
    """
    if share + 1 > MOST_TIMES:
        return gettext("more than %(times)s times") % {"times": numbers.tick_label(MOST_TIMES, _language())}
    if share + 1 > TIMES_FROM:
        return f"×{numbers.number(share + 1, _language())}"
    written = percent(abs(share))
    return f"+{written}" if share > 0 else f"−{written}" if share < 0 else written


@register.filter
def spark(points: tuple[tuple[int, float], ...]) -> str:
    return sparks.sparkline(points)


@register.filter
def ratio(value: float | None) -> str:
    return "" if value is None else numbers.ratio(value, _language())


@register.filter
def slope(value: float | None) -> str:
    """`{{ beta.slope|slope }}`: a slope so small that four decimals are read."""
    return "" if value is None else numbers.slope(value, _language())


@register.simple_tag
def swatch(slot: int) -> SafeString:
    """Draw the stroke by which a line is known in the chart: its colour and its dashes."""
    tone, dashes = palette.tone(slot), palette.dashes(slot)
    return format_html(
        '<svg class="swatch" viewBox="0 0 32 8" width="32" height="8" aria-hidden="true" focusable="false">'
        '<line x1="0" y1="4" x2="32" y2="4" class="chart-line series-{}" stroke="{}"'
        ' stroke-width="2.5"{}/></svg>',
        tone,
        palette.COLOURS[tone],
        format_html(' stroke-dasharray="{}"', dashes) if dashes else "",
    )

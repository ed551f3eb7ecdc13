"""The symbols of a map's legend."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from muntada.evidence.indicators.pages.maps import MapCountry
from muntada.foundations.charts.maps import drawing, notices

register = template.Library()
register.simple_tag(notices.boundary_notice)
register.simple_tag(notices.how_it_is_drawn)


@register.simple_tag
def class_swatch(tone: int | str, number: int | None = None) -> SafeString:
    """`{% class_swatch 3 2 %}`: tone 3 with the number 2; `{% class_swatch "no-data" %}`: the hatching."""
    if not isinstance(tone, int):
        return mark_safe(_hatched(tone))  # noqa: S308 - drawn from constants
    return format_html(
        '<svg class="world-map class-swatch" viewBox="0 0 36 24" aria-hidden="true" focusable="false">'
        '<g class="tone-{0}" fill="{1}"><rect x="0.5" y="0.5" width="35" height="23" stroke="{2}"/></g>'
        '<g class="class-number on-tone-{0}" fill="{3}">'
        '<text x="18" y="16.5" text-anchor="middle" font-size="13">{4}</text></g></svg>',
        tone,
        drawing.TONES[tone - 1],
        drawing.BORDER,
        drawing.INK_ON[tone - 1],
        "" if number is None else number,
    )


@register.simple_tag
def map_rows(rows: Sequence[MapCountry]) -> SafeString:
    """Write the rows below a map: a template would need most of the page's time for two hundred."""
    distance = '<td class="num"><bdi>{}</bdi></td>' if rows and rows[0].to_target else "{}"
    row = (
        '<tr><td class="num">{}</td><th scope="row">{}</th><td class="num">{}</td><td class="num">{}</td>'
        f"{distance}</tr>"
    )
    cells = ((one.rank, one.name, one.written, one.number, one.to_target) for one in rows)
    return format_html_join("\n", row, cells)


def _hatched(name: str) -> str:
    return (
        '<svg class="world-map class-swatch" viewBox="0 0 36 24" aria-hidden="true" focusable="false">'
        f"<defs>{drawing.patterns(f'{name}-swatch', 1.3)}</defs>"
        f'<rect x="0.5" y="0.5" width="35" height="23" fill="url(#{name}-swatch-hatch)"'
        f' stroke="{drawing.BORDER}"/></svg>'
    )

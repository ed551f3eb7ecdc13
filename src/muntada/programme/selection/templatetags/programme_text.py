"""What the pages of the programme ask of what they are given."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from muntada.programme.selection.pages import RuleMeasure

register = template.Library()


@register.simple_tag
def bounds_bar(line: RuleMeasure) -> SafeString:
    """`{% bounds_bar line %}`: a value as a bar with a mark at each bound; the numbers stand beside it."""
    if line.value is None:
        return SafeString()
    bounds = [one for one in (line.least, line.most) if one is not None]
    whole = max([line.value, *bounds]) * 1.1 or 1
    marks = "".join(f"M{100 * one / whole:.1f} 0V12" for one in bounds)
    return format_html(
        '<svg class="share-bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="whole" y="2" width="100" height="8"/><rect y="2" width="{}" height="8"/>'
        '<path d="{}"/></svg>',
        round(100 * line.value / whole, 1),
        marks,
    )


@register.simple_tag
def percent_bar(percent: int | None) -> SafeString:
    """`{% percent_bar row.percent %}`: a share as a bar; the number stands beside it."""
    if percent is None:
        return SafeString()
    return format_html(
        '<svg class="share-bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="whole" y="2" width="100" height="8"/><rect y="2" width="{}" height="8"/></svg>',
        percent,
    )

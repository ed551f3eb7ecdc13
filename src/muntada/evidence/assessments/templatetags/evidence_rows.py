"""Table rows of all countries: a template would take a tenth of a second."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from muntada.evidence.assessments.adapter.coverage import AreaKnown, KnownState
from muntada.evidence.assessments.pages.trends import TrendLine, Way
from muntada.evidence.assessments.queries import AreaVerdicts, MethodVerdict
from muntada.foundations.charts import numbers
from muntada.foundations.charts.templatetags.chart_bars import known_years

register = template.Library()


def _language() -> str:
    return translation.get_language() or "en"


@register.simple_tag
def verdict_rows(lines: Iterable[AreaVerdicts]) -> SafeString:
    """Write a row per area: newest value, agreement, and each verdict."""
    language, counted = _language(), gettext("%(good)s of %(all)s")
    # Fifteen hundred cells repeat a few dozen texts: each is written once.
    cells: dict[int, str] = {}
    agreed: dict[tuple[int, int], str] = {}
    rows = []
    for line in lines:
        value = ""
        if line.value is not None:
            written = numbers.figure(line.value, language)
            value = f'<br><span class="hint"><bdi>{written}</bdi> ({line.year})</span>'
        share = line.on_track, line.judging
        if share not in agreed:
            agreed[share] = escape(counted % {"good": share[0], "all": share[1]}) if share[1] else "–"
        for one in line.said:
            if id(one) not in cells:
                cells[id(one)] = _verdict(one)
        said = "".join([cells[id(one)] for one in line.said])
        rows.append(
            f'<tr><th scope="row">{escape(line.name)}{value}</th>'
            f'<td class="num"><bdi>{agreed[share]}</bdi></td>{said}</tr>'
        )
    return mark_safe("\n".join(rows))  # noqa: S308 - every word is escaped


def _verdict(one: MethodVerdict) -> str:
    """Write a verdict: mark, text, and reason if there is none."""
    why = f' title="{escape(one.reason)}"' if one.reason else ""
    return f'<td><span class="verdict {one.tone}"{why}>{escape(one.name)}</span></td>'


@register.simple_tag
def area_options(areas: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """Write the options of a select field from codes and names."""
    options = (
        f'<option value="{escape(code)}"{" selected" if code == chosen else ""}>{escape(name)}</option>'
        for code, name in areas
    )
    return mark_safe("".join(options))  # noqa: S308 - every word is escaped


@register.simple_tag
def trend_rows(lines: Iterable[TrendLine]) -> SafeString:
    """Write a row per area: years, trend, yearly change with interval, turns."""
    language = _language()
    words = {Way.UP: gettext("up"), Way.DOWN: gettext("down"), Way.NONE: gettext("none")}
    unturned = gettext("no clear change")
    rows = []
    for line in lines:
        if line.way is Way.UNTOLD:
            told = f'<td colspan="3" class="hint">{escape(line.why)}</td>'
        else:
            told = (
                f'<td><span class="way {line.way}">{escape(words[line.way])}</span></td>'
                f'<td class="num">{_signed(line.trend["slope"], language)}</td>'
                f'<td class="num">{_between(line.trend, language)}</td>'
            )
        turns = " · ".join(map(_turn, line.turns))
        turns = turns or f'<span class="hint">{escape(line.why_unturned or unturned)}</span>'
        rows.append(
            f'<tr><th scope="row">{escape(line.name)}</th><td><bdi>{line.first}–{line.last}</bdi>'
            f' <span class="hint">({line.points})</span></td>{told}<td>{turns}</td></tr>'
        )
    return mark_safe("\n".join(rows))  # noqa: S308 - every word is escaped


def _signed(value: float, language: str) -> str:
    return f"<bdi>{numbers.signed(value, language)}</bdi>"


def _between(trend: Mapping[str, Any], language: str) -> str:
    low, high = trend["low"], trend["high"]
    return "" if low is None or high is None else f"{_signed(low, language)} … {_signed(high, language)}"


def _turn(turn: Mapping[str, Any]) -> str:
    year, earliest, latest = turn["year"], turn["earliest"], turn["latest"]
    around = f' <span class="hint">(<bdi>{earliest}–{latest}</bdi>)</span>' if earliest != latest else ""
    return f"<bdi>{year}</bdi>{around}"


@register.simple_tag
def known_rows(lines: Iterable[AreaKnown]) -> SafeString:
    """Write a row per country: state and years of its data."""
    states = {
        KnownState.RECENT: ("recent", gettext("recent")),
        KnownState.TOO_OLD: ("too-old", gettext("too old")),
        KnownState.NO_DATA: ("no-data", gettext("no data")),
    }
    rows = []
    for line in lines:
        kind, words = states[line.state]
        rows.append(
            f'<tr><th scope="row">{escape(line.name)}</th><td><span class="state {kind}">{escape(words)}'
            f'</span></td><td>{line.latest or ""}</td><td class="num">{line.points}</td>'
            f"<td>{known_years(line.years)}</td></tr>"
        )
    return mark_safe("\n".join(rows))  # noqa: S308 - every word is escaped

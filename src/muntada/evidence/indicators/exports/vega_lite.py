"""A slice as a Vega-Lite specification with its data, for reuse.

Written according to https://vega.github.io/vega-lite/docs/, without a Vega program.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from muntada.evidence.indicators.adapter.slices import ShownSlice
from muntada.evidence.indicators.exports.rows import plain
from muntada.evidence.indicators.pages.charts import notes_of, words_of
from muntada.evidence.indicators.rules.slices import SliceForm
from muntada.foundations.charts.open_data import About
from muntada.foundations.charts.palette import COLOURS, dashes, tone

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
# Four small charts of 220 fit in a page width of 1000.
WIDE, HIGH, SMALL, IN_A_ROW = 640, 360, 220, 4

type VegaSpec = dict[str, Any]


def specification_of(shown: ShownSlice, about: About) -> str:
    """Return the specification of the chosen chart with its source."""
    lines = sorted(shown.lines, key=lambda line: line.slot)
    names = [line.name for line in lines]
    series = {
        "color": _series(names, [COLOURS[tone(line.slot)] for line in lines]),
        "strokeDash": _series(
            names, [[int(length) for length in dashes(line.slot).split(",") if length] for line in lines]
        ),
    }
    spec = {
        "$schema": SCHEMA,
        "title": {"text": about.title, "subtitle": notes_of(shown)},
        "description": words_of(shown).description,
        "usermeta": {
            "citation": about.citation,
            "source": "; ".join(one.title for one in about.sources),
            "edition": about.edition,
            "licence": "; ".join(about.licences),
            "language": about.language,
        },
        "data": {"values": _values(shown)},
    }
    return json.dumps(spec | _drawn(shown, series), ensure_ascii=False, indent=1) + "\n"


def _values(shown: ShownSlice) -> list[VegaSpec]:
    """Return a row per value; for charts of two years, only the first and the latest."""
    band = {one.year: one for one in shown.band.years} if shown.band else {}
    two = shown.choices.form in (SliceForm.SLOPE, SliceForm.DOTS)
    rows = []
    for line in shown.lines:
        for cell in dict.fromkeys((line.first, line.last)) if two else line.cells:
            row = {
                "line": line.name,
                "area": line.area.code,
                "breakdown": line.part,
                "year": cell.year,
                "value": plain(cell.value),
            }
            around = band.get(cell.year) if shown.band and shown.band.line is line else None
            if around:
                row |= {"lower_quartile": plain(around.lower), "upper_quartile": plain(around.upper)}
            rows.append(row)
    return rows


def _drawn(shown: ShownSlice, series: VegaSpec) -> VegaSpec:
    year: VegaSpec = {"field": "year", "type": "quantitative", "title": None, "scale": {"zero": False}}
    year["axis"] = {"format": "d", "tickMinStep": 1}
    value: VegaSpec = {"field": "value", "type": "quantitative", "title": shown.unit}
    size = {"width": WIDE, "height": HIGH}
    match shown.choices.form:
        case SliceForm.DOTS:
            by_name = {"field": "line", "type": "nominal", "title": None, "sort": "-x"}
            when = {"field": "year", "type": "ordinal", "title": None}
            encoding: VegaSpec = {"x": value, "y": by_name, "color": when, "tooltip": _told(value)}
            return {
                "width": WIDE,
                "mark": {"type": "point", "filled": True, "size": 80},
                "encoding": encoding,
            }
        case SliceForm.PANELS:
            facet = {"field": "line", "type": "nominal", "title": None, "columns": IN_A_ROW}
            encoding = {"x": year, "y": value, "facet": facet, "tooltip": _told(value)}
            return {"width": SMALL, "height": SMALL, "mark": "line", "encoding": encoding}
    encoding = {"x": year, "y": value, "tooltip": _told(value), **series}
    mark: VegaSpec = {"type": "line", "point": shown.choices.form is SliceForm.SLOPE}
    if shown.band is None:
        return size | {"mark": mark, "encoding": encoding}
    ends: VegaSpec = {
        "y": {"field": "lower_quartile", "type": "quantitative"},
        "y2": {"field": "upper_quartile"},
    }
    area: VegaSpec = {
        "transform": [{"filter": "isValid(datum.lower_quartile)"}],
        "mark": {"type": "area", "opacity": 0.14},
        "encoding": {"x": year, "color": series["color"], **ends},
    }
    return size | {"layer": [area, {"mark": mark, "encoding": encoding}]}


def _series(names: Sequence[str], signs: Sequence[object]) -> VegaSpec:
    return {"field": "line", "type": "nominal", "title": None, "scale": {"domain": names, "range": signs}}


def _told(value: Mapping[str, Any]) -> list[VegaSpec]:
    """Return the tooltip of a point."""
    return [
        {"field": "line", "type": "nominal"},
        {"field": "year", "type": "quantitative", "format": "d"},
        {"field": value["field"], "type": "quantitative", "title": value["title"]},
    ]

"""Assessments as rows of plain values: one per series, area and method, with the figures behind it."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from muntada.engines.arrays import BoolArray
from muntada.engines.progress.answers import notes_of, reason_of
from muntada.engines.progress.assess import Assessed
from muntada.engines.progress.forecast import SeriesForecast
from muntada.engines.progress.judged import JudgedCells, VerdictCodes
from muntada.engines.progress.methods import METHODS, ProgressMethod
from muntada.engines.progress.panel import SeriesPanel
from muntada.engines.progress.targets import SeriesTarget

type PlainValue = str | int | float | list[str] | dict[str, float] | None
type ProgressRow = dict[str, PlainValue]

NO_SERIES = {"code": "no_values", "sentence": "There is no value."}


def rows_of(
    panel: SeriesPanel,
    targets: Sequence[SeriesTarget],
    found: Assessed,
    methods: Sequence[str],
    forecasts: Mapping[str, SeriesForecast] | None = None,
) -> Iterator[ProgressRow]:
    """Yield a row for each listed series, area and method, and for targets without a series.

    The order is that of the panel, then of `methods`. With `forecasts` by series, each row has the
    forecast for the target year.
    """
    by_series = {target.series: target for target in targets}
    for number, series in enumerate(panel.series):
        target = by_series.pop(series, None)
        for place in np.flatnonzero(panel.listed[number]).tolist():
            digest = digest_of(panel, number, place, target)
            head = _head(series, panel.areas[place], target) | _levels(found, number, place)
            if forecasts is not None:
                head |= _expected(forecasts.get(series), place)
            for name in methods:
                yield head | _said(METHODS[name], found.judged[name], number, place) | {"digest": digest}
    for target in targets:
        if target.series in by_series:
            for name in methods:
                yield _missing(target, METHODS[name])


def digest_of(panel: SeriesPanel, number: int, place: int, target: SeriesTarget | None) -> str:
    """Return the digest of the input of one series in one area."""
    values = panel.values[number, place]
    known = np.flatnonzero(np.isfinite(values)).tolist()
    cells = [(panel.first_year + row, values[row].item()) for row in known]
    told = repr((cells, bool(panel.doubled[number, place]), target))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _head(series: str, area: str | None, target: SeriesTarget | None) -> ProgressRow:
    return {
        "series": series,
        "area": area,
        "target": None if target is None else target.value,
        "target_year": None if target is None else target.year,
        "direction": None if target is None else int(target.direction),
    }


def _levels(found: Assessed, number: int, place: int) -> ProgressRow:
    levels = found.levels
    return {
        "base_year": _whole(levels.base_year[number, place]),
        "base_value": _number(levels.base_value[number, place]),
        "current_year": _whole(levels.current_year[number, place]),
        "current_value": _number(levels.current_value[number, place]),
        "yearly_change": _number(levels.yearly[number, place]),
    }


def _expected(forecast: SeriesForecast | None, place: int) -> ProgressRow:
    """Return the forecast for its last year; nothing for a year that is over."""
    names = ("forecast_low", "forecast", "forecast_high")
    if forecast is None or not len(forecast.years):
        return dict.fromkeys(("forecast_year", "forecast_curve", *names))
    last: ProgressRow = {"forecast_year": int(forecast.years[-1]), "forecast_curve": forecast.curve}
    figures = (forecast.low, forecast.middle, forecast.high)
    return last | {name: _number(table[place, -1]) for name, table in zip(names, figures, strict=True)}


def _said(method: ProgressMethod, judged: JudgedCells, number: int, place: int) -> ProgressRow:
    reason = reason_of(int(judged.why[number, place]))
    notes = notes_of(int(judged.notes[number, place]))
    share = None if judged.share_estimated is None else _number(judged.share_estimated[number, place])
    return {
        "method": method.id,
        "method_version": method.version,
        "thresholds": dict(method.thresholds),
        "verdict": method.names[judged.verdict[number, place]],
        "ratio": _number(judged.ratio[number, place]),
        "observed_rate": _number(judged.observed[number, place]),
        "required_rate": _number(judged.required[number, place]),
        "score": _number(judged.score[number, place]),
        "points": int(judged.points[number, place]),
        "share_estimated": share,
        "reason_code": None if reason is None else reason.code,
        "reason": None if reason is None else reason.sentence,
        "notes": [note.code for note in notes],
    }


def _missing(target: SeriesTarget, method: ProgressMethod) -> ProgressRow:
    nothing: dict[str, PlainValue] = dict.fromkeys(
        ("base_year", "base_value", "current_year", "current_value", "yearly_change")
    )
    said: dict[str, PlainValue] = dict.fromkeys(("ratio", "observed_rate", "required_rate", "score"))
    named: ProgressRow = {
        "method": method.id,
        "method_version": method.version,
        "thresholds": dict(method.thresholds),
        "verdict": method.none,
    }
    last: ProgressRow = {
        "points": 0,
        "share_estimated": None,
        "reason_code": NO_SERIES["code"],
        "reason": NO_SERIES["sentence"],
        "notes": [],
        "digest": hashlib.sha256(repr(((), False, target)).encode()).hexdigest()[:16],
    }
    return _head(target.series, None, target) | nothing | named | said | last


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _whole(value: float) -> int | None:
    return int(value) if math.isfinite(value) else None


def as_json(rows: Iterator[ProgressRow] | Sequence[ProgressRow]) -> Iterator[str]:
    """Yield a JSON list, one row per line."""
    before = "["
    for row in rows:
        yield f"{before}\n{json.dumps(row, ensure_ascii=False)}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def agreement(panel: SeriesPanel, found: Assessed, methods: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """Count, per series, the areas on track by method: the table of disagreement.

    The columns are `areas` listed, areas on track by each method that measures pace (`by_statcan`), by
    `all` and by `any` of these.
    """
    table = {}
    for number, series in enumerate(panel.series):
        listed = panel.listed[number]
        good = {
            name: listed & is_good(METHODS[name], found.judged[name].verdict[number])
            for name in methods
            if METHODS[name].good
        }
        together = np.array(list(good.values()), dtype=np.bool_).reshape(-1, len(listed))
        table[series] = {
            "areas": int(listed.sum()),
            **{f"by_{name}": int(one.sum()) for name, one in good.items()},
            "all": int(together.all(axis=0).sum()) if good else 0,
            "any": int(together.any(axis=0).sum()),
        }
    return table


def is_good(method: ProgressMethod, verdict: VerdictCodes) -> BoolArray:
    """Mark verdicts that count as on track."""
    return np.isin(verdict, [number for number, name in enumerate(method.names) if name in method.good])

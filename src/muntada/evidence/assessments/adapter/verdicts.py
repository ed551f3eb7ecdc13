"""Adapter for verdicts: values and a target in, verdicts of each method out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from muntada.engines.progress.assess import assess
from muntada.engines.progress.methods import METHODS
from muntada.engines.progress.panel import panel_of
from muntada.engines.progress.rows import rows_of
from muntada.engines.progress.targets import SeriesTarget
from muntada.engines.progress.targets import TargetDirection as Way
from muntada.evidence.assessments.rules import METHOD_IDS
from muntada.evidence.indicators.models import IndicatorTarget
from muntada.evidence.indicators.rules.targets import BetterWhen

_WAYS = {BetterWhen.UP: Way.UP, BetterWhen.DOWN: Way.DOWN, BetterWhen.PARITY: Way.PARITY}


@dataclass(frozen=True)
class MethodHere:
    """A method, as shown beside its verdicts."""

    id: str
    title: str
    version: str
    citation: str
    thresholds: Mapping[str, float]
    judges_pace: bool


def methods_here() -> list[MethodHere]:
    """Return the methods in the language of the page."""
    return [
        MethodHere(one.id, gettext(one.title), one.version, one.citation, one.thresholds, bool(one.good))
        for one in (METHODS[name] for name in METHOD_IDS)
    ]


def judge(target: IndicatorTarget, cells: Iterable[tuple[str, int, float]]) -> list[dict[str, Any]]:
    """Return a row per area and method; `cells` are unique (area, year, value)."""
    series = target.indicator.code
    wanted = SeriesTarget(
        series=series,
        value=target.value,
        year=target.year,
        base_year=target.base_year,
        direction=_WAYS[BetterWhen(target.direction)],
        limit=target.limit,
        lower=target.lower,
        optimum=target.optimum,
        unit=str(target.indicator.units.get("en", "")),
    )
    panel = panel_of((series, area, year, value) for area, year, value in cells)
    if not panel.areas:
        return []
    found = assess(panel, (wanted,), METHOD_IDS)
    rows: list[dict[str, Any]] = [dict(row) for row in rows_of(panel, (wanted,), found, METHOD_IDS)]
    for row in rows:
        method = METHODS[row["method"]]
        row["is_on_track"] = _is_on_track(row["verdict"], method.good, method.none)
    return rows


def _is_on_track(verdict: str, good: tuple[str, ...], none: str) -> bool | None:
    """Return whether a verdict counts as on track; None without a verdict or a pace."""
    if not good or verdict == none:
        return None
    return verdict in good

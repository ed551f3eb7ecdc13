"""Verdicts of several methods on a panel: level, rate and verdict of each series in each area.

The panel is processed in fixed blocks of BLOCK series, so the result does not depend on the number
of processes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray
from muntada.engines.progress.cells import Goals, SeriesCells, cells_of, ends, from_base, since, window
from muntada.engines.progress.distance import oecd
from muntada.engines.progress.growth import eurostat, statcan, unsd
from muntada.engines.progress.judged import JudgedCells
from muntada.engines.progress.methods import ESCAP, LOGIT, METHODS, ProgressMethod
from muntada.engines.progress.panel import AnyIntArray, SeriesPanel
from muntada.engines.progress.straight import escap, logit, sdsn
from muntada.engines.progress.targets import SeriesTarget

BLOCK = 64  # series
UNITS_OF_A_HUNDRED = ("%", "percent", "per cent", "per 100", "pour cent", "por ciento")


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Base and latest value of each cell (NaN if missing), and the mean change per year."""

    base_value: FloatArray
    base_year: FloatArray
    current_value: FloatArray
    current_year: FloatArray
    yearly: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Assessed:
    """The assessment of some series in all areas: arrays of series x areas, by method."""

    levels: Levels
    judged: Mapping[str, JudgedCells]


@dataclass(frozen=True, slots=True, eq=False)
class SeriesBlock:
    """Some series of a panel with their targets: the unit of work."""

    years: AnyIntArray
    values: FloatArray
    doubled: BoolArray
    estimated: BoolArray | None
    targets: tuple[SeriesTarget | None, ...]


_JUDGES: Mapping[str, Callable[[SeriesCells], JudgedCells]] = {
    "statcan": statcan,
    "eurostat": eurostat,
    "unsd": unsd,
    "escap": escap,
    "sdsn": sdsn,
    "logit": logit,
}


def assess(
    panel: SeriesPanel, targets: Sequence[SeriesTarget], methods: Sequence[str] = tuple(METHODS)
) -> Assessed:
    """Assess every series of the panel in every area by each method.

    Returns arrays of series x areas. A series without a target in `targets` gets a reason instead of a
    verdict. Raises KeyError for a method that is not in METHODS. Sources are in
    docs/engines/progress.md.
    """
    return joined([assess_block(block, methods) for block in blocks_of(panel, targets)], panel, methods)


def blocks_of(panel: SeriesPanel, targets: Sequence[SeriesTarget]) -> Iterator[SeriesBlock]:
    """Cut a panel into blocks of BLOCK series."""
    by_series = {target.series: target for target in targets}
    for first in range(0, len(panel.series), BLOCK):
        part = slice(first, first + BLOCK)
        yield SeriesBlock(
            panel.years,
            panel.values[part],
            panel.doubled[part],
            None if panel.estimated is None else panel.estimated[part],
            tuple(by_series.get(name) for name in panel.series[part]),
        )


def assess_block(block: SeriesBlock, methods: Sequence[str]) -> Assessed:
    """Judge the series of a block."""
    series, areas, years = block.values.shape
    values = np.ascontiguousarray(block.values.reshape(series * areas, years).T)
    cells = cells_of(block.years, values, block.doubled.reshape(-1), goals_of(block.targets, areas))
    with np.errstate(all="ignore"):
        yearly = (cells.current_value - cells.base_value) / (cells.current_year - cells.base_year)
    levels = Levels(
        cells.base_value,
        cells.base_year,
        cells.current_value,
        cells.current_year,
        np.where(np.isfinite(yearly), yearly, np.nan),
    )
    found = {name: _judge(METHODS[name], cells, areas) for name in methods}
    if block.estimated is not None:
        told = np.ascontiguousarray(block.estimated.reshape(series * areas, years).T)
        found = {name: _with_share(METHODS[name], one, cells, told) for name, one in found.items()}
    shape = (series, areas)
    return Assessed(_shaped(levels, shape), {name: _shaped(one, shape) for name, one in found.items()})


def _judge(method: ProgressMethod, cells: SeriesCells, areas: int) -> JudgedCells:
    if method.id in _JUDGES:
        return _JUDGES[method.id](cells)
    return oecd(cells, _spread(cells.current_value, areas))


def _spread(latest: FloatArray, areas: int) -> FloatArray:
    """Return the standard deviation over areas of the latest values, for each cell of the series."""
    table = latest.reshape(-1, areas)
    known = np.isfinite(table)
    count = np.maximum(known.sum(axis=1), 1)
    mean = np.where(known, table, 0.0).sum(axis=1) / count
    away = np.where(known, table - mean[:, None], 0.0)
    return np.repeat(np.sqrt((away * away).sum(axis=1) / count), areas)


def _with_share(
    method: ProgressMethod, one: JudgedCells, cells: SeriesCells, estimated: BoolArray
) -> JudgedCells:
    """Add the share of estimates among the values behind each verdict."""
    used = _used(method, cells)
    count = used.sum(axis=0)
    with np.errstate(all="ignore"):
        share = np.where(one.verdict > 0, (used & estimated).sum(axis=0) / count, np.nan)
    others = {field.name: getattr(one, field.name) for field in fields(JudgedCells)}
    return JudgedCells(**(others | {"share_estimated": share}))


def _used(method: ProgressMethod, cells: SeriesCells) -> BoolArray:
    if method.id == ESCAP.id:
        return since(cells, ESCAP.thresholds["since"])
    if method.id == LOGIT.id:
        return window(cells, LOGIT.thresholds["window"])
    return from_base(cells) if method.id == "oecd" else ends(cells)


def goals_of(targets: Sequence[SeriesTarget | None], areas: int) -> Goals:
    """Return the target of each cell: the target of the series, repeated for each area."""

    def each(numbers: list[float]) -> FloatArray:
        return np.repeat(np.array(numbers, dtype=np.float64), areas)

    told = [target or SeriesTarget("") for target in targets]
    return Goals(
        told=np.repeat(np.array([target is not None for target in targets], dtype=np.bool_), areas),
        target=each([_or_nan(one.value) for one in told]),
        target_year=each([one.year for one in told]),
        base_year=each([one.base_year for one in told]),
        direction=each([one.direction for one in told]),
        limit=each([_or_nan(one.limit) for one in told]),
        lower=each([_or_nan(one.lower) for one in told]),
        optimum=each([_or_nan(one.optimum) for one in told]),
        most=each([_most(one) for one in told]),
    )


def _most(target: SeriesTarget) -> float:
    """Return the largest plausible value in this unit: the limit, or 100 for units per hundred."""
    unit = target.unit.lower()
    of_a_hundred = any(word in unit for word in UNITS_OF_A_HUNDRED) and "per 100," not in unit
    return min(100.0 if of_a_hundred else np.inf, target.limit or np.inf)


def _or_nan(number: float | None) -> float:
    return np.nan if number is None else number


def _shaped[T: (Levels, JudgedCells)](columns: T, shape: tuple[int, ...]) -> T:
    parts: dict[str, Any] = {field.name: getattr(columns, field.name) for field in fields(columns)}
    shaped: dict[str, Any] = {
        name: part if part is None else part.reshape(shape) for name, part in parts.items()
    }
    return type(columns)(**shaped)


def joined(parts: Sequence[Assessed], panel: SeriesPanel, methods: Sequence[str]) -> Assessed:
    """Join blocks in order."""
    if not parts:
        empty = SeriesBlock(panel.years, panel.values, panel.doubled, panel.estimated, ())
        parts = [assess_block(empty, methods)]
    return Assessed(
        _joined([part.levels for part in parts]),
        {name: _joined([part.judged[name] for part in parts]) for name in methods},
    )


def _joined[T: (Levels, JudgedCells)](parts: Sequence[T]) -> T:
    first = parts[0]
    columns: dict[str, Any] = {
        field.name: None
        if getattr(first, field.name) is None
        else np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(first)
    }
    return type(first)(**columns)

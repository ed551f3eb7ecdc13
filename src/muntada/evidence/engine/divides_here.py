"""What was measured of divides, as a page shows it: with the areas, and reasons in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muntada.evidence.engine.plain import said
from muntada.evidence.engine.results import Result, result_of
from muntada.evidence.models import Area, Vintage
from muntada.evidence.queries.results import Inputs, areas_named
from muntada.evidence.rules.results import ResultKind

type Row = Mapping[str, Any]

EVERY = 5


@dataclass(frozen=True)
class Moved:
    """The first, the last and the absolutely widest year that are told; all years between as points."""

    first: Row
    last: Row
    widest: Row
    relative: tuple[tuple[int, float], ...]
    absolute: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class GroupGap:
    """A group beside the world, and how the gap moved: in the unit and as a ratio."""

    area: Area
    row: Row
    why: str
    absolute: tuple[tuple[int, float], ...]
    relative: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Divides:
    """All that a page shows; `weights` is the edition by which countries are weighted, if by any."""

    weights: Vintage | None
    digest: str
    least_share: float
    years: tuple[Row, ...]
    all_years: tuple[Row, ...]
    moved: Moved | None
    split: Row | None
    groups: tuple[GroupGap, ...]


def divides_here(inputs: Inputs) -> Divides:
    """Return how unequal countries were in each year, and how groups stand to the world."""
    result = result_of(inputs, ResultKind.DIVIDES)
    found = result.found
    split = found["split"]
    named = [row["area"] for row in found["groups"]]
    named += [part["group"] for part in split["groups"]] if split else []
    areas = areas_named(named)
    every = tuple(row | {"why": said(row["reason"] or row["reason_relative"])} for row in found["years"])
    told = [row for row in every if row["reason_relative"] is None]
    return _divides(inputs, result, every, told, areas)


def _divides(
    inputs: Inputs, result: Result, every: Sequence[Row], told: Sequence[Row], areas: Mapping[str, Area]
) -> Divides:
    found = result.found
    split = found["split"]
    if split is not None:
        parts = [
            {"area": areas[part["group"]], "part": part} for part in split["groups"] if part["group"] in areas
        ]
        split = split | {"rows": parts}
    return Divides(
        weights=inputs.weights,
        digest=result.digest,
        least_share=found["least_share"],
        years=tuple(row for row in every if _is_shown(row, every, told)),
        all_years=tuple(every),
        moved=_moved(told),
        split=split,
        groups=tuple(_gap(row, areas[row["area"]]) for row in found["groups"] if row["area"] in areas),
    )


def _is_shown(row: Row, every: Sequence[Row], told: Sequence[Row]) -> bool:
    """Show every fifth year, the last one, and the last that is told."""
    return row["year"] % EVERY == 0 or row is every[-1] or bool(told and row is told[-1])


def _moved(told: Sequence[Row]) -> Moved | None:
    if len(told) < 2:  # noqa: PLR2004
        return None
    return Moved(
        first=told[0],
        last=told[-1],
        widest=max(told, key=lambda row: row["deviation"]),
        relative=tuple((row["year"], row["gini"]) for row in told),
        absolute=tuple((row["year"], row["deviation"]) for row in told),
    )


def _gap(row: Row, area: Area) -> GroupGap:
    gaps = row["gaps"]
    return GroupGap(
        area=area,
        row=row,
        why=said(row["distance"]["reason"]),
        absolute=tuple((year, gap) for year, gap, _ in gaps),
        relative=tuple((year, ratio) for year, _, ratio in gaps if ratio is not None),
    )

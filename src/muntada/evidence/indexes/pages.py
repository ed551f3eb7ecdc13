"""Page objects of a composite index: ranking, missing data, influence of choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from muntada.evidence.areas.models import Area
from muntada.evidence.assessments.adapter.values import said
from muntada.evidence.assessments.queries import areas_named
from muntada.evidence.indexes.adapter import TOP, pillar_code
from muntada.evidence.indexes.models import CompositeIndex, IndexPart, IndexPillar
from muntada.evidence.indexes.queries import parts_of
from muntada.evidence.indexes.rules import OPTION_NAMES, IndexResult, ScoredArea


@dataclass(frozen=True)
class RankedArea:
    """An area in the ranking: rank with interval, scores, missing indicators."""

    area: Area
    name: str
    row: ScoredArea
    pillars: tuple[float | None, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    result: IndexResult
    pillars: tuple[IndexPillar, ...]
    parts: tuple[IndexPart, ...]
    ranked: tuple[RankedArea, ...]
    unranked: tuple[RankedArea, ...]
    without_any: int
    left_out: tuple[tuple[str, str], ...]
    drawn_in: tuple[tuple[str, int], ...]
    logarithms: tuple[str, ...]
    shifts: tuple[tuple[str, float | None], ...]

    @property
    def widest(self) -> int:
        return max((one.row.width for one in self.ranked), default=0)

    @property
    def outliers(self) -> list[str]:
        """What was done about values that are too far out, by the title of the indicator."""
        lines = []
        for title, count in self.drawn_in:
            words = ngettext("%(count)s value drawn in", "%(count)s values drawn in", count)
            lines.append(f"{title}: {words % {'count': count}}")
        logarithm = gettext("counted by its logarithm")
        return lines + [f"{title}: {logarithm}" for title in self.logarithms]


def ranking_page(index: CompositeIndex) -> Ranking:
    """Return the computed ranking; areas without any data are only counted."""
    result = index.outcome
    parts = parts_of(index)
    titles = {part.indicator.code: part.indicator.title_here for part in parts}
    pillars = tuple(index.pillars.all())
    areas = areas_named(row.area for row in result.areas)
    rows = [_ranked(row, areas[row.area], pillars, titles) for row in result.areas if row.known]
    unranked = sorted((one for one in rows if one.row.rank is None), key=lambda one: one.name)
    return Ranking(
        result=result,
        pillars=pillars,
        parts=tuple(parts),
        ranked=tuple(one for one in rows if one.row.rank is not None),
        unranked=tuple(unranked),
        without_any=sum(not row.known for row in result.areas),
        left_out=tuple((titles.get(code, code), said(why)) for code, why in result.left_out.items()),
        drawn_in=tuple((titles.get(code, code), count) for code, count in result.drawn_in.items()),
        logarithms=tuple(titles.get(code, code) for code in result.logarithms),
        shifts=_shifts(result.shifts),
    )


def _ranked(
    row: ScoredArea, area: Area, pillars: Sequence[IndexPillar], titles: Mapping[str, str]
) -> RankedArea:
    return RankedArea(
        area=area,
        name=area.name_here,
        row=row,
        pillars=tuple(row.parts[pillar_code(one.position)] for one in pillars),
        missing=tuple(titles.get(code, code) for code in row.missing),
    )


def _shifts(shifts: Mapping[str, float | None]) -> tuple[tuple[str, float | None], ...]:
    """Return the mean change of rank under each option, in words."""
    return tuple((str(OPTION_NAMES.get(name, name)), value) for name, value in shifts.items())


def as_data(index: CompositeIndex) -> dict[str, Any]:
    """Return a complete index for download and recomputation."""
    return {
        "index": f"{index.forum.prefix} index {index.number}",
        "title": index.title,
        "about": index.about,
        "language": index.language,
        "compares": index.compares,
        "year": index.year,
        "oldest": index.oldest,
        "normalise": index.normalise,
        "aggregate": index.aggregate,
        "treats_outliers": index.treats_outliers,
        "fills_gaps": index.fills_gaps,
        "parts": [
            {"part": TOP, "parent": "", "weight": 1.0, "direction": 1},
            *(_pillar(one) for one in index.pillars.all()),
            *(_part(one) for one in parts_of(index)),
        ],
        "computed_at": index.computed_at.isoformat(),
        "digest": index.digest,
        "result": index.result,
    }


def _pillar(one: IndexPillar) -> dict[str, Any]:
    return {
        "part": pillar_code(one.position),
        "title": one.title,
        "parent": TOP,
        "weight": one.weight,
        "direction": 1,
    }


def _part(one: IndexPart) -> dict[str, Any]:
    return {
        "part": one.indicator.code,
        "title": one.indicator.title_here,
        "parent": pillar_code(one.pillar.position),
        "weight": one.weight,
        "direction": 1 if one.more_is_better else -1,
        "edition": one.vintage.label if one.vintage else "",
        "source": str(one.vintage.source or "") if one.vintage else "",
    }

"""Adapter for trends and turning points."""

from muntada.engines.progress.breaks import breaks
from muntada.engines.progress.trends import trends
from muntada.engines.progress.turning import turning_of
from muntada.engines.values import JsonObject
from muntada.evidence.assessments.adapter.tables import table_of, years_of
from muntada.evidence.assessments.adapter.values import kept, rounded
from muntada.evidence.assessments.queries import IndicatorNumbers

VERSION = 1


def measure_trends(numbers: IndicatorNumbers) -> JsonObject:
    """Return trend and pieces of every area's series in stored form."""
    areas, years = sorted({area for area, _, _ in numbers.cells}), years_of(numbers.cells)
    values = table_of(numbers.cells, areas, years)
    moved, turned = trends(years, values), breaks(years, values)
    points: dict[str, list[tuple[int, float]]] = {}
    for area, year, value in sorted(numbers.cells):
        points.setdefault(area, []).append((year, value))
    found = {}
    for at, area in enumerate(areas):
        turning = turning_of(years, values[at], turned, (at,))
        found[area] = {
            "points": points[area],
            "trend": kept(moved.at(at)),
            "pieces": [kept(piece) for piece in turning.pieces],
            "turns": [kept(turn) for turn in turning.turns],
            "support": rounded(turning.support),
            "unturned": str(turning.reason) if turning.reason else None,
        }
    return {"areas": found}

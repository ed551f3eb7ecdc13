"""Adapter for forecasts: values, intervals and past accuracy."""

from collections.abc import Sequence

import numpy as np

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.forecast import LEVEL, back_test, forecast
from muntada.engines.values import JsonObject
from muntada.evidence.assessments.adapter.tables import table_of, years_of
from muntada.evidence.assessments.adapter.values import kept, rounded
from muntada.evidence.assessments.queries import IndicatorNumbers
from muntada.evidence.indicators.models import IndicatorTarget

VERSION = 2
# The origin of the back-test, in years before the last one.
BACK = 5


def measure_forecast(numbers: IndicatorNumbers, target: IndicatorTarget) -> JsonObject:
    """Return the forecast of every area until the year of a target, in stored form.

    Common data are in the head, the data of each area under its code, so that a page of one area reads
    no more. Countries and groups are forecast separately: groups are smoother and would make the
    intervals of countries too narrow.
    """
    years = years_of(numbers.cells)
    points: dict[str, list[tuple[int, float]]] = {}
    for code, year, value in sorted(numbers.cells):
        points.setdefault(code, []).append((year, value))
    sides = {
        "countries": [code for code in points if code in numbers.countries],
        "groups": [code for code in points if code not in numbers.countries],
    }
    parts: JsonObject = {}
    areas: JsonObject = {}
    for name, codes in sides.items():
        if codes:
            parts[name], rows = _part(codes, years, table_of(numbers.cells, codes, years), target)
            areas |= {code: row | {"part": name, "points": points[code]} for code, row in rows.items()}
    return {"head": {"level": LEVEL, "until": target.year, "parts": parts}, "areas": areas}


def _part(
    codes: Sequence[str], years: Sequence[int], values: FloatArray, target: IndicatorTarget
) -> tuple[JsonObject, JsonObject]:
    """Return the common data of these areas, and the path of each area that has one."""
    time = np.array(years)
    found = forecast(values, time, target.year, limit=target.limit)
    origin = years[-1] - BACK
    tried = (
        back_test(values, time, origin, limit=target.limit, curve=found.curve) if origin > years[0] else ()
    )
    rows: JsonObject = {}
    for at, code in enumerate(codes):
        ways = (rounded(float(one)) for one in found.middle[at])
        if found.origin[at] and any(middle is not None for middle in ways):
            sides = (found.middle, found.low, found.high)
            rows[code] = {
                "origin": int(found.origin[at]),
                "ahead": [
                    [int(year), *(rounded(float(side[at, column])) for side in sides)]
                    for column, year in enumerate(found.years)
                ],
            }
    head = {"curve": found.curve, "codes": list(rows), "tried": [kept(one) for one in tried]}
    return head, rows

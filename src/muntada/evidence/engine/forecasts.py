"""The door to the forecast: where areas are heading, how sure that is, and how it did in the past."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from muntada.engines.progress.forecast import LEVEL, back_test, forecast
from muntada.engines.progress.lacks import Floats
from muntada.evidence.engine.plain import kept, rounded
from muntada.evidence.engine.tables import table_of, years_of
from muntada.evidence.models import IndicatorTarget
from muntada.evidence.queries.results import Numbers

type Plain = dict[str, Any]

VERSION = 1
# From so many years before the last one the past is forecast.
BACK = 5


def measure_forecast(numbers: Numbers, target: IndicatorTarget) -> Plain:
    """Return the forecast of every area until the year of a target, as it is kept.

    Countries and groups are forecast apart: groups move more smoothly, and would make the intervals of
    countries narrower than those deserve.
    """
    years = years_of(numbers.cells)
    areas = sorted({area for area, _, _ in numbers.cells})
    parts = {
        "countries": [area for area in areas if area in numbers.countries],
        "groups": [area for area in areas if area not in numbers.countries],
    }
    made = {
        name: _part(codes, years, table_of(numbers.cells, codes, years), target)
        for name, codes in parts.items()
        if codes and years
    }
    return {"level": LEVEL, "until": target.year, "parts": made}


def _part(codes: Sequence[str], years: Sequence[int], values: Floats, target: IndicatorTarget) -> Plain:
    time = np.array(years)
    found = forecast(values, time, target.year, limit=target.limit)
    origin = years[-1] - BACK
    tried = (
        back_test(values, time, origin, limit=target.limit, curve=found.curve) if origin > years[0] else ()
    )
    rows = {}
    for at, code in enumerate(codes):
        if found.origin[at]:
            rows[code] = {
                "origin": int(found.origin[at]),
                "ahead": [
                    [
                        int(year),
                        *(rounded(float(side[at, column])) for side in (found.middle, found.low, found.high)),
                    ]
                    for column, year in enumerate(found.years)
                ],
            }
    return {"curve": found.curve, "areas": rows, "tried": [kept(one) for one in tried]}

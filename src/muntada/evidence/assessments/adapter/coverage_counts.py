"""Adapter for coverage: the areas and years with values."""

import numpy as np

from muntada.engines.values import JsonObject
from muntada.evidence.assessments.adapter.tables import table_of, years_of
from muntada.evidence.assessments.queries import IndicatorNumbers

VERSION = 1


def measure_known(numbers: IndicatorNumbers) -> JsonObject:
    """Return the years with values of each area in stored form: a letter per year."""
    areas, years = sorted({area for area, _, _ in numbers.cells}), years_of(numbers.cells)
    known = np.isfinite(table_of(numbers.cells, areas, years))
    rows = ("".join("1" if one else "0" for one in row) for row in known)
    return {"first_year": years[0] if years else 0, "areas": dict(zip(areas, rows, strict=True))}

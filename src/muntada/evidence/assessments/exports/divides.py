"""The divides of an indicator as a table."""

from collections.abc import Iterator, Sequence

from muntada.evidence.assessments.pages.divides import Divides

MEASURES = (
    *("areas", "share", "mean", "lowest", "highest", "range", "ratio", "deviation", "variation"),
    *("half_difference", "gini", "theil", "atkinson", "reason", "reason_relative"),
)
COLUMNS = ("indicator", "area", "year", *MEASURES, "gap_to_world", "ratio_to_world", "digest")


def divide_lines(code: str, found: Divides) -> Iterator[Sequence[object]]:
    """Yield the measures of every year, then the gaps of groups to the world."""
    for row in found.all_years:
        yield (code, "", row["year"], *(row[name] for name in MEASURES), "", "", found.digest)
    for one in found.groups:
        for year, gap, ratio in one.row["gaps"]:
            yield (code, one.area.code, year, *("" for _ in MEASURES), gap, ratio, found.digest)

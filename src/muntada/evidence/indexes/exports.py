"""The ranking of an index as a table."""

from collections.abc import Iterator, Sequence

from muntada.evidence.indexes.pages import Ranking

COLUMNS = ("area", "name", "rank", "rank_low", "rank_high", "rank_median", "score")


def columns_of(ranking: Ranking) -> Sequence[str]:
    """Return the columns: those of every index, then its pillars and indicators."""
    pillars = (one.title for one in ranking.pillars)
    codes = (part.indicator.code for part in ranking.parts)
    return (*COLUMNS, *pillars, *codes, "missing", "reason", "digest")


def lines_of(ranking: Ranking, digest: str) -> Iterator[Sequence[object]]:
    """Yield a line per area: rank, interval, scores, missing indicators."""
    codes = [part.indicator.code for part in ranking.parts]
    for one in (*ranking.ranked, *ranking.unranked):
        row = one.row
        told = (row.rank, row.low, row.high, row.median, row.score)
        parts = (row.parts.get(code) for code in codes)
        yield (one.area.code, one.name, *told, *one.pillars, *parts, list(row.missing), row.reason, digest)

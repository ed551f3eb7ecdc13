"""The trends of an indicator as a table."""

from collections.abc import Iterator, Sequence

from muntada.evidence.assessments.pages.trends import ShownTrends

COLUMNS = (
    *("indicator", "area", "name", "first_year", "last_year", "points", "score", "tau", "chance", "slope"),
    *("slope_low", "slope_high", "reason", "turn_1", "turn_1_earliest", "turn_1_latest", "turn_2"),
    *("turn_2_earliest", "turn_2_latest", "slopes_of_pieces", "support", "reason_no_turns", "digest"),
)


def trend_lines(code: str, found: ShownTrends) -> Iterator[Sequence[object]]:
    """Yield a line per area, with reasons for missing results."""
    for line in found.lines:
        trend = line.trend
        turns = [
            cell
            for turn in (*line.turns, None, None)[:2]
            for cell in ((turn["year"], turn["earliest"], turn["latest"]) if turn else (None, None, None))
        ]
        told = [trend[name] for name in ("score", "tau", "chance", "slope", "low", "high")]
        yield (
            code,
            line.area.code,
            line.name,
            line.first,
            line.last,
            line.points,
            *told,
            line.why,
            *turns,
            [piece["slope"] for piece in line.row["pieces"]],
            line.row["support"],
            line.why_unturned,
            found.digest,
        )

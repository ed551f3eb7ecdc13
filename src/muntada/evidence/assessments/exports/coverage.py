"""The coverage of all indicators as a table."""

from collections.abc import Iterable, Iterator, Sequence

from muntada.evidence.assessments.adapter.coverage import AreaKnown, KnownState
from muntada.evidence.indicators.models import Indicator

COLUMNS = ("indicator", "title", "area", "name", "as_of", "oldest", "state", "latest_year", "points")


def state_name(state: KnownState) -> str:
    """Return the name of a state in tables and addresses."""
    return state.name.lower().replace("_", "-")


def coverage_lines(
    known: Iterable[tuple[Indicator, AreaKnown]], year: int, oldest: int
) -> Iterator[Sequence[object]]:
    """Yield a line per indicator and country: coverage as of a year."""
    for indicator, line in known:
        yield (
            indicator.code,
            indicator.title_here,
            line.area.code,
            line.name,
            year,
            oldest,
            state_name(line.state),
            line.latest or None,
            line.points,
        )

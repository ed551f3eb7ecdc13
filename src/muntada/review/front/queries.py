"""The coverage matrix: numbers of findings by line and kind."""

from collections import Counter
from dataclasses import dataclass

from muntada.forums.models import Forum, Line
from muntada.forums.queries import lines_of
from muntada.review.findings.models import Finding
from muntada.review.findings.rules import KIND_HEADINGS, FindingKind


@dataclass(frozen=True)
class LineCoverageRow:
    """A row of the coverage matrix; counts are in the order of kinds."""

    line: Line
    counts: tuple[int, ...]


@dataclass(frozen=True)
class FindingCoverage:
    """Numbers of findings by line and kind, to show gaps."""

    headings: tuple[str, ...]
    rows: tuple[LineCoverageRow, ...]

    @property
    def gaps(self) -> int:
        return sum(count == 0 for row in self.rows for count in row.counts)


def coverage(forum: Forum) -> FindingCoverage:
    """Count the findings of a forum in two queries."""
    counts = Counter(Finding.objects.filter(forum=forum).values_list("line_id", "kind"))
    rows = tuple(
        LineCoverageRow(line, tuple(counts[line.pk, kind.value] for kind in FindingKind))
        for line in lines_of(forum)
    )
    return FindingCoverage(tuple(str(KIND_HEADINGS[kind]) for kind in FindingKind), rows)

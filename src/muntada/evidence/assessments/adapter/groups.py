"""Adapter for group values computed from the members of each year."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.aggregates import MIN_SHARE, MOST_MISSING, Aggregates, dated_aggregates
from muntada.engines.progress.lacks import Lack, reason
from muntada.engines.values import JsonObject
from muntada.evidence.areas.queries import MembershipSpan, spans_of_membership
from muntada.evidence.assessments.adapter.tables import table_of, years_of
from muntada.evidence.assessments.adapter.values import rounded
from muntada.evidence.assessments.queries import IndicatorNumbers
from muntada.evidence.indicators.queries.indicators import WORLD

VERSION = 1


def measure_groups(numbers: IndicatorNumbers) -> JsonObject:
    """Return the value of every group and year, computed from its members, in stored form.

    Without population data there are no weights, and nothing is computed.
    """
    own = [cell for cell in numbers.cells if cell[0] in numbers.countries]
    codes, years = sorted(numbers.countries), years_of(own)
    if not numbers.people or not own:
        return {"least_share": MIN_SHARE, "groups": {}}
    values, people = table_of(own, codes, years), table_of(numbers.people, codes, years)
    spans = spans_of_membership()
    groups = [WORLD, *dict.fromkeys(span.group for span in spans)]
    member = _members(spans, groups, codes, years)
    found = dated_aggregates(values[None], people, groups, member)
    return {
        "least_share": MIN_SHARE,
        "groups": {
            group: _rows(found, at, years, _Missing(codes, member[at], values, people))
            for at, group in enumerate(groups)
        },
    }


def _members(
    spans: Iterable[MembershipSpan], groups: Sequence[str], codes: Sequence[str], years: Sequence[int]
) -> FloatArray:
    """Return groups x countries x years: 1 for members. The world has all countries."""
    place = {group: at for at, group in enumerate(groups)}
    row = {code: at for at, code in enumerate(codes)}
    time = np.array(years)
    member = np.zeros((len(groups), len(codes), len(years)))
    member[place[WORLD]] = 1.0
    for span in spans:
        if span.country in row:
            holds = (time >= (span.since or years[0])) & (time < (span.until or years[-1] + 1))
            member[place[span.group], row[span.country], holds] = 1.0
    return member


class _Missing:
    """The members of a group without a value in a year, those with the most people first."""

    def __init__(
        self, codes: Sequence[str], member: FloatArray, values: FloatArray, people: FloatArray
    ) -> None:
        self.codes, self.people = codes, np.nan_to_num(people) * member
        self.is_missing = (self.people > 0) & ~np.isfinite(values)

    def at(self, column: int) -> list[list[Any]]:
        whole = self.people[:, column].sum()
        places = [int(at) for at in np.flatnonzero(self.is_missing[:, column])]
        largest = sorted(places, key=lambda at: (-self.people[at, column], self.codes[at]))[:MOST_MISSING]
        return [[self.codes[at], rounded(float(self.people[at, column] / whole))] for at in largest]


def _rows(found: Aggregates, at: int, years: Sequence[int], missing: _Missing) -> list[JsonObject]:
    """Return the years in which a member of the group has a value."""
    rows = []
    for column, year in enumerate(years):
        if not found.counted[0, at, column]:
            continue
        lack = Lack(int(found.lack[0, at, column]))
        why = reason(lack)
        rows.append(
            {
                "year": year,
                "value": rounded(float(found.value[0, at, column])),
                "share": rounded(float(found.share[0, at, column])),
                "counted": int(found.counted[0, at, column]),
                "members": int(found.members[at, column]),
                "missing": missing.at(column) if lack is Lack.TOO_SMALL_A_SHARE else [],
                "reason": str(why) if why else None,
            }
        )
    return rows

"""The statements of a map in tables: votes by group, uniting, dividing and uncertain ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from muntada.consultation.opinion.rules import interval
from muntada.consultation.statements.queries.groups import LETTERS, tally_of
from muntada.consultation.statements.queries.statements import VoteTally

LISTED = 5
# The percentage of passes from which a statement is listed as uncertain.
NOTED_PASSES = 20
# With fewer votes, a share of a group means little.
FEWEST_VOTES_OF_A_GROUP = 5


@dataclass(frozen=True)
class MapStatement:
    """A statement, in the language of the page if translated."""

    number: int
    symbol: str
    url: str
    text: str
    language: str


@dataclass(frozen=True)
class MapRow:
    """A statement with its votes overall and by group, and its scores."""

    statement: MapStatement
    tally: VoteTally
    by_group: tuple[VoteTally, ...]
    unites: float
    agrees: bool
    divides: float | None
    # Whether support is not due to coordinated accounts, as far as tested.
    backed: bool = True

    @property
    def unsure(self) -> float:
        """The lower bound of the share of passes."""
        return interval(self.tally.passed, self.tally.total)[0]

    @property
    def of(self) -> tuple[VoteTally, ...]:
        """The votes of each group shown, or of everybody without groups."""
        return self.by_group if len(self.by_group) > 1 else (self.tally,)

    @property
    def on_side(self) -> int:
        """The number of groups with a majority, on enough votes, on the side of the whole."""
        return sum(
            one.total >= FEWEST_VOTES_OF_A_GROUP
            and 2 * (one.agree if self.agrees else one.disagree) > one.total
            for one in self.of
        )

    @property
    def is_everywhere(self) -> bool:
        return self.on_side == len(self.of)


def rows_of_map(
    statements: Mapping[str, Mapping[str, Any]], texts: Mapping[int, MapStatement], groups: Sequence[int]
) -> list[MapRow]:
    rows = []
    for number in sorted(texts):
        found = statements.get(str(number))
        if found is None or found["left_out"]:
            continue
        by_group = tuple(tally_of(found["by_group"][group]) for group in groups)
        # The measure without groups if available; else the product over groups.
        sides = found.get("kernel") or (found["unites"], found["unites_against"])
        rows.append(
            MapRow(
                statement=texts[number],
                tally=tally_of(found),
                by_group=by_group,
                unites=max(sides),
                agrees=sides[0] >= sides[1],
                divides=_spread(by_group),
            )
        )
    return rows


def _spread(by_group: Sequence[VoteTally]) -> float | None:
    """Return the largest difference in agreement between groups; None with too few votes."""
    if len(by_group) < len("AB") or any(one.total < FEWEST_VOTES_OF_A_GROUP for one in by_group):
        return None
    agreement = [one.agree / one.total for one in by_group]
    return max(agreement) - min(agreement)


def sorted_rows(rows: Sequence[MapRow], order: str) -> list[MapRow]:
    """Return the rows sorted by number, unity, division, votes, or agreement of a group."""
    if order == "unites":
        return sorted(rows, key=lambda row: -row.unites)
    if order == "divides":
        return sorted(rows, key=lambda row: -(row.divides if row.divides is not None else -1.0))
    if order == "agree":
        return sorted(rows, key=lambda row: -row.tally.agree_share)
    if order == "votes":
        return sorted(rows, key=lambda row: -row.tally.total)
    place = LETTERS.find(order) if len(order) == 1 else -1
    if rows and 0 <= place < len(rows[0].by_group):
        return sorted(rows, key=lambda row: -row.by_group[place].agree_share)
    return list(rows)


def uniting(rows: Sequence[MapRow], findings: Mapping[str, Any] | None) -> tuple[MapRow, ...]:
    """Return uniting statements, in the order of the engine.

    A majority of every group shown (or of everybody) must be on that side.
    """
    enough = findings["enough_seen"] if findings else 0
    found = _found_uniting(rows, findings)
    named = {row.statement.number for row in found}
    others = [row for row in rows if row.statement.number not in named and row.tally.total >= enough]
    candidates = [*found, *sorted(others, key=lambda row: -row.unites)]
    return tuple(row for row in candidates if row.is_everywhere)[:LISTED]


def uniting_most(rows: Sequence[MapRow], findings: Mapping[str, Any] | None) -> tuple[MapRow, ...]:
    """Return the statements nearest to uniting: supported by most groups."""
    found = _found_uniting(rows, findings) or sorted(rows, key=lambda row: -row.unites)
    return tuple(row for row in found if row.on_side)[:LISTED]


def _found_uniting(rows: Sequence[MapRow], findings: Mapping[str, Any] | None) -> list[MapRow]:
    by_number = {row.statement.number: row for row in rows}
    return [
        replace(row, agrees=one["direction"] == "agree", backed=one["backed"])
        for one in (findings["unites"] if findings else ())
        if (row := by_number.get(int(one["statement"])))
    ]


def divisive(rows: Sequence[MapRow], findings: Mapping[str, Any] | None) -> tuple[MapRow, ...]:
    """Return significantly dividing statements, by the engine or by group shares."""
    by_number = {row.statement.number: row for row in rows}
    listed = [int(one["statement"]) for one in (findings["divides"] if findings else ())]
    found = [row for number in listed if (row := by_number.get(number)) and _is_divided(row)]
    if found:
        return tuple(found)
    return tuple(sorted_rows([row for row in rows if _is_divided(row)], "divides")[:LISTED])


def _is_divided(row: MapRow) -> bool:
    if row.divides is None:
        return False
    ranges = [interval(one.agree, one.total) for one in row.by_group]
    return max(low for low, _ in ranges) > min(high for _, high in ranges)


def least_sure(rows: Sequence[MapRow]) -> tuple[MapRow, ...]:
    """Return the statements with the most passes, above a minimum."""
    unsure = sorted(rows, key=lambda row: -row.unsure)[:LISTED]
    return tuple(row for row in unsure if row.tally.passed_share >= NOTED_PASSES and row.unsure > 0)

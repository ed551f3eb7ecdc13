"""The statements of a map in a table: their votes by group, which unite, which divide, which leave unsure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from muntada.consultation.opinion.rules import interval
from muntada.consultation.statements.queries.groups import LETTERS, tally_of
from muntada.consultation.statements.queries.statements import VoteTally

LISTED = 5
# From this percent of passes on a statement is listed as one people are unsure about.
NOTED_PASSES = 20
# On fewer votes than this a share says nothing about a group.
FEWEST_VOTES_OF_A_GROUP = 5


@dataclass(frozen=True)
class MapStatement:
    """A statement where the map speaks of it, in the language of the page if it was translated into it."""

    number: int
    symbol: str
    url: str
    text: str
    language: str


@dataclass(frozen=True)
class MapRow:
    """A statement with its votes over all and by group, and how far it unites or divides."""

    statement: MapStatement
    tally: VoteTally
    by_group: tuple[VoteTally, ...]
    unites: float
    agrees: bool
    divides: float | None
    # Whether what unites here is no work of people who act together, as far as that was looked at.
    backed: bool = True

    @property
    def unsure(self) -> float:
        """The lower end of the share that passes: high only where many saw it."""
        return interval(self.tally.passed, self.tally.total)[0]

    @property
    def of(self) -> tuple[VoteTally, ...]:
        """The votes of each group that is shown, or where there are no groups of everybody."""
        return self.by_group if len(self.by_group) > 1 else (self.tally,)

    @property
    def on_side(self) -> int:
        """In how many of them more than half of several votes are on the side of the whole."""
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
        # The measure that needs no groups where there is one; else the product over the groups.
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
    """Return how far the agreement of two groups lies apart; nothing where too few of a group voted."""
    if len(by_group) < len("AB") or any(one.total < FEWEST_VOTES_OF_A_GROUP for one in by_group):
        return None
    agreement = [one.agree / one.total for one in by_group]
    return max(agreement) - min(agreement)


def sorted_rows(rows: Sequence[MapRow], order: str) -> list[MapRow]:
    """Return the rows by number, by what unites or divides, by all votes or by the agreement of one group."""
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
    """Return what unites: as the engine found it, then as it scored it.

    Only where more than half of each group shown is on that side, or of everybody where there are no groups.
    """
    enough = findings["enough_seen"] if findings else 0
    found = _found_uniting(rows, findings)
    named = {row.statement.number for row in found}
    others = [row for row in rows if row.statement.number not in named and row.tally.total >= enough]
    candidates = [*found, *sorted(others, key=lambda row: -row.unites)]
    return tuple(row for row in candidates if row.is_everywhere)[:LISTED]


def uniting_most(rows: Sequence[MapRow], findings: Mapping[str, Any] | None) -> tuple[MapRow, ...]:
    """Return what comes closest where nothing unites: what most, not all, of the groups say."""
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
    """Return what divides for sure: as the engine found it, else where two groups' shares surely differ."""
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
    """Return what most people pass on, where that is more than a few of many."""
    unsure = sorted(rows, key=lambda row: -row.unsure)[:LISTED]
    return tuple(row for row in unsure if row.tally.passed_share >= NOTED_PASSES and row.unsure > 0)

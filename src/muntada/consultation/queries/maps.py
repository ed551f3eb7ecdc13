"""The opinion map of a call as its page shows it: groups, what stands for each, what unites and divides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from muntada.consultation.models import Call, OpinionMap, Statement
from muntada.consultation.queries.statements import Tally
from muntada.consultation.rules.maps import SMALLEST_GROUP_SHOWN

LISTED = 5
# On fewer votes than this a share says nothing about a group.
FEWEST_VOTES_OF_A_GROUP = 5
# From this correlation on, an axis shows mostly how readily somebody agrees with anything.
TENDENCY = 0.56
LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class Text:
    """A statement where the map speaks of it."""

    number: int
    symbol: str
    url: str
    text: str
    language: str


@dataclass(frozen=True)
class StandsFor:
    """A statement that stands for a group: so many of those who saw it there said so."""

    statement: Text
    agrees: bool
    count: int
    seen: int

    @property
    def share(self) -> int:
        return round(100 * self.count / self.seen) if self.seen else 0


@dataclass(frozen=True)
class GroupView:
    """A group of people who vote alike."""

    index: int
    letter: str
    size: int
    share: int
    representative: tuple[StandsFor, ...]

    @property
    def css(self) -> str:
        return f"g{self.index}"


@dataclass(frozen=True)
class MapRow:
    """A statement with its votes over all and by group, and how far it unites or divides."""

    statement: Text
    tally: Tally
    by_group: tuple[Tally, ...]
    unites: float
    agrees: bool
    divides: float | None


@dataclass(frozen=True)
class Axis:
    share: int
    is_tendency: bool


@dataclass(frozen=True)
class MapPage:
    """Everything the page of an opinion map says."""

    made_at: datetime
    seed: int
    settings: Mapping[str, Any]
    voters: int
    votes: int
    grouped: int
    reason: str
    groups: tuple[GroupView, ...]
    too_small: int
    unites: tuple[MapRow, ...]
    divides: tuple[MapRow, ...]
    rows: tuple[MapRow, ...]
    axes: tuple[Axis, ...]
    points: tuple[tuple[float, float, int | None], ...]
    mine: tuple[float, float, int | None] | None

    @property
    def my_letter(self) -> str:
        return LETTERS[self.mine[2]] if self.mine and self.mine[2] is not None else ""


def map_page(call: Call, voter_id: int | None = None) -> MapPage | None:
    """Return the last map of a call in words and points; nothing if none was drawn yet."""
    kept = OpinionMap.objects.filter(call=call, is_latest=True).first()
    if kept is None:
        return None
    result = kept.result
    texts = _texts(call)
    # A group too small to be shown keeps its place in the votes, but is neither named nor coloured.
    shown = [group for group in result["groups"] if group["size"] >= SMALLEST_GROUP_SHOWN]
    places = {group["id"]: place for place, group in enumerate(shown)}
    rows = _rows(result["statements"], texts, list(places))
    return MapPage(
        made_at=kept.made_at,
        seed=kept.seed,
        settings=kept.settings,
        voters=kept.voters,
        votes=kept.votes,
        grouped=sum(group["size"] for group in result["groups"]),
        reason=_reason(result["grouping"]["reason"]),
        groups=_groups(shown, texts),
        too_small=len(result["groups"]) - len(shown),
        unites=tuple(sorted(rows, key=lambda row: -row.unites)[:LISTED]),
        divides=_most_divisive(rows),
        rows=tuple(rows),
        axes=tuple(
            Axis(round(100 * one["share"]), abs(one["agreement_tendency"]) >= TENDENCY)
            for one in result["axes"]
        ),
        points=tuple((x, y, places.get(group)) for _, x, y, group in kept.points),
        mine=next(
            ((x, y, places.get(group)) for voter, x, y, group in kept.points if voter == voter_id), None
        ),
    )


def group_tallies(statement: Statement) -> list[tuple[str, str, Tally]]:
    """Return letter, style and votes of each group shown, as the last map has them."""
    kept = OpinionMap.objects.filter(call=statement.call).values_list("result", flat=True).first()
    if not kept:
        return []
    votes = kept["statements"].get(str(statement.symbol.number))
    shown = [group["id"] for group in kept["groups"] if group["size"] >= SMALLEST_GROUP_SHOWN]
    if votes is None or len(shown) < len("AB"):
        return []
    return [
        (LETTERS[place], f"g{place}", _tally(votes["by_group"][group])) for place, group in enumerate(shown)
    ]


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


def _texts(call: Call) -> dict[int, Text]:
    statements = Statement.objects.filter(call=call, state="open").select_related("symbol__forum")
    return {
        one.symbol.number: Text(
            one.symbol.number,
            one.symbol.short,
            one.get_absolute_url(),
            one.text,
            one.language,
        )
        for one in statements
    }


def _groups(shown: Sequence[Mapping[str, Any]], texts: Mapping[int, Text]) -> tuple[GroupView, ...]:
    people = sum(group["size"] for group in shown)
    return tuple(
        GroupView(
            index=place,
            letter=LETTERS[place],
            size=group["size"],
            share=round(100 * group["size"] / people),
            representative=tuple(
                StandsFor(
                    texts[int(one["statement"])], one["direction"] == "agree", one["count"], one["seen"]
                )
                for one in group["representative"]
                if int(one["statement"]) in texts
            ),
        )
        for place, group in enumerate(shown)
    )


def _rows(
    statements: Mapping[str, Mapping[str, Any]], texts: Mapping[int, Text], groups: Sequence[int]
) -> list[MapRow]:
    rows = []
    for number in sorted(texts):
        found = statements.get(str(number))
        if found is None or found["left_out"]:
            continue
        by_group = tuple(_tally(found["by_group"][group]) for group in groups)
        rows.append(
            MapRow(
                statement=texts[number],
                tally=_tally(found),
                by_group=by_group,
                unites=max(found["unites"], found["unites_against"]),
                agrees=found["unites"] >= found["unites_against"],
                divides=_spread(by_group),
            )
        )
    return rows


def _spread(by_group: Sequence[Tally]) -> float | None:
    """Return how far the agreement of two groups lies apart; nothing where too few of a group voted."""
    if len(by_group) < len("AB") or any(one.total < FEWEST_VOTES_OF_A_GROUP for one in by_group):
        return None
    agreement = [one.agree / one.total for one in by_group]
    return max(agreement) - min(agreement)


def _most_divisive(rows: Sequence[MapRow]) -> tuple[MapRow, ...]:
    divided = [row for row in rows if row.divides is not None]
    return tuple(sorted_rows(divided, "divides")[:LISTED])


def _tally(votes: Mapping[str, Any]) -> Tally:
    return Tally(votes["agree"], votes["disagree"], votes["passed"])


def _reason(reason: Mapping[str, Any] | None) -> str:
    if not reason:
        return ""
    sentence = str(reason["sentence"])
    return str(gettext(sentence) % reason["params"])

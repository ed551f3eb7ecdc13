"""The opinion map of a call for its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import localize
from django.utils.translation import get_language, gettext

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.consultation.opinion.queries.maprows import (
    MapRow,
    MapStatement,
    divisive,
    least_sure,
    rows_of_map,
    uniting,
    uniting_most,
)
from muntada.consultation.opinion.rules import FEWEST_FOR_OPEN_DATA, MapCrowd, crowds, interval
from muntada.consultation.statements.models import OpinionMap, Statement
from muntada.consultation.statements.queries.groups import LETTERS, shown_of
from muntada.foundations.errors import NotThere

LISTED_OF_A_GROUP = 3
HALF = 0.5
# Older maps have no support values.
PLACES_BEFORE_SUPPORT = 4
# Stored among the settings, but not settings of the engine.
BESIDES = frozenset({"not_yet", "taken_back", "margins"})


@dataclass(frozen=True)
class StandsFor:
    """A representative statement of a group, with its votes."""

    statement: MapStatement
    agrees: bool
    count: int
    seen: int
    # The percentage of bootstrap rounds in which it represented the group again, if tested.
    holds: int | None = None

    @property
    def share(self) -> int:
        return round(100 * self.count / self.seen) if self.seen else 0

    @property
    def low(self) -> int:
        return round(100 * interval(self.count, self.seen)[0])

    @property
    def high(self) -> int:
        return round(100 * interval(self.count, self.seen)[1])


@dataclass(frozen=True)
class GroupView:
    """A group of people who vote alike."""

    index: int
    letter: str
    size: int
    share: int
    representative: tuple[StandsFor, ...]
    unites: tuple[StandsFor, ...] = ()
    # The overlap with the group in bootstrap rounds, in percent.
    holds: int | None = None

    @property
    def css(self) -> str:
        return f"g{self.index}"


@dataclass(frozen=True)
class ShownAxis:
    """An axis of the map, with a reading if it reflects the tendency to agree."""

    share: int
    reading: str


@dataclass(frozen=True)
class ShownSteadiness:
    """The stability of the groups: verdict, reasons, caution."""

    verdict: str
    reasons: tuple[str, ...]
    caution: str

    @property
    def mark(self) -> str:
        """Return the class of the mark that shows the verdict."""
        return {"steady": "settled", "partly steady": "proposed"}.get(self.verdict, "declined")


@dataclass(frozen=True)
class MapPage:
    """The content of the page."""

    pk: int
    is_latest: bool
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
    # Nearly uniting statements, if none unites all.
    unites_most: tuple[MapRow, ...]
    divides: tuple[MapRow, ...]
    unsure: tuple[MapRow, ...]
    rows: tuple[MapRow, ...]
    axes: tuple[ShownAxis, ...]
    points: tuple[tuple[float, float, int | None], ...]
    mine: tuple[float, float, int | None] | None
    # The percentage of bootstrap rounds in which the reader stayed in their group.
    my_holds: int | None = None
    # If individual votes are not public, positions are not either: only crowds are shown.
    crowds: tuple[MapCrowd, ...] = ()
    gives_rows: bool = False
    steadiness: ShownSteadiness | None = None
    fewest_votes: int | None = None

    @property
    def has_open_data(self) -> bool:
        return self.voters >= FEWEST_FOR_OPEN_DATA

    @property
    def settings_shown(self) -> str:
        """The settings of the engine only, as `name=value`."""
        return " ".join(
            f"{name}={localize(value)}"
            for name, value in self.settings.items()
            if name not in BESIDES and value != ""
        )

    @property
    def united_rows(self) -> tuple[MapRow, ...]:
        """What unites; with more than one group, else what comes nearest to it."""
        return self.unites or (self.unites_most if len(self.groups) > 1 else ())

    @property
    def my_letter(self) -> str:
        return LETTERS[self.mine[2]] if self.mine and self.mine[2] is not None else ""


def map_at(call: Call, pk: int | None = None) -> OpinionMap | None:
    """Return the last map of a call, or an earlier one by id; None if there is none."""
    maps = OpinionMap.objects.filter(call=call).defer("declared", "left_out_voters")
    found = maps.filter(is_latest=True).first() if pk is None else maps.filter(pk=pk).first()
    if found is not None:
        found.call = call
    elif pk is not None:
        sentence = gettext("There is no such map any more. Of each day only the last is kept.")
        raise NotThere(sentence, "map")
    return found


def map_page(
    kept: OpinionMap,
    texts: Mapping[int, MapStatement],
    voter_id: int | None = None,
    place_now: Sequence[Any] | None = None,
) -> MapPage:
    """Return the page of a map, with the reader's current or former position."""
    result, findings = kept.result, kept.result.get("findings")
    mine = place_now or next((point for point in kept.points if point[0] == voter_id), None)
    # A group too small to show has no name or colour.
    shown = shown_of(result["groups"], kept.voters)
    places = {group["id"]: place for place, group in enumerate(shown)}
    rows = rows_of_map(result["statements"], texts, list(places))
    unites = uniting(rows, findings)
    points = tuple((x, y, places.get(group)) for _, x, y, group, *_ in kept.points)
    gives_rows = kept.call.gives_out == GivesOut.ROWS
    return MapPage(
        pk=kept.pk,
        is_latest=kept.is_latest,
        made_at=kept.made_at,
        seed=kept.seed,
        settings=kept.settings,
        voters=kept.voters,
        votes=kept.votes,
        grouped=sum(group["size"] for group in result["groups"]),
        reason=sentence_of(result["grouping"]["reason"]),
        groups=_groups(shown, texts, rows),
        too_small=len(result["groups"]) - len(shown),
        unites=unites,
        unites_most=() if unites else uniting_most(rows, findings),
        divides=divisive(rows, findings),
        unsure=least_sure(rows),
        rows=tuple(rows),
        axes=tuple(
            ShownAxis(round(100 * one["share"]), sentence_of(one.get("reading"))) for one in result["axes"]
        ),
        points=points if gives_rows else (),
        crowds=() if gives_rows else tuple(crowds(points)),
        gives_rows=gives_rows,
        mine=_place_of(mine, places),
        my_holds=_percent_of(mine[4]) if mine and len(mine) > PLACES_BEFORE_SUPPORT else None,
        steadiness=_steadiness(result["grouping"].get("steadiness")),
        fewest_votes=findings["enough_seen"] if findings else None,
    )


def _place_of(
    point: Sequence[Any] | None, places: Mapping[int, int]
) -> tuple[float, float, int | None] | None:
    return None if point is None else (point[1], point[2], places.get(point[3]))


def texts_of(call: Call) -> dict[int, MapStatement]:
    """Return the readable statements of a call, by number."""
    statements = Statement.objects.filter(call=call, state="open").select_related("symbol__forum")
    language = get_language() or "en"
    texts = {}
    for one in statements:
        translated = one.translations.get(language, {}).get("text", "")
        texts[one.symbol.number] = MapStatement(
            one.symbol.number,
            one.symbol.short,
            one.get_absolute_url(),
            translated or one.text,
            language if translated else one.language,
        )
    return texts


def _groups(
    shown: Sequence[Mapping[str, Any]], texts: Mapping[int, MapStatement], rows: Sequence[MapRow]
) -> tuple[GroupView, ...]:
    people = sum(group["size"] for group in shown)
    return tuple(
        GroupView(
            index=place,
            letter=LETTERS[place],
            size=group["size"],
            share=round(100 * group["size"] / people),
            representative=tuple(
                StandsFor(
                    texts[int(one["statement"])],
                    one["direction"] == "agree",
                    one["count"],
                    one["seen"],
                    _percent_of(one.get("support")),
                )
                for one in group["representative"]
                if int(one["statement"]) in texts
            ),
            holds=_percent_of(group.get("support")),
            unites=_united_in(place, rows, {int(one["statement"]) for one in group["representative"]}),
        )
        for place, group in enumerate(shown)
    )


def _united_in(place: int, rows: Sequence[MapRow], named: set[int]) -> tuple[StandsFor, ...]:
    """Return the majority opinions of a group, beside its representative statements."""
    said = []
    for row in rows:
        votes = row.by_group[place]
        agrees = votes.agree >= votes.disagree
        count = votes.agree if agrees else votes.disagree
        if row.statement.number not in named and interval(count, votes.total)[0] > HALF:
            said.append(StandsFor(row.statement, agrees, count, votes.total))
    return tuple(sorted(said, key=lambda one: -interval(one.count, one.seen)[0])[:LISTED_OF_A_GROUP])


def _steadiness(steadiness: Mapping[str, Any] | None) -> ShownSteadiness | None:
    if not steadiness:
        return None
    reasons = tuple(sentence_of(reason) for reason in steadiness["reasons"])
    return ShownSteadiness(steadiness["verdict"], reasons, sentence_of(steadiness["caution"]))


def _percent_of(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def sentence_of(reason: Mapping[str, Any] | None) -> str:
    """Return a reason of the engine in the language of the page."""
    if not reason:
        return ""
    sentence = str(reason["sentence"])
    return str(gettext(sentence) % reason["params"])

"""Page objects for divides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from muntada.evidence.areas.models import Area
from muntada.evidence.assessments.adapter.results import Result, result_of
from muntada.evidence.assessments.adapter.store import StoredRow
from muntada.evidence.assessments.adapter.values import said
from muntada.evidence.assessments.queries import Inputs, areas_named
from muntada.evidence.assessments.rules import ResultKind
from muntada.evidence.indicators.models import Vintage
from muntada.foundations.charts import numbers
from muntada.foundations.charts.canvas import ChartWords
from muntada.foundations.charts.lines import ChartLine, line_chart
from muntada.foundations.charts.palette import LETTERS

EVERY = 5
MOST_GAPS = 5
PANEL_WIDTH, PANEL_HEIGHT = 360, 230


@dataclass(frozen=True)
class Moved:
    """The first, the last and the widest year; all years between as points."""

    first: StoredRow
    last: StoredRow
    widest: StoredRow
    relative: tuple[tuple[int, float], ...]
    absolute: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class GroupGap:
    """A group compared with the world, and the change of the gap in units and as a ratio."""

    area: Area
    row: StoredRow
    why: str
    letter: str
    slot: int
    absolute: tuple[tuple[int, float], ...]
    relative: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Divides:
    """The data of the page; `weights` is the edition that weights countries, if any."""

    weights: Vintage | None
    digest: str
    least_share: float
    years: tuple[StoredRow, ...]
    all_years: tuple[StoredRow, ...]
    moved: Moved | None
    closer: StoredRow | None
    split: StoredRow | None
    groups: tuple[GroupGap, ...]


def divides_page(inputs: Inputs) -> Divides:
    """Return inequality by year, and the gaps of groups to the world."""
    result = result_of(inputs, ResultKind.DIVIDES)
    found = result.found
    split = found["split"]
    named = [row["area"] for row in found["groups"]]
    named += [part["group"] for part in split["groups"]] if split else []
    areas = areas_named(named)
    every = tuple(row | {"why": said(row["reason"] or row["reason_relative"])} for row in found["years"])
    told = [row for row in every if row["reason_relative"] is None]
    return _divides(inputs, result, every, told, areas)


def _divides(
    inputs: Inputs,
    result: Result,
    every: Sequence[StoredRow],
    told: Sequence[StoredRow],
    areas: Mapping[str, Area],
) -> Divides:
    found = result.found
    split = found["split"]
    if split is not None:
        parts = [
            {"area": areas[part["group"]], "part": part} for part in split["groups"] if part["group"] in areas
        ]
        split = split | {"rows": parts}
    return Divides(
        weights=inputs.weights,
        digest=result.digest,
        least_share=found["least_share"],
        years=tuple(row for row in every if _is_shown(row, every, told)),
        all_years=tuple(every),
        moved=_moved(told),
        closer=_closer(found["closer"]),
        split=split,
        groups=_gaps(found["groups"], areas),
    )


def _closer(closer: StoredRow | None) -> StoredRow | None:
    """Translate the reason for a missing slope, and name the years of the spread."""
    if closer is None:
        return None
    spread = closer["sigma"]
    ends = {"first": spread[0], "last": spread[1]} if spread else None
    return {**closer, "ends": ends, "why": said(closer["beta"]["reason"])}


def _is_shown(row: StoredRow, every: Sequence[StoredRow], told: Sequence[StoredRow]) -> bool:
    """Return whether to show a row: every fifth year, the last, and the last with a value."""
    return row["year"] % EVERY == 0 or row is every[-1] or bool(told and row is told[-1])


def _moved(told: Sequence[StoredRow]) -> Moved | None:
    if len(told) < 2:  # noqa: PLR2004
        return None
    return Moved(
        first=told[0],
        last=told[-1],
        widest=max(told, key=lambda row: row["deviation"]),
        relative=tuple((row["year"], row["gini"]) for row in told),
        absolute=tuple((row["year"], row["deviation"]) for row in told),
    )


def _gaps(rows: Sequence[StoredRow], areas: Mapping[str, Area]) -> tuple[GroupGap, ...]:
    """Assign letters and lines to the first groups, those furthest behind; the table has all."""
    letters = iter(enumerate(LETTERS[:MOST_GAPS], start=1))
    gaps = []
    for row in rows:
        if row["area"] in areas:
            has_line = len([ratio for _, _, ratio in row["gaps"] if ratio is not None]) > 1
            slot, letter = next(letters, (0, "")) if has_line else (0, "")
            gaps.append(_gap(row, areas[row["area"]], letter, slot))
    return tuple(gaps)


def _gap(row: StoredRow, area: Area, letter: str, slot: int) -> GroupGap:
    gaps = row["gaps"]
    return GroupGap(
        area=area,
        row=row,
        why=said(row["distance"]["reason"]),
        letter=letter,
        slot=slot,
        absolute=tuple((year, gap) for year, gap, _ in gaps),
        relative=tuple((year, ratio) for year, _, ratio in gaps if ratio is not None),
    )


@dataclass(frozen=True)
class ChartPair:
    """Two related charts: in units, and relative."""

    absolute: str
    relative: str


def between_countries(found: Divides, number: int) -> ChartPair | None:
    """Draw the standard deviation and the Gini index."""
    if found.moved is None:
        return None
    return ChartPair(
        _panel(
            [ChartLine("", 1, found.moved.absolute)], gettext("Standard deviation"), f"{number}-deviation"
        ),
        _panel([ChartLine("", 1, found.moved.relative)], gettext("Gini index"), f"{number}-gini"),
    )


def gaps_to_the_world(found: Divides, number: int) -> ChartPair | None:
    """Draw the gaps of groups to the world, and their ratios."""
    drawn = [one for one in found.groups if one.letter]
    if not drawn:
        return None
    gaps = [ChartLine(one.letter, one.slot, one.absolute) for one in drawn]
    ratios = [ChartLine(one.letter, one.slot, one.relative) for one in drawn]
    return ChartPair(
        _panel(gaps, gettext("Gap to the world"), f"{number}-gaps"),
        _panel(ratios, gettext("Ratio to the world"), f"{number}-ratios"),
    )


def _panel(lines: Sequence[ChartLine], title: str, name: str) -> str:
    language = get_language() or "en"
    said_of = [
        gettext("%(letter)s %(from)s in %(first)s, %(to)s in %(last)s.")
        % {
            "letter": line.letter,
            "from": numbers.figure(line.points[0][1], language),
            "first": line.points[0][0],
            "to": numbers.figure(line.points[-1][1], language),
            "last": line.points[-1][0],
        }
        for line in lines
    ]
    words = ChartWords(language, title, " ".join(said_of).strip())
    return line_chart(lines, language, width=PANEL_WIDTH, height=PANEL_HEIGHT).on_page(words, name)

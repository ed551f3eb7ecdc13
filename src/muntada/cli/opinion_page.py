"""The page printed by `muntada opinion`: results in sentences and short tables."""

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from muntada.engines.opinion.heard import (
    HeardGroup,
    Margin,
    WeightedHearing,
    Weighting,
    WeightingDimension,
)
from muntada.engines.opinion.polis import PolisExport
from muntada.engines.opinion.result import ComputedMap, GroupAgreement, OpinionGroup, StatementPlace
from muntada.engines.opinion.unity import Findings
from muntada.engines.reasons import Reason

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
AXES = ("From left to right", "From bottom to top")
LONGEST_NAME = 24
MOST_LISTED = 5
MAJORITY = 0.5


def texts_of(export: PolisExport) -> dict[str, str]:
    return {statement.id: statement.text for statement in export.statements}


def page(export: PolisExport, opinion: ComputedMap, width: int) -> Iterator[str]:
    left_out = sum(statement.left_out for statement in opinion.statements)
    votes = sum(participant.votes for participant in opinion.participants)
    yield _in_one_line(export.topic) or "A consultation without a title"
    yield (
        f"People {len(opinion.participants):,}, statements {len(opinion.statements):,}"
        f" ({left_out:,} of them left out), votes {votes:,}."
    )
    yield ""
    yield _outcome(opinion)
    yield from _how_sure(opinion, width)
    rows = _Rows(opinion, texts_of(export), width)
    for group in opinion.groups:
        if group.representative:
            yield ""
            yield f"Group {LETTERS[group.id]}, {group.size:,} people, stands out by"
            says = sorted(group.representative, key=lambda one: one.says)
            yield from rows.of(
                (f"{one.says:<8}  {rows.shares(one.statement)}", one.statement) for one in says
            )
    for words, agreements in (
        ("agree", opinion.consensus.agree),
        ("disagree", opinion.consensus.disagree),
    ):
        if agreements:
            yield ""
            yield f"What most people {words} with"
            yield from rows.of_agreements(agreements)
    if opinion.findings is not None:
        yield from _findings(opinion.findings, rows)
    if opinion.voices is not None:
        yield from _who_speaks(opinion.voices, rows, width)
    yield ""
    yield f"Seed {opinion.seed}. The numbers are the shares of people who agree; --json prints everything."


def _outcome(opinion: ComputedMap) -> str:
    grouped = sum(group.size for group in opinion.groups)
    if opinion.grouping.outcome == "too few":
        return "No groups."
    if opinion.grouping.outcome == "one group":
        return f"One group of {grouped:,} people."
    sizes = ", ".join(f"{LETTERS[group.id]} {group.size:,}" for group in opinion.groups)
    return f"{len(opinion.groups)} groups of {grouped:,} people who have voted on enough statements: {sizes}."


def _how_sure(opinion: ComputedMap, width: int) -> Iterator[str]:
    grouping = opinion.grouping
    if grouping.reason is not None:
        yield from _wrapped([grouping.reason], width)
    if grouping.steadiness is not None:
        found = grouping.steadiness
        verdict = f"The division is {found.verdict}."
        yield from textwrap.wrap(" ".join([verdict, *map(str, found.reasons), str(found.caution)]), width)
    for where, axis in zip(AXES, opinion.axes, strict=True):
        if axis.reading is not None:
            yield from textwrap.wrap(f"{where}: {axis.reading}", width)


class _Rows:
    """Formats statements as rows that fit the terminal: a prefix, the id and the text."""

    def __init__(self, opinion: ComputedMap, texts: Mapping[str, str], width: int) -> None:
        self.places = {statement.id: statement for statement in opinion.statements}
        self.groups, self.texts, self.width = opinion.groups, texts, width

    def of(self, starts: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Yield a row for each pair of prefix and statement."""
        pairs = list(starts)
        longest = max((len(statement) for _, statement in pairs), default=0)
        for before, statement in pairs:
            start = f"  {before}  {statement:>{longest}}  "
            yield start + _cut(_in_one_line(self.texts[statement]), self.width - len(start))

    def of_agreements(self, agreements: Sequence[GroupAgreement]) -> Iterator[str]:
        return self.of(
            (f"{one.direction:<8}  {self.shares(one.statement)}", one.statement) for one in agreements
        )

    def shares(self, statement: str) -> str:
        return _shares(self.places[statement], self.groups)


def _findings(found: Findings, rows: _Rows) -> Iterator[str]:
    if found.unites:
        yield ""
        yield "What unites people of all leanings (score, then shares)"
        starts = (f"{one.direction:<8}  {one.score:.2f}{' ' if one.backed else '?'}" for one in found.unites)
        yield from rows.of(
            (f"{start}  {rows.shares(one.statement)}", one.statement)
            for start, one in zip(starts, found.unites, strict=True)
        )
        if not all(one.backed for one in found.unites):
            yield "  ? Look closer: the check against people acting together does not bear it out."
    if found.divides:
        yield ""
        yield "What divides"
        yield from rows.of((rows.shares(one.statement), one.statement) for one in found.divides)
    if found.unsure:
        yield ""
        yield "What many pass on"
        yield from rows.of((_percent(one.passed.share), one.statement) for one in found.unsure)


def _who_speaks(heard: WeightedHearing, rows: _Rows, width: int) -> Iterator[str]:
    margins: dict[tuple[str, str], Margin] = {}
    if heard.weighting is not None:
        margins = {(one.dimension, one.category): one for one in heard.weighting.margins}
    for dimension in heard.dimensions:
        yield ""
        yield f"Who speaks, by {_in_one_line(dimension.name)}"
        yield from _kinds(dimension, margins)
        yield from _across(heard, dimension.name, rows)
    if heard.weighting is not None:
        yield ""
        yield from _weighting(heard.weighting, width)
        yield from _side_by_side(heard, rows)


def _kinds(dimension: WeightingDimension, margins: Mapping[tuple[str, str], Margin]) -> Iterator[str]:
    names = [_cut(_in_one_line(group.category), LONGEST_NAME) for group in dimension.groups]
    longest = max(map(len, names), default=0)
    for name, group in zip(names, dimension.groups, strict=True):
        margin = margins.get((dimension.name, group.category))
        yield f"  {name:<{longest}}  {_people(group)}{_shares_of(margin)}".rstrip()
    if dimension.undeclared:
        yield f"  {dimension.undeclared:,} people did not say"


def _across(heard: WeightedHearing, name: str, rows: _Rows) -> Iterator[str]:
    """Yield what the groups of one dimension agree with, weighted equally or by target."""
    found = [
        (votes.kernel, one.id)
        for one in heard.statements
        for votes in one.by_dimension
        if votes.dimension == name and votes.kernel is not None and votes.kernel > MAJORITY
        if not rows.places[one.id].left_out
    ]
    best = sorted(found, key=lambda pair: -round(pair[0], 12))[:MOST_LISTED]
    if best:
        yield f"What unites them, by {_in_one_line(name)} (score)"
        yield from rows.of((f"agree     {score:.2f}", statement) for score, statement in best)


def _people(group: HeardGroup) -> str:
    if group.people is not None:
        return f"{group.people:>7,} people"
    return f"{'not heard' if group.standing == 'not heard' else 'withheld':>14}"


def _shares_of(margin: Margin | None) -> str:
    if margin is None:
        return ""
    parts = [f"  wanted {_percent(margin.target)}"]
    if margin.raw is not None:
        parts.append(f"  had {_percent(margin.raw)}")
    if margin.achieved is not None:
        parts.append(f"  weighs {_percent(margin.achieved)}")
    return "".join(parts)


def _weighting(weighting: Weighting, width: int) -> Iterator[str]:
    yield from textwrap.wrap(
        f"Weighted, these {weighting.people:,} people say as much as {weighting.effective_size:,.0f} that are"
        f" not (design effect {weighting.design_effect:.2f}).",
        width,
    )
    yield from _wrapped(weighting.reasons, width)


def _side_by_side(heard: WeightedHearing, rows: _Rows) -> Iterator[str]:
    """Yield the statements that weights change most."""
    moved = [
        (abs(one.weighted.agree.share - one.raw.agree.share), one)
        for one in heard.statements
        if one.weighted is not None and not rows.places[one.id].left_out
    ]
    moved = sorted(moved, key=lambda pair: -round(pair[0], 12))[:MOST_LISTED]
    if moved:
        yield ""
        yield "What weights move most (share that agrees as voted, weighted)"
        yield from rows.of(
            (f"{_percent(one.raw.agree.share)}  {_percent(one.weighted.agree.share)}", one.id)
            for _, one in moved
            if one.weighted is not None
        )


def _wrapped(reasons: Iterable[Reason], width: int) -> Iterator[str]:
    for reason in reasons:
        yield from textwrap.wrap(_in_one_line(str(reason)), width)


def _shares(statement: StatementPlace, groups: Sequence[OpinionGroup]) -> str:
    if len(groups) < len("AB"):
        seen = statement.agree + statement.disagree + statement.passed
        return _share(statement.agree, seen)
    return "  ".join(
        f"{LETTERS[number]} {_share(votes.agree, votes.agree + votes.disagree + votes.passed)}"
        for number, votes in enumerate(statement.by_group)
    )


def _share(part: int, whole: int) -> str:
    return _percent(part / whole) if whole else "  - %"


def _percent(share: float) -> str:
    return f"{100 * share:3.0f} %"


def _in_one_line(text: str) -> str:
    """Return an untrusted text on one line, without control characters."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(text.split()))


def _cut(text: str, room: int) -> str:
    """Cut a text to a width; wide characters count as two columns."""
    used = 0
    for place, letter in enumerate(text):
        used += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > room - 1:
            return text[:place].rstrip() + ("" if place == len(text) - 1 and used <= room else "…")
    return text

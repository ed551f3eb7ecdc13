"""Adapter of the themes engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext

from muntada.consultation.contributions.models import Contribution
from muntada.consultation.contributions.rules.campaigns import FoundCampaign
from muntada.consultation.contributions.rules.contributions import CampaignKind
from muntada.consultation.themes.rules import (
    MOST_PARTS,
    ContributionPart,
    FoundMatter,
    FoundPart,
    ReadingCounts,
    parts_of,
    parts_to_read,
)
from muntada.engines.themes import suggest
from muntada.engines.themes.encoder import installed_encoder
from muntada.engines.themes.result import Suggestion
from muntada.engines.themes.settings import DEFAULTS
from muntada.engines.themes.texts import Description, IdentifiedText
from muntada.forums.models import Goal, Line

SEED = 0
LINE, GOAL = "line", "goal"
# Letters compared with lines and goals; results of the last texts are cached.
MOST_LETTERS = 60_000
KEPT_FOUND = 64


@dataclass(frozen=True)
class ThemeReading:
    """The result of an analysis, and how it was made."""

    matters: tuple[FoundMatter, ...]
    seed: int
    settings: dict[str, Any]
    counts: ReadingCounts


@dataclass(frozen=True)
class Belongs:
    """A line or goal suggested for a text, with the words behind it."""

    line: Line | None
    goal: Goal | None
    score: float
    words: tuple[str, ...]
    reason: str


def find_campaigns(contributions: Sequence[Contribution]) -> list[FoundCampaign]:
    """Group contributions with nearly equal texts."""
    texts = [IdentifiedText(str(one.pk), one.language, one.whole_text) for one in contributions]
    return [
        FoundCampaign(
            members=tuple(sorted(int(copy.id) for copy in group.members)),
            kind=CampaignKind.IDENTICAL if group.identical == len(group.members) else CampaignKind.NEAR,
        )
        for group in suggest.campaigns(texts)
    ]


def find_matters(
    contributions: Sequence[Contribution], *, tell: Callable[[float, str], None], seed: int = SEED
) -> ThemeReading:
    """Group the parts of all texts by subject, across languages."""
    parts = _parts(contributions)
    languages = {one.pk: one.language for one in contributions}
    texts = [IdentifiedText(str(place), languages[pk], part.text) for place, (pk, part) in enumerate(parts)]
    found = suggest.groups(texts, seed=seed, encoder=installed_encoder(), progress=tell)
    matters = []
    for group in found.groups:
        members = [
            FoundPart(*parts[int(member.id)], words=member.words, score=round(member.score, 3))
            for member in group.members
        ]
        if len({one.contribution for one in members}) > 1:
            matters.append(FoundMatter(group.names, tuple(members)))
    counts = ReadingCounts(len(contributions), len(parts), len(matters), len(found.ungrouped))
    return ThemeReading(tuple(matters), seed, asdict(found.settings), counts)


def _parts(contributions: Sequence[Contribution]) -> list[tuple[int, ContributionPart]]:
    """Return the parts to analyse: paragraphs, with the title if there is only one; or whole texts."""
    listed = []
    for one in contributions:
        parts = parts_to_read(parts_of(one.text, one.answers, one.question_set.items))
        listed += [(one.pk, part) for part in parts]
    if len(listed) <= MOST_PARTS:
        return listed
    return [(one.pk, ContributionPart("", one.whole_text)) for one in contributions]


def descriptions_of(lines: Sequence[Line], goals: Sequence[Goal]) -> list[Description]:
    """Return the lines and goals of a framework as descriptions."""
    return [
        *(Description(f"{LINE}:{one.code}", _spoken(one.titles)) for one in lines),
        *(Description(f"{GOAL}:{one.code}", _spoken(one.titles)) for one in goals),
    ]


def _spoken(titles: Mapping[str, str]) -> dict[str, str]:
    return {language: title for language, title in titles.items() if title}


@lru_cache(maxsize=KEPT_FOUND)
def _lines_found(
    text: IdentifiedText, described: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
) -> tuple[Suggestion, ...]:
    descriptions = [Description(code, dict(spoken)) for code, spoken in described]
    return suggest.lines(text, descriptions, settings=DEFAULTS, encoder=installed_encoder())


def find_lines(contribution: Contribution, lines: Sequence[Line], goals: Sequence[Goal]) -> list[Belongs]:
    """Return lines and goals for a contribution, likeliest first."""
    words = f"{contribution.title}. {contribution.whole_text}"[:MOST_LETTERS]
    line_at, goal_at = {one.code: one for one in lines}, {one.code: one for one in goals}
    found = []
    described = tuple((one.code, tuple(one.texts.items())) for one in descriptions_of(lines, goals))
    for one in _lines_found(IdentifiedText("0", contribution.language, words), described):
        kind, _, code = one.code.partition(":")
        found.append(
            Belongs(
                line=line_at[code] if kind == LINE else None,
                goal=goal_at[code] if kind == GOAL else None,
                score=one.score,
                words=one.words,
                reason=gettext(one.reason.sentence) % one.reason.params,
            )
        )
    return found

"""Rules of themes: passages, suggestions."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.rules.calls import TITLE_LENGTH
from muntada.foundations.errors import Refused

# Shorter parts are joined with the next one.
SHORTEST_PART = 60
# With more parts, whole texts are analysed instead, to limit the time.
MOST_PARTS = 6_000
# If this share is known from a theme or dismissed suggestion, a suggestion is not new.
KNOWN_SHARE = 0.8
# Separators of words by language; default is comma and space.
_BETWEEN = {"ar": "، ", "zh-hans": "、"}
_EMPTY_LINES = re.compile(r"\n\s*\n")


class SuggestionState(StrEnum):
    """The state of a suggestion."""

    OPEN = "open"
    TAKEN = "taken"
    LEFT = "left"


STEP_WORDS: Mapping[str, Promise] = {
    "reading": _("Reading the texts"),
    "comparing": _("Comparing them"),
    "grouping": _("Bringing them together"),
    "naming": _("Looking for names"),
}


@dataclass(frozen=True)
class ThemeText:
    """A theme's titles by language, and its description in one."""

    titles: Mapping[str, str]
    description: str
    language: str

    @property
    def clean_titles(self) -> dict[str, str]:
        return {language: title.strip() for language, title in self.titles.items() if title.strip()}


@dataclass(frozen=True)
class ContributionPart:
    """A paragraph of a contribution, with the code of its question; `key` identifies it in forms."""

    question: str
    text: str

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.question}\n{self.text}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class FoundPart:
    """A passage of a suggestion with the words behind it."""

    contribution: int
    part: ContributionPart
    words: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class SuggestedPassage:
    """A passage of a suggestion, as it is stored; `question` is the code of the question it answers."""

    contribution: int
    text: str
    question: str = ""
    words: tuple[str, ...] = ()
    score: float = 0

    @property
    def part(self) -> ContributionPart:
        return ContributionPart(self.question, self.text)


@dataclass(frozen=True)
class ReadingCounts:
    """How much an analysis has read, and what came of it, as it is stored."""

    contributions: int = 0
    parts: int = 0
    groups: int = 0
    ungrouped: int = 0
    suggested: int = 0


@dataclass(frozen=True)
class FoundMatter:
    """A group found by the engine: keywords by language, and passages, best first."""

    keywords: Mapping[str, tuple[str, ...]]
    parts: tuple[FoundPart, ...]

    @property
    def contributions(self) -> frozenset[int]:
        return frozenset(one.contribution for one in self.parts)


def parts_of(
    text: str, answers: Mapping[str, str], items: Sequence[Mapping[str, object]]
) -> list[ContributionPart]:
    """Split a contribution into paragraphs, answer by answer."""
    codes = [str(item["code"]) for item in items]
    said = [(codes[0] if codes else "", text), *((code, answers.get(code, "")) for code in codes[1:])]
    return [
        ContributionPart(code, paragraph.strip())
        for code, answer in said
        for paragraph in _EMPTY_LINES.split(answer)
        if paragraph.strip()
    ]


def parts_to_read(parts: Sequence[ContributionPart]) -> list[ContributionPart]:
    """Join short parts, such as headings, with the next one."""
    joined: list[ContributionPart] = []
    before = ""
    for part in parts:
        text = f"{before}\n\n{part.text}" if before else part.text
        if len(text) < SHORTEST_PART and part is not parts[-1]:
            before = text
            continue
        joined.append(ContributionPart(part.question, text))
        before = ""
    return joined


def require_matter(matter: ThemeText) -> None:
    titles = matter.clean_titles
    if not titles:
        raise Refused(gettext("Please give the theme a title."), "title-missing", "title")
    if any(len(title) > TITLE_LENGTH for title in titles.values()):
        sentence = gettext("The title is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": TITLE_LENGTH}, "title-too-long", "title")


def require_named(contributions: int) -> None:
    """Refuse an empty selection."""
    if not contributions:
        sentence = gettext("Please name the contributions by their symbols, like C/1, C/5.")
        raise Refused(sentence, "contributions-missing", "contributions")


def is_known(found: Collection[int], before: Collection[Collection[int]]) -> bool:
    """Return whether nearly all contributions are grouped already."""
    wanted = set(found)
    return any(len(wanted.intersection(one)) >= KNOWN_SHARE * len(wanted) for one in before)


def in_a_row(words: Collection[str], language: str) -> str:
    """Join words in the way of a language."""
    return _BETWEEN.get(language, ", ").join(words)

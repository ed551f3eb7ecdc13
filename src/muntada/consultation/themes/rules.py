"""The law of themes: which parts of a text can raise one, what a suggestion is, how a reading stands."""

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

# A part shorter than this says too little alone; it is read with the part after it.
SHORTEST_PART = 60
# With more parts than this, whole texts are read instead, so that a reading ends while somebody waits.
MOST_PARTS = 6_000
# Of what is suggested, so much has to be new: not in a theme, and not left before.
KNOWN_SHARE = 0.8
# What stands between words in a row, where it is not a comma and a space.
_BETWEEN = {"ar": "، ", "zh-hans": "、"}
_EMPTY_LINES = re.compile(r"\n\s*\n")


class SuggestionState(StrEnum):
    """Whether somebody took up what the engine suggested."""

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
    """What a theme is called in the languages of the forum, and what it is about, in one of them."""

    titles: Mapping[str, str]
    description: str
    language: str

    @property
    def clean_titles(self) -> dict[str, str]:
        return {language: title.strip() for language, title in self.titles.items() if title.strip()}


@dataclass(frozen=True)
class ContributionPart:
    """A paragraph of a contribution, with the code of the question it answers; `key` names it in a form."""

    question: str
    text: str

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.question}\n{self.text}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class FoundPart:
    """A part that belongs to a suggestion, with the words that led there."""

    contribution: int
    part: ContributionPart
    words: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class FoundMatter:
    """A matter the engine found: its keywords by language, and the parts that speak of it, the best first."""

    keywords: Mapping[str, tuple[str, ...]]
    parts: tuple[FoundPart, ...]

    @property
    def contributions(self) -> frozenset[int]:
        return frozenset(one.contribution for one in self.parts)


def parts_of(
    text: str, answers: Mapping[str, str], items: Sequence[Mapping[str, object]]
) -> list[ContributionPart]:
    """Split what was said into its paragraphs, answer after answer."""
    codes = [str(item["code"]) for item in items]
    said = [(codes[0] if codes else "", text), *((code, answers.get(code, "")) for code in codes[1:])]
    return [
        ContributionPart(code, paragraph.strip())
        for code, answer in said
        for paragraph in _EMPTY_LINES.split(answer)
        if paragraph.strip()
    ]


def parts_to_read(parts: Sequence[ContributionPart]) -> list[ContributionPart]:
    """Join the parts that say too little alone, like a heading, with the one after them."""
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
    """Nothing is brought into a theme or taken out of it by an empty choice."""
    if not contributions:
        sentence = gettext("Please name the contributions by their symbols, like C/1, C/5.")
        raise Refused(sentence, "contributions-missing", "contributions")


def is_known(found: Collection[int], before: Collection[Collection[int]]) -> bool:
    """Say whether nearly all contributions of a matter stand together already."""
    wanted = set(found)
    return any(len(wanted.intersection(one)) >= KNOWN_SHARE * len(wanted) for one in before)


def in_a_row(words: Collection[str], language: str) -> str:
    """Put words in a row as a language does."""
    return _BETWEEN.get(language, ", ").join(words)

"""The glossary of the field in six languages: the concept each term means.

`data/glossary.csv` has a row per concept: its broader concept (`broader`), and its terms in each
language, the name first.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from muntada.engines.tables import read_table
from muntada.engines.words import ReadWord, normal, words

DATA = Path(__file__).parent / "data"
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
SHARE_OF_BROADER = 0.5

type GlossaryStems = tuple[str, ...]
type GlossaryTerms = Mapping[str, Sequence[tuple[GlossaryStems, Sequence[str]]]]


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of the field: its names by language, and its broader concept."""

    key: str
    broader: tuple[str, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept named in a text, and the words that name it."""

    concept: str
    written: str
    place: int


@cache
def concepts() -> Mapping[str, Concept]:
    return {
        row["key"]: Concept(
            row["key"],
            tuple(filter(None, row["broader"].split(";"))),
            {language: row[language].split(";")[0] for language in LANGUAGES},
        )
        for row in _rows()
    }


@cache
def with_broader(concept: str, passed_on: float = SHARE_OF_BROADER) -> Mapping[str, float]:
    """Return the concept and all broader ones, each with its weight."""
    shares = {concept: 1.0}
    for broader in concepts()[concept].broader:
        for key, share in with_broader(broader, passed_on).items():
            shares[key] = max(shares.get(key, 0.0), share * passed_on)
    return shares


def mentions(text: str, spoken: Sequence[ReadWord]) -> list[Mention]:
    """Find the concepts named in a text; of overlapping terms, the longest."""
    found = list(_mentions_in_words(spoken))
    if any(word.language == "zh" for word in spoken):
        found += _mentions_in_chinese(normal(text))
    return found


def is_term(language: str, stem: str) -> bool:
    """Return whether this stem, or run of Chinese characters, is a term of the glossary."""
    if language == "zh":
        return stem in _terms_of_chinese()[1]
    return any(len(stems) == 1 for stems, _ in _terms(language).get(stem, ()))


def _mentions_in_words(spoken: Sequence[ReadWord]) -> Iterator[Mention]:
    place = 0
    while place < len(spoken):
        word = spoken[place]
        taken = 1
        for stems, keys in _terms(word.language).get(word.stem, ()):
            if tuple(one.stem for one in spoken[place : place + len(stems)]) == stems:
                written = " ".join(one.written for one in spoken[place : place + len(stems)])
                yield from (Mention(key, written, place) for key in keys)
                taken = len(stems)
                break
        place += taken


def _mentions_in_chinese(plain: str) -> Iterator[Mention]:
    pattern, keys = _terms_of_chinese()
    for match in pattern.finditer(plain):
        yield from (Mention(key, match[0], match.start()) for key in keys[match[0]])


@cache
def _terms(language: str) -> GlossaryTerms:
    """Return the terms of a language by first stem, the longest first, with their concepts."""
    if language not in LANGUAGES or language == "zh":
        return {}
    meanings: dict[GlossaryStems, list[str]] = {}
    for row in _rows():
        for term in row[language].split(";"):
            stems = tuple(words(term, language))
            if stems and row["key"] not in meanings.setdefault(stems, []):
                meanings[stems].append(row["key"])
    by_first: dict[str, list[tuple[GlossaryStems, Sequence[str]]]] = {}
    for stems in sorted(meanings, key=lambda stems: (-len(stems), stems)):
        by_first.setdefault(stems[0], []).append((stems, meanings[stems]))
    return by_first


@cache
def _terms_of_chinese() -> tuple[re.Pattern[str], Mapping[str, Sequence[str]]]:
    keys: dict[str, list[str]] = {}
    for row in _rows():
        for term in row["zh"].split(";"):
            keys.setdefault(normal(term), []).append(row["key"])
    return _any_of(keys), keys


def _any_of(terms: Iterable[str]) -> re.Pattern[str]:
    return re.compile(
        "|".join(re.escape(term) for term in sorted(terms, key=lambda term: (-len(term), term)))
    )


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    required = ("key", "broader", *LANGUAGES)
    return tuple(row.values for row in read_table(DATA / "glossary.csv", required=required))

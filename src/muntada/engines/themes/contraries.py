"""Detect the stance of a text: for or against, more or less, allowed or forbidden, with or without "not".

`data/contraries.csv` has the words of the two sides of each axis. A negation ("not", "never", ...)
just before such a word reverses its side, and is also counted on an axis of its own.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from muntada.engines.tables import read_table
from muntada.engines.themes.glossary import LANGUAGES
from muntada.engines.words import is_stop_word, normal, stem

DATA = Path(__file__).parent / "data" / "contraries.csv"
TOKEN = re.compile(r"n't\b|[^\W\d_]+?(?=n't\b)|[^\W\d_]+")
CLAUSE = re.compile(r"[.!?;:,()،؛؟。！？；：，、]+")
REFUSAL = "not"
REACH = 3  # words (in Chinese: characters) between a negation and the word it reverses

type ContraryStems = tuple[str, ...]
type ContrarySide = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Stance:
    """The negations of a text and their number; by axis, how often each side occurs.

    The negated word is the next content word after a negation: its stem, in Chinese its characters.
    """

    refusals: int = 0
    refused: frozenset[str] = frozenset()
    sides: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def contradicts(self, other: "Stance") -> bool:
        """Return whether the texts differ on some axis and agree on none."""
        products = [
            (one - opposite) * (theirs - their_opposite)
            for (one, opposite), (theirs, their_opposite) in self._shared(other)
        ]
        return any(product < 0 for product in products) and not any(product > 0 for product in products)

    def changes_sides(self, other: "Stance") -> bool:
        """Return whether the texts are on different sides of some axis."""
        return any(
            (one - theirs) * (opposite - their_opposite) < 0
            for (one, opposite), (theirs, their_opposite) in self._shared(other)
        )

    def _shared(self, other: "Stance") -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        return ((self.sides[axis], other.sides[axis]) for axis in self.sides.keys() & other.sides.keys())


@lru_cache(maxsize=1 << 12)
def stance(text: str, language: str) -> Stance:
    spoken = language.partition("-")[0].lower()
    if spoken not in LANGUAGES:
        return Stance()
    refused: list[str] = []
    sides: Counter[ContrarySide] = Counter()
    for clause in CLAUSE.split(normal(text)):
        found, told = _in_chinese(clause) if spoken == "zh" else _in_words(clause, spoken)
        refused_at = [place for place, (axis, _) in found if axis == REFUSAL]
        refused += [told.get(place, "") for place in refused_at]
        for place, (axis, sign) in found:
            if axis != REFUSAL:
                turned = any(0 < place - refusal <= REACH for refusal in refused_at)
                sides[axis, -sign if turned else sign] += 1
    counts = {axis: (sides[axis, 1], sides[axis, -1]) for axis, _ in sides}
    return Stance(len(refused), frozenset(filter(None, refused)), counts)


def _in_words(clause: str, language: str) -> tuple[list[tuple[int, ContrarySide]], Mapping[int, str]]:
    """Return the words that take a side, by position, and after each position the next content word."""
    tokens = TOKEN.findall(clause)
    stems = [stem(token, language) for token in tokens]
    terms = _terms(language)
    found: list[tuple[int, ContrarySide]] = []
    for place, first in enumerate(stems):
        for term, side in terms.get(first, ()):
            if tuple(stems[place : place + len(term)]) == term:
                found.append((place, side))
                break
    following: dict[int, str] = {}
    told = ""
    for place in range(len(stems) - 1, -1, -1):
        following[place] = told
        told = told if is_stop_word(tokens[place], language) else stems[place]
    return found, following


def _in_chinese(clause: str) -> tuple[list[tuple[int, ContrarySide]], Mapping[int, str]]:
    pattern, sides = _terms_of_chinese()
    matches = list(pattern.finditer(clause))
    following = {match.start(): clause[match.end() : match.end() + 2] for match in matches}
    return [(match.start(), sides[match[0]]) for match in matches], following


@cache
def _terms(language: str) -> Mapping[str, Sequence[tuple[ContraryStems, ContrarySide]]]:
    by_first: dict[str, list[tuple[ContraryStems, ContrarySide]]] = {}
    for term, side in _words_of(language):
        stems = tuple(stem(token, language) for token in TOKEN.findall(normal(term)))
        by_first.setdefault(stems[0], []).append((stems, side))
    return {first: sorted(terms, key=lambda term: -len(term[0])) for first, terms in by_first.items()}


@cache
def _terms_of_chinese() -> tuple[re.Pattern[str], Mapping[str, ContrarySide]]:
    sides = dict(_words_of("zh"))
    longest_first = sorted(sides, key=lambda term: (-len(term), term))
    return re.compile("|".join(map(re.escape, longest_first))), sides


def _words_of(language: str) -> Iterator[tuple[str, ContrarySide]]:
    for row in read_table(DATA, required=("axis", "side", *LANGUAGES)):
        sign = 1 if row.values["side"] == "+" else -1
        for term in row.values[language].split(";"):
            yield term, (row.values["axis"], sign)

"""Which side a text takes: for or against, more or less, allowed or forbidden, with or without a "not".

`data/contraries.csv` has the words of the two sides of each axis. A refusal ("not", "never", ...) just before
such a word turns it round, and is counted on an axis of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from muntada.engines.tables import read_table
from muntada.engines.themes.glossary import LANGUAGES
from muntada.engines.words import normal, stem

DATA = Path(__file__).parent / "data" / "contraries.csv"
TOKEN = re.compile(r"n't\b|[^\W\d_]+?(?=n't\b)|[^\W\d_]+")
CLAUSE = re.compile(r"[.!?;:,()،؛؟。！？；：，、]+")
REFUSAL = "not"
REACH = 3  # words (in Chinese characters) between a refusal and what it turns round

type Stems = tuple[str, ...]
type Side = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Stance:
    """How often a text refuses, and by axis whether it takes the one side (1), the other (-1) or both (0)."""

    refusals: int = 0
    sides: Mapping[str, int] = field(default_factory=dict)

    def contradicts(self, other: "Stance") -> bool:
        """Say whether the texts take different sides on an axis and the same on none."""
        products = [side * other.sides.get(axis, 0) for axis, side in self.sides.items()]
        return any(product < 0 for product in products) and not any(product > 0 for product in products)


@lru_cache(maxsize=1 << 12)
def stance(text: str, language: str) -> Stance:
    spoken = language.partition("-")[0].lower()
    if spoken not in LANGUAGES:
        return Stance()
    refusals = 0
    sums: dict[str, int] = {}
    for clause in CLAUSE.split(normal(text)):
        found = list(_in_chinese(clause) if spoken == "zh" else _in_words(clause, spoken))
        refused_at = [place for place, (axis, _) in found if axis == REFUSAL]
        refusals += len(refused_at)
        for place, (axis, sign) in found:
            if axis != REFUSAL:
                turned = any(0 < place - refusal <= REACH for refusal in refused_at)
                sums[axis] = sums.get(axis, 0) + (-sign if turned else sign)
    return Stance(refusals, {axis: (total > 0) - (total < 0) for axis, total in sums.items()})


def _in_words(plain: str, language: str) -> Iterator[tuple[int, Side]]:
    stems = [stem(token, language) for token in TOKEN.findall(plain)]
    terms = _terms(language)
    for place, first in enumerate(stems):
        for term, side in terms.get(first, ()):
            if tuple(stems[place : place + len(term)]) == term:
                yield place, side
                break


def _in_chinese(plain: str) -> Iterator[tuple[int, Side]]:
    pattern, sides = _terms_of_chinese()
    for match in pattern.finditer(plain):
        yield match.start(), sides[match[0]]


@cache
def _terms(language: str) -> Mapping[str, Sequence[tuple[Stems, Side]]]:
    by_first: dict[str, list[tuple[Stems, Side]]] = {}
    for term, side in _words_of(language):
        stems = tuple(stem(token, language) for token in TOKEN.findall(normal(term)))
        by_first.setdefault(stems[0], []).append((stems, side))
    return {first: sorted(terms, key=lambda term: -len(term[0])) for first, terms in by_first.items()}


@cache
def _terms_of_chinese() -> tuple[re.Pattern[str], Mapping[str, Side]]:
    sides = dict(_words_of("zh"))
    longest_first = sorted(sides, key=lambda term: (-len(term), term))
    return re.compile("|".join(map(re.escape, longest_first))), sides


def _words_of(language: str) -> Iterator[tuple[str, Side]]:
    for row in read_table(DATA, required=("axis", "side", *LANGUAGES)):
        sign = 1 if row.values["side"] == "+" else -1
        for term in row.values[language].split(";"):
            yield term, (row.values["axis"], sign)

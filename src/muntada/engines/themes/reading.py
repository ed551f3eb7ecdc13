"""A text prepared for comparison: letters, words, concepts, stance. Computed once and cached."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from muntada.engines.themes.contraries import Stance, stance
from muntada.engines.themes.glossary import Mention, mentions, with_broader
from muntada.engines.themes.shingles import Hashes, shingles
from muntada.engines.themes.texts import IdentifiedText, ReportThemes
from muntada.engines.words import ReadWord, normal, without_accents, written_words

REMEMBERED = 1 << 8
REPORT_EACH = 100
COLUMNS = 1 << 18
PIECE = 4  # letters; a Chinese character counts as two
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NOT_A_LETTER = re.compile(r"[\W_]+")
WIDE = re.compile("([\u2e80-\u9fff\uf900-\ufaff])")


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a text as indices into a table with `COLUMNS` columns, with their weights."""

    places: NDArray[np.int64]
    amounts: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReadText:
    """The prepared text.

    `bare` has letters and digits only; `concepts` each concept with its weight, broader ones included;
    `letters`, `stems` and `meanings` are these as features. Meanings also include what is written alike
    in any language: numbers, and Latin words in a text of another language.
    """

    written: str
    language: str
    bare: str
    words: tuple[ReadWord, ...]
    mentions: tuple[Mention, ...]
    concepts: Mapping[str, float]
    stems: Features
    meanings: Features

    @property
    def letters(self) -> Features:
        return _of_letters(self.bare)

    @property
    def stance(self) -> Stance:
        return stance(self.written, self.language)

    @property
    def pieces(self) -> Hashes:
        """The hashes of its runs of letters, for finding copies."""
        return shingles(_spaced(self.bare), PIECE + 1)


def read(text: IdentifiedText) -> ReadText:
    return _read(text.text, text.language)


def read_all(texts: Sequence[IdentifiedText], progress: ReportThemes) -> list[ReadText]:
    """Prepare many texts, reporting progress."""
    readings = []
    for place, text in enumerate(texts):
        if place % REPORT_EACH == 0:
            progress(place / len(texts), "reading")
        readings.append(read(text))
    return readings


@lru_cache(maxsize=REMEMBERED)
def _read(written: str, language: str) -> ReadText:
    plain = normal(written)
    bare = NOT_A_LETTER.sub(" ", without_accents(plain)).strip()
    own = language.partition("-")[0].lower()
    spoken = tuple(_known(word) for word in written_words(written, language))
    named = tuple(mentions(written, spoken))
    concepts = _concepts(named)
    alike = {word.stem for word in spoken if word.written.isascii() and word.language != own}
    alike |= set(NUMBER.findall(plain))
    return ReadText(
        written=written,
        language=own,
        bare=bare,
        words=spoken,
        mentions=named,
        concepts=concepts,
        stems=_features(Counter(f"{word.language}:{word.stem}" for word in spoken)),
        meanings=_features(concepts | {f"={word}": 1.0 for word in alike}),
    )


@lru_cache(maxsize=1 << 15)
def _known(word: ReadWord) -> ReadWord:
    """Store equal words once in memory."""
    return word


def _concepts(named: tuple[Mention, ...]) -> dict[str, float]:
    strengths: dict[str, float] = {}
    for concept, count in Counter(mention.concept for mention in named).items():
        for key, share in with_broader(concept).items():
            strengths[key] = max(strengths.get(key, 0.0), share * (1 + log(count)))
    return strengths


def _spaced(bare: str) -> str:
    """Separate Chinese characters, so that a run of letters holds two or three of them."""
    return WIDE.sub(r" \1", bare)


def _features(amounts: Mapping[str, float]) -> Features:
    places = np.array([place_of(key) for key in amounts], dtype=np.int64)
    return Features(places, np.sqrt(np.array(list(amounts.values()), dtype=np.float64)))


def _of_letters(bare: str) -> Features:
    pieces = shingles(f" {_spaced(bare)} ", PIECE) if bare else shingles("", PIECE)
    places, counts = np.unique((pieces % np.uint64(COLUMNS)).astype(np.int64), return_counts=True)
    return Features(places, np.sqrt(counts.astype(np.float64)))


@lru_cache(maxsize=1 << 16)
def place_of(key: str) -> int:
    """Return the column of a word or concept; a checksum, equal in every process."""
    return crc32(key.encode("utf-8", "replace")) % COLUMNS

"""The probability that two texts say the same: a logistic model of their common features.

The weights were fitted on the texts in tests/engines/themes/data; see docs/engines/themes.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from muntada.engines.arrays import FloatArray
from muntada.engines.themes.reading import ReadText

EDITED = 0.85  # share of common letters, in order or with sorted words: the same sentence, edited
LONGEST_COMPARED = 30_000  # letters; comparing longer texts takes too long
NEARLY_EDITED = 0.7  # from here, an additional negation means the opposite


@dataclass(frozen=True, slots=True)
class LikenessWeights:
    letters: float
    stems: float
    meanings: float
    vectors: float
    start: float


ONE_LANGUAGE = LikenessWeights(17.3, 14.3, 16.1, 0.0, -9.1)
TWO_LANGUAGES = LikenessWeights(24.4, 1.2, 22.2, 0.0, -6.9)
ONE_LANGUAGE_ENCODED = LikenessWeights(10.0, 9.1, 12.1, 16.3, -12.7)
TWO_LANGUAGES_ENCODED = LikenessWeights(0.9, 0.0, 14.6, 28.5, -14.6)


@dataclass(frozen=True, slots=True)
class Common:
    """Cosine similarities of one text with others; vectors only with an encoder."""

    letters: FloatArray
    stems: FloatArray
    meanings: FloatArray
    vectors: FloatArray | None

    def likelihood(self, same_language: NDArray[np.bool_]) -> FloatArray:
        encoded = self.vectors is not None
        within = self._with(ONE_LANGUAGE_ENCODED if encoded else ONE_LANGUAGE)
        across = self._with(TWO_LANGUAGES_ENCODED if encoded else TWO_LANGUAGES)
        return np.where(same_language, within, across)

    def _with(self, weights: LikenessWeights) -> FloatArray:
        total = weights.start + weights.letters * self.letters
        total = total + weights.stems * self.stems + weights.meanings * self.meanings
        if self.vectors is not None:
            total = total + weights.vectors * self.vectors
        likelihood: FloatArray = 1 / (1 + np.exp(-total))
        return likelihood


@dataclass(frozen=True, slots=True)
class Letters:
    """The share of letters unchanged when editing one text into the other, in order and with sorted words."""

    in_order: float
    sorted: float

    @property
    def common(self) -> float:
        return max(self.in_order, self.sorted)

    @property
    def nearly_edited(self) -> bool:
        return self.in_order >= NEARLY_EDITED or self.sorted >= EDITED


NO_LETTERS = Letters(0.0, 0.0)


def letters_in_common(one: ReadText, other: ReadText) -> Letters:
    if max(len(one.bare), len(other.bare)) > LONGEST_COMPARED:
        return NO_LETTERS
    in_order = fuzz.ratio(one.bare, other.bare, score_cutoff=50)
    in_any_order = fuzz.token_sort_ratio(one.bare, other.bare, score_cutoff=50)
    return Letters(in_order / 100, in_any_order / 100)


def is_contrary(one: ReadText, other: ReadText, letters: Letters) -> bool:
    """Return whether two similar texts say the opposite.

    For nearly the same sentence in one language, it is also the opposite if one text negates more,
    negates what the other states without negation, or uses a word of the other side.
    """
    if one.stance.contradicts(other.stance):
        return True
    if one.language != other.language or not letters.nearly_edited:
        return False
    if one.stance.refusals != other.stance.refusals or one.stance.changes_sides(other.stance):
        return True
    return _refuses_what_is_said(one, other) or _refuses_what_is_said(other, one)


def _refuses_what_is_said(one: ReadText, other: ReadText) -> bool:
    said = {word.stem for word in other.words}
    return not one.stance.refused.isdisjoint(said - other.stance.refused)

"""How sure it is that two texts say the same: a logistic model of what they have in common.

The weights were fitted on the texts in tests/engines/themes/data; docs/engines/themes.md tells how.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from muntada.engines.themes.reading import Reading
from muntada.engines.themes.space import Floats

EDITED = 0.85  # this share of letters in common, words in order or sorted: the same sentence, edited
NEARLY_EDITED = 0.7  # from here a refusal more or less is taken for the contrary


@dataclass(frozen=True, slots=True)
class Weights:
    letters: float
    stems: float
    meanings: float
    vectors: float
    start: float


ONE_LANGUAGE = Weights(15.6, 13.7, 8.3, 0.0, -9.2)
TWO_LANGUAGES = Weights(24.2, 2.0, 11.7, 0.0, -7.1)
ONE_LANGUAGE_ENCODED = Weights(9.4, 9.3, 6.0, 16.1, -12.8)
TWO_LANGUAGES_ENCODED = Weights(1.9, 0.0, 7.1, 28.1, -14.4)


@dataclass(frozen=True, slots=True)
class Common:
    """Cosines of what one text has in common with others; vectors only where there is an encoder."""

    letters: Floats
    stems: Floats
    meanings: Floats
    vectors: Floats | None

    def likelihood(self, same_language: NDArray[np.bool_]) -> Floats:
        encoded = self.vectors is not None
        within = self._with(ONE_LANGUAGE_ENCODED if encoded else ONE_LANGUAGE)
        across = self._with(TWO_LANGUAGES_ENCODED if encoded else TWO_LANGUAGES)
        return np.where(same_language, within, across)

    def _with(self, weights: Weights) -> Floats:
        total = weights.start + weights.letters * self.letters
        total = total + weights.stems * self.stems + weights.meanings * self.meanings
        if self.vectors is not None:
            total = total + weights.vectors * self.vectors
        likelihood: Floats = 1 / (1 + np.exp(-total))
        return likelihood


def letters_in_common(one: Reading, other: Reading) -> float:
    """Give the share of letters that stay when one text is edited into the other, words sorted or not."""
    in_order = fuzz.ratio(one.bare, other.bare, score_cutoff=50)
    return max(in_order, fuzz.token_sort_ratio(one.bare, other.bare, score_cutoff=50)) / 100


def is_contrary(one: Reading, other: Reading, common: float) -> bool:
    """Say whether a text says the contrary of another that it is like."""
    if one.stance.contradicts(other.stance):
        return True
    same_language = one.language == other.language
    return same_language and common >= NEARLY_EDITED and one.stance.refusals != other.stance.refusals

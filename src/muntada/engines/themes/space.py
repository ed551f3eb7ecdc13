"""Sparse tables of the features of many texts, weighted by rarity.

SciPy loads its parts on first use. Its types are quoted in annotations, so that pages that compare
no texts load none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from muntada.engines.arrays import FloatArray
from muntada.engines.themes.reading import COLUMNS, Features, ReadText

BELIEF = 30.0  # a prior of this many texts, in which each word occurs with this share
USUAL_SHARE = 0.02
UNTOLD = 6.0  # the implied weight of what a text leaves open: that of two common words


@dataclass(frozen=True, slots=True)
class Rarities:
    """The weight of each column: the logarithm of one over the share of texts that have it."""

    letters: FloatArray
    stems: FloatArray
    meanings: FloatArray


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables with one row per text, of length one or, for a short text, less."""

    letters: "scipy.sparse.csr_array"
    stems: "scipy.sparse.csr_array"
    meanings: "scipy.sparse.csr_array"

    def below(self, added: "Tables") -> "Tables":
        return Tables(
            scipy.sparse.csr_array(scipy.sparse.vstack([self.letters, added.letters], format="csr")),
            scipy.sparse.csr_array(scipy.sparse.vstack([self.stems, added.stems], format="csr")),
            scipy.sparse.csr_array(scipy.sparse.vstack([self.meanings, added.meanings], format="csr")),
        )


def rarities(readings: Sequence[ReadText]) -> Rarities:
    return Rarities(
        _rarity([reading.letters for reading in readings]),
        _rarity([reading.stems for reading in readings]),
        _rarity([reading.meanings for reading in readings]),
    )


def tables(readings: Sequence[ReadText], weights: Rarities) -> Tables:
    return Tables(
        _rows([reading.letters for reading in readings], weights.letters),
        _rows([reading.stems for reading in readings], weights.stems),
        _rows([reading.meanings for reading in readings], weights.meanings),
    )


def weighted(features: Sequence[Features]) -> "scipy.sparse.csr_array":
    """Return one row per text, weighted by rarity among them."""
    return _rows(features, _rarity(features))


def _rarity(features: Sequence[Features]) -> FloatArray:
    seen = np.full(COLUMNS, BELIEF * USUAL_SHARE)
    if features:
        seen += np.bincount(np.concatenate([one.places for one in features]), minlength=COLUMNS)
    rarity: FloatArray = np.log((len(features) + BELIEF) / np.minimum(seen, len(features) + BELIEF))
    return rarity


def _rows(features: Sequence[Features], weights: FloatArray) -> "scipy.sparse.csr_array":
    if not features:
        return scipy.sparse.csr_array((0, COLUMNS), dtype=np.float64)
    lengths = np.array([len(one.places) for one in features])
    ends = np.concatenate([[0], np.cumsum(lengths)])
    places = np.concatenate([one.places for one in features])
    amounts = np.concatenate([one.amounts for one in features]) * weights[places]
    row = np.repeat(np.arange(len(features)), lengths)
    sizes = np.sqrt(np.bincount(row, weights=amounts**2, minlength=len(features)))
    amounts = amounts / np.hypot(sizes, UNTOLD)[row]
    return scipy.sparse.csr_array((amounts, places, ends), shape=(len(features), COLUMNS))

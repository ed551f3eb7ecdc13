"""Vectors of texts in a space shared by all languages, from concepts and words.

The axes are the concepts of the glossary. A word outside the glossary points to the mean of the
texts of its language that use it. The words themselves are added with a small weight, so that texts
far from the glossary can meet too. The mean of each language is removed.
"""

from collections.abc import Sequence

import numpy as np
import scipy

from muntada.engines.arrays import FloatArray
from muntada.engines.themes.encoder import Encoder, encoded
from muntada.engines.themes.reading import ReadText
from muntada.engines.themes.space import weighted
from muntada.engines.themes.texts import IdentifiedText

SHARE_OF_WORDS = 0.3
SHARE_OF_OWN = 0.25
MOST_DIRECTIONS = 50
FEW_TEXTS = 500
SHARE_OF_ENCODER = 1.5
ENOUGH_OF_A_LANGUAGE = 8


def places(
    texts: Sequence[IdentifiedText], readings: Sequence[ReadText], encoder: Encoder | None
) -> FloatArray:
    """Return one row of length one per text; of length zero if nothing is known of it."""
    languages = [reading.language for reading in readings]
    meanings, own = _by_meaning(readings), _by_stems(readings)
    known = (np.abs(meanings).sum(axis=1) > 0) | (np.abs(own).sum(axis=1) > 0)
    place = np.hstack(
        [
            of_length_one(without_language(meanings, languages)),
            SHARE_OF_OWN * of_length_one(without_language(own, languages)),
        ]
    )
    place = of_length_one(place * known[:, None])
    if encoder is None:
        return place
    vectors = encoded([text.text for text in texts], encoder).astype(np.float64)
    vectors = of_length_one(without_language(vectors, languages))
    written = np.array([bool(reading.bare) for reading in readings])
    return of_length_one(np.hstack([place, SHARE_OF_ENCODER * vectors]) * written[:, None])


def _by_meaning(readings: Sequence[ReadText]) -> FloatArray:
    """Return the concepts of each text, and a share of those its words point to."""
    table = weighted([reading.meanings for reading in readings])
    axes = np.unique(table.indices)
    if len(axes) == 0:
        return np.zeros((len(readings), 1))
    meanings: FloatArray = table[:, axes].toarray()
    stems = weighted([reading.stems for reading in readings])
    stems = stems[:, np.unique(stems.indices)]
    return meanings + SHARE_OF_WORDS * of_length_one(stems @ of_length_one(stems.T @ meanings))


def _by_stems(readings: Sequence[ReadText]) -> FloatArray:
    """Return the main components of the words of the texts (latent semantic analysis)."""
    stems = weighted([reading.stems for reading in readings])
    stems = stems[:, np.unique(stems.indices)]
    directions = min(MOST_DIRECTIONS, min(stems.shape) - 1)
    if directions < 1:
        return np.zeros((len(readings), 1))
    alike = stems @ stems.T
    if len(readings) <= FEW_TEXTS:
        sizes, left = np.linalg.eigh(alike.toarray())
        sizes, left = sizes[-directions:], left[:, -directions:]
    else:
        # eigsh draws its start vector and restarts at random; fixed ones make the result repeatable.
        sizes, left = scipy.sparse.linalg.eigsh(
            alike, k=directions, v0=np.ones(len(readings)), rng=np.random.default_rng(0)
        )
    rows: FloatArray = left * np.sqrt(np.maximum(sizes, 0.0))
    return rows


def of_length_one(rows: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > np.finfo(np.float32).tiny)


def without_language(rows: FloatArray, languages: Sequence[str]) -> FloatArray:
    """Subtract the mean of its language from each row; a language with few texts uses the overall mean."""
    if len(rows) == 0:
        return rows
    moved = rows.copy()
    spoken = np.array(languages)
    for language in sorted(set(languages)):
        own = spoken == language
        middle = rows[own].mean(axis=0) if own.sum() >= ENOUGH_OF_A_LANGUAGE else rows.mean(axis=0)
        moved[own] -= middle
    return moved

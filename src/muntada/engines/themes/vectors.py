"""A place for each text in a space that all languages share: what it means, by concepts and by its words.

The concepts of the glossary are the axes. A word that is not in the glossary points to where the texts of
its language that use it lie. Beside that, and much weaker, stand the words themselves, so that texts far from
the field of the glossary come together too. What the texts of a language have in common only because of the
language is taken out.
"""

from collections.abc import Sequence

import numpy as np
import scipy

from muntada.engines.themes.encoder import Encoder, encoded
from muntada.engines.themes.reading import Reading
from muntada.engines.themes.space import Floats, weighted
from muntada.engines.themes.texts import Text

SHARE_OF_WORDS = 0.3
SHARE_OF_OWN = 0.25
MOST_DIRECTIONS = 50
FEW_TEXTS = 500
SHARE_OF_ENCODER = 1.5
ENOUGH_OF_A_LANGUAGE = 8


def places(texts: Sequence[Text], readings: Sequence[Reading], encoder: Encoder | None) -> Floats:
    """Give one row of length one per text; of length nought where nothing is known of it."""
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


def _by_meaning(readings: Sequence[Reading]) -> Floats:
    """Give the concepts of each text, and a share of those its words point to."""
    table = weighted([reading.meanings for reading in readings])
    axes = np.unique(table.indices)
    if len(axes) == 0:
        return np.zeros((len(readings), 1))
    meanings: Floats = table[:, axes].toarray()
    stems = weighted([reading.stems for reading in readings])
    stems = stems[:, np.unique(stems.indices)]
    return meanings + SHARE_OF_WORDS * of_length_one(stems @ of_length_one(stems.T @ meanings))


def _by_stems(readings: Sequence[Reading]) -> Floats:
    """Give the main directions in which the words of the texts differ (latent semantic analysis)."""
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
        # Where its directions run out the solver throws dice for a new one: here they always fall the same.
        sizes, left = scipy.sparse.linalg.eigsh(
            alike, k=directions, v0=np.ones(len(readings)), rng=np.random.default_rng(0)
        )
    rows: Floats = left * np.sqrt(np.maximum(sizes, 0.0))
    return rows


def of_length_one(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > np.finfo(np.float32).tiny)


def without_language(rows: Floats, languages: Sequence[str]) -> Floats:
    """Take from each row the middle of its language; a language with few texts keeps the middle of all."""
    if len(rows) == 0:
        return rows
    moved = rows.copy()
    spoken = np.array(languages)
    for language in sorted(set(languages)):
        own = spoken == language
        middle = rows[own].mean(axis=0) if own.sum() >= ENOUGH_OF_A_LANGUAGE else rows.mean(axis=0)
        moved[own] -= middle
    return moved

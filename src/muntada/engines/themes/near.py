"""Find existing texts that say the same as a new one, fast enough for someone who waits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muntada.engines.reasons import Reason, gettext_noop
from muntada.engines.themes.encoder import Encoder, Vectors, encoded
from muntada.engines.themes.likeness import EDITED, NO_LETTERS, Common, is_contrary, letters_in_common
from muntada.engines.themes.reading import ReadText, read, read_all
from muntada.engines.themes.result import MatchKind, NearDuplicate, SimilarText
from muntada.engines.themes.settings import ThemeSettings
from muntada.engines.themes.space import Rarities, Tables, rarities, tables
from muntada.engines.themes.texts import IdentifiedText, ReportThemes, quietly

LOOKED_AT = 40  # the likeliest candidates, which are compared letter by letter
AT_ONCE = 500
WORDS_GIVEN = 6
SAME = gettext_noop("It is the same, letter for letter, apart from case and punctuation.")
EDITED_REASON = gettext_noop("%(percent)s %% of the letters are the same.")
ALIKE = gettext_noop("It seems to say the same in other words; in common: %(words)s.")
TRANSLATED = gettext_noop("It seems to say the same in another language; in common: %(words)s.")
ENCODED = gettext_noop("Its sentences mean nearly the same, as far as a program can tell.")
OPPOSITE = gettext_noop("It is about the same and seems to say the contrary.")


@dataclass(frozen=True, slots=True, eq=False)
class KnownTexts:
    """Existing texts, prepared for comparison; immutable."""

    texts: tuple[IdentifiedText, ...]
    readings: tuple[ReadText, ...]
    weights: Rarities
    tables: Tables
    languages: NDArray[np.str_]
    vectors: Vectors | None

    def with_added(self, texts: Sequence[IdentifiedText], *, encoder: Encoder | None = None) -> "KnownTexts":
        """Return these texts and more. Rarity is only recomputed by `known`."""
        readings = [read(text) for text in texts]
        vectors = None
        if self.vectors is not None and encoder is not None:
            vectors = np.vstack([self.vectors, encoded([text.text for text in texts], encoder)])
        return KnownTexts(
            (*self.texts, *texts),
            (*self.readings, *readings),
            self.weights,
            self.tables.below(tables(readings, self.weights)),
            np.concatenate([self.languages, _languages(readings)]),
            vectors,
        )


def known(
    texts: Sequence[IdentifiedText], *, encoder: Encoder | None = None, progress: ReportThemes = quietly
) -> KnownTexts:
    """Prepare texts once, so that `near` answers at once."""
    readings = read_all(texts, progress)
    weights = rarities(readings)
    vectors = None if encoder is None else encoded([text.text for text in texts], encoder)
    return KnownTexts(
        tuple(texts), tuple(readings), weights, tables(readings, weights), _languages(readings), vectors
    )


def near(
    statement: IdentifiedText,
    existing: KnownTexts,
    settings: ThemeSettings,
    encoder: Encoder | None,
    *,
    opposites: bool,
) -> tuple[SimilarText, ...]:
    """Return the texts that say the same, likeliest first; with `opposites`, also contradicting ones.

    If there are too many, those in the language of the statement are preferred: its author can read
    them.
    """
    if not existing.texts:
        return ()
    asked = read(statement)
    vector = None
    if encoder is not None and existing.vectors is not None:
        vector = encoded([statement.text], encoder)
    scores = _common(asked, existing, vector).likelihood(existing.languages == asked.language)
    likeliest = np.argsort(-scores, kind="stable")[:LOOKED_AT].tolist()
    found: list[tuple[float, str, MatchKind, ReadText]] = []
    for place in likeliest:
        name, other = existing.texts[place].id, existing.readings[place]
        score, kind = _judged(asked, other, float(scores[place]))
        bar = settings.near if asked.language == other.language else settings.near_across
        if name != statement.id and score >= bar and (opposites or kind != "opposite"):
            found.append((score, name, kind, other))
    found.sort(key=lambda one: (one[3].language != asked.language, -one[0], one[1]))
    listed = sorted(found[: settings.listed], key=lambda one: (-one[0], one[1]))
    return tuple(_told(asked, *one) for one in listed)


def matches(
    existing: KnownTexts, settings: ThemeSettings, progress: ReportThemes
) -> tuple[NearDuplicate, ...]:
    """Return all pairs that say the same, within and across languages, likeliest first."""
    found = []
    for start in range(0, len(existing.texts), AT_ONCE):
        progress(start / len(existing.texts), "comparing")
        rows = slice(start, start + AT_ONCE)
        same = existing.languages[rows, None] == existing.languages[None, :]
        scores = compared(existing, rows).likelihood(same)
        bars = np.where(same, settings.near, settings.near_across)
        for row, other in zip(*np.nonzero(scores >= np.minimum(bars, 0.5)), strict=True):
            one = start + int(row)
            if one < other:
                match = _match(existing, one, int(other), float(scores[row, other]), settings)
                found += [match] if match else []
    return tuple(sorted(found, key=lambda match: (-match.score, match.one, match.other)))


def compared(existing: KnownTexts, rows: slice) -> Common:
    """Return the features these rows share with each existing text."""
    has = existing.tables
    vectors = existing.vectors
    return Common(
        (has.letters[rows] @ has.letters.T).toarray(),
        (has.stems[rows] @ has.stems.T).toarray(),
        (has.meanings[rows] @ has.meanings.T).toarray(),
        None if vectors is None else (vectors[rows] @ vectors.T).astype(np.float64),
    )


def words_in_common(asked: ReadText, other: ReadText) -> tuple[str, ...]:
    """Return the words of one text that the other has too, or has a synonym of."""
    stems = {(word.language, word.stem) for word in other.words}
    meant = {mention.concept for mention in other.mentions}
    words = [mention.written for mention in asked.mentions if mention.concept in meant]
    words += [word.written for word in asked.words if (word.language, word.stem) in stems]
    if asked.language == "zh" == other.language:
        words = joined_pairs(words)
    said: list[str] = []
    for word in dict.fromkeys(words):
        if not any(
            word.casefold() in one.casefold().split() or word.casefold() == one.casefold() for one in said
        ):
            said.append(word)
    return tuple(said[:WORDS_GIVEN])


def joined_pairs(words: Sequence[str]) -> list[str]:
    """Join overlapping pairs of Chinese characters."""
    joined: list[str] = []
    for word in dict.fromkeys(words):
        if joined and len(word) == 2 and joined[-1][-1:] == word[:1]:  # noqa: PLR2004 - a pair
            joined[-1] += word[1:]
        else:
            joined.append(word)
    return joined


def _common(asked: ReadText, existing: KnownTexts, vector: Vectors | None) -> Common:
    row = tables([asked], existing.weights)
    has = existing.tables
    return Common(
        has.letters @ row.letters.toarray().ravel(),
        has.stems @ row.stems.toarray().ravel(),
        has.meanings @ row.meanings.toarray().ravel(),
        None
        if vector is None or existing.vectors is None
        else (existing.vectors @ vector[0]).astype(np.float64),
    )


def _match(
    existing: KnownTexts, one: int, other: int, likelihood: float, settings: ThemeSettings
) -> NearDuplicate | None:
    first, second = existing.readings[one], existing.readings[other]
    score, kind = _judged(first, second, likelihood)
    bar = settings.near if first.language == second.language else settings.near_across
    if score < bar or kind == "opposite":
        return None
    ids = existing.texts[one].id, existing.texts[other].id
    return NearDuplicate(*ids, score, kind, words_in_common(first, second))


def _judged(asked: ReadText, other: ReadText, likelihood: float) -> tuple[float, MatchKind]:
    if asked.language != other.language:
        return likelihood, "opposite" if is_contrary(asked, other, NO_LETTERS) else "translated"
    if asked.bare and asked.bare == other.bare:
        return 1.0, "same"
    letters = letters_in_common(asked, other)
    if is_contrary(asked, other, letters):
        return max(likelihood, letters.common), "opposite"
    if letters.common >= EDITED:
        return max(likelihood, letters.common), "edited"
    return likelihood, "alike"


def _told(asked: ReadText, score: float, name: str, kind: MatchKind, other: ReadText) -> SimilarText:
    words = words_in_common(asked, other)
    return SimilarText(name, score, kind, words, _reason(kind, score, words))


def _languages(readings: Sequence[ReadText]) -> NDArray[np.str_]:
    return np.array([reading.language for reading in readings], dtype="U16")


def _reason(kind: MatchKind, score: float, words: tuple[str, ...]) -> Reason:
    if kind == "same":
        return Reason(SAME)
    if kind == "edited":
        return Reason(EDITED_REASON, {"percent": round(100 * score)})
    if kind == "opposite":
        return Reason(OPPOSITE)
    if not words:
        return Reason(ENCODED)
    return Reason(ALIKE if kind == "alike" else TRANSLATED, {"words": ", ".join(words)})

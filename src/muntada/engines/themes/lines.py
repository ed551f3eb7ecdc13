"""Which action lines and goals a text may belong to, and the words that show it.

A description has wordings in several languages. The concepts common to them are its subject, so
that a word with a second meaning in one language is outvoted by the others.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, prod, sqrt

import numpy as np

from muntada.engines.arrays import FloatArray
from muntada.engines.reasons import Reason, gettext_noop
from muntada.engines.themes.encoder import Encoder, encoded
from muntada.engines.themes.glossary import with_broader
from muntada.engines.themes.reading import ReadText, read
from muntada.engines.themes.result import Suggestion
from muntada.engines.themes.settings import ThemeSettings
from muntada.engines.themes.texts import Description, IdentifiedText

WORDS_GIVEN = 6
OUTVOTED = 0.34  # a concept in a smaller share of the wordings is dropped
SURE_OF_ONE = 0.8  # a single word may have another sense
PASSED_ON = 0.85  # a line includes its narrower concepts; higher than the weight between two texts
SHARE_OF_WORDS, SHARE_OF_ENCODER = 0.7, 1.05
BY_WORDS = gettext_noop("The text speaks of %(words)s.")
BY_MEANING = gettext_noop("The text and this description mean something alike, as far as a program can tell.")


@dataclass(frozen=True, slots=True)
class Profile:
    """The subject of a description: concepts, each with the share of wordings that name it."""

    code: str
    concepts: Mapping[str, float]


def lines(
    text: IdentifiedText,
    descriptions: Sequence[Description],
    settings: ThemeSettings,
    encoder: Encoder | None,
) -> tuple[Suggestion, ...]:
    """Return the descriptions the text may belong to, likeliest first."""
    reading = read(text)
    profiles = [_profile(description) for description in descriptions]
    rarity = _rarity(profiles)
    scores = np.array([_score(reading, profile, rarity) for profile in profiles])
    if encoder is not None and profiles:
        scores = _with_meaning(scores, text, descriptions, encoder)
    found = []
    for profile, score in zip(profiles, scores.tolist(), strict=True):
        if score >= settings.line:
            words = _words(reading, profile)
            reason = Reason(BY_WORDS, {"words": ", ".join(words)}) if words else Reason(BY_MEANING)
            found.append(Suggestion(profile.code, min(1.0, score), words, reason))
    return tuple(sorted(found, key=lambda one: (-one.score, one.code))[: settings.lines_listed])


def _profile(description: Description) -> Profile:
    readings = [
        read(IdentifiedText(description.code, language, text))
        for language, text in sorted(description.texts.items())
    ]
    named: Counter[str] = Counter()
    for reading in readings:
        named.update({mention.concept for mention in reading.mentions})
    shares = {concept: count / len(readings) for concept, count in named.items()}
    return Profile(
        description.code, {concept: share for concept, share in shares.items() if share >= OUTVOTED}
    )


def _rarity(profiles: Sequence[Profile]) -> Mapping[str, float]:
    """Give a higher weight to concepts that few descriptions share."""
    held = Counter(concept for profile in profiles for concept in profile.concepts)
    return {concept: log(1 + len(profiles) / count) for concept, count in held.items()}


def _score(reading: ReadText, profile: Profile, rarity: Mapping[str, float]) -> float:
    """Return the probability that a mention means the description, less the evidence for others.

    A mention supports a description to the extent that its concept distinguishes the description.
    """
    if not profile.concepts or not reading.mentions:
        return 0.0
    telling = {concept: rarity[concept] * share for concept, share in profile.concepts.items()}
    most = max(telling.values())
    supports = [
        max(share * telling.get(key, 0.0) / most for key, share in _meant(mention.concept).items())
        for mention in reading.mentions
    ]
    doubt = prod(1 - SURE_OF_ONE * support for support in supports)
    return (1 - doubt) * sqrt(sum(supports) / len(supports))


def _with_meaning(
    scores: FloatArray, text: IdentifiedText, descriptions: Sequence[Description], encoder: Encoder
) -> FloatArray:
    wordings = [(place, wording) for place, one in enumerate(descriptions) for wording in one.texts.values()]
    rows = encoded([text.text, *(wording for _, wording in wordings)], encoder).astype(np.float64)
    likeness = rows[1:] @ rows[0]
    best = np.zeros(len(descriptions))
    np.maximum.at(best, [place for place, _ in wordings], likeness)
    together: FloatArray = SHARE_OF_WORDS * scores + SHARE_OF_ENCODER * np.maximum(best, 0)
    return together


def _words(reading: ReadText, profile: Profile) -> tuple[str, ...]:
    """Return the words of the text that name the subject of the description, or a narrower concept."""
    said = [
        mention.written
        for mention in reading.mentions
        if _meant(mention.concept).keys() & profile.concepts.keys()
    ]
    return tuple(dict.fromkeys(said))[:WORDS_GIVEN]


def _meant(concept: str) -> Mapping[str, float]:
    return with_broader(concept, PASSED_ON)

"""Obstacles named by initiatives, counted by glossary concepts across languages."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from muntada.engines.themes.glossary import concepts, mentions
from muntada.engines.words import written_words

MOST_SHOWN = 8
# A concept named by a single initiative only appears in its own text.
LEAST = 2


@dataclass(frozen=True)
class NamedChallenge:
    """A concept, and the number of texts that name it."""

    name: str
    count: int


def named_most(texts: Iterable[tuple[str, str]]) -> tuple[NamedChallenge, ...]:
    """Return the concepts most texts name; each text has a language and counts once."""
    counted: Counter[str] = Counter()
    for text, language in texts:
        spoken = tuple(written_words(text, language))
        counted.update({one.concept for one in mentions(text, spoken)})
    own = (get_language() or "en").partition("-")[0]
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        NamedChallenge(concepts()[key].names.get(own) or concepts()[key].names["en"], count)
        for key, count in ordered[:MOST_SHOWN]
        if count >= LEAST
    )

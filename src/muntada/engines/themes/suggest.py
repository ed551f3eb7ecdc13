"""The entry point of the engine: texts in, suggestions out. No network.

The same texts, settings and seed give the same suggestions.
"""

from collections.abc import Sequence

from muntada.engines.themes import campaigns as copying
from muntada.engines.themes import grouping
from muntada.engines.themes import keywords as telling
from muntada.engines.themes import lines as belonging
from muntada.engines.themes import near as nearness
from muntada.engines.themes.encoder import Encoder
from muntada.engines.themes.near import KnownTexts
from muntada.engines.themes.reading import read, read_all
from muntada.engines.themes.result import (
    Keyword,
    NearDuplicate,
    SimilarText,
    Suggestion,
    TextCampaign,
    TextGrouping,
)
from muntada.engines.themes.settings import DEFAULTS, ThemeSettings
from muntada.engines.themes.texts import Description, IdentifiedText, ReportThemes, part_of, quietly

READ = 0.6  # of the search for copies, done when all texts are read


def known(
    texts: Sequence[IdentifiedText], *, encoder: Encoder | None = None, progress: ReportThemes = quietly
) -> KnownTexts:
    """Prepare existing statements for `near`, once."""
    return nearness.known(_distinct(texts), encoder=encoder, progress=progress)


def near(
    statement: IdentifiedText,
    existing: KnownTexts | Sequence[IdentifiedText],
    *,
    settings: ThemeSettings = DEFAULTS,
    encoder: Encoder | None = None,
    opposites: bool = False,
) -> tuple[SimilarText, ...]:
    """Find the existing statements that seem to say the same, likeliest first."""
    ready = existing if isinstance(existing, KnownTexts) else known(existing, encoder=encoder)
    return nearness.near(statement, ready, settings, encoder, opposites=opposites)


def matches(
    texts: Sequence[IdentifiedText],
    *,
    settings: ThemeSettings = DEFAULTS,
    encoder: Encoder | None = None,
    progress: ReportThemes = quietly,
) -> tuple[NearDuplicate, ...]:
    """Find all pairs of statements that seem to say the same, within and across languages."""
    return nearness.matches(known(texts, encoder=encoder), settings, progress)


def campaigns(
    texts: Sequence[IdentifiedText],
    *,
    settings: ThemeSettings = DEFAULTS,
    seed: int = 0,
    progress: ReportThemes = quietly,
) -> tuple[TextCampaign, ...]:
    """Find texts that are copies of one another, the largest campaign first."""
    readings = read_all(_distinct(texts), part_of(progress, 0.0, READ))
    return copying.campaigns(texts, readings, settings, seed, part_of(progress, READ, 1.0))


def groups(
    texts: Sequence[IdentifiedText],
    *,
    settings: ThemeSettings = DEFAULTS,
    seed: int = 0,
    encoder: Encoder | None = None,
    progress: ReportThemes = quietly,
) -> TextGrouping:
    """Group texts in all languages into named themes."""
    return grouping.groups(_distinct(texts), settings, seed, encoder, progress)


def lines(
    text: IdentifiedText,
    descriptions: Sequence[Description],
    *,
    settings: ThemeSettings = DEFAULTS,
    encoder: Encoder | None = None,
) -> tuple[Suggestion, ...]:
    """Find the lines and goals a text may belong to, with the words that suggest them."""
    return belonging.lines(text, descriptions, settings, encoder)


def keywords(texts: Sequence[IdentifiedText], *, most: int = 8) -> tuple[Keyword, ...]:
    """Find the words that characterize one or several texts."""
    readings = [read(text) for text in texts]
    return tuple(telling.of_texts(readings, most))


def _distinct(texts: Sequence[IdentifiedText]) -> Sequence[IdentifiedText]:
    if len({text.id for text in texts}) != len(texts):
        raise ValueError("two texts have the same id")
    return texts

"""The results: suggestions, each with a score between 0 and 1 and the words behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from muntada.engines.reasons import Reason
from muntada.engines.themes.settings import ThemeSettings

type MatchKind = Literal["same", "edited", "alike", "translated", "opposite"]
"""How two texts are alike.

- same: equal after removing case, spacing and forms of letters;
- edited: the same sentence with a few letters or words changed, or in another word order;
- alike: another sentence in the same language that seems to say the same;
- translated: a sentence in another language that seems to say the same;
- opposite: seems to say the opposite.
"""


@dataclass(frozen=True, slots=True)
class SimilarText:
    """A text that seems to say the same as the one asked about."""

    id: str
    score: float
    kind: MatchKind
    words: tuple[str, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two texts that seem to say the same."""

    one: str
    other: str
    score: float
    kind: MatchKind
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A text of a campaign: the share of letters in common with the sample, and whether it is equal."""

    id: str
    score: float
    same: bool


@dataclass(frozen=True, slots=True)
class TextCampaign:
    """Texts that are copies of one another; the sample is the most similar to all others."""

    sample: str
    members: tuple[Copy, ...]
    identical: int


@dataclass(frozen=True, slots=True)
class Keyword:
    """A characteristic word in its usual spelling, and its language."""

    word: str
    language: str
    score: float


@dataclass(frozen=True, slots=True)
class GroupMember:
    id: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextGroup:
    """Texts on the same subject; the largest group has number 0. Names are keywords by language."""

    id: int
    members: tuple[GroupMember, ...]
    names: Mapping[str, tuple[str, ...]]
    keywords: tuple[Keyword, ...]


@dataclass(frozen=True, slots=True)
class TextGrouping:
    groups: tuple[TextGroup, ...]
    ungrouped: tuple[str, ...]
    campaigns: tuple[TextCampaign, ...]
    settings: ThemeSettings
    seed: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A description a text may belong to, with the words of the text that suggest it."""

    code: str
    score: float
    words: tuple[str, ...]
    reason: Reason

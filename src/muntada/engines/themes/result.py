"""What comes out: suggestions, each with a score between 0 and 1 and the words that led to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from muntada.engines.reasons import Reason
from muntada.engines.themes.settings import Settings

type Kind = Literal["same", "edited", "alike", "translated", "opposite"]
"""How two texts are alike.

- same: equal once case, spacing and forms of letters are set aside;
- edited: the same sentence with a few letters or words changed, or its words in another order;
- alike: another sentence in the same language that seems to say the same;
- translated: a sentence in another language that seems to say the same;
- opposite: seems to say the contrary.
"""


@dataclass(frozen=True, slots=True)
class Near:
    """A text that seems to say the same as the one asked about."""

    id: str
    score: float
    kind: Kind
    words: tuple[str, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Match:
    """Two texts that seem to say the same."""

    one: str
    other: str
    score: float
    kind: Kind
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A text of a campaign: the share of letters it has in common with the sample; equal to it or not."""

    id: str
    score: float
    same: bool


@dataclass(frozen=True, slots=True)
class Campaign:
    """Texts that are copies of one another; the sample is the one most like all the others."""

    sample: str
    members: tuple[Copy, ...]
    identical: int


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word as people write it that says what texts are about; the language it is from."""

    word: str
    language: str
    score: float


@dataclass(frozen=True, slots=True)
class Member:
    id: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Texts about the same; the largest group has the number 0. Names are keywords by language."""

    id: int
    members: tuple[Member, ...]
    names: Mapping[str, tuple[str, ...]]
    keywords: tuple[Keyword, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    groups: tuple[Group, ...]
    ungrouped: tuple[str, ...]
    campaigns: tuple[Campaign, ...]
    settings: Settings
    seed: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A description a text may belong to, with the words of the text that led to it."""

    code: str
    score: float
    words: tuple[str, ...]
    reason: Reason

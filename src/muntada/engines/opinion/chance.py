"""A permutation test of the groups: the same analysis on shuffled votes.

The votes on each statement are permuted among the people who voted on it. Which statements a person
saw, the result of each statement and the number of votes of each person stay the same; only the
correlation between the votes of a person is destroyed.
"""

from dataclasses import dataclass, replace

import numpy as np

from muntada.engines.arrays import BoolArray, IndexArray
from muntada.engines.opinion.coded import ANSWERS, CodedVotes, Codes
from muntada.engines.opinion.grid import gather
from muntada.engines.opinion.groups import GRID, MOST_CELLS, outline
from muntada.engines.opinion.kernel import Loops
from muntada.engines.opinion.projection import Centred, of_people, project, with_votes
from muntada.engines.opinion.settings import OpinionSettings

ROUGHLY = 1e-2  # radians: the axes of a shuffled copy need no more precision
FEWER_STARTS = 3
MOST_COMPARED = 2000  # people: from more, a random sample of this size is compared
ANY_ORDER = np.uint64(2**38)


@dataclass(frozen=True, slots=True)
class ChanceSupport:
    """Measures of the map beside their maximum over the shuffled rounds, and the number of people compared.

    `silhouette` measures how well the groups are separated, `share` is the share of variance explained
    by the two axes.
    """

    rounds: int
    people: int
    silhouette: float
    silhouette_by_chance: float
    share: float
    share_by_chance: float

    @property
    def groups_stand_out(self) -> bool:
        return self.silhouette > self.silhouette_by_chance

    @property
    def pattern_stands_out(self) -> bool:
        return self.share > self.share_by_chance


def support(
    centred: Centred,
    grouped: BoolArray,
    found: tuple[float, float],
    settings: OpinionSettings,
    chance: np.random.Generator,
) -> ChanceSupport:
    """Shuffle, analyse and compare with the observed silhouette and share.

    Of a large number of people, a random sample is analysed and compared with its own shuffled votes.
    """
    quicker = replace(settings, starts=min(settings.starts, FEWER_STARTS))
    places = np.flatnonzero(grouped)
    if len(places) > MOST_COMPARED:
        places = np.sort(chance.choice(places, MOST_COMPARED, replace=False))
        centred, places = of_people(centred, places), np.arange(MOST_COMPARED)
        found = _pattern(centred, places, settings, chance)
    deck = _Deck(centred.loops.votes.whole())
    silhouettes, shares = [-1.0], [0.0]
    for _ in range(settings.chance_rounds):
        shuffled = with_votes(centred, Loops(deck.dealt(chance)))
        silhouette, share = _pattern(shuffled, places, quicker, chance)
        silhouettes.append(silhouette)
        shares.append(share)
    return ChanceSupport(
        settings.chance_rounds, len(places), found[0], max(silhouettes), found[1], max(shares)
    )


def _pattern(
    centred: Centred, places: IndexArray, settings: OpinionSettings, chance: np.random.Generator
) -> tuple[float, float]:
    """Return the best silhouette of any division, and the share of variance of the axes."""
    projection = project(centred, ROUGHLY)
    found = outline(gather(projection.people[places], MOST_CELLS, GRID), settings, chance)
    return -1.0 if found is None else found.best, float(projection.axes.shares.sum())


class _Deck:
    """The votes by statement, prepared for repeated shuffling."""

    def __init__(self, votes: CodedVotes) -> None:
        self.votes = votes
        statement = votes.codes // np.uint16(ANSWERS)
        self.order = np.argsort(statement, kind="stable")
        self.first: Codes = (statement * np.uint16(ANSWERS))[self.order]
        answer = votes.codes[self.order] - self.first
        # Sorting these keys, with random bits in the middle, shuffles the answers within each statement.
        self.keys = (self.first.astype(np.uint64) << np.uint64(40)) | answer

    def dealt(self, chance: np.random.Generator) -> CodedVotes:
        drawn = chance.integers(0, ANY_ORDER, len(self.keys), dtype=np.uint64)
        keys = self.keys | (drawn << np.uint64(2))
        keys.sort()
        codes = np.empty_like(self.votes.codes)
        codes[self.order] = self.first + (keys & np.uint64(3)).astype(codes.dtype)
        return CodedVotes(self.votes.statements, codes, self.votes.offsets)

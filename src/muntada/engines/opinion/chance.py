"""How clear a pattern looks where there is none: the same votes, shuffled.

Within each statement its votes are dealt anew among the people who voted on it. Who saw what, how many
agreed and how much each person voted all stay; only the bond between a person's votes is cut.
"""

from dataclasses import dataclass, replace

import numpy as np

from muntada.engines.opinion.arrays import Bools
from muntada.engines.opinion.groups import divide
from muntada.engines.opinion.projection import Centred, project
from muntada.engines.opinion.settings import Settings

ROUGHLY = 1e-4  # a shuffled copy needs its axes only to three digits
FEWER_STARTS = 3


@dataclass(frozen=True, slots=True)
class Support:
    """What was found beside the most that chance brought about in so many rounds.

    `silhouette` says how clearly the groups are apart, `share` how much of all difference the two axes
    explain.
    """

    rounds: int
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
    grouped: Bools,
    found: tuple[float, float],
    settings: Settings,
    chance: np.random.Generator,
) -> Support:
    """Shuffle, analyse and compare with what was found (silhouette and share)."""
    quicker = replace(settings, starts=min(settings.starts, FEWER_STARTS))
    silhouettes, shares = [-1.0], [0.0]
    for _ in range(settings.chance_rounds):
        projection = project(_shuffled(centred, chance), ROUGHLY)
        division = divide(projection.people[grouped], quicker, chance)
        shares.append(float(projection.axes.shares.sum()))
        if division is not None:
            silhouettes.append(division.best)
    return Support(settings.chance_rounds, found[0], max(silhouettes), found[1], max(shares))


def _shuffled(centred: Centred, chance: np.random.Generator) -> Centred:
    votes = centred.votes.tocsc(copy=True)
    column = np.repeat(np.arange(votes.shape[1]), np.diff(votes.indptr))
    votes.data = votes.data[np.lexsort((chance.random(votes.nnz), column))]
    return replace(centred, votes=votes.tocsr())

"""What voters declared about themselves, and the target share of each category."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from muntada.engines.opinion.raking import CAP, check_targets

SMALLEST = 5

type ByPerson[Word] = Mapping[str, Word]


@dataclass(frozen=True, slots=True)
class Voices:
    """Information about the voters, by their ids in the vote table.

    - `declared`: per dimension ("stakeholder", "region") the category of each person; missing people declared
      nothing;
    - `targets`: per dimension the target share of each category, or numbers in proportion; weights meet all
      targets together. A dimension without targets is only reported;
    - `weights`: initial weights, 1 for missing people;
    - `smallest`: results of fewer people than this are withheld;
    - `cap`: the largest weight, as a multiple of the median.
    """

    declared: Mapping[str, ByPerson[str]] = field(default_factory=dict)
    targets: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    weights: ByPerson[float] = field(default_factory=dict)
    smallest: int = SMALLEST
    cap: float = CAP

    def __post_init__(self) -> None:
        check_targets(self.targets)
        unknown = set(self.targets) - set(self.declared)
        if unknown:
            raise ValueError(f"nobody declared anything in these dimensions: {', '.join(sorted(unknown))}")
        if not all(np.isfinite(weight) and weight > 0 for weight in self.weights.values()):
            raise ValueError("a weight is a number above 0")
        if self.smallest < 1 or not self.cap > 1:
            raise ValueError("the smallest group has somebody in it, and the cap is above 1")

"""Who speaks: what people declared of themselves, and the share each kind should have in the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from muntada.engines.opinion.raking import CAP, check_targets

SMALLEST = 5

type ByPerson[Word] = Mapping[str, Word]


@dataclass(frozen=True, slots=True)
class Voices:
    """What is known of the people who vote; everything by their ids in the vote table.

    - `declared`: by dimension ("stakeholder", "region") each person's category; who is missing said nothing;
    - `targets`: by dimension the share each category should have, or numbers in that proportion; people are
      weighted to meet them all at once. A dimension without targets is only reported;
    - `weights`: weights to begin with, 1 for who is missing;
    - `smallest`: votes of fewer people than this are not told apart;
    - `cap`: nobody weighs more than so many times the middle weight.
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

"""The settings of an analysis, with their defaults."""

from dataclasses import dataclass
from typing import Literal

type Compat = Literal["", "polis", "red-dwarf"]

Z_OF_POLIS = 1.2816  # the one-tailed 90 % point of the normal distribution as rounded by Polis
Z_UNROUNDED = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class OpinionSettings:
    """Settings of `analyse`. `compat` follows another program: "polis" as published, or its port "red-dwarf".

    - `enough_votes`: a person with this many votes (or a vote on every statement) is placed in a group;
    - `fill_up_to`: if fewer people qualify, the most active others are added up to this number;
    - `fewest_people`: with fewer people in all, no groups are formed;
    - `most_groups`, `smallest_group`: the largest number of groups and the smallest size of a group;
    - `starts`: the number of k-means starts, of which the best is kept;
    - `chance_rounds`: the number of shuffled copies of the permutation test (0: no test);
    - `redraw_rounds`: the number of bootstrap rounds (0: no bootstrap);
    - `without_tendency`: subtract each person's tendency to agree with anything;
    - `scores`: also compute the scores without groups and against collusion, and list the statements that
      unite, divide or leave people unsure;
    - `enough_seen`: the votes (or half of the people) that a statement needs to be listed;
    - `listed`: the largest number of statements in each list.

    With `compat` there is no bootstrap and none of our own scores. Raises ValueError for values out of
    range.
    """

    compat: Compat = ""
    enough_votes: int = 7
    fill_up_to: int = 15
    fewest_people: int = 10
    most_groups: int = 6
    smallest_group: int = 3
    starts: int = 8
    chance_rounds: int = 19
    redraw_rounds: int = 60
    without_tendency: bool = False
    scores: bool = True
    enough_seen: int = 20
    listed: int = 5

    def __post_init__(self) -> None:
        if min(self.enough_votes, self.fewest_people, self.most_groups, self.smallest_group, self.starts) < 1:
            raise ValueError("these settings are at least 1")
        if min(self.fill_up_to, self.chance_rounds, self.redraw_rounds, self.enough_seen, self.listed) < 0:
            raise ValueError("a number cannot be negative")
        if self.compat and self.without_tendency:
            raise ValueError("the programmes we can follow do not take off the tendency to agree")

    @property
    def z(self) -> float:
        return Z_UNROUNDED if self.compat == "red-dwarf" else Z_OF_POLIS

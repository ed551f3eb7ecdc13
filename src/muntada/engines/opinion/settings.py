"""What an analysis can be told, with the defaults written down."""

from dataclasses import dataclass
from typing import Literal

type Compat = Literal["", "polis", "red-dwarf"]

Z_OF_POLIS = 1.2816  # the one-tailed 90 % point of the normal distribution as Polis rounds it
Z_UNROUNDED = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Settings:
    """`compat` follows another programme, quirks and all: "polis" as published, "red-dwarf" its port.

    - `enough_votes`: who has voted on so many statements (or on all there are) is placed in a group;
    - `fill_up_to`: if fewer people have, the most active others are added up to this number;
    - `fewest_people`: with fewer people in all, no groups are formed;
    - `most_groups`, `smallest_group`: no more groups than this, none smaller than that;
    - `starts`: k-means is started so many times and the best end kept;
    - `chance_rounds`: a pattern must be clearer than in so many shuffled copies of the votes (0: not tested);
    - `redraw_rounds`: the people are drawn anew so many times to see what holds (0: not tried);
    - `without_tendency`: take off each person's votes how readily that person agrees with anything;
    - `scores`: also score what unites without groups and against collusion, and list what unites, divides and
      leaves people unsure;
    - `enough_seen`: on so many votes (or those of half of the people) a statement can be listed there;
    - `listed`: statements in each list, at most.

    Following another programme, nothing is drawn anew and nothing of our own is scored.
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

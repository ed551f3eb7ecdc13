"""The settings of the engine, with their defaults."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThemeSettings:
    """All thresholds; docs/engines/themes.md explains each choice.

    - `near`: the score from which texts are shown as saying the same; `near_across`: between two languages;
      `listed`: the maximum number shown;
    - `copied`: the share of common letters from which texts are copies; `fewest_copies` make a campaign;
    - `groups`: the number of themes; 0 derives it from the texts, between `fewest_groups` and `most_groups`,
      and at most the square root of the number of texts;
    - `belongs`: the similarity to the centre below which a text stays without a theme;
    - `smallest_group`: the minimum number of texts of a theme;
    - `line`: the score from which a line or goal is suggested; `lines_listed`: the maximum number.
    """

    near: float = 0.35
    near_across: float = 0.4
    listed: int = 5
    copied: float = 0.8
    fewest_copies: int = 3
    groups: int = 0
    fewest_groups: int = 4
    most_groups: int = 40
    smallest_group: int = 3
    belongs: float = 0.12
    line: float = 0.35
    lines_listed: int = 5

    def __post_init__(self) -> None:
        shares = (self.near, self.near_across, self.copied, self.belongs, self.line)
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError("a threshold lies between 0 and 1")
        counts = (self.listed, self.fewest_copies, self.most_groups, self.smallest_group, self.lines_listed)
        if min(counts) < 1 or self.groups < 0 or not 1 <= self.fewest_groups <= self.most_groups:
            raise ValueError("these settings are at least 1, and the fewest are not more than the most")


DEFAULTS = ThemeSettings()

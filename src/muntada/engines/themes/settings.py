"""What the engine can be told, with the defaults written down."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Every threshold in one place; docs/engines/themes.md says how each was chosen.

    - `near`: texts with a score of at least this are shown as saying the same; `near_across` the same
      between two languages; `listed`: so many at most;
    - `copied`: texts sharing this part of their letters are copies; `fewest_copies` of them make a campaign;
    - `groups`: so many themes; 0 lets the texts decide, between `fewest_groups` and `most_groups`, and not
      more than the square root of their number;
    - `belongs`: a text less like the middle of its theme than this stays without one;
    - `smallest_group`: a theme has at least so many texts;
    - `line`: a line or goal with a score of at least this is suggested; `lines_listed`: so many at most.
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


DEFAULTS = Settings()

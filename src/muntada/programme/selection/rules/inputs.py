"""What a selection was made from, as it is stored with it: so anybody can see what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class ConsideredRequest(NamedTuple):
    """A request with the score it had, and when it was saved last."""

    symbol: str
    score: float
    stamp: str = ""


@dataclass(frozen=True)
class SelectionInputs:
    """The requests with their scores, how many scores somebody gave, the places, and the pins by symbol."""

    requests: tuple[ConsideredRequest, ...]
    marked: int
    places: int = 0
    minutes: int = 0
    demand: Mapping[str, int] = field(default_factory=dict)
    pins: Mapping[str, bool] = field(default_factory=dict)

    @property
    def scores(self) -> dict[str, float]:
        return {one.symbol: one.score for one in self.requests}

    @property
    def stamps(self) -> dict[str, str]:
        return {one.symbol: one.stamp for one in self.requests}

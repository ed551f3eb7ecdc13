"""Rules of composite indexes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.evidence.areas.rules import GROUPING_NAMES, AreaGrouping
from muntada.foundations.errors import Refused
from muntada.people.rules import Role

INDEX_ROLES = (Role.SECRETARIAT,)
FEWEST_INDICATORS, MOST_INDICATORS, MOST_PILLARS = 2, 60, 6
COUNTRIES = "country"
HEAVIEST = 1000.0


class Normalise(StrEnum):
    """The normalization of indicator values to scores from 0 to 100."""

    MINMAX = "minmax"
    STANDARD = "standard"
    RANK = "rank"


class AggregateBy(StrEnum):
    """The aggregation of scores."""

    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"


NORMALISE_NAMES: Mapping[Normalise, Promise] = {
    Normalise.MINMAX: _("From the lowest (0) to the highest (100)"),
    Normalise.STANDARD: _("By standard deviations from the mean (50)"),
    Normalise.RANK: _("By rank: the share of the others that lie below"),
}
AGGREGATE_NAMES: Mapping[AggregateBy, Promise] = {
    AggregateBy.ARITHMETIC: _("Weighted mean: what is good makes up for what is bad"),
    AggregateBy.GEOMETRIC: _("Geometric mean: what is good makes up less for what is bad"),
}
COMPARED: Mapping[str, Promise] = {
    COUNTRIES: _("Countries"),
    **{
        one.value: GROUPING_NAMES[one]
        for one in (
            AreaGrouping.REGION,
            AreaGrouping.ITU_REGION,
            AreaGrouping.INCOME,
            AreaGrouping.DEVELOPMENT,
        )
    },
}
# The names of the options of each choice, by engine code.
OPTION_NAMES: Mapping[str, Promise] = {
    "treat: True": _("Outliers drawn in"),
    "treat: False": _("Outliers as they are"),
    "impute: True": _("Gaps filled with the mean of the region"),
    "impute: False": _("Gaps left open"),
    "normalise: minmax": _("Scores from lowest to highest"),
    "normalise: standard": _("Scores by standard deviations"),
    "normalise: rank": _("Scores by rank"),
    "aggregate: arithmetic": _("Weighted mean"),
    "aggregate: geometric": _("Geometric mean"),
}


@dataclass(frozen=True)
class PillarOf:
    """A pillar and its weight."""

    title: str
    weight: float


@dataclass(frozen=True)
class PartOf:
    """An indicator: the index of its pillar, its weight and direction."""

    indicator_id: int
    pillar: int
    weight: float
    more_is_better: bool


def require_structure(pillars: Sequence[PillarOf], parts: Sequence[PartOf]) -> None:
    """Refuse too few indicators, empty pillars and missing weights."""
    if not FEWEST_INDICATORS <= len(parts) <= MOST_INDICATORS:
        sentence = gettext("An index is made of %(fewest)d to %(most)d indicators. Please choose so many.")
        raise Refused(
            sentence % {"fewest": FEWEST_INDICATORS, "most": MOST_INDICATORS}, "indicators-number", "parts"
        )
    used = {part.pillar for part in parts}
    if not used <= set(range(len(pillars))):
        sentence = gettext("An indicator stands in a pillar without a name. Please name the pillar.")
        raise Refused(sentence, "pillar-nameless", "pillars")
    empty = [pillar.title for place, pillar in enumerate(pillars) if place not in used]
    if empty:
        sentence = gettext("The pillar “%(title)s” has no indicator. Please give it one, or leave it out.")
        raise Refused(sentence % {"title": empty[0]}, "pillar-empty", "pillars")
    _require_weights([*(one.weight for one in pillars), *(one.weight for one in parts)])


def _require_weights(weights: Collection[float]) -> None:
    if any(not 0 < weight <= HEAVIEST for weight in weights):
        sentence = gettext("A weight is above 0 and at most 1000. Please leave out what is to count nothing.")
        raise Refused(sentence, "weight", "parts")


@dataclass(frozen=True)
class ScoredArea:
    """An area as it is stored: its rank with interval, the score of each part, missing indicators.

    An area without a rank has a reason, and no interval.
    """

    area: str
    rank: int | None = None
    score: float | None = None
    parts: Mapping[str, float | None] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    known: int = 0
    reason: str | None = None
    low: int | None = None
    high: int | None = None
    median: float | None = None

    @property
    def width(self) -> int:
        """The number of ranks between the ends of the interval."""
        return 0 if self.low is None or self.high is None else self.high - self.low


@dataclass(frozen=True)
class IndexResult:
    """What was computed for an index, as it is stored; reasons are English sentences."""

    areas: tuple[ScoredArea, ...]
    codes: tuple[str, ...]
    left_out: Mapping[str, str]
    drawn_in: Mapping[str, int]
    logarithms: tuple[str, ...]
    shifts: Mapping[str, float | None]
    draws: int
    seed: int
    level: float
    weights_apart: float
    version: int

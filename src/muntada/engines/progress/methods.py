"""The methods that judge progress: name, source, requirements and verdicts.

The table is data: pages show it beside each verdict, and the computation reads its thresholds from
it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from muntada.engines.reasons import gettext_noop

NONE = "not_available"


@dataclass(frozen=True, slots=True)
class ProgressMethod:
    """A method.

    `verdicts` are its published verdicts, best first. `good` are those that count as on track when
    methods are compared; empty if the method does not measure pace. `none` is the label for no verdict.
    `needs` lists the data it requires, `may_use` the data that can change its result. `version`
    increases whenever the same data may give another verdict.
    """

    id: str
    title: str
    version: str
    citation: str
    thresholds: Mapping[str, float]
    needs: tuple[str, ...]
    may_use: tuple[str, ...]
    verdicts: tuple[str, ...]
    good: tuple[str, ...]
    none: str = NONE

    @property
    def names(self) -> tuple[str, ...]:
        """All verdicts by index; index 0 is no verdict."""
        return (self.none, *self.verdicts)


def _fixed(**thresholds: float) -> Mapping[str, float]:
    return MappingProxyType(thresholds)


STATCAN = ProgressMethod(
    id="statcan",
    title=gettext_noop("Statistics Canada, progress measure"),
    version="1",
    citation="Statistics Canada, Progress Measurement for Canada's Sustainable Development Goals; Open SDG.",
    thresholds=_fixed(
        substantial=0.95,
        moderate=0.60,
        limited=0.0,
        yearly_substantial=0.015,
        yearly_moderate=0.005,
        exponent=4.44,
        for_zero=0.001,
    ),
    needs=("direction", "two values at least a year apart"),
    may_use=("target", "limit"),
    verdicts=(
        "target_achieved",
        "substantial_progress",
        "moderate_progress",
        "limited_progress",
        "deterioration",
    ),
    good=("target_achieved", "substantial_progress"),
)
EUROSTAT = ProgressMethod(
    id="eurostat",
    title=gettext_noop("Eurostat, monitoring report on the SDGs"),
    version="1",
    citation="Eurostat, Sustainable development in the European Union: monitoring report, annex on method.",
    thresholds=_fixed(
        significant=0.95, moderate=0.60, insufficient=0.0, yearly_significant=0.01, yearly_away=-0.01
    ),
    needs=("direction", "two values at least a year apart"),
    may_use=("target",),
    verdicts=(
        "significant_progress",
        "moderate_progress",
        "insufficient_progress",
        "movement_away",
        "moderate_movement_away",
        "significant_movement_away",
    ),
    good=("significant_progress",),
)
UNSD = ProgressMethod(
    id="unsd",
    title=gettext_noop("United Nations Statistics Division, SDG progress chart"),
    version="2023",
    citation="UNSD, Progress Chart Technical Note, 2023.",
    thresholds=_fixed(on_track=0.95, fair=0.10, yearly_on_track=0.02, yearly_fair=0.005, almost=1.0),
    needs=("direction", "two values"),
    may_use=("target",),
    verdicts=(
        "on_track_or_target_met",
        "fair_progress_but_acceleration_needed",
        "stagnation_or_regression",
    ),
    good=("on_track_or_target_met",),
    none="insufficient_data",
)
ESCAP = ProgressMethod(
    id="escap",
    title=gettext_noop("ESCAP, current status and anticipated progress"),
    version="1",
    citation="ESCAP Statistics Division, working papers SD/WP/04 and SD/WP/05, 2017; UNECE technical notes.",
    thresholds=_fixed(maintain=0.90, accelerate=0.0, since=2000.0, scale=10.0),
    needs=("target", "direction", "two values since 2000", "a base value"),
    may_use=(),
    verdicts=("maintain", "accelerate", "reverse"),
    good=("maintain",),
    none="insufficient_data",
)
SDSN = ProgressMethod(
    id="sdsn",
    title=gettext_noop("SDSN, trend arrows of the SDG Index"),
    version="1",
    citation="Sachs et al., Sustainable Development Report: methods summary, section on SDG trends.",
    thresholds=_fixed(on_track=1.0, moderate=0.5, stagnating=0.0),
    needs=("target or optimum", "direction", "two values"),
    may_use=("lower", "optimum"),
    verdicts=("on_track", "moderately_improving", "stagnating", "decreasing"),
    good=("on_track",),
    none="information_unavailable",
)
OECD = ProgressMethod(
    id="oecd",
    title=gettext_noop("OECD, distance to target"),
    version="1",
    citation="OECD, The Short and Winding Road to 2030: Measuring Distance to the SDG Targets, 2022.",
    thresholds=_fixed(error=0.10, points=4.0),
    needs=("target", "direction", "four values"),
    may_use=("values of the other areas",),
    verdicts=("target_achieved", "progress_towards_target", "no_identified_trend", "moving_away_from_target"),
    good=(),
    none="insufficient_data",
)
LOGIT = ProgressMethod(
    id="logit",
    title=gettext_noop("Straight line in logit space"),
    version="1",
    citation="Muntada, docs/engines/progress.md; saturating growth as in Griliches, Hybrid corn, 1957.",
    thresholds=_fixed(on_track=1.0, too_slow=0.0, window=5.0, floor=0.0005, ceiling=0.995),
    needs=("target", "direction", "limit", "two values within five years"),
    may_use=(),
    verdicts=("target_met", "on_track", "too_slow", "moving_away"),
    good=("target_met", "on_track"),
)
METHODS: Mapping[str, ProgressMethod] = MappingProxyType(
    {method.id: method for method in (STATCAN, EUROSTAT, UNSD, ESCAP, SDSN, OECD, LOGIT)}
)

"""Names of verdicts and methods, and rules of targets."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.evidence.indicators.rules.targets import BetterWhen
from muntada.foundations.errors import Refused
from muntada.people.rules import Role

TARGET_ROLES = (Role.SECRETARIAT,)
# The methods in page order: those of pace, then that of distance.
PACE = ("statcan", "eurostat", "unsd", "escap", "sdsn", "logit")
METHOD_IDS = (*PACE, "oecd")


class Tone(StrEnum):
    """The marking of a verdict: on track, in between, off track, or none."""

    GOOD = "good"
    MIDDLE = "middle"
    BAD = "bad"
    NONE = "none"


# The published names of verdicts, translated.
VERDICT_NAMES: Mapping[str, Promise] = {
    "target_achieved": _("Target achieved"),
    "target_met": _("Target met"),
    "substantial_progress": _("Substantial progress"),
    "significant_progress": _("Significant progress"),
    "moderate_progress": _("Moderate progress"),
    "limited_progress": _("Limited progress"),
    "insufficient_progress": _("Insufficient progress"),
    "deterioration": _("Deterioration"),
    "movement_away": _("Movement away from the target"),
    "moderate_movement_away": _("Moderate movement away"),
    "significant_movement_away": _("Significant movement away"),
    "on_track_or_target_met": _("On track or target met"),
    "fair_progress_but_acceleration_needed": _("Fair progress, acceleration needed"),
    "stagnation_or_regression": _("Stagnation or regression"),
    "maintain": _("Maintain progress"),
    "accelerate": _("Accelerate progress"),
    "reverse": _("Reverse the trend"),
    "on_track": _("On track"),
    "moderately_improving": _("Moderately improving"),
    "stagnating": _("Stagnating"),
    "decreasing": _("Decreasing"),
    "progress_towards_target": _("Progress towards the target"),
    "no_identified_trend": _("No identified trend"),
    "moving_away_from_target": _("Moving away from the target"),
    "too_slow": _("Too slow"),
    "moving_away": _("Moving away"),
    "not_available": _("No verdict"),
    "insufficient_data": _("Insufficient data"),
    "information_unavailable": _("Information unavailable"),
}
_BAD = frozenset(
    {
        "deterioration",
        "movement_away",
        "moderate_movement_away",
        "significant_movement_away",
        "stagnation_or_regression",
        "reverse",
        "decreasing",
        "moving_away_from_target",
        "moving_away",
    }
)
_GOOD = frozenset(
    {
        "target_achieved",
        "target_met",
        "substantial_progress",
        "significant_progress",
        "on_track_or_target_met",
        "maintain",
        "on_track",
        "progress_towards_target",
    }
)
_NONE = frozenset({"not_available", "insufficient_data", "information_unavailable"})


def tone_of(verdict: str) -> Tone:
    if verdict in _NONE:
        return Tone.NONE
    if verdict in _GOOD:
        return Tone.GOOD
    return Tone.BAD if verdict in _BAD else Tone.MIDDLE


def require_years(base_year: int, year: int) -> None:
    """Refuse a target year before the base year."""
    if year <= base_year:
        sentence = gettext("A target is reached after its base year. Please check the two years.")
        raise Refused(sentence, "years-in-order", "year")


def require_scale(direction: BetterWhen, *, lower: float | None, optimum: float | None) -> None:
    """Refuse a scale with equal or reversed ends."""
    if (lower is None) != (optimum is None):
        sentence = gettext("The lower end and the optimum of a scale are given together, or neither.")
        raise Refused(sentence, "scale-half", "optimum")
    if lower is None or optimum is None:
        return
    if lower == optimum or (direction is BetterWhen.UP and optimum < lower):
        sentence = gettext("On this scale the optimum is not better than the lower end. Please check both.")
        raise Refused(sentence, "scale-ends", "optimum")
    if direction is BetterWhen.DOWN and optimum > lower:
        sentence = gettext("Less is better here, so the optimum is below the lower end. Please check both.")
        raise Refused(sentence, "scale-ends", "optimum")


class ResultKind(StrEnum):
    """The kinds of stored results: divides, trends, coverage, forecasts, group values."""

    DIVIDES = "divides"
    TRENDS = "trends"
    KNOWN = "known"
    FORECAST = "forecast"
    GROUPS = "groups"

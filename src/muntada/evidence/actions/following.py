"""What has to follow where the numbers of an indicator changed: verdicts, and what is computed of them."""

from datetime import datetime

from muntada.evidence.actions.assessing import assess_indicator
from muntada.evidence.actions.measuring import measure_indicator, measure_weighted
from muntada.evidence.models import Indicator


def follow_numbers(*, indicator: Indicator, now: datetime) -> None:
    """Judge anew whatever an indicator is to reach, and measure anew it and what is weighted by it."""
    assess_indicator(indicator=indicator, now=now)
    measure_indicator(indicator=indicator, now=now)
    measure_weighted(weights=indicator, now=now)

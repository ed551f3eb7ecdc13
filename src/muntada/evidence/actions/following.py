"""What has to follow where the numbers of an indicator changed: what is judged by them."""

from datetime import datetime

from muntada.evidence.actions.assessing import assess_indicator
from muntada.evidence.models import Indicator


def follow_numbers(*, indicator: Indicator, now: datetime) -> None:
    """Judge anew whatever an indicator is to reach."""
    assess_indicator(indicator=indicator, now=now)

"""What has to follow where the numbers of an indicator changed: its charts, and what is judged by them."""

from datetime import datetime

from muntada.evidence.actions.assessing import assess_indicator
from muntada.evidence.actions.charts import draw_charts
from muntada.evidence.models import Indicator


def follow_numbers(*, indicator: Indicator, now: datetime) -> None:
    """Draw the charts of an indicator anew, and judge anew whatever it is to reach."""
    draw_charts(indicator=indicator, now=now)
    assess_indicator(indicator=indicator, now=now)

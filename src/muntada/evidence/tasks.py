"""What the queue starts: the charts of an indicator drawn anew."""

from django.utils import timezone
from procrastinate.contrib.django import app as queue

from muntada.evidence.actions import charts
from muntada.evidence.models import Indicator


@queue.task(name=charts.DRAW, retry=3)
def draw_charts(indicator_id: int) -> None:
    charts.draw_charts(indicator=Indicator.objects.get(pk=indicator_id), now=timezone.now())

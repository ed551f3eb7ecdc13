"""The charts of an indicator, drawn when its numbers change and kept."""

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app as queue

from muntada.evidence import engine
from muntada.evidence.models import Chart, Indicator
from muntada.evidence.queries import current_vintage
from muntada.evidence.rules import CHARTED

DRAW = "muntada.evidence.tasks.draw_charts"


def ask_for_charts(indicator: Indicator) -> None:
    """Have the charts drawn as soon as the numbers stand."""
    queue.configure_task(DRAW).defer(indicator_id=indicator.pk)


def draw_charts(*, indicator: Indicator, now: datetime) -> int:
    """Draw what changed, by every grouping and in every language; return how many charts were drawn."""
    vintage = current_vintage(indicator)
    if vintage is None:
        return 0
    drawn = 0
    for grouping in CHARTED:
        lines = engine.lines_of(vintage, grouping)
        digest = engine.digest_of_lines(indicator, lines)
        kept = Chart.objects.filter(indicator=indicator, grouping=grouping)
        if kept.filter(data_digest=digest).exists():
            continue
        charts = [
            Chart(
                indicator=indicator,
                grouping=grouping,
                language=language,
                svg=svg,
                data_digest=digest,
                drawn_at=now,
            )
            for language, svg in engine.charts_of(indicator, grouping, lines).items()
        ]
        with transaction.atomic():
            Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
            kept.delete()
            Chart.objects.bulk_create(charts)
        drawn += len(charts)
    return drawn

"""The charts of an indicator, drawn when its numbers change and kept; eighteen take a tenth of a second."""

from datetime import datetime

from django.db import transaction

from muntada.evidence.engine import series as engine
from muntada.evidence.models import Chart, Indicator
from muntada.evidence.queries.indicators import current_vintage
from muntada.evidence.rules.areas import CHARTED


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
            Indicator.objects.select_for_update(no_key=True).get(pk=indicator.pk)
            kept.delete()
            Chart.objects.bulk_create(charts)
        drawn += len(charts)
    return drawn

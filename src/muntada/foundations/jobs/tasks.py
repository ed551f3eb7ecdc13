from datetime import datetime

from muntada.foundations.jobs.actions import drop_uploads
from muntada.foundations.tasks import on_calendar


@on_calendar("41 3 * * *")
def drop_old_uploads(*, now: datetime) -> None:
    """Each night: delete uploads that were not applied."""
    drop_uploads(now=now)

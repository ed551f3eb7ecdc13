"""What the queue starts for the evidence: letters to those who registered an initiative."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app as queue

from muntada.evidence.actions import yearly
from muntada.evidence.actions.checking import SEND_NEWS
from muntada.evidence.models import Initiative
from muntada.foundations.mail import send_letter
from muntada.foundations.tasks import LETTER_RETRY


@queue.task(name=SEND_NEWS, retry=LETTER_RETRY)
def send_news(initiative_id: int) -> None:
    """Tell the author that an entry was published or sent back."""
    rows = Initiative.objects.select_related("symbol__forum", "registered_by")
    kept = rows.filter(pk=initiative_id, registered_by__is_active=True).first()
    if kept is None or kept.registered_by is None or kept.registered_by.is_invented:
        return
    send_letter(
        to=kept.registered_by.email,
        language=kept.registered_by.language,
        template="evidence/letters/news.txt",
        context={"initiative": kept, "forum": kept.symbol.forum},
    )


@queue.periodic(cron="11 5 * * *")
@queue.task(name="muntada.evidence.tasks.ask_authors", queueing_lock="ask-authors")
def ask_authors(timestamp: int) -> None:
    """Each morning: ask those whose entries became a year old."""
    yearly.ask_authors(now=datetime.fromtimestamp(timestamp, tz=UTC))

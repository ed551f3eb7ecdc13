"""Tasks of initiatives: e-mails, imports, duplicates."""

from datetime import datetime

from django.utils import timezone

from muntada.evidence.initiatives import task_types
from muntada.evidence.initiatives.actions import duplicates, uploads, yearly
from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.queries.duplicates import pair_told
from muntada.forums.models import Forum
from muntada.foundations.jobs.running import Run, carries_out
from muntada.foundations.mail import send_letter
from muntada.foundations.tasks import on_calendar


@task_types.send_news.carried_out_by
def send_news(*, initiative_id: int) -> None:
    """Notify the author that an entry was published or sent back."""
    rows = Initiative.objects.select_related("symbol__forum", "registered_by")
    kept = rows.filter(pk=initiative_id, registered_by__is_active=True).first()
    if kept is None or kept.registered_by is None or kept.registered_by.is_invented:
        return
    send_letter(
        to=kept.registered_by.email,
        language=kept.registered_by.language,
        template="evidence/initiatives/letters/news.txt",
        context={"initiative": kept, "forum": kept.symbol.forum},
    )


@on_calendar("11 5 * * *")
def ask_authors(*, now: datetime) -> None:
    """Each morning: ask the authors of entries that became a year old."""
    yearly.ask_authors(now=now)


@carries_out(task_types.take_in_table)
def take_in_table(run: Run) -> None:
    """Import a table of initiatives."""
    uploads.carry_out_table(run=run)


@task_types.look_for_duplicates.carried_out_by
def look_for_duplicates(*, forum_id: int) -> None:
    """Search a forum for duplicates."""
    forum = Forum.objects.filter(pk=forum_id).first()
    if forum is not None:
        duplicates.look_for_duplicates(forum=forum, now=timezone.now())


@on_calendar("17 2 * * *")
def order_looks(*, now: datetime) -> None:
    """Each night: search every forum with changes for duplicates."""
    duplicates.order_looks(now=now)


@task_types.send_same.carried_out_by
def send_same(*, pair_id: int) -> None:
    """Notify an author that their entry was withdrawn as a duplicate, if it still is."""
    pair = pair_told(pair_id)
    gone = pair.given_up if pair else None
    if pair is None or gone is None or gone.registered_by is None:
        return
    send_letter(
        to=gone.registered_by.email,
        language=gone.registered_by.language,
        template="evidence/initiatives/letters/same.txt",
        context={"gone": gone, "kept": pair.kept},
    )

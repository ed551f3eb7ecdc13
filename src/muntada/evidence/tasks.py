"""What the queue or the calendar starts: letters about initiatives, tables of them, imports, showcases."""

from datetime import datetime

from django.utils import timezone

from muntada.evidence.actions import duplicates, import_runs, tables, task_types, yearly
from muntada.evidence.models import (
    Initiative,
    Introduction,
    ShowcaseEntry,
    ShowcaseExpert,
)
from muntada.evidence.queries.duplicates import pair_told
from muntada.evidence.queries.imports import import_of
from muntada.forums.models import Forum
from muntada.foundations.jobs.running import Run, carries_out
from muntada.foundations.mail import send_letter
from muntada.foundations.tasks import on_calendar
from muntada.people.models import Person


@task_types.send_news.carried_out_by
def send_news(*, initiative_id: int) -> None:
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


@task_types.send_expert_named.carried_out_by
def send_expert_named(*, expert_id: int) -> None:
    """Tell somebody that they are asked to judge the entries of a showcase."""
    rows = ShowcaseExpert.objects.select_related("showcase__forum", "person")
    one = rows.filter(pk=expert_id, ended_at=None, person__is_active=True).first()
    if one is not None and not one.person.is_invented:
        send_letter(
            to=one.person.email,
            language=one.person.language,
            template="evidence/letters/expert.txt",
            context={"showcase": one.showcase, "forum": one.showcase.forum},
        )


@task_types.send_award.carried_out_by
def send_award(*, entry_id: int, award: str) -> None:
    """Tell whoever entered an initiative that it is nominated, a champion or a winner."""
    rows = ShowcaseEntry.objects.select_related("showcase__forum", "initiative__symbol__forum", "entered_by")
    one = rows.select_related("category").filter(pk=entry_id, entered_by__is_active=True).first()
    if one is None or one.entered_by is None or one.entered_by.is_invented:
        return
    send_letter(
        to=one.entered_by.email,
        language=one.entered_by.language,
        template="evidence/letters/award.txt",
        context={"entry": one, "award": award, "showcase": one.showcase},
    )


@on_calendar("11 5 * * *")
def ask_authors(*, now: datetime) -> None:
    """Each morning: ask those whose entries became a year old."""
    yearly.ask_authors(now=now)


@carries_out(task_types.take_in_table)
def take_in_table(run: Run) -> None:
    """Take in a table of initiatives."""
    tables.carry_out_table(run=run)


@carries_out(task_types.look_at_import)
def look_at_import(run: Run, *, import_id: int) -> None:
    """Look at an import that somebody began."""
    import_runs.carry_out_look(run=run, one=import_of(run.job.forum_id, import_id))


@carries_out(task_types.take_in_import)
def take_in_import(run: Run, *, import_id: int) -> None:
    """Take in an import somebody confirmed."""
    import_runs.carry_out_taking(run=run, one=import_of(run.job.forum_id, import_id))


@task_types.look_for_duplicates.carried_out_by
def look_for_duplicates(*, forum_id: int) -> None:
    """Look a whole stocktaking through for entries that say the same."""
    forum = Forum.objects.filter(pk=forum_id).first()
    if forum is not None:
        duplicates.look_for_duplicates(forum=forum, now=timezone.now())


@on_calendar("17 2 * * *")
def order_looks(*, now: datetime) -> None:
    """Each night: look through every stocktaking in which something came."""
    duplicates.order_looks(now=now)


@task_types.send_same.carried_out_by
def send_same(*, pair_id: int) -> None:
    """Tell an author that their entry was given up for another that says the same, where it still is."""
    pair = pair_told(pair_id)
    gone = pair.given_up if pair else None
    if pair is None or gone is None or gone.registered_by is None:
        return
    send_letter(
        to=gone.registered_by.email,
        language=gone.registered_by.language,
        template="evidence/letters/same.txt",
        context={"gone": gone, "kept": pair.kept},
    )


@task_types.send_introduction.carried_out_by
def send_introduction(*, letter_id: int) -> None:
    """Tell whoever seeks or offers something that somebody wrote to them; no address is in the letter."""
    letter = _letter(letter_id)
    if letter is not None and letter.entry.entered_by is not None:
        _send_to(letter.entry.entered_by, "evidence/letters/introduction.txt", letter)


@task_types.send_answer.carried_out_by
def send_answer(*, letter_id: int) -> None:
    """Tell whoever wrote what was answered."""
    letter = _letter(letter_id)
    if letter is not None and letter.answered_at is not None:
        _send_to(letter.sender, "evidence/letters/introduction_answer.txt", letter)


def _letter(letter_id: int) -> Introduction | None:
    rows = Introduction.objects.select_related(
        "sender", "entry__forum", "entry__organisation", "entry__entered_by"
    )
    return rows.filter(pk=letter_id).first()


def _send_to(person: Person, template: str, letter: Introduction) -> None:
    if person.is_active and not person.is_invented:
        send_letter(to=person.email, language=person.language, template=template, context={"letter": letter})

"""What the queue starts: letters, and the opinion map drawn anew."""

from datetime import datetime

from django.utils import timezone

from muntada.consultation.actions import campaigns, notices, reply_letters, suggestions, task_types
from muntada.consultation.actions.attachments import read_attachment
from muntada.consultation.actions.maps import redraw_opinion_map
from muntada.consultation.actions.stored_files import drop_unneeded_files
from muntada.consultation.actions.table_runs import carry_out_table
from muntada.consultation.models import (
    Attachment,
    Call,
    CallExtension,
    ContributionVersion,
    Merge,
    Statement,
)
from muntada.consultation.queries.drafts import people_to_tell
from muntada.consultation.queries.notices import addressee_of, addresses_untold
from muntada.consultation.queries.reply_letters import one_for_each_address
from muntada.consultation.rules.replies import TRIED_FOR
from muntada.consultation.rules.statements import StatementState
from muntada.foundations.jobs.running import Run, carries_out
from muntada.foundations.mail import send_letter
from muntada.foundations.tasks import on_calendar
from muntada.people.models import Person


@task_types.read_file.carried_out_by
def read_file(*, attachment_id: int) -> None:
    """Take the words out of a file; one that was removed meanwhile needs none."""
    attachment = Attachment.objects.filter(pk=attachment_id).first()
    if attachment is not None:
        read_attachment(attachment=attachment)


@task_types.send_receipt.carried_out_by
def send_receipt(*, version_id: int) -> None:
    """Send the author the receipt for what they submitted."""
    version = ContributionVersion.objects.select_related(
        "receipt", "contribution__author", "contribution__call__forum", "contribution__symbol__forum"
    ).get(pk=version_id)
    addressee = addressee_of(version.contribution)
    if addressee is None:
        return
    send_letter(
        to=addressee.email,
        language=addressee.language,
        template="consultation/letters/receipt.txt",
        context={
            "version": version,
            "contribution": version.contribution,
            "call": version.contribution.call,
            "forum": version.contribution.call.forum,
            "code": version.receipt.code,
        },
    )


@task_types.write_reply_letters.carried_out_by
def write_reply_letters() -> None:
    """Have one letter written to each who waits for replies; one that fails is tried again alone."""
    for letter in one_for_each_address(timezone.now() - TRIED_FOR):
        task_types.send_reply_letter.order(letter_id=letter)


@task_types.send_reply_letter.carried_out_by
def send_reply_letter(*, letter_id: int) -> None:
    """Tell whoever said it what became of their contributions and statements."""
    reply_letters.send_reply_letter(letter_id=letter_id, now=timezone.now())


@on_calendar("17 * * * *")
def look_for_what_came(*, now: datetime) -> None:
    """Each hour: note what came of what was said, and have a letter written to each who was not told.

    A reply whose letter failed for good, as when the mail server was away for days, is told then, too.
    """
    notices.note_what_came(now=now)
    for email in addresses_untold():
        task_types.send_notices.order(email=email)
    write_reply_letters()


@task_types.send_notices.carried_out_by
def send_notices(*, email: str) -> None:
    """Tell one person everything that came of their words since the last letter."""
    notices.send_notices(email=email, now=timezone.now())


@task_types.send_statement_refusal.carried_out_by
def send_statement_refusal(*, statement_id: int) -> None:
    """Tell the author why their statement is not put to the vote, or no longer; if it is again, nothing."""
    statement = Statement.objects.select_related("author", "call__forum", "symbol__forum").get(
        pk=statement_id
    )
    if statement.author is None or statement.state not in (StatementState.HIDDEN, StatementState.REFUSED):
        return
    send_letter(
        to=statement.author.email,
        language=statement.author.language,
        template="consultation/letters/statement_refused.txt",
        context={"statement": statement, "call": statement.call, "forum": statement.call.forum},
    )


@task_types.redraw_map.carried_out_by
def redraw_map(*, call_id: int) -> None:
    """Draw the opinion map of a call from the votes as they stand."""
    redraw_opinion_map(call=Call.objects.select_related("forum").get(pk=call_id), now=timezone.now())


@task_types.group_campaigns.carried_out_by
def group_campaigns(*, call_id: int) -> None:
    """Compare the texts of a call and bring the same ones together."""
    campaigns.group_campaigns(call=Call.objects.select_related("forum").get(pk=call_id), now=timezone.now())


@task_types.send_merge_letter.carried_out_by
def send_merge_letter(*, merge_id: int, person_id: int, news: str) -> None:
    """Ask an author whether two may be said as one, or tell what was decided."""
    merge = Merge.objects.select_related(
        "first__symbol__forum", "second__symbol__forum", "joint__symbol__forum", "first__call__forum"
    ).get(pk=merge_id)
    person = Person.objects.get(pk=person_id)
    send_letter(
        to=person.email,
        language=person.language,
        template=f"consultation/letters/merge_{'asked' if news == 'asked' else 'news'}.txt",
        context={"merge": merge, "forum": merge.first.call.forum, "news": news},
    )


@task_types.announce_extension.carried_out_by
def announce_extension(*, extension_id: int) -> None:
    """Have a letter written to each who writes or has written; one that fails is tried again alone."""
    extension = CallExtension.objects.select_related("call__forum").get(pk=extension_id)
    for told in people_to_tell(extension.call):
        task_types.send_extension.order(extension_id=extension.pk, email=told.email, language=told.language)


@task_types.send_extension.carried_out_by
def send_extension(*, extension_id: int, email: str, language: str) -> None:
    """Tell one person that a call is open longer, and why."""
    extension = CallExtension.objects.select_related("call__forum").get(pk=extension_id)
    send_letter(
        to=email,
        language=language,
        template="consultation/letters/extension.txt",
        context={"extension": extension, "call": extension.call, "forum": extension.call.forum},
    )


@carries_out(task_types.suggest_themes)
def suggest_themes(run: Run) -> None:
    """Read all public texts of a forum for the themes in them."""
    suggestions.read_texts(run)


@carries_out(task_types.take_in_table)
def take_in_table(run: Run, *, call_id: int) -> None:
    """Take in a table that was confirmed."""
    carry_out_table(run=run, call=Call.objects.select_related("forum").get(pk=call_id))


@on_calendar("41 3 * * *")
def drop_files(*, now: datetime) -> None:  # noqa: ARG001 - a file nothing refers to is needed at no time
    """Each night: throw away files nothing refers to any more."""
    drop_unneeded_files()

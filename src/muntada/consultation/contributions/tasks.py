"""Tasks: read and delete files, import tables."""

from datetime import datetime

from muntada.consultation.calls.models import Call
from muntada.consultation.contributions import task_types
from muntada.consultation.contributions.actions.attachments import read_attachment
from muntada.consultation.contributions.actions.stored_files import drop_unneeded_files
from muntada.consultation.contributions.actions.upload_runs import carry_out_table
from muntada.consultation.contributions.models import Attachment
from muntada.foundations.jobs.running import Run, carries_out
from muntada.foundations.tasks import on_calendar


@task_types.read_file.carried_out_by
def read_file(*, attachment_id: int) -> None:
    """Extract the text of a file, unless removed meanwhile."""
    attachment = Attachment.objects.filter(pk=attachment_id).first()
    if attachment is not None:
        read_attachment(attachment=attachment)


@carries_out(task_types.take_in_table)
def take_in_table(run: Run, *, call_id: int) -> None:
    """Import a confirmed table."""
    carry_out_table(run=run, call=Call.objects.select_related("forum").get(pk=call_id))


@on_calendar("41 3 * * *")
def drop_files(*, now: datetime) -> None:  # noqa: ARG001 - a file nothing refers to is needed at no time
    """Each night: delete unreferenced files."""
    drop_unneeded_files()

"""Preview a table of contributions, store it as an upload, and import it in a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext, ngettext

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import CALLING_ROLES
from muntada.consultation.contributions.actions.entries import require_open_to_imports
from muntada.consultation.contributions.actions.uploads import cut_rows, store, wrong_here
from muntada.consultation.contributions.queries.imports import known_ids, read_table
from muntada.consultation.contributions.rules.imports import (
    ContributionFault,
    ReceivedContribution,
    TableReading,
)
from muntada.consultation.contributions.task_types import take_in_table
from muntada.forums.queries import who_ordered
from muntada.forums.rules.roles import require_role
from muntada.foundations.errors import Refused
from muntada.foundations.files import clean_name
from muntada.foundations.jobs.actions import JobOrder, keep_upload
from muntada.foundations.jobs.models import Upload
from muntada.foundations.jobs.running import Run
from muntada.record.rules import Actor


@dataclass(frozen=True)
class TablePreview:
    """The preview of a table, stored if it is valid and has new rows."""

    taken: Sequence[ReceivedContribution] = ()
    known: Sequence[ReceivedContribution] = ()
    faults: Sequence[ContributionFault] = ()
    upload: Upload | None = None


def tables_of(call: Call) -> str:
    """Return the job key of a call's tables: only one is imported at a time."""
    return f"consultation.tables:{call.pk}"


def preview_table(*, call: Call, content: bytes, name: str, actor: Actor, now: datetime) -> TablePreview:
    """Check a table with the checks of the import, list all faults, and store a valid one."""
    require_role(actor, CALLING_ROLES, call.forum_id)
    require_open_to_imports(call)
    reading = _checked(call, content)
    known = known_ids(call, (one.external_id for one in reading.taken))
    new = [one for one in reading.taken if one.external_id not in known]
    before = [one for one in reading.taken if one.external_id in known]
    if reading.faults or not new:
        return TablePreview(new, before, reading.faults)
    order = JobOrder(
        forum_id=call.forum_id,
        key=tables_of(call),
        about=clean_name(name, "xlsx" if content.startswith(b"PK") else "csv"),
        back=f"{call.get_absolute_url()}/import",
        actor=actor,
        now=now,
    )
    return TablePreview(new, before, upload=keep_upload(take_in_table, order, content, call_id=call.pk))


def carry_out_table(*, run: Run, call: Call) -> None:
    """Import a table, completely or not at all."""
    reading = _checked(call, run.content())
    if reading.faults:
        first = reading.faults[0]
        sentence = gettext("Row %(row)s: %(sentence)s")
        raise Refused(sentence % {"row": first.row, "sentence": first.sentence}, "rows-wrong")
    cut = cut_rows(call, reading.taken, run.tell)
    actor = who_ordered(run.job)
    with transaction.atomic():
        kept = store(cut, call=call, file_name=run.job.about, actor=actor, now=run.clock())
        sentence = ngettext(
            "%(count)s contribution was taken in.", "%(count)s contributions were taken in.", len(kept)
        )
        run.end(
            sentence=sentence % {"count": len(kept)}, result_at=f"{call.get_absolute_url()}/contributions"
        )


def _checked(call: Call, content: bytes) -> TableReading:
    reading = read_table(call, content)
    faults = sorted([*reading.faults, *wrong_here(call, reading.taken)], key=lambda fault: fault.row)
    return TableReading(reading.taken, faults)

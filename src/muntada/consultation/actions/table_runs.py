"""A table of contributions on its way: looked at, ordered, and taken in by the queue."""

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from muntada.consultation.actions import task_types
from muntada.consultation.actions.intake import require_taking
from muntada.consultation.actions.stored_files import TABLES, drop_file, store_file
from muntada.consultation.actions.tables import cut_rows, store, wrong_here
from muntada.consultation.models import Call, IntakeTable
from muntada.consultation.queries.intake import known_ids, read_table
from muntada.consultation.rules.calls import CALLING_ROLES, require_role
from muntada.consultation.rules.intake import Fault, TableState, Taken, is_under_way
from muntada.foundations.errors import Refused
from muntada.foundations.files import clean_name
from muntada.foundations.live import announce
from muntada.people.rules import Role
from muntada.record.rules import Actor

log = logging.getLogger("muntada.consultation")

TELL_EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class Look:
    """What was seen in a table; it is kept to be taken in where nothing is wrong and something is new."""

    taken: Sequence[Taken] = ()
    known: Sequence[Taken] = ()
    faults: Sequence[Fault] = field(default_factory=tuple)
    table: IntakeTable | None = None


def table_topic(table: IntakeTable) -> str:
    """Return the topic on which the page of a table listens."""
    return f"{table.call.forum.slug}-table-{table.pk}"


def look_at_table(*, call: Call, content: bytes, name: str, actor: Actor, now: datetime) -> Look:
    """Read a table, say everything that is wrong, and keep it so that exactly this can be taken in."""
    require_role(actor, CALLING_ROLES)
    require_taking(call)
    reading = read_table(call, content)
    faults = sorted([*reading.faults, *wrong_here(call, reading.taken)], key=lambda fault: fault.row)
    known = known_ids(call, (one.external_id for one in reading.taken))
    new = [one for one in reading.taken if one.external_id not in known]
    before = [one for one in reading.taken if one.external_id in known]
    if faults or not new:
        return Look(new, before, faults)
    extension = "xlsx" if content.startswith(b"PK") else "csv"
    with transaction.atomic():
        table = IntakeTable.objects.create(
            call=call,
            name=clean_name(name, extension),
            file=store_file(TABLES, hashlib.sha256(content).hexdigest(), content),
            rows=len(new),
            looked_by_id=actor.person_id,
            looked_at=now,
        )
    return Look(new, before, table=table)


def order_table(*, table: IntakeTable, actor: Actor, now: datetime) -> IntakeTable:
    """Have a table taken in by the queue; ordered twice is once."""
    require_role(actor, CALLING_ROLES)
    require_taking(table.call)
    with transaction.atomic():
        # One table of a call after the other: the second would only find the rows of the first.
        Call.objects.select_for_update(no_key=True).get(pk=table.call_id)
        kept = IntakeTable.objects.select_for_update(of=("self",), no_key=True).get(pk=table.pk)
        if kept.state == TableState.DONE or is_under_way(kept.state, kept.told_at, now):
            return kept
        _require_no_other(kept, now)
        kept.state, kept.progress, kept.sentence, kept.told_at = TableState.WAITING, 0, "", now
        kept.save(update_fields=["state", "progress", "sentence", "told_at"])
        task_types.take_in_table.order(table_id=kept.pk)
        announce(table_topic(table))
    return kept


def _require_no_other(table: IntakeTable, now: datetime) -> None:
    for other in IntakeTable.objects.filter(call=table.call_id, state__in=["waiting", "running"]):
        if is_under_way(other.state, other.told_at, now):
            sentence = gettext(
                "Another table of this call is being taken in. Please wait until that is done."
            )
            raise Refused(sentence, "table-under-way")
        # Broken off, as when the machine was switched off.
        other.state, other.ended_at = TableState.FAILED, now
        other.save(update_fields=["state", "ended_at"])


def carry_out_table(*, table: IntakeTable, clock: Callable[[], datetime]) -> None:
    """Take in a table that was ordered: all of it or nothing; what is wrong is said on its page."""
    waiting = IntakeTable.objects.filter(pk=table.pk, state=TableState.WAITING)
    if not waiting.update(state=TableState.RUNNING, told_at=clock()):
        return
    language = table.looked_by.language if table.looked_by else "en"
    try:
        with translation.override(language):
            _take_in(table, clock)
    except Refused as refusal:
        _tell(table, state=TableState.REFUSED, sentence=str(refusal), ended_at=clock())
    except Exception:
        log.exception("taking in table %s broke off", table.pk)
        _tell(table, state=TableState.FAILED, ended_at=clock())
        raise
    else:
        drop_file(str(table.file.name))


def _take_in(table: IntakeTable, clock: Callable[[], datetime]) -> None:
    call = table.call
    with table.file.open("rb") as stored:
        reading = read_table(call, stored.read())
    if reading.faults:
        first = reading.faults[0]
        sentence = gettext("Row %(row)s: %(sentence)s")
        raise Refused(sentence % {"row": first.row, "sentence": first.sentence}, "rows-wrong")
    cut = cut_rows(call, reading.taken, _Teller(table, clock))
    now = clock()
    with transaction.atomic():
        kept = store(
            cut, call=call, file_name=table.name, actor=Actor(table.looked_by_id, Role.SECRETARIAT), now=now
        )
        _tell(table, state=TableState.DONE, progress=1, taken=len(kept), file="", ended_at=now)


class _Teller:
    """Writes down how far a table is, not more often than somebody could see."""

    def __init__(self, table: IntakeTable, clock: Callable[[], datetime]) -> None:
        self.table, self.clock = table, clock
        self.told = 0.0

    def __call__(self, share: float) -> None:
        if time.monotonic() - self.told >= TELL_EVERY_SECONDS:
            self.told = time.monotonic()
            _tell(self.table, progress=min(share, 1.0), told_at=self.clock())


def _tell(table: IntakeTable, **columns: object) -> None:
    with transaction.atomic():
        IntakeTable.objects.filter(pk=table.pk).update(**columns)
        announce(table_topic(table))

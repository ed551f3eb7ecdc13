"""The steps of an import: begin, name columns, confirm, delete or withdraw."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.assessments.actions import follow_numbers
from muntada.evidence.imports import task_types
from muntada.evidence.imports.actions.editions import coming_in, edition_of, require_new_editions
from muntada.evidence.imports.adapter import MANY, YEAR_COLUMN, Says
from muntada.evidence.imports.queries import indicators_brought
from muntada.evidence.indicators.models import Import, ImportPart, Source
from muntada.evidence.indicators.rules import imports as rules
from muntada.evidence.indicators.rules.imports import ImportState, Reached
from muntada.evidence.indicators.rules.observations import IMPORTING_ROLES
from muntada.forums.models import Forum
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_line
from muntada.foundations.errors import Refused
from muntada.foundations.jobs.actions import JobOrder, begin, cancel, keep_upload
from muntada.foundations.jobs.kinds import JobKind
from muntada.foundations.jobs.rules import MAY_BEGIN
from muntada.record import actions as record
from muntada.record.rules import Actor

NAME_LENGTH = 120
EDITION_LENGTH = 80
ENDED = (Reached.DONE, Reached.WITHDRAWN)


@dataclass(frozen=True)
class NewImport:
    """The description of a source: file or address, publisher, edition."""

    name: str
    content: bytes = b""
    address: str = ""
    edition: str = ""
    series: str = ""
    source: str = ""
    publisher: str = ""
    licence: str = ""


def begin_import(*, forum: Forum, new: NewImport, actor: Actor, now: datetime) -> Import:
    """Store a file or address and order its preview; nothing is imported yet."""
    require_role(actor, IMPORTING_ROLES, forum.pk)
    if not new.content and not new.address:
        raise Refused(gettext("Please choose a file or give an address."), "import-nothing", "file")
    with transaction.atomic():
        begun = Import.objects.create(
            forum=forum,
            name=new.name[-NAME_LENGTH:],
            address=new.address,
            edition=new.edition,
            series=new.series,
            source=_source(new),
            begun_by_id=actor.person_id,
            begun_at=now,
        )
        if new.content:
            ImportPart.objects.create(of_import=begun, number=1, name=new.name[-200:], content=new.content)
        _log(begun, "begin_import", {"name": begun.name, "address": begun.address}, actor, now)
        _order_look(begun, actor, now)
    return begun


def _source(new: NewImport) -> Source | None:
    if not new.source:
        return None
    source, _ = Source.objects.get_or_create(
        name=new.source,
        defaults={"publisher": new.publisher or new.source, "licence": new.licence, "address": ""},
    )
    return source


def say_columns(*, one: Import, says: Mapping[str, str], series: str, actor: Actor, now: datetime) -> None:
    """Set the roles of a table's columns, and order a new preview."""
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    with transaction.atomic():
        kept = _locked(one)
        rules.require_columns_state(kept.state)
        _require_readable(says, series or kept.series)
        kept.says, kept.series = dict(says), series or kept.series
        kept.save(update_fields=["says", "series"])
        _order_look(kept, actor, now)


def _require_readable(says: Mapping[str, str], series: str) -> None:
    """Refuse columns without a complete observation, or with a role used twice."""
    words = [word for word in says.values() if word]
    is_wide = YEAR_COLUMN in words
    if Says.AREA not in words:
        raise Refused(gettext("Please say which column holds the code of the area."), "columns", "says")
    if not is_wide and not {Says.YEAR, Says.VALUE} <= set(words):
        sentence = gettext(
            "Please say which columns hold the year and the value, or which are years themselves."
        )
        raise Refused(sentence, "columns", "says")
    if is_wide and {Says.YEAR, Says.VALUE} & set(words):
        sentence = gettext("A table has either one column of values or a column for each year, not both.")
        raise Refused(sentence, "columns", "says")
    if Says.SERIES not in words and not series:
        sentence = gettext("Please say which indicator this is: by a column, or by its code below.")
        raise Refused(sentence, "columns", "series")
    single = {word.value for word in Says} - {word.value for word in MANY}
    if any(words.count(word) > 1 for word in single):
        sentence = gettext("Two columns cannot both hold the area, the year, the value or the indicator.")
        raise Refused(sentence, "columns", "says")


def order_taking(*, one: Import, leaves_out: bool, actor: Actor, now: datetime, edition: str = "") -> None:
    """Order the import of a previewed source; repeated orders have no further effect."""
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    with transaction.atomic():
        kept = _locked(one)
        if kept.reached == Reached.DONE or kept.is_under_way:
            return
        require_confirmable(kept, leaves_out=leaves_out)
        kept.leaves_out = leaves_out
        kept.edition = edition.strip()[:EDITION_LENGTH] or kept.edition
        require_new_editions(kept, coming_in(kept), edition_of(kept))
        kept.save(update_fields=["leaves_out", "edition"])
        if kept.job is None or kept.job.kind == rules.LOOK or kept.job.state not in MAY_BEGIN:
            await_taking(one=kept, actor=actor, now=now)
        _begin(kept, actor, now)


def require_confirmable(one: Import, *, leaves_out: bool) -> None:
    """Refuse to import without a preview, without values, or with rows left out without consent."""
    rules.require_confirmable(
        one.reached,
        has_values=bool(one.preview.get("numbers")),
        refused=one.preview.get("refused", 0),
        leaves_out=leaves_out,
    )


def look_again(*, one: Import, actor: Actor, now: datetime) -> None:
    """Order a new preview after a failure or refusal."""
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    with transaction.atomic():
        kept = _locked(one)
        if kept.state in (ImportState.DONE, ImportState.WITHDRAWN, ImportState.TAKING):
            raise Refused(gettext("This import was taken in; it is not looked at again."), "import-state")
        if not kept.is_under_way:
            _order_look(kept, actor, now)


def _order_look(kept: Import, actor: Actor, now: datetime) -> None:
    before = kept.job
    kept.reached = Reached.BEGUN
    await_columns(one=kept, actor=actor, now=now)
    if before is not None:
        # The pending confirmation referred to the earlier preview.
        cancel(job=before, actor=actor, now=now)
    _begin(kept, actor, now)


def _begin(kept: Import, actor: Actor, now: datetime) -> None:
    if kept.job is not None:
        begin(job=kept.job, actor=actor, now=now)


def await_columns(*, one: Import, actor: Actor, now: datetime) -> None:
    """Wait for a person to name the columns."""
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    _await(one, task_types.look_at_import, f"evidence.import:{one.pk}", actor, now)


def await_taking(*, one: Import, actor: Actor, now: datetime) -> None:
    """Wait for a person to confirm the import.

    Imports of a forum are confirmed one after the other: a second one may contain the same values.
    """
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    _await(one, task_types.take_in_import, f"evidence.imports:{one.forum_id}", actor, now)


def _await(kept: Import, kind: JobKind[...], key: str, actor: Actor, now: datetime) -> None:
    new = JobOrder(
        forum_id=kept.forum_id,
        key=key,
        about=kept.name,
        back=kept.get_absolute_url(),
        actor=actor,
        now=now,
    )
    # The files are stored as parts; an answer may have hundreds of pages.
    kept.job = keep_upload(kind, new, b"", import_id=kept.pk)
    kept.save(update_fields=["reached", "job"])


def throw_away(*, one: Import, actor: Actor, now: datetime) -> None:
    """Delete an import that was not confirmed; the log keeps its beginning."""
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    with transaction.atomic():
        kept = _locked(one)
        if kept.is_under_way or kept.reached in ENDED:
            sentence = gettext("What is under way or was taken in is not thrown away; it can be withdrawn.")
            raise Refused(sentence, "import-state")
        _log(kept, "throw_away_import", {"name": kept.name}, actor, now)
        if kept.job is not None:
            kept.job.delete()
        else:
            kept.delete()


def withdraw_import(*, one: Import, reason: str, actor: Actor, now: datetime) -> None:
    """Mark all values of an import as withdrawn. None is deleted, and older editions show again."""
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    with transaction.atomic():
        kept = _locked(one)
        rules.require_withdrawable(kept.state, reason)
        indicators = indicators_brought(kept)
        kept.vintages.update(withdrawn_at=now)
        kept.reached, kept.withdrawn_at, kept.withdrawn_why = Reached.WITHDRAWN, now, clean_line(reason)[:400]
        kept.save(update_fields=["reached", "withdrawn_at", "withdrawn_why"])
        for indicator in indicators:
            # Verdicts based on the withdrawn values are replaced, too.
            follow_numbers(indicator=indicator, now=now)
            record.write(
                forum_id=kept.forum_id,
                actor=actor,
                verb="withdraw_import",
                symbol=indicator.symbol,
                change={"import": kept.pk, "reason": kept.withdrawn_why},
                now=now,
            )


def digest_of(contents: list[bytes]) -> str:
    """Return the digest of a file, or of all pages of an answer in order."""
    whole = hashlib.sha256()
    for content in contents:
        whole.update(content)
    return whole.hexdigest()


def _locked(one: Import) -> Import:
    kept = Import.objects.select_for_update(of=("self",), no_key=True).select_related("forum", "job")
    return kept.get(pk=one.pk)


def _log(one: Import, verb: str, change: Mapping[str, object], actor: Actor, now: datetime) -> None:
    record.write(forum_id=one.forum_id, actor=actor, verb=verb, change={"import": one.pk, **change}, now=now)

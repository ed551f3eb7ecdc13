"""Imports on their way: begun, their columns named, confirmed, thrown away or withdrawn."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from muntada.evidence.actions import task_types
from muntada.evidence.actions.following import follow_numbers
from muntada.evidence.engine.sources import MANY, YEAR_COLUMN, Says
from muntada.evidence.models import Import, ImportPart, Source
from muntada.evidence.queries.imports import indicators_brought
from muntada.evidence.rules import imports as rules
from muntada.evidence.rules.imports import ImportState
from muntada.evidence.rules.observations import IMPORTING_ROLES
from muntada.forums.models import Forum
from muntada.forums.rules.roles import require_role
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.rules import Actor

NAME_LENGTH = 120
EDITION_LENGTH = 80


@dataclass(frozen=True)
class NewImport:
    """What somebody says about a source: a file or an address, who published it, and which edition it is."""

    name: str
    content: bytes = b""
    address: str = ""
    edition: str = ""
    series: str = ""
    source: str = ""
    publisher: str = ""
    licence: str = ""


def topic_of(one: Import) -> str:
    """Return the topic on which the page of an import listens."""
    return f"{one.forum.slug}-import-{one.pk}"


def begin_import(*, forum: Forum, new: NewImport, actor: Actor, now: datetime) -> Import:
    """Keep a file or an address and have it looked at; nothing is taken in yet."""
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
            told_at=now,
        )
        if new.content:
            ImportPart.objects.create(of_import=begun, number=1, name=new.name[-200:], content=new.content)
        _log(begun, "begin_import", {"name": begun.name, "address": begun.address}, actor, now)
        task_types.look_at_import.order(import_id=begun.pk)
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
    """Say what each column of a table holds, and have it looked at again."""
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    with transaction.atomic():
        kept = _locked(one)
        rules.require_columns_state(kept.state)
        _require_readable(says, series or kept.series)
        kept.says, kept.series = dict(says), series or kept.series
        _begin(kept, ImportState.LOOKING, now, ["says", "series"])
        task_types.look_at_import.order(import_id=kept.pk)


def _require_readable(says: Mapping[str, str], series: str) -> None:
    """Refuse columns from which no observation can be read, or of which two say the same."""
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
    """Have an import that was looked at taken in by the queue, as this edition; ordered twice is once."""
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    try:
        with transaction.atomic():
            kept = _locked(one)
            if kept.state == ImportState.DONE or rules.is_under_way(kept.state, kept.told_at, now):
                return
            _set_free(kept.forum, now)
            rules.require_confirmable(
                kept.state,
                has_values=bool(kept.preview.get("numbers")),
                refused=kept.preview.get("refused", 0),
                leaves_out=leaves_out,
            )
            kept.leaves_out = leaves_out
            kept.edition = edition.strip()[:EDITION_LENGTH] or kept.edition
            _begin(kept, ImportState.TAKING, now, ["leaves_out", "edition"])
            task_types.take_in_import.order(import_id=kept.pk)
    except IntegrityError as error:
        sentence = gettext("Another import of this forum is being taken in. Please wait until that is done.")
        raise Refused(sentence, "import-under-way") from error


def _set_free(forum: Forum, now: datetime) -> None:
    """Give up what was broken off, as when the machine was switched off."""
    silent = Import.objects.filter(forum=forum, state=ImportState.TAKING, told_at__lt=now - rules.SILENT_FOR)
    silent.update(state=ImportState.FAILED, ended_at=now)


def look_again(*, one: Import, actor: Actor, now: datetime) -> None:
    """Have an import that broke off while it was looked at, or was refused, looked at anew."""
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    with transaction.atomic():
        kept = _locked(one)
        if kept.state in (ImportState.DONE, ImportState.WITHDRAWN, ImportState.TAKING):
            raise Refused(gettext("This import was taken in; it is not looked at again."), "import-state")
        if rules.is_under_way(kept.state, kept.told_at, now):
            return
        _begin(kept, ImportState.LOOKING, now, [])
        task_types.look_at_import.order(import_id=kept.pk)


def _begin(kept: Import, state: ImportState, now: datetime, columns: list[str]) -> None:
    kept.state, kept.progress, kept.sentence, kept.told_at = state, 0, "", now
    kept.save(update_fields=["state", "progress", "sentence", "told_at", *columns])
    announce(topic_of(kept))


def throw_away(*, one: Import, actor: Actor, now: datetime) -> None:
    """Throw away an import that was not taken in; that it was begun stays in the log."""
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    with transaction.atomic():
        kept = _locked(one)
        if kept.state in (ImportState.DONE, ImportState.WITHDRAWN) or rules.is_under_way(
            kept.state, kept.told_at, now
        ):
            sentence = gettext("What is under way or was taken in is not thrown away; it can be withdrawn.")
            raise Refused(sentence, "import-state")
        _log(kept, "throw_away_import", {"name": kept.name}, actor, now)
        kept.delete()


def withdraw_import(*, one: Import, reason: str, actor: Actor, now: datetime) -> None:
    """Mark all numbers of an import as withdrawn. None is deleted, and each older edition shows again."""
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    with transaction.atomic():
        kept = _locked(one)
        rules.require_withdrawable(kept.state, reason)
        indicators = indicators_brought(kept)
        kept.vintages.update(withdrawn_at=now)
        kept.state, kept.withdrawn_at, kept.withdrawn_why = ImportState.WITHDRAWN, now, reason.strip()[:400]
        kept.save(update_fields=["state", "withdrawn_at", "withdrawn_why"])
        for indicator in indicators:
            # A verdict that rested on what was withdrawn goes too.
            follow_numbers(indicator=indicator, now=now)
            record.write(
                forum_id=kept.forum_id,
                actor=actor,
                verb="withdraw_import",
                symbol=indicator.symbol,
                change={"import": kept.pk, "reason": kept.withdrawn_why},
                now=now,
            )
        announce(topic_of(kept))


def drop_old_imports(*, now: datetime) -> int:
    """Throw away what nobody took in, and the files of what was; return how many imports went."""
    ended = (ImportState.DONE, ImportState.WITHDRAWN)
    ImportPart.objects.filter(of_import__state__in=ended).delete()
    old = Import.objects.filter(told_at__lte=now - rules.KEPT_FOR).exclude(state__in=ended)
    return old.delete()[1].get("evidence.Import", 0)


def digest_of(contents: list[bytes]) -> str:
    """Return the digest of a file, or of all pages of an answer one after the other."""
    whole = hashlib.sha256()
    for content in contents:
        whole.update(content)
    return whole.hexdigest()


def _locked(one: Import) -> Import:
    kept = Import.objects.select_for_update(of=("self",), no_key=True).select_related("forum")
    return kept.get(pk=one.pk)


def _log(one: Import, verb: str, change: Mapping[str, object], actor: Actor, now: datetime) -> None:
    record.write(forum_id=one.forum_id, actor=actor, verb=verb, change={"import": one.pk, **change}, now=now)

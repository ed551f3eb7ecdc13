"""Import a table of initiatives: first a preview, then row by row in a job."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from muntada.evidence.initiatives.actions.checks import publish_initiative
from muntada.evidence.initiatives.actions.initiatives import (
    NewInitiative,
    register_initiative,
    require_enterable,
    update_initiative,
)
from muntada.evidence.initiatives.models import FILE_NAME_LENGTH, Initiative, InitiativeTable
from muntada.evidence.initiatives.queries.initiatives import PLAIN, said_of
from muntada.evidence.initiatives.rules import (
    Activity,
    InitiativeProgress,
    InitiativeScope,
    RefusedRow,
    ResultFigure,
    RowOutcome,
)
from muntada.evidence.initiatives.task_types import take_in_table
from muntada.forums.models import Forum, Goal, Line
from muntada.forums.queries import goals_of, lines_of, require_open, who_ordered
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.foundations.jobs.actions import JobOrder, begin, keep_upload
from muntada.foundations.jobs.rules import MAY_BEGIN
from muntada.foundations.jobs.running import Run
from muntada.foundations.stored import as_stored
from muntada.people.rules import OrganisationKind
from muntada.record import actions as record
from muntada.record.rules import Actor


class InitiativeRow(Protocol):
    """A parsed row: its line, the entry it names, and its content."""

    @property
    def line(self) -> int: ...
    @property
    def symbol(self) -> str: ...
    @property
    def new(self) -> NewInitiative: ...


def look_at_table(
    *,
    forum: Forum,
    name: str,
    rows: Sequence[InitiativeRow],
    refused: Sequence[RefusedRow],
    actor: Actor,
    now: datetime,
) -> InitiativeTable:
    """Preview each row, and store the table so that exactly this can be imported."""
    require_role(actor, SECRETARIAT, forum.pk)
    require_open(forum, Stage.EVIDENCE, now)
    known = _known(forum)
    kept: list[dict[str, Any]] = []
    away = list(refused)
    seen: dict[str, int] = {}
    for row in rows:
        key = _key(row.new.title, row.new.organisation)
        if key in seen:
            sentence = gettext("This row says the same initiative as line %(line)s.") % {"line": seen[key]}
            away.append(RefusedRow(row.line, sentence))
            continue
        seen[key] = row.line
        there = known.get(row.symbol.rpartition("I/")[2]) if row.symbol else None
        if row.symbol and there is None:
            sentence = gettext("There is no initiative %(symbol)s here.") % {"symbol": row.symbol}
            away.append(RefusedRow(row.line, sentence))
            continue
        there = there or known.get(key)
        if reason := _reason_against(forum, row.new, there):
            away.append(RefusedRow(row.line, reason))
            continue
        said = _plain(row.new)
        kept.append(
            {
                "line": row.line,
                "outcome": _outcome(there, said),
                "to": there.pk if there else None,
                "said": said,
            }
        )
    rows_to_do = [row for row in kept if row["outcome"] != RowOutcome.SAME]
    new = JobOrder(
        forum_id=forum.pk,
        key=f"evidence.tables:{forum.pk}",
        about=name[-FILE_NAME_LENGTH:],
        back=reverse("evidence:tables", args=[forum.slug]),
        actor=actor,
        now=now,
    )
    with transaction.atomic():
        return InitiativeTable.objects.create(
            forum=forum,
            name=new.about,
            job=keep_upload(take_in_table, new, json.dumps(rows_to_do).encode()),
            count=len(rows_to_do),
            same=len(kept) - len(rows_to_do),
            refused=[as_stored(one) for one in sorted(away, key=lambda one: one.line)],
            looked_at=now,
        )


def _reason_against(forum: Forum, new: NewInitiative, there: Initiative | None) -> str:
    """Return why an entry would be refused, by the checks of the import."""
    try:
        require_enterable(forum, new, there)
    except Refused as refusal:
        return str(refusal)
    return ""


def _known(forum: Forum) -> dict[str, Initiative]:
    """Return the existing entries, by number and by title with organization."""
    rows = (
        Initiative.objects.filter(symbol__forum=forum, withdrawn_at=None)
        .select_related("symbol__forum", "organisation")
        .prefetch_related("lines", "goals", "figures")
    )
    known: dict[str, Initiative] = {}
    for one in rows:
        known[str(one.symbol.number)] = known[_key(one.title, one.organisation.name)] = one
    return known


def _key(title: str, organisation: str) -> str:
    return f"{title.strip().casefold()}\n{organisation.strip().casefold()}"


def _outcome(there: Initiative | None, said: Mapping[str, Any]) -> RowOutcome:
    if there is None:
        return RowOutcome.NEW
    before = said_of(there)
    return RowOutcome.SAME if all(said[part] == before[part] for part in before) else RowOutcome.CHANGED


def _plain(new: NewInitiative) -> dict[str, Any]:
    """Return the content of a row as plain values, in the form of `said_of`."""
    figures = [asdict(one) | {"value": f"{one.value.normalize():f}"} for one in new.figures]
    return {
        **{name: getattr(new, name) for name in PLAIN},
        "organisation": new.organisation,
        "organisation_kind": new.organisation_kind,
        "organisation_country": new.organisation_country,
        "also_in": [code for code in dict.fromkeys(new.also_in) if code != new.country],
        "media": list(new.media),
        "lines": sorted(one.code for one in new.lines),
        "goals": sorted(one.code for one in new.goals),
        "figures": figures,
    }


def _new(said: Mapping[str, Any], lines: Mapping[str, Line], goals: Mapping[str, Goal]) -> NewInitiative:
    return NewInitiative(
        **{name: said[name] for name in PLAIN if name not in {"activity", "scope", "status"}},
        activity=Activity(said["activity"]),
        scope=InitiativeScope(said["scope"]),
        status=InitiativeProgress(said["status"]),
        organisation=said["organisation"],
        organisation_kind=OrganisationKind(said["organisation_kind"]),
        organisation_country=said["organisation_country"],
        also_in=tuple(said["also_in"]),
        media=tuple(said["media"]),
        lines=tuple(lines[code] for code in said["lines"]),
        goals=tuple(goals[code] for code in said["goals"]),
        figures=tuple(ResultFigure(**(one | {"value": Decimal(one["value"])})) for one in said["figures"]),
    )


def order_table(*, table: InitiativeTable, actor: Actor, now: datetime, publishes: bool = False) -> None:
    """Order the import of a table, optionally publishing new entries at once.

    Repeated orders have no further effect; an interrupted import continues.
    """
    require_role(actor, SECRETARIAT, table.forum_id)
    with transaction.atomic():
        kept = _locked(table)
        if kept.job.state in MAY_BEGIN:
            kept.publishes = publishes
            kept.save(update_fields=["publishes"])
        begin(job=kept.job, actor=actor, now=now)


def carry_out_table(*, run: Run) -> None:
    """Import a table row by row, continuing after an interruption."""
    table = InitiativeTable.objects.select_related("forum").get(job=run.job.pk)
    actor = who_ordered(run.job)
    require_role(actor, SECRETARIAT, table.forum_id)
    rows = json.loads(run.content())
    lines = {one.code: one for one in lines_of(table.forum)}
    goals = {one.code: one for one in goals_of(table.forum)}
    for place, row in enumerate(rows[table.done :], start=table.done + 1):
        _take_in(run, table, row, _new(row["said"], lines, goals), actor, place)
        run.tell(place / table.count)
    with transaction.atomic():
        record.write(
            forum_id=table.forum_id,
            actor=actor,
            verb="import_initiatives",
            change={"file": table.name, "rows": table.count},
            now=run.clock(),
        )
        taken = ngettext("%(rows)s row was taken in.", "%(rows)s rows were taken in.", table.count)
        run.end(sentence=taken % {"rows": table.count}, result_at=f"/{table.forum.slug}/evidence/initiatives")


def _take_in(
    run: Run,
    table: InitiativeTable,
    row: Mapping[str, Any],
    new: NewInitiative,
    actor: Actor,
    place: int,
) -> None:
    """Import a row; a new refusal is added to those of the preview."""
    try:
        with transaction.atomic():
            run.require_wanted()
            there = Initiative.objects.select_related("symbol__forum").filter(pk=row["to"]).first()
            if there is not None:
                update_initiative(initiative=there, actor=actor, new=new, now=run.clock())
            else:
                made = register_initiative(
                    forum=table.forum, actor=actor, new=new, now=run.clock()
                ).initiative
                if table.publishes:
                    publish_initiative(initiative=made, actor=actor, now=run.clock())
            InitiativeTable.objects.filter(pk=table.pk).update(done=place)
    except Refused as refusal:
        table.refused = [*table.refused, as_stored(RefusedRow(row["line"], str(refusal)))]
        with transaction.atomic():
            run.require_wanted()
            InitiativeTable.objects.filter(pk=table.pk).update(done=place, refused=table.refused)


def _locked(table: InitiativeTable) -> InitiativeTable:
    rows = InitiativeTable.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("forum", "job").get(pk=table.pk)

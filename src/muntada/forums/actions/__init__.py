"""Actions on forums: frameworks, editions, stage windows and extensions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums import rules
from muntada.forums.models import (
    Extension,
    Forum,
    Framework,
    Goal,
    Line,
    LineGoal,
    StageWindow,
    Target,
    TargetStatement,
)
from muntada.forums.rules import Invented, Stage
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.forums.rules.slugs import require_free_slug
from muntada.forums.rules.zones import require_zone
from muntada.foundations.errors import Refused
from muntada.foundations.languages import Translations
from muntada.record import actions as record
from muntada.record.rules import Actor, require_system


@dataclass(frozen=True)
class NewForum:
    """The data of a new edition."""

    slug: str
    prefix: str
    names: Translations
    abouts: Translations
    places: Translations
    starts_date: date
    ends_date: date
    zone: str
    languages: Sequence[str]
    source: str = ""
    invented: Invented = Invented.NOTHING


@dataclass(frozen=True)
class NewWindow:
    """A period in which a stage is open; without an end it stays open."""

    stage: Stage
    labels: Translations
    opens_at: datetime
    closes_at: datetime | None
    source: str = ""
    status: str = "sourced"
    is_invented: bool = False


def load_framework(data: Mapping[str, Any]) -> Framework:
    """Store a framework from its file; an existing framework of the same version stays."""
    known = Framework.objects.filter(code=data["code"], version=data["version"]).first()
    if known:
        return known
    with transaction.atomic():
        framework = Framework.objects.create(
            code=data["code"], version=data["version"], titles=data["titles"]
        )
        lines = _load_lines(framework, data["lines"])
        goals = _load_goals(framework, data["goals"])
        _load_targets(framework, data["targets"])
        _load_links(lines, goals, data)
    return framework


def _load_links(lines: dict[str, Line], goals: dict[str, Goal], data: Mapping[str, Any]) -> None:
    """Store the matrix of lines and goals; links no source confirms are marked as unverified."""
    doubted = {
        (link["line"], link["goal"]): link.get("targets", []) for link in data.get("unverified_links", [])
    }
    links = [
        LineGoal(
            line=lines[link["line"]],
            goal=goals[link["goal"]],
            goal_targets=link.get("targets", []),
            unverified_targets=doubted.pop((link["line"], link["goal"]), []),
            status=link.get("status", "sourced"),
            source=link.get("source", ""),
        )
        for link in data["links"]
    ]
    links += [
        LineGoal(line=lines[line], goal=goals[goal], unverified_targets=targets, status="unverified")
        for (line, goal), targets in doubted.items()
    ]
    LineGoal.objects.bulk_create(links)


def _load_lines(framework: Framework, rows: Sequence[Mapping[str, Any]]) -> dict[str, Line]:
    lines = [
        Line(
            framework=framework,
            code=row["code"],
            position=position,
            titles=row["titles"],
            facilitators=row.get("facilitators", []),
        )
        for position, row in enumerate(rows)
    ]
    return {line.code: line for line in Line.objects.bulk_create(lines)}


def _load_goals(framework: Framework, rows: Sequence[Mapping[str, Any]]) -> dict[str, Goal]:
    goals = [
        Goal(framework=framework, code=row["code"], position=position, titles=row["titles"])
        for position, row in enumerate(rows)
    ]
    return {goal.code: goal for goal in Goal.objects.bulk_create(goals)}


def _load_targets(framework: Framework, rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        target = Target.objects.create(framework=framework, number=row["number"])
        TargetStatement.objects.bulk_create(
            TargetStatement(
                target=target,
                valid_from=statement["valid_from"],
                texts=statement["text"],
                status=statement["status"],
                source=statement.get("source", ""),
            )
            for statement in row["statements"]
        )


def open_forum(*, new: NewForum, framework: Framework, actor: Actor, now: datetime) -> Forum:
    """Create an edition and start its record."""
    require_system(actor)
    require_zone(new.zone)
    require_free_slug(new.slug)
    with transaction.atomic():
        forum = Forum.objects.create(
            slug=new.slug,
            prefix=new.prefix,
            names=dict(new.names),
            abouts=dict(new.abouts),
            places=dict(new.places),
            starts_date=new.starts_date,
            ends_date=new.ends_date,
            zone=new.zone,
            languages=list(new.languages),
            framework=framework,
            source=new.source,
            invented=new.invented,
        )
        record.write(forum_id=forum.pk, actor=actor, verb="open_forum", change={"slug": new.slug}, now=now)
    return forum


def open_windows(
    *, forum: Forum, windows: Sequence[NewWindow], actor: Actor, now: datetime
) -> list[StageWindow]:
    require_role(actor, SECRETARIAT, forum.pk)
    with transaction.atomic():
        opened = StageWindow.objects.bulk_create(
            StageWindow(
                forum=forum,
                stage=one.stage,
                labels=dict(one.labels),
                opens_at=one.opens_at,
                closes_at=one.closes_at,
                source=one.source,
                status=one.status,
                is_invented=one.is_invented,
            )
            for one in windows
        )
        changes = (
            {"stage": one.stage.value, "opens_at": one.opens_at, "closes_at": one.closes_at}
            for one in windows
        )
        entries = [record.LogAction(actor, "open_window", change, now) for change in changes]
        record.write_all(forum_id=forum.pk, entries=entries)
    return opened


def extend_window(
    *,
    stage_window: StageWindow,
    closes_at: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
    decided_at: datetime | None = None,
    source: str = "",
) -> Extension:
    """Extend a window. The former date stays in the record as an event."""
    require_role(actor, SECRETARIAT, stage_window.forum_id)
    with transaction.atomic():
        kept = StageWindow.objects.select_for_update(no_key=True).get(pk=stage_window.pk)
        if kept.closes_at is None or not rules.may_extend(kept.window, closes_at):
            raise Refused(
                gettext(
                    "An extension has to end later than the window does now. Please choose a later date."
                ),
                "extension-not-later",
                "closes_at",
            )
        extension = Extension.objects.create(
            stage_window=kept,
            closed_at=kept.closes_at,
            closes_at=closes_at,
            reason=reason,
            decided_at=decided_at or now,
            source=source,
        )
        kept.closes_at = closes_at
        kept.save(update_fields=["closes_at"])
        record.write(
            forum_id=kept.forum_id,
            actor=actor,
            verb="extend_window",
            change={"window": kept.pk, "closes_at": closes_at, "reason": reason},
            now=now,
        )
    return extension

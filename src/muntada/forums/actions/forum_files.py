"""Set up a forum as its file says: all of it, or nothing."""

import json
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import transaction

from muntada.forums import actions
from muntada.forums.actions.roles import give_role
from muntada.forums.models import Forum, Framework, Milestone, Organiser, SourceStatus
from muntada.forums.rules.forum_files import FileFramework, FilePerson, ForumFile
from muntada.foundations.faults import CannotRun
from muntada.people.models import Person
from muntada.record.rules import Actor, require_system


@transaction.atomic
def set_up_forum(*, file: ForumFile, actor: Actor, now: datetime) -> Forum:
    """Set up the forum with its framework, windows, organizers, milestones and people."""
    require_system(actor)
    _require_new(file)
    forum = actions.open_forum(
        new=actions.NewForum(
            slug=file.slug,
            prefix=file.prefix,
            names=file.name,
            abouts=file.about,
            places=file.place,
            starts_date=file.starts,
            ends_date=file.ends,
            zone=file.zone,
            languages=file.languages,
        ),
        framework=_framework(file.framework),
        actor=actor,
        now=now,
    )
    windows = [
        actions.NewWindow(
            stage=window.stage,
            labels=window.label or file.name,
            opens_at=file.moment(window.opens),
            closes_at=None if window.closes is None else file.moment(window.closes),
        )
        for window in file.windows
    ]
    actions.open_windows(forum=forum, windows=windows, actor=actor, now=now)
    _store_facts(forum, file)
    for person in file.people:
        _give_roles(forum, person, actor, now)
    return forum


def _require_new(file: ForumFile) -> None:
    for field, value in (("slug", file.slug), ("prefix", file.prefix)):
        if Forum.objects.filter(**{field: value}).exists():
            raise CannotRun(f"A forum with the {field} '{value}' exists. Choose another {field}.")


def _framework(given: str | FileFramework) -> Framework:
    if isinstance(given, str):
        return actions.load_framework(shipped_framework(given))
    framework = actions.load_framework(
        {
            "code": given.code,
            "version": given.version,
            "titles": given.title,
            "lines": [{"code": line.code, "titles": line.title} for line in given.lines],
            "goals": [{"code": goal.code, "titles": goal.title} for goal in given.goals],
            "targets": [],
            "links": [],
        }
    )
    if list(framework.lines.values_list("code", flat=True)) != [line.code for line in given.lines]:
        raise CannotRun(
            f"There is another framework '{given.code}' of version '{given.version}'. Name another version."
        )
    return framework


@cache
def shipped_framework(code: str) -> dict[str, Any]:
    """Return a framework that comes with the platform."""
    text = files("muntada.forums").joinpath("data", f"{code}.json").read_text(encoding="utf-8")
    framework: dict[str, Any] = json.loads(text)
    return framework


def _store_facts(forum: Forum, file: ForumFile) -> None:
    Organiser.objects.bulk_create(
        Organiser(forum=forum, name=each.name, role=each.role, position=position, status=SourceStatus.SOURCED)
        for position, each in enumerate(file.organizers)
    )
    Milestone.objects.bulk_create(
        Milestone(forum=forum, on_date=each.day, texts=each.text, status=SourceStatus.SOURCED)
        for each in file.milestones
    )


def _give_roles(forum: Forum, given: FilePerson, actor: Actor, now: datetime) -> None:
    person = Person.objects.filter(email__iexact=given.email).first()
    if person is None:
        language = given.language or forum.languages[0]
        person = Person.objects.create_user(given.email, name=given.name, language=language)
    for role in given.roles:
        give_role(person=person, forum_id=forum.pk, role=role, actor=actor, now=now)

"""Every action there is, found by looking into the rooms, and arguments for each, made by their types."""

import dataclasses
import enum
import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal, TypeAliasType, TypeVar

from django.db import models
from pydantic import BaseModel

import muntada
from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest
from muntada.foundations.jobs.models import Job
from muntada.people.models import Person
from muntada.programme.releases.task_types import make_book
from muntada.record.rules import Actor

type Action = Callable[..., Any]

NOW = datetime(2025, 7, 8, 10, 0, tzinfo=UTC)
PLAIN: dict[object, object] = {
    str: "x",
    int: 1,
    float: 0.5,
    bool: False,
    bytes: b"x",
    datetime: NOW,
    date: NOW.date(),
    time: NOW.time(),
    Path: Path("/nowhere"),
    Any: "x",
    object: "x",
    types.NoneType: None,
}


def name_of(action: Action) -> str:
    return f"{action.__module__.removeprefix('muntada.')}.{action.__name__}"


def actions() -> list[Action]:
    """Return the public functions of all rooms called `actions` that are told who acts."""
    found = []
    for module in pkgutil.walk_packages(muntada.__path__, "muntada."):
        if "actions" in module.name.split(".")[2:]:
            room = importlib.import_module(module.name)
            found += [
                one
                for name, one in inspect.getmembers(room, inspect.isfunction)
                if one.__module__ == module.name and not name.startswith("_") and who_acts(one)
            ]
    return sorted(found, key=name_of)


def hints_of(action: Action) -> dict[str, Any]:
    try:
        hints = typing.get_type_hints(action)
    except TypeError:
        # A generic of the type checker's alone, like a file of Django.
        hints = inspect.get_annotations(action)
    return {name: hint for name, hint in hints.items() if name != "return"}


def who_acts(action: Action) -> str | None:
    """Return the parameter that says who acts: an actor, a person in a forum, or else a person."""
    hints = hints_of(action)
    for name in ("actor", "forum_request"):
        if name in hints:
            return name
    for kind in (Actor, ForumRequest, Person):
        for name, hint in hints.items():
            if hint is kind or kind in typing.get_args(hint):
                return name
    return None


def belongs_to_a_forum(action: Action) -> bool:
    """Say whether an argument names the forum of what is acted upon, beside the forum one stands in."""
    hints = hints_of(action)
    return "forum_id" in hints or any(_has_forum(hints[name]) for name in hints if name != who_acts(action))


def _has_forum(hint: Any) -> bool:
    if isinstance(hint, TypeAliasType):
        return _has_forum(hint.__value__)
    if isinstance(hint, TypeVar):
        return _has_forum(hint.__bound__)
    if isinstance(hint, type) and issubclass(hint, models.Model):
        return _path_to_forum(hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return "forum_id" in {field.name for field in dataclasses.fields(hint)}
    return any(_has_forum(one) for one in typing.get_args(hint))


def _path_to_forum(model: type[models.Model]) -> bool:
    if model._meta.abstract:
        model = model.__subclasses__()[0]
    seen, waiting = {model}, [model]
    while waiting:
        for relation in _relations(waiting.pop()):
            target = relation.related_model
            if target is Forum:
                return True
            if target is not Person and target not in seen:
                seen.add(target)
                waiting.append(target)
    return model is Forum


def _relations(model: type[models.Model]) -> Iterator[Any]:
    return (one for one in model._meta.fields if one.is_relation)


def _kind(hint: Any) -> Any:
    """Return what stands behind names of types, bounds of variables and choices of several types."""
    if isinstance(hint, TypeAliasType):
        return _kind(hint.__value__)
    if isinstance(hint, TypeVar):
        return _kind(hint.__bound__)
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        return _kind(next(one for one in typing.get_args(hint) if one is not types.NoneType))
    return hint


class Making:
    """Makes arguments by their types; rows are made in memory, with all they point to."""

    def __init__(self, forum: Forum, owner: Person) -> None:
        self.rows: dict[type[models.Model], models.Model] = {Forum: forum, Person: owner}

    def arguments(self, action: Action) -> dict[str, Any]:
        who = who_acts(action)
        return {
            name: self.forum.pk if name == "forum_id" else self.value(hint)
            for name, hint in hints_of(action).items()
            if name != who
        }

    @property
    def forum(self) -> models.Model:
        return self.rows[Forum]

    def value(self, hint: Any) -> Any:
        kind = _kind(hint)
        if kind in PLAIN:
            return PLAIN[kind]
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if origin is Literal:
            return inner[0]
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            # Nothing in it: who acts is asked before it is looked at.
            return kind.model_construct()
        return self._container(origin, inner) if origin else self._instance(kind)

    def _container(self, origin: Any, inner: tuple[Any, ...]) -> Any:
        if origin is typing.get_origin(Callable[[], None]):
            return lambda *_args, **_named: None
        if isinstance(origin, type) and dataclasses.is_dataclass(origin):
            return self._instance(origin)
        if issubclass(origin, models.QuerySet):
            return Forum.objects.none()
        if issubclass(origin, typing.get_origin(typing.Mapping)):
            return {self.value(inner[0]): self.value(inner[1])}
        if origin is tuple and Ellipsis not in inner:
            return tuple(self.value(one) for one in inner)
        if issubclass(origin, typing.get_origin(typing.Iterable)):
            made = [self.value(inner[0])]
            return origin(made) if origin in {tuple, set, frozenset} else made
        raise TypeError(f"no argument can be made of {origin}")

    def _instance(self, kind: type) -> Any:
        if getattr(kind, "_is_protocol", False):
            return types.SimpleNamespace()
        if typing.is_typeddict(kind):
            return {name: self.value(one) for name, one in typing.get_type_hints(kind).items()}
        if issubclass(kind, enum.Enum):
            return next(iter(kind))
        if issubclass(kind, models.QuerySet):
            return Forum.objects.none()
        if issubclass(kind, models.Model):
            return self._row(kind)
        if dataclasses.is_dataclass(kind):
            hints = typing.get_type_hints(kind)
            asked = [
                one
                for one in dataclasses.fields(kind)
                if one.init and one.default is one.default_factory is dataclasses.MISSING
            ]
            return kind(**{one.name: self.value(hints[one.name]) for one in asked})
        raise TypeError(f"no argument can be made of {kind}")

    def _row(self, model: type[models.Model]) -> models.Model:
        if model._meta.abstract:
            model = model.__subclasses__()[0]
        if model not in self.rows:
            row = self.rows[model] = model(pk=1)
            if isinstance(row, Job):
                # Its kind says who may change it.
                row.kind = make_book.name
            for field in _relations(model):
                setattr(row, field.name, self._row(field.related_model))
        return self.rows[model]

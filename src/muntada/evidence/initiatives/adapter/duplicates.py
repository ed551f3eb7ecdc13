"""Adapter for duplicates: in the whole stocktaking, and for a new entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from muntada.engines.reasons import Reason
from muntada.engines.stocktaking.duplicates import ComparedEntry, duplicates, likeness
from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.queries.duplicates import likely_duplicates, standing_in
from muntada.evidence.initiatives.rules import MOST_PAIRS, LikenessReason
from muntada.forums.models import Forum

MOST_ALIKE = 5


@dataclass(frozen=True, slots=True)
class FoundPair:
    """Two entries by ascending key, with similarity and reasons."""

    first: int
    second: int
    likeness: int
    reasons: tuple[LikenessReason, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """An entry similar to a new one."""

    initiative: Initiative
    likeness: int
    reasons: tuple[LikenessReason, ...]


class New(Protocol):
    """The compared fields of a new entry."""

    @property
    def title(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def also_in(self) -> tuple[str, ...]: ...
    @property
    def website(self) -> str: ...
    @property
    def partners(self) -> str: ...


def pairs_in(forum: Forum) -> tuple[int, list[FoundPair]]:
    """Return the number of entries, and the likely duplicates."""
    columns = ("pk", "title", "language", "organisation__name", "country", "also_in", "website", "partners")
    entries = [
        ComparedEntry(
            pk, title, language, organisation, frozenset({country, *also_in} - {""}), website, partners
        )
        for pk, title, language, organisation, country, also_in, website, partners in standing_in(forum)
        .order_by("pk")
        .values_list(*columns)
    ]
    found = duplicates(entries, most=MOST_PAIRS)
    return len(entries), [
        FoundPair(pair.one, pair.other, pair.likeness.score, _reasons(pair.likeness.reasons))
        for pair in found
    ]


def like_it(forum: Forum, new: New) -> list[Alike]:
    """Return public entries similar to a new one, most similar first."""
    countries = frozenset({new.country, *new.also_in} - {""})
    about = ComparedEntry(0, new.title, new.language, new.organisation, countries, new.website, new.partners)
    near = likely_duplicates(forum, title=new.title, organisation=new.organisation, website=new.website)
    found = []
    for one in near:
        told = likeness(about, _entry(one))
        if told is not None:
            found.append(Alike(one, told.score, _reasons(told.reasons)))
    return sorted(found, key=lambda alike: (-alike.likeness, alike.initiative.pk))[:MOST_ALIKE]


def _entry(one: Initiative) -> ComparedEntry:
    return ComparedEntry(
        one.pk,
        one.title,
        one.language,
        one.organisation.name,
        frozenset(one.countries),
        one.website,
        one.partners,
    )


def _reasons(reasons: Sequence[Reason]) -> tuple[LikenessReason, ...]:
    return tuple(LikenessReason(one.sentence, one.params) for one in reasons)

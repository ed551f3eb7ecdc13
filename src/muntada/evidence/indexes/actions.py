"""Create, change, recompute and delete composite indexes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.indexes import queries
from muntada.evidence.indexes.adapter import digest_of, measure_index
from muntada.evidence.indexes.models import CompositeIndex, IndexPart, IndexPillar
from muntada.evidence.indexes.rules import (
    INDEX_ROLES,
    AggregateBy,
    Normalise,
    PartOf,
    PillarOf,
    require_structure,
)
from muntada.evidence.indicators.models import Indicator
from muntada.forums.models import Forum
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.stored import as_stored
from muntada.record import actions as record
from muntada.record.rules import Actor


@dataclass(frozen=True)
class NewIndex:
    """The choices of an index."""

    title: str
    about: str
    language: str
    compares: str
    year: int
    oldest: int
    pillars: tuple[PillarOf, ...]
    parts: tuple[PartOf, ...]
    normalise: Normalise = Normalise.MINMAX
    aggregate: AggregateBy = AggregateBy.ARITHMETIC
    treats_outliers: bool = True
    fills_gaps: bool = True
    seed: int = 1


def make_index(*, forum: Forum, new: NewIndex, actor: Actor, now: datetime) -> CompositeIndex:
    """Create and compute an index."""
    require_role(actor, INDEX_ROLES, forum.pk)
    with transaction.atomic():
        # Locked, so that numbers are unique.
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        index = CompositeIndex(forum=forum, number=queries.next_number(forum))
        return _write(index, new, "make_index", actor, now)


def change_index(*, index: CompositeIndex, new: NewIndex, actor: Actor, now: datetime) -> CompositeIndex:
    """Replace the choices and recompute; the log keeps the former ones."""
    require_role(actor, INDEX_ROLES, index.forum_id)
    with transaction.atomic():
        kept = (
            CompositeIndex.objects.select_for_update(of=("self",), no_key=True)
            .select_related("forum")
            .get(pk=index.pk)
        )
        kept.pillars.all().delete()
        return _write(kept, new, "change_index", actor, now)


def compute_index(*, index: CompositeIndex, actor: Actor, now: datetime) -> CompositeIndex:
    """Compute an index from the current values."""
    require_role(actor, INDEX_ROLES, index.forum_id)
    with transaction.atomic():
        kept = (
            CompositeIndex.objects.select_for_update(of=("self",), no_key=True)
            .select_related("forum")
            .get(pk=index.pk)
        )
        _compute(kept, now)
        kept.save()
        _log(kept, "compute_index", {"digest": kept.digest}, actor, now)
    return kept


def remove_index(*, index: CompositeIndex, actor: Actor, now: datetime) -> None:
    """Delete an index; the log keeps its existence and indicators."""
    require_role(actor, INDEX_ROLES, index.forum_id)
    with transaction.atomic():
        _log(index, "remove_index", {"title": index.title, "digest": index.digest}, actor, now)
        index.delete()


def _write(index: CompositeIndex, new: NewIndex, verb: str, actor: Actor, now: datetime) -> CompositeIndex:
    index.title, index.about = clean_line(new.title), clean_text(new.about)
    if not index.title or not index.about:
        sentence = gettext("Please give the index a name, and say what it is to tell.")
        raise Refused(sentence, "title-missing", "title" if not index.title else "about")
    require_structure(new.pillars, new.parts)
    known = _indicators(index.forum, new)
    for name in ("language", "compares", "year", "oldest", "treats_outliers", "fills_gaps", "seed"):
        setattr(index, name, getattr(new, name))
    index.normalise, index.aggregate = new.normalise.value, new.aggregate.value
    index.made_by_id, index.made_at, index.computed_at = actor.person_id, now, now
    index.save()
    pillars = IndexPillar.objects.bulk_create(
        IndexPillar(index=index, position=place, title=clean_line(one.title), weight=one.weight)
        for place, one in enumerate(new.pillars)
    )
    IndexPart.objects.bulk_create(
        IndexPart(
            pillar=pillars[one.pillar],
            indicator=known[one.indicator_id],
            weight=one.weight,
            more_is_better=one.more_is_better,
        )
        for one in new.parts
    )
    _compute(index, now)
    index.save()
    change = {
        "title": index.title,
        "pillars": [[one.title, one.weight] for one in new.pillars],
        "parts": [
            [known[one.indicator_id].code, one.pillar, one.weight, one.more_is_better] for one in new.parts
        ],
        "choices": [index.normalise, index.aggregate, index.treats_outliers, index.fills_gaps, index.seed],
        "digest": index.digest,
    }
    _log(index, verb, change, actor, now)
    return index


def _indicators(forum: Forum, new: NewIndex) -> Mapping[int, Indicator]:
    """Return the indicators by id; refuse those of another forum, and duplicates."""
    asked = [one.indicator_id for one in new.parts]
    known = Indicator.objects.filter(forum=forum).in_bulk(asked)
    if len(known) != len(asked):
        sentence = gettext("An indicator is counted once, and is one of this forum. Please choose again.")
        raise Refused(sentence, "indicator-unknown", "parts")
    return known


def _compute(index: CompositeIndex, now: datetime) -> None:
    counted = queries.numbers_of_index(index)
    areas = queries.compared_by(index)
    alike = queries.alike_in(index, areas)
    index.result = as_stored(measure_index(index, counted, areas, alike))
    index.digest = digest_of(index, counted, areas, alike)
    index.computed_at = now
    for one in counted:
        one.part.vintage = one.vintage
    IndexPart.objects.bulk_update([one.part for one in counted], ["vintage"])


def _log(index: CompositeIndex, verb: str, change: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    record.write(
        forum_id=index.forum_id,
        actor=actor,
        verb=verb,
        symbol=None,
        change={"index": index.number, **change},
        now=now,
    )

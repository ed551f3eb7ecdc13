"""Withdraw a name from sessions, requests, releases, printed programmes and drafts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import IntegrityError, connection, transaction
from django.db.models import Model, Q
from django.utils import translation
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.foundations.jobs.models import Job
from muntada.foundations.live import announce
from muntada.foundations.stored import as_stored, read_stored
from muntada.people.actions import require_withdrawal
from muntada.people.models import Person
from muntada.programme.exports.actions import remake_books
from muntada.programme.releases.queries import topic_of_programme
from muntada.programme.releases.rules import ReleasedFacts, person_guid, renamed
from muntada.programme.requests.models.hours import HoursTold
from muntada.programme.requests.models.request_versions import RequestCopy
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import CoOrganiser, RequestSpeaker, SpeakerFacts
from muntada.programme.selection.models import Selection
from muntada.programme.sessions.models import Favourite, SessionPerson
from muntada.programme.sessions.rules import person_key
from muntada.programme.timetable.models import PlacementPerson, Release, ReleaseEntry, Timetable
from muntada.programme.timetable.queries import last_release
from muntada.record import actions as record
from muntada.record.rules import Actor

# Other stored data with names as values.
_TOLD = ("violations", "unplaced", "blame")
_CHOSEN = ("inputs", "result")


@dataclass(frozen=True)
class NameStandIn:
    """The replacement of a withdrawn name."""

    name: str
    guid: str


def withdraw_name(*, person: Person, actor: Actor, now: datetime) -> set[int]:
    """Replace a person's name everywhere in the programme; return the forums concerned.

    They stay one person, identified by the emptied account, so that nobody is double-booked.
    """
    require_withdrawal(person=person, actor=actor)
    Favourite.objects.filter(person=person).delete()
    RequestCopy.objects.filter(request__author=person).delete()
    SessionRequest.objects.filter(author=person, symbol=None).delete()
    asked = Q(person=person) | (Q(email__iexact=person.email) & ~Q(email=""))
    speakers, others = RequestSpeaker.objects.filter(asked), CoOrganiser.objects.filter(asked)
    SpeakerFacts.objects.filter(speaker__in=speakers).delete()
    forums = Forum.objects.filter(
        Q(sessions__people__person=person)
        | Q(session_requests__author=person)
        | Q(pk__in=speakers.values("request__forum"))
        | Q(pk__in=others.values("request__forum"))
    ).distinct()
    reached = list(forums)
    for forum in reached:
        with translation.override(forum.language_for_all):
            mark = gettext("Name withdrawn")
        _withdraw_in(forum, person, mark, asked, now)
    return {forum.pk for forum in reached}


def _withdraw_in(forum: Forum, person: Person, mark: str, asked: Q, now: datetime) -> None:
    speakers = RequestSpeaker.objects.filter(asked, request__forum=forum)
    others = CoOrganiser.objects.filter(asked, request__forum=forum)
    parts = SessionPerson.objects.filter(session__forum=forum)
    key = person_key(person.pk, "")
    known = {one.key for one in speakers} | set(parts.filter(person=person).values_list("key", flat=True))
    names = {person.name} | {one.name for one in (*speakers, *others)} - {""}
    names |= set(parts.filter(key__in=known).values_list("name", flat=True))
    for part in parts.filter(key__in=known):
        if parts.filter(session=part.session_id, key=key, part=part.part).exclude(pk=part.pk).exists():
            part.delete()
        else:
            part.name, part.person, part.key = mark, person, key
            part.save(update_fields=["name", "person", "key"])
    _keep_places(PlacementPerson.objects.filter(timetable__forum=forum, key__in=known - {key}), key)
    for rows in (speakers, others):
        rows.update(name=mark, email="", note="", person=person)
    HoursTold.objects.filter(forum=forum, key__in=known | {key}).delete()
    _withdraw_from_releases(forum, known | {key}, NameStandIn(mark, person_guid(forum.slug, key)), now)
    _replace(Timetable.objects.filter(forum=forum), _TOLD, names, mark)
    # The progress of a job may contain names.
    _replace(Job.objects.filter(forum=forum), ("details",), names, mark)
    _replace(Selection.objects.filter(forum=forum), _CHOSEN, names, mark)
    _replace(RequestCopy.objects.filter(request__forum=forum), ("typed",), names, mark)


def _keep_places(places: Iterable[PlacementPerson], key: str) -> None:
    """Keep the person's time blocked under their account, once.

    In a released timetable the database allows no other change than replacing the key.
    """
    for place in places:
        _let_go(place.key)
        place.key = key
        try:
            with transaction.atomic():
                place.save(update_fields=["key"])
        except IntegrityError:
            place.delete()
    _let_go("")


def _let_go(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('muntada.withdrawn_key', %s, true)", [key])


def _withdraw_from_releases(forum: Forum, known: set[str], named: NameStandIn, now: datetime) -> None:
    guids = {person_guid(forum.slug, key) for key in known}
    told = reduce(or_, (Q(facts__people__contains=[{"guid": one}]) for one in guids))
    releases: set[int] = set()
    last = last_release(forum)
    entries = ReleaseEntry.objects.filter(told, release__forum=forum).select_related("session__symbol")
    for entry in entries.select_for_update(of=("self",), no_key=True):
        facts = renamed(read_stored(ReleasedFacts, entry.facts), guids, named.name, named.guid)
        entry.facts, entry.changed_at = as_stored(facts), now
        entry.save(update_fields=["facts", "changed_at"])
        releases.add(entry.release_id)
        if last is not None and entry.release_id == last.pk:
            record.put_words(entry.session.symbol, facts.words)
    Release.objects.filter(pk__in=releases).update(revised_at=now)
    remake_books(releases=Release.objects.filter(pk__in=releases).select_related("forum"), now=now)
    announce(topic_of_programme(forum))


def _replace(rows: Iterable[Model], fields: Iterable[str], names: set[str], mark: str) -> None:
    for row in rows:
        changed = []
        for field in fields:
            data = getattr(row, field)
            other = _replaced(data, names, mark)
            if other != data:
                setattr(row, field, other)
                changed.append(field)
        if changed:
            row.save(update_fields=changed)


def _replaced(data: object, names: set[str], mark: str) -> object:
    """Replace names that are complete values, at any depth."""
    if isinstance(data, str):
        return mark if data in names else data
    if isinstance(data, list):
        return [_replaced(one, names, mark) for one in data]
    if isinstance(data, dict):
        return {_replaced(one, names, mark): _replaced(other, names, mark) for one, other in data.items()}
    return data

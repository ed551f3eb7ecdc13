"""Constraints of sessions, and the organizations and groups behind them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from muntada.forums.models import Forum
from muntada.people.models import Affiliation
from muntada.programme.constraints.models import (
    ApartMember,
    ApartSet,
    SeriesPart,
    SessionOrder,
    SessionSeries,
    TimetableRules,
)
from muntada.programme.requests.models.merging import RequestMerge
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import CoOrganiser, RequestSpeaker
from muntada.programme.requests.rules.request_facts import HEARD
from muntada.programme.requests.rules.speakers import SpeakerAnswer
from muntada.programme.sessions.models import Session


def timetable_rules_of(forum: Forum) -> TimetableRules:
    """Return the timetable rules of a forum, or the defaults."""
    return TimetableRules.objects.filter(forum=forum).first() or TimetableRules(forum=forum)


@dataclass(frozen=True)
class TiesBySession:
    """By session: predecessors, series, sets kept apart."""

    after: Mapping[int, frozenset[int]]
    series: tuple[tuple[tuple[int, ...], bool], ...]
    apart: Mapping[int, frozenset[int]]


def ties_of(forum: Forum) -> TiesBySession:
    after: dict[int, set[int]] = defaultdict(set)
    for earlier, later in SessionOrder.objects.filter(forum=forum).values_list("earlier", "later"):
        after[later].add(earlier)
    parts: dict[int, list[int]] = defaultdict(list)
    same_day: dict[int, bool] = {}
    rows = SeriesPart.objects.filter(forum=forum).order_by("series", "position")
    for series, session, is_same in rows.values_list("series", "session", "series__same_day"):
        parts[series].append(session)
        same_day[series] = is_same
    apart: dict[int, set[int]] = defaultdict(set)
    for which, session in ApartMember.objects.filter(forum=forum).values_list("apart", "session"):
        apart[session].add(which)
    return TiesBySession(
        after={session: frozenset(others) for session, others in after.items()},
        series=tuple((tuple(sessions), same_day[series]) for series, sessions in parts.items()),
        apart={session: frozenset(sets) for session, sets in apart.items()},
    )


def steps_of(forum: Forum) -> list[tuple[str, str]]:
    """Return pairs (before, after) of session symbols, from orders and series.

    In a series, each part precedes every later one.
    """
    names = dict(Session.objects.filter(forum=forum).values_list("pk", "symbol__number"))
    ties = ties_of(forum)
    found = {(earlier, later) for later, others in ties.after.items() for earlier in others}
    for parts, _same_day in ties.series:
        found |= {(first, later) for place, first in enumerate(parts) for later in parts[place + 1 :]}
    return [(f"S/{names[first]}", f"S/{names[later]}") for first, later in found]


def series_of(forum: Forum) -> QuerySet[SessionSeries]:
    parts = SeriesPart.objects.select_related("session__symbol__forum").order_by("position")
    return SessionSeries.objects.filter(forum=forum).prefetch_related(Prefetch("parts", queryset=parts))


def apart_sets_of(forum: Forum) -> QuerySet[ApartSet]:
    members = ApartMember.objects.select_related("session__symbol__forum").order_by("session__symbol__number")
    return ApartSet.objects.filter(forum=forum).prefetch_related(Prefetch("members", queryset=members))


def orders_of(forum: Forum) -> QuerySet[SessionOrder]:
    return (
        SessionOrder.objects.filter(forum=forum)
        .select_related("earlier__symbol__forum", "later__symbol__forum")
        .order_by("later__symbol__number", "earlier__symbol__number")
    )


def tracks_of(forum: Forum) -> list[str]:
    rows = Session.objects.filter(forum=forum, cancelled_at=None).exclude(track="")
    return list(rows.order_by("track").values_list("track", flat=True).distinct())


def sessions_by_number(forum: Forum, numbers: Iterable[int]) -> dict[int, Session]:
    """Return sessions that take place, by number."""
    rows = Session.objects.filter(forum=forum, cancelled_at=None, symbol__number__in=list(numbers))
    return {session.symbol.number: session for session in rows.select_related("symbol")}


@dataclass(frozen=True)
class Behind:
    """The organizers of a session by key, with names; and the groups of its speakers."""

    organisers: Mapping[str, str] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()


def behind_sessions(forum: Forum) -> dict[int, Behind]:
    """Return organizers and groups of sessions made from requests.

    An author organizes for their organization, or for themselves.
    """
    wanted = dict(
        SessionRequest.objects.filter(
            forum=forum, session__isnull=False, session__cancelled_at=None
        ).values_list("pk", "session")
    )
    origin = _origins(forum, wanted)
    organisers: dict[int, dict[str, str]] = defaultdict(dict)
    rows = SessionRequest.objects.filter(pk__in=origin).order_by("pk")
    for pk, body, name, author in rows.values_list("pk", "organisation", "organisation__name", "author"):
        if body:
            organisers[origin[pk]][f"organisation:{body}"] = name
        elif author:
            organisers[origin[pk]][f"person:{author}"] = ""
    for one in CoOrganiser.objects.filter(request__in=origin, answer=SpeakerAnswer.YES).select_related(
        "organisation"
    ):
        known = one.organisation
        key = f"organisation:{known.pk}" if known else f"body:{one.body.casefold()}" if one.body else one.key
        organisers[origin[one.request_id]][key] = one.shown
    kinds = _kinds(origin)
    return {
        session: Behind(organisers[session], frozenset(kinds[session])) for session in set(origin.values())
    }


def _origins(forum: Forum, wanted: Mapping[int, int]) -> dict[int, int]:
    """Return the session of each original request; both originals of a joint one."""
    rows = RequestMerge.objects.filter(first__forum=forum, merged_at__isnull=False, unmerged_at=None)
    made = {joint: (first, second) for joint, first, second in rows.values_list("joint", "first", "second")}
    found: dict[int, int] = {}
    waiting = list(wanted.items())
    while waiting:
        request, session = waiting.pop()
        if request in made:
            waiting.extend((one, session) for one in made[request])
        else:
            found[request] = session
    return found


def _kinds(origin: Mapping[int, int]) -> dict[int, set[str]]:
    """Return the organization kinds of speakers: as stated, else from their account."""
    stands = Affiliation.objects.filter(ended_at=None).select_related("organisation").order_by("claimed_at")
    bodies: dict[int, str] = {}
    rows = (
        RequestSpeaker.objects.filter(request__in=origin, part__in=HEARD)
        .exclude(answer=SpeakerAnswer.NO)
        .prefetch_related("facts")
    )
    people = {speaker.person_id for speaker in rows if speaker.person_id}
    for stand in stands.filter(person__in=people):
        bodies.setdefault(stand.person_id, stand.organisation.kind)
    found: dict[int, set[str]] = defaultdict(set)
    for speaker in rows:
        kind = speaker.holds.kind or bodies.get(speaker.person_id or 0, "")
        if kind:
            found[origin[speaker.request_id]].add(kind)
    return found

"""Set the constraints of sessions and the rules of timetables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.programme.constraints.models import (
    ApartMember,
    ApartSet,
    SeriesPart,
    SessionOrder,
    SessionSeries,
    TimetableRules,
)
from muntada.programme.constraints.queries import sessions_by_number, steps_of, timetable_rules_of
from muntada.programme.constraints.rules import (
    WEIGHTS,
    TieNews,
    require_comfort,
    require_known,
    require_no_circle,
    require_not_itself,
    require_tie_name,
)
from muntada.programme.sessions.models import Session
from muntada.programme.sessions.rules import TRACK_LENGTH
from muntada.record import actions as record
from muntada.record.rules import Actor

RULE_FIELDS = (
    "organiser_limit",
    "pause_minutes",
    "comfort_from",
    "comfort_to",
    "tracks_never_meet",
    "lines_must_spread",
    "groups_must_spread",
    *WEIGHTS,
)


@dataclass(frozen=True)
class SessionTies:
    """The expected audience and the constraints of a session: other sessions by number, sets by id.

    A new set or series is created by name; `part` is the position in the series, the last by default.
    """

    audience: int = 0
    track: str = ""
    after: Sequence[int] = ()
    apart: Sequence[int] = ()
    new_apart: str = ""
    series: int | None = None
    new_series: str = ""
    part: int | None = None


def tie_session(*, session: Session, ties: SessionTies, actor: Actor, now: datetime) -> None:
    """Set all constraints of a session, or none."""
    require_role(actor, SECRETARIAT, session.forum_id)
    require_not_itself(session.symbol.number, ties.after, "after")
    with transaction.atomic():
        forum = _locked(session.forum_id)
        kept = Session.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
        if kept.cancelled_at is not None:
            raise Refused(
                gettext("This session is cancelled and has no place any more."), "session-cancelled"
            )
        kept.audience, kept.track = ties.audience, " ".join(ties.track.split())[:TRACK_LENGTH]
        kept.save(update_fields=["audience", "track"])
        earlier = _sessions(forum, ties.after, "after")
        SessionOrder.objects.filter(later=kept).exclude(earlier__in=earlier).delete()
        SessionOrder.objects.bulk_create(
            (SessionOrder(forum=forum, earlier=one, later=kept) for one in earlier), ignore_conflicts=True
        )
        sets = _join_sets(forum, kept, ties)
        part = _join_series(forum, kept, ties)
        require_no_circle(steps_of(forum), "after" if earlier else "series")
        news = TieNews(
            audience=kept.audience,
            track=kept.track,
            after=tuple(f"S/{number}" for number in ties.after),
            apart=tuple(one.name for one in sets),
            series=part.series.name if part else "",
            part=part.position if part else None,
        )
        record.write(
            forum_id=forum.pk,
            actor=actor,
            verb="tie_session",
            symbol=kept.symbol,
            change=news.as_change(),
            now=now,
        )


def _locked(forum_id: int) -> Forum:
    """Lock the constraints of a forum: two concurrent changes could create a cycle."""
    return Forum.objects.select_for_update(no_key=True).get(pk=forum_id)


def _sessions(forum: Forum, numbers: Sequence[int], field: str) -> list[Session]:
    known = sessions_by_number(forum, numbers)
    require_known(numbers, known, field)
    return [known[number] for number in numbers]


def _join_sets(forum: Forum, session: Session, ties: SessionTies) -> list[ApartSet]:
    wanted = list(ApartSet.objects.filter(forum=forum, pk__in=ties.apart))
    if ties.new_apart.strip():
        name = require_tie_name(ties.new_apart, "new_apart")
        wanted.append(ApartSet.objects.get_or_create(forum=forum, name=name)[0])
    ApartMember.objects.filter(session=session).exclude(apart__in=wanted).delete()
    ApartMember.objects.bulk_create(
        (ApartMember(forum=forum, apart=one, session=session) for one in wanted), ignore_conflicts=True
    )
    return wanted


def _join_series(forum: Forum, session: Session, ties: SessionTies) -> SeriesPart | None:
    """Insert a session into a series at its position, or remove it from its series."""
    SeriesPart.objects.filter(session=session).delete()
    if ties.new_series.strip():
        name = require_tie_name(ties.new_series, "new_series")
        series = SessionSeries.objects.get_or_create(forum=forum, name=name)[0]
    elif ties.series is not None:
        found = SessionSeries.objects.filter(forum=forum, pk=ties.series).first()
        if found is None:
            raise Refused(
                gettext("This series is not there any more. Please choose again."), "series", "series"
            )
        series = found
    else:
        return None
    others = list(series.parts.order_by("position").values_list("session", flat=True))
    place = len(others) if ties.part is None else min(max(ties.part, 1) - 1, len(others))
    _set_parts(forum, series, [*others[:place], session.pk, *others[place:]])
    return SeriesPart.objects.select_related("series").get(session=session)


def _set_parts(forum: Forum, series: SessionSeries, sessions: Sequence[int]) -> None:
    series.parts.all().delete()
    SeriesPart.objects.bulk_create(
        SeriesPart(forum=forum, series=series, session_id=session, position=position)
        for position, session in enumerate(sessions, start=1)
    )


def keep_series(
    *,
    forum: Forum,
    name: str,
    numbers: Sequence[int],
    same_day: bool,
    actor: Actor,
    now: datetime,
    series: SessionSeries | None = None,
) -> SessionSeries:
    """Create a series, or replace its parts; refuse parts of another series."""
    require_role(actor, SECRETARIAT, forum.pk)
    title = require_tie_name(name, "name")
    with transaction.atomic():
        locked = _locked(forum.pk)
        sessions = _sessions(locked, numbers, "sessions")
        taken = SeriesPart.objects.filter(session__in=sessions).exclude(series=series)
        for part in taken.select_related("series", "session__symbol")[:1]:
            sentence = gettext("%(session)s is a part of the series “%(series)s” already. Take it out first.")
            known = {"session": part.session.symbol.short, "series": part.series.name}
            raise Refused(sentence % known, "in-a-series", "sessions")
        kept = series or SessionSeries(forum=locked)
        kept.name, kept.same_day = title, same_day
        _save_named(kept, title)
        _set_parts(locked, kept, [session.pk for session in sessions])
        require_no_circle(steps_of(locked), "sessions")
        change = {"series": title, "sessions": [f"S/{number}" for number in numbers], "same_day": same_day}
        _write(locked, actor, now, "keep_series", change)
    return kept


def drop_series(*, series: SessionSeries, actor: Actor, now: datetime) -> None:
    """Delete a series; its sessions stay."""
    require_role(actor, SECRETARIAT, series.forum_id)
    with transaction.atomic():
        _write(series.forum, actor, now, "drop_series", {"series": series.name})
        series.delete()


def set_apart(
    *,
    forum: Forum,
    name: str,
    numbers: Sequence[int],
    actor: Actor,
    now: datetime,
    apart: ApartSet | None = None,
) -> ApartSet:
    """Create or change a set of sessions no two of which are at the same time."""
    require_role(actor, SECRETARIAT, forum.pk)
    title = require_tie_name(name, "name")
    with transaction.atomic():
        locked = _locked(forum.pk)
        sessions = _sessions(locked, numbers, "sessions")
        kept = apart or ApartSet(forum=locked)
        kept.name = title
        _save_named(kept, title)
        kept.members.all().delete()
        ApartMember.objects.bulk_create(
            ApartMember(forum=locked, apart=kept, session=session) for session in sessions
        )
        change = {"apart": title, "sessions": [f"S/{number}" for number in numbers]}
        _write(locked, actor, now, "keep_apart", change)
    return kept


def drop_apart(*, apart: ApartSet, actor: Actor, now: datetime) -> None:
    """Delete a set kept apart."""
    require_role(actor, SECRETARIAT, apart.forum_id)
    with transaction.atomic():
        _write(apart.forum, actor, now, "drop_apart", {"apart": apart.name})
        apart.delete()


def _save_named(kept: SessionSeries | ApartSet, name: str) -> None:
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        sentence = gettext("“%(name)s” is there already. Please choose another name, or change that one.")
        raise Refused(sentence % {"name": name}, "tie-name-taken", "name") from error


@dataclass(frozen=True)
class RuleSettings:
    """The rules of timetables as entered."""

    organiser_limit: int | None
    pause_minutes: int
    comfort_from: time
    comfort_to: time
    tracks_never_meet: bool
    lines_must_spread: bool
    groups_must_spread: bool
    comfort: int
    track: int
    lines: int
    groups: int
    favourites: int


def set_timetable_rules(
    *, forum: Forum, settings: RuleSettings, actor: Actor, now: datetime
) -> TimetableRules:
    """Set the rules of timetables; drafts are judged by them at once."""
    require_role(actor, SECRETARIAT, forum.pk)
    require_comfort(settings.comfort_from, settings.comfort_to)
    with transaction.atomic():
        kept = timetable_rules_of(_locked(forum.pk))
        before = {name: getattr(kept, name) for name in RULE_FIELDS}
        for name in RULE_FIELDS:
            setattr(kept, name, getattr(settings, name))
        kept.save()
        changed = {
            name: [_plain(before[name]), _plain(getattr(kept, name))]
            for name in RULE_FIELDS
            if before[name] != getattr(kept, name)
        }
        if changed:
            _write(forum, actor, now, "set_timetable_rules", changed)
    return kept


def _plain(value: object) -> object:
    return f"{value:%H:%M}" if isinstance(value, time) else value


def _write(forum: Forum, actor: Actor, now: datetime, verb: str, change: Mapping[str, object]) -> None:
    record.write(forum_id=forum.pk, actor=actor, verb=verb, change=dict(change), now=now)

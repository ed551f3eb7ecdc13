"""The public programme: as pages, and as calendars that other programs follow."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import condition

from muntada.forums.models import Forum
from muntada.forums.queries import Here, is_open
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotThere
from muntada.foundations.kept_pages import keep
from muntada.foundations.pages import ANYONE
from muntada.people.rules import Role
from muntada.programme.drawings.calendar import calendar as draw_calendar
from muntada.programme.drawings.grid import by_day
from muntada.programme.drawings.zones import zone_choice, zone_choices
from muntada.programme.models import Release, Session
from muntada.programme.queries.programme import Wanted, programme
from muntada.programme.queries.releases import calendar_rows, last_release, topic_of_programme
from muntada.programme.queries.requests import counts_by_state, drafts_of
from muntada.programme.rules.releases import changes_in_words, counts_in_words

CALENDAR = "text/calendar; charset=utf-8"


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def front(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the programme of the last release, or before it what is open now."""
    release = last_release(here.forum)
    zone, unknown_zone = asked_zone(request, here.forum)
    context: dict[str, object] = {
        "release": release,
        "is_open": is_open(here.forum, Stage.PROGRAMME, here.now),
        "may_work": here.has(Role.SECRETARIAT),
        "counts": counts_by_state(here.forum),
        "drafts": drafts_of(here.forum, here.person.pk if here.person else None),
    }
    if release is not None:
        wanted = Wanted(**{name: request.GET.get(name, "") for name in Wanted.__dataclass_fields__})
        shown = programme(release, here.forum, wanted, zone, here.now.astimezone(zone).date())
        context |= {
            "programme": shown,
            "wanted": wanted,
            "days": by_day(shown.entries, zone),
            "zone": zone,
            "zone_name": zone_choice(zone, shown.starts_at),
            "unknown_zone": unknown_zone,
            "zones": zone_choices(zone, here.forum.timezone, shown.starts_at),
            "kept": _kept(request),
        }
    return keep(render(request, "programme/front.html", context), topic_of_programme(here.forum))


def asked_zone(request: HttpRequest, forum: Forum) -> tuple[ZoneInfo, str]:
    """Return the zone in which times are read: the one asked for, else the forum's; and what is no zone."""
    name = request.GET.get("zone", "").strip()
    if name in known_zones():
        return ZoneInfo(name), ""
    return forum.timezone, name


@cache
def known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _kept(request: HttpRequest) -> str:
    """Return the filters as a query, for links to other days."""
    kept = request.GET.copy()
    kept.pop("day", None)
    kept.pop("lang", None)
    return kept.urlencode()


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def release(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Show what a release changed against the one before."""
    kept = Release.objects.filter(forum=here.forum, number=number).first()
    if kept is None:
        raise NotThere(gettext("There is no such release. The programme page names the last one."), "release")
    context = {
        "release": kept,
        "changes": changes_in_words(kept.difference, here.forum.timezone),
        "counts": counts_in_words(kept.difference),
    }
    return render(request, "programme/release.html", context)


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def calendar(request: HttpRequest, here: Here) -> HttpResponseBase:
    """Give the whole programme as iCalendar; nothing is drawn for who has it already."""
    release = _release(here.forum)
    return _calendar(request, release=release, session=None, version=str(release.number))


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def session_calendar(request: HttpRequest, here: Here, number: int) -> HttpResponseBase:
    """Give one session as iCalendar; it changes when the session does, not with each release."""
    release = _release(here.forum)
    entry = calendar_rows(release).filter(session__symbol__number=number).first()
    if entry is None:
        raise NotThere(gettext("This session is not in the published programme."), "session")
    version = f"{entry.session.symbol.short}-{entry.sequence}"
    return _calendar(request, release=release, session=entry.session, version=version, at=entry.changed_at)


def _release(forum: Forum) -> Release:
    release = last_release(forum)
    if release is None:
        raise NotThere(
            gettext("The programme is not published yet. This calendar begins with its first release."),
            "release",
        )
    release.forum = forum
    return release


def _etag(
    request: HttpRequest,  # noqa: ARG001 - the shape that Django asks for
    *,
    release: Release,
    session: Session | None,  # noqa: ARG001
    version: str,
    at: datetime | None = None,
) -> str:
    changed = at or release.published_at
    return f'"{release.forum.slug}-{version}-{changed.timestamp():.0f}-{get_language()}"'


def _last_modified(
    request: HttpRequest,  # noqa: ARG001 - the shape that Django asks for
    *,
    release: Release,
    session: Session | None,  # noqa: ARG001
    version: str,  # noqa: ARG001
    at: datetime | None = None,
) -> datetime:
    return at or release.published_at


@condition(etag_func=_etag, last_modified_func=_last_modified)
def _calendar(
    request: HttpRequest,  # noqa: ARG001 - the shape that Django asks for
    *,
    release: Release,
    session: Session | None,
    version: str,  # noqa: ARG001
    at: datetime | None = None,  # noqa: ARG001
) -> HttpResponse:
    forum = release.forum
    content = draw_calendar(
        calendar_rows(release, session),
        name=session.title if session else forum.name_here,
        zone=forum.timezone,
        site=settings.SITE_ADDRESS,
    )
    file = f"{forum.slug}-s{session.symbol.number}" if session else forum.slug
    headers = {
        "Content-Disposition": f'inline; filename="{file}.ics"',
        "Cache-Control": "public, max-age=300",
    }
    return HttpResponse(content, content_type=CALENDAR, headers=headers)

"""The public programme: as pages, and as calendars that other programs follow."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from muntada.forums.models import Forum
from muntada.forums.queries import Here, is_open
from muntada.forums.rules import Stage
from muntada.forums.rules.zones import known_zones
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotThere
from muntada.foundations.page_cache import cache_response
from muntada.foundations.pages import ANYONE
from muntada.people.rules import Role
from muntada.programme.drawings.grid import by_day
from muntada.programme.drawings.zones import zone_choice, zone_choices
from muntada.programme.models import Release
from muntada.programme.queries.exchange import programme_of, release_ref
from muntada.programme.queries.favourites import favourites_of
from muntada.programme.queries.merging import asked_to_join
from muntada.programme.queries.public import Wanted, came_from, public_programme, speakers
from muntada.programme.queries.releases import last_release, topic_of_programme
from muntada.programme.queries.requests import drafts_of
from muntada.programme.rules.releases import changes_in_words, counts_in_words


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def front(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the programme of the last release, or before it what is open now."""
    release = last_release(here.forum)
    context: dict[str, object] = {
        "release": release,
        "is_open": is_open(here.forum, Stage.PROGRAMME, here.now),
        "may_work": here.has(Role.SECRETARIAT),
        "may_review": here.has(Role.REVIEWER),
        "drafts": drafts_of(here.forum, here.person.pk if here.person else None),
        "asked_to_join": asked_to_join(here),
    }
    ref = release_ref(here.forum)
    if ref is not None:
        zone, unknown_zone = asked_zone(request, here.forum)
        asked = Wanted(**{name: request.GET.get(name, "") for name in Wanted.__dataclass_fields__})
        today = here.now.astimezone(zone).date()
        shown = public_programme(programme_of(here.forum, ref), here.forum, asked, zone, today)
        context |= {
            "programme": shown,
            "wanted": asked,
            "days": by_day(
                shown.release,
                shown.sessions,
                zone,
                came_from(here.forum, [one.number for one in shown.sessions]),
            ),
            "zone": zone,
            "zone_name": zone_choice(zone, shown.starts_at),
            "unknown_zone": unknown_zone,
            "zones": zone_choices(zone, here.forum.timezone, shown.starts_at),
            "kept_day": _query_without(request, "day"),
            "kept_view": _query_without(request, "view"),
            "marked": favourites_of(here.person, here.forum),
        }
    return _cached(request, here, render(request, "programme/front.html", context))


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def who_takes_part(request: HttpRequest, here: Here) -> HttpResponse:
    """Show who has a part in which sessions, by name."""
    ref = release_ref(here.forum)
    if ref is None:
        raise NotThere(gettext("The programme is not published yet."), "release")
    named = speakers(programme_of(here.forum, ref))
    answer = render(request, "programme/who_takes_part.html", {"people": named})
    return _cached(request, here, answer)


def _cached(request: HttpRequest, here: Here, answer: HttpResponse) -> HttpResponse:
    return cache_response(request, answer, topic_of_programme(here.forum), zone=here.forum.timezone)


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def offline(request: HttpRequest, here: Here) -> HttpResponse:
    """Give the script by which a browser can show the programme again without a connection."""
    context = {"release": release_ref(here.forum), "language": get_language()}
    headers = {"Service-Worker-Allowed": f"/{here.forum.slug}/", "Cache-Control": "no-cache"}
    answer = render(request, "programme/offline.js", context, content_type="text/javascript; charset=utf-8")
    for name, value in headers.items():
        answer[name] = value
    return answer


def asked_zone(request: HttpRequest, forum: Forum) -> tuple[ZoneInfo, str]:
    """Return the zone in which times are read: the one asked for, else the forum's; and what is no zone."""
    name = request.GET.get("zone", "").strip()
    if name in known_zones():
        return ZoneInfo(name), ""
    return forum.timezone, name


def _query_without(request: HttpRequest, name: str) -> str:
    """Return what was asked for but this, as a query, for links that change it."""
    kept = request.GET.copy()
    kept.pop(name, None)
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

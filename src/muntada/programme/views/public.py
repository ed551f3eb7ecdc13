"""The public programme: as pages, and as calendars that other programs follow."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.queries import Here, is_open
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotThere
from muntada.foundations.kept_pages import keep
from muntada.foundations.pages import ANYONE
from muntada.people.rules import Role
from muntada.programme.drawings.grid import by_day
from muntada.programme.drawings.zones import zone_choice, zone_choices
from muntada.programme.models import Release
from muntada.programme.queries.programme import Wanted, programme
from muntada.programme.queries.releases import last_release, topic_of_programme
from muntada.programme.queries.requests import counts_by_state, drafts_of
from muntada.programme.rules.releases import changes_in_words, counts_in_words


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

"""The public programme as pages and subscribed calendars."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext

from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest, is_open
from muntada.forums.rules import Stage
from muntada.forums.rules.zones import known_zones
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.page_cache import cache_response
from muntada.foundations.pages import ANYONE, SIGNED_IN
from muntada.foundations.sent_forms import may_repeat
from muntada.people.rules import Role
from muntada.programme.exports.exports import calendar as calendars
from muntada.programme.exports.views.exchange import UTF_8
from muntada.programme.public.pages import by_day
from muntada.programme.public.queries import (
    ProgrammeFilter,
    came_from,
    chosen_sessions,
    overlaps,
    public_programme,
    speakers,
)
from muntada.programme.releases.queries import changes_of, programme_of, release_ref, topic_of_programme
from muntada.programme.releases.rules import changes_in_words, counts_in_words, numbers_listed
from muntada.programme.requests.queries.merging import asked_to_join
from muntada.programme.requests.queries.requests import drafts_of
from muntada.programme.sessions import actions
from muntada.programme.sessions.models import Session
from muntada.programme.sessions.pages import zone_choice, zone_choices
from muntada.programme.sessions.queries import calendar_key, favourite_calendar, favourites_of
from muntada.programme.timetable.models import Release
from muntada.programme.timetable.queries import last_release


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def front(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show the last release, or before it the current state."""
    release = last_release(forum_request.forum)
    context: dict[str, object] = {
        "release": release,
        "is_open": is_open(forum_request.forum, Stage.PROGRAMME, forum_request.now),
        "may_work": forum_request.has(Role.SECRETARIAT),
        "may_review": forum_request.has(Role.REVIEWER),
        "drafts": drafts_of(forum_request.forum, forum_request.person.pk if forum_request.person else None),
        "asked_to_join": asked_to_join(forum_request),
    }
    ref = release_ref(forum_request.forum)
    if ref is not None:
        zone, unknown_zone = asked_zone(request, forum_request.forum)
        asked = ProgrammeFilter(
            **{name: request.GET.get(name, "") for name in ProgrammeFilter.__dataclass_fields__}
        )
        today = forum_request.now.astimezone(zone).date()
        shown = public_programme(
            programme_of(forum_request.forum, ref), forum_request.forum, asked, zone, today
        )
        context |= {
            "programme": shown,
            "wanted": asked,
            "days": by_day(
                shown.release,
                shown.sessions,
                zone,
                came_from(forum_request.forum, [one.number for one in shown.sessions]),
            ),
            "zone": zone,
            "zone_name": zone_choice(zone, shown.starts_at),
            "unknown_zone": unknown_zone,
            "zones": zone_choices(zone, forum_request.forum.timezone, shown.starts_at),
            "kept_day": _query_without(request, "day"),
            "kept_view": _query_without(request, "view"),
            "marked": favourites_of(forum_request.person, forum_request.forum),
        }
    return _cached(request, forum_request, render(request, "programme/public/front.html", context))


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def who_takes_part(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show people with their sessions, by name."""
    ref = release_ref(forum_request.forum)
    if ref is None:
        raise NotThere(gettext("The programme is not published yet."), "release")
    named = speakers(programme_of(forum_request.forum, ref))
    answer = render(request, "programme/public/who_takes_part.html", {"people": named})
    return _cached(request, forum_request, answer)


def _cached(request: HttpRequest, forum_request: ForumRequest, answer: HttpResponse) -> HttpResponse:
    return cache_response(
        request, answer, topic_of_programme(forum_request.forum), zone=forum_request.forum.timezone
    )


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
@chosen_by()
def offline(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Serve the service worker for offline use."""
    context = {"release": release_ref(forum_request.forum), "language": get_language()}
    headers = {"Service-Worker-Allowed": f"/{forum_request.forum.slug}/", "Cache-Control": "no-cache"}
    answer = render(
        request, "programme/public/offline.js", context, content_type="text/javascript; charset=utf-8"
    )
    for name, value in headers.items():
        answer[name] = value
    return answer


def asked_zone(request: HttpRequest, forum: Forum) -> tuple[ZoneInfo, str]:
    """Return the requested zone, else the forum's, and an invalid input."""
    name = request.GET.get("zone", "").strip()
    if name in known_zones():
        return ZoneInfo(name), ""
    return forum.timezone, name


def _query_without(request: HttpRequest, name: str) -> str:
    """Return the query string without a parameter."""
    kept = request.GET.copy()
    kept.pop(name, None)
    kept.pop("lang", None)
    return kept.urlencode()


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def release(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show the changes of a release."""
    kept = Release.objects.filter(forum=forum_request.forum, number=number).first()
    if kept is None:
        raise NotThere(gettext("There is no such release. The programme page names the last one."), "release")
    found = changes_of(kept)
    context = {
        "release": kept,
        "changes": changes_in_words(found.changes, forum_request.forum.timezone),
        "counts": counts_in_words(found),
    }
    return render(request, "programme/public/release.html", context)


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def mine(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show a person's marked sessions, with overlaps.

    `?s=12,15` shows these to anybody, so that lists of a browser can be read and shared.
    """
    ref = release_ref(forum_request.forum)
    is_list = "s" in request.GET
    numbers = (
        numbers_listed(request.GET["s"])
        if is_list
        else favourites_of(forum_request.person, forum_request.forum)
    )
    zone, _unknown = asked_zone(request, forum_request.forum)
    context: dict[str, object] = {"release": ref, "is_list": is_list, "person": forum_request.person}
    if ref is not None:
        programme = programme_of(forum_request.forum, ref)
        sessions = chosen_sessions(programme, numbers)
        asked = ",".join(str(session.number) for session in sessions)
        own_address = reverse("programme:mine", args=[forum_request.forum.slug])
        if is_list:
            own_address = f"{own_address}?s={asked}"
        key = (
            calendar_key(forum_request.person, forum_request.forum)
            if forum_request.person and not is_list
            else ""
        )
        context |= {
            "days": by_day(programme, sessions, zone, came_from(forum_request.forum, numbers)),
            "overlaps": overlaps(sessions),
            "zone": zone,
            "zone_name": zone_choice(zone, sessions[0].starts_at if sessions else ref.changed_at),
            "marked": favourites_of(forum_request.person, forum_request.forum),
            "asked": asked,
            "own_address": own_address,
            "calendar": f"{settings.SITE_ADDRESS}{_calendar_address(forum_request, key)}" if key else "",
        }
    return render(request, "programme/public/mine.html", context)


def _calendar_address(forum_request: ForumRequest, key: str) -> str:
    return reverse("programme:favourite_calendar", args=[forum_request.forum.slug, key])


@may_repeat("It says whether the session is wanted, so the last word holds.")
@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=("POST",))
def mark(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Mark or unmark a session; a script gets the marks, a form redirects."""
    session = Session.objects.filter(forum=forum_request.forum, symbol__number=number).first()
    if session is None or forum_request.person is None:
        raise NotThere(gettext("There is no session with this number."), "session")
    actions.mark(
        session=session,
        person=forum_request.person,
        is_wanted=request.POST.get("wanted") == "1",
        now=forum_request.now,
    )
    if request.POST.get("as") == "data":
        return JsonResponse({"marked": sorted(favourites_of(forum_request.person, forum_request.forum))})
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = session.get_absolute_url()
    return redirect(back)


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=("POST",))
def take_over(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Keep the marks made before signing in."""
    if forum_request.person is not None:
        numbers = numbers_listed(request.POST.get("s", ""))
        actions.take_over(
            forum=forum_request.forum, numbers=numbers, person=forum_request.person, now=forum_request.now
        )
    return JsonResponse({"marked": sorted(favourites_of(forum_request.person, forum_request.forum))})


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=("POST",))
def give_calendar(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Create a calendar address, invalidating the former one."""
    if forum_request.person is not None:
        actions.give_calendar(forum=forum_request.forum, person=forum_request.person, now=forum_request.now)
        messages.success(request, gettext("This is your new calendar address. Any other has ended."))
    return redirect("programme:mine", forum_request.forum.slug)


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
@chosen_by()
def calendar(request: HttpRequest, forum_request: ForumRequest, key: str) -> HttpResponse:
    """Serve a person's marked sessions as iCalendar, authorized by its secret key."""
    kept = favourite_calendar(forum_request.forum, key)
    ref = release_ref(forum_request.forum)
    if kept is None or ref is None:
        raise NotThere(gettext("This calendar address is not valid any more."), "calendar")
    programme = programme_of(forum_request.forum, ref)
    heading = calendars.Heading(
        name=gettext("%(forum)s: my sessions") % {"forum": forum_request.forum.name_here},
        changed_at=ref.changed_at,
        language=get_language() or settings.LANGUAGE_CODE,
        url=f"{settings.SITE_ADDRESS}/{forum_request.forum.slug}/programme/mine",
        source=f"{settings.SITE_ADDRESS}{_calendar_address(forum_request, key)}",
    )
    marked = chosen_sessions(programme, favourites_of(kept.person, forum_request.forum))
    content = calendars.calendar(programme, marked, heading, settings.SITE_ADDRESS)
    headers = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    return HttpResponse(content, content_type=calendars.MEDIA_TYPE + UTF_8, headers=headers)

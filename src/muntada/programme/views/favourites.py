"""What somebody marked in the programme: with an account kept here, without one in the browser alone."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext

from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotThere
from muntada.foundations.pages import ANYONE, SIGNED_IN
from muntada.foundations.sent_forms import may_repeat
from muntada.programme.actions import favourites as actions
from muntada.programme.drawings import calendar as calendars
from muntada.programme.drawings.grid import by_day
from muntada.programme.drawings.zones import zone_choice
from muntada.programme.models import Session
from muntada.programme.queries.exchange import programme_of, release_ref
from muntada.programme.queries.favourites import calendar_key, favourite_calendar, favourites_of
from muntada.programme.queries.public import came_from, chosen_sessions, overlaps
from muntada.programme.rules.exchange import numbers_listed
from muntada.programme.views.exchange import UTF_8
from muntada.programme.views.public import asked_zone


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def mine(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the sessions somebody marked, and which of them are held at the same time.

    `?s=12,15` shows these, whoever asks: so the list of a browser is read, and a list can be sent to others.
    """
    ref = release_ref(here.forum)
    is_list = "s" in request.GET
    numbers = numbers_listed(request.GET["s"]) if is_list else favourites_of(here.person, here.forum)
    zone, _unknown = asked_zone(request, here.forum)
    context: dict[str, object] = {"release": ref, "is_list": is_list, "person": here.person}
    if ref is not None:
        programme = programme_of(here.forum, ref)
        sessions = chosen_sessions(programme, numbers)
        key = calendar_key(here.person, here.forum) if here.person and not is_list else ""
        context |= {
            "days": by_day(programme, sessions, zone, came_from(here.forum, numbers)),
            "overlaps": overlaps(sessions),
            "zone": zone,
            "zone_name": zone_choice(zone, sessions[0].starts_at if sessions else ref.changed_at),
            "marked": favourites_of(here.person, here.forum),
            "asked": ",".join(str(session.number) for session in sessions),
            "calendar": f"{settings.SITE_ADDRESS}{_calendar_address(here, key)}" if key else "",
        }
    return render(request, "programme/mine.html", context)


def _calendar_address(here: Here, key: str) -> str:
    return reverse("programme:favourite_calendar", args=[here.forum.slug, key])


@may_repeat("It says whether the session is wanted, so the last word holds.")
@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=("POST",))
def mark(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Mark a session or take the mark away; a script gets what is marked now, a form goes back."""
    session = Session.objects.filter(forum=here.forum, symbol__number=number).first()
    if session is None or here.person is None:
        raise NotThere(gettext("There is no session with this number."), "session")
    actions.mark(
        session=session, person=here.person, is_wanted=request.POST.get("wanted") == "1", now=here.now
    )
    if request.POST.get("as") == "data":
        return JsonResponse({"marked": sorted(favourites_of(here.person, here.forum))})
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = session.get_absolute_url()
    return redirect(back)


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=("POST",))
def take_over(request: HttpRequest, here: Here) -> HttpResponse:
    """Keep what was marked in this browser before its person signed in."""
    if here.person is not None:
        numbers = numbers_listed(request.POST.get("s", ""))
        actions.take_over(forum=here.forum, numbers=numbers, person=here.person, now=here.now)
    return JsonResponse({"marked": sorted(favourites_of(here.person, here.forum))})


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=("POST",))
def give_calendar(request: HttpRequest, here: Here) -> HttpResponse:
    """Give an address for a calendar program; the one before ends."""
    if here.person is not None:
        actions.give_calendar(forum=here.forum, person=here.person, now=here.now)
        messages.success(request, gettext("This is your new calendar address. Any other has ended."))
    return redirect("programme:mine", here.forum.slug)


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def calendar(request: HttpRequest, here: Here, key: str) -> HttpResponse:  # noqa: ARG001
    """Give what a person marked as iCalendar. The key is the permission: it was given to them alone."""
    kept = favourite_calendar(here.forum, key)
    ref = release_ref(here.forum)
    if kept is None or ref is None:
        raise NotThere(gettext("This calendar address is not valid any more."), "calendar")
    programme = programme_of(here.forum, ref)
    heading = calendars.Heading(
        name=gettext("%(forum)s: my sessions") % {"forum": here.forum.name_here},
        changed_at=ref.changed_at,
        language=get_language() or settings.LANGUAGE_CODE,
        url=f"{settings.SITE_ADDRESS}/{here.forum.slug}/programme/mine",
        source=f"{settings.SITE_ADDRESS}{_calendar_address(here, key)}",
    )
    marked = chosen_sessions(programme, favourites_of(kept.person, here.forum))
    content = calendars.calendar(programme, marked, heading, settings.SITE_ADDRESS)
    headers = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    return HttpResponse(content, content_type=calendars.MEDIA_TYPE + UTF_8, headers=headers)

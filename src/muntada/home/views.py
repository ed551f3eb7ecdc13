from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.queries import Here, life_of
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import NotThere
from muntada.foundations.pages import ANYONE, page
from muntada.home import actions, drawings, queries
from muntada.people.rules import Role
from muntada.record.models import Symbol
from muntada.record.queries import (
    Direction,
    log_checks,
    log_of,
    receipt,
    same_content,
    symbols_by_reference,
    trace,
)
from muntada.record.rules import KIND_NAMES, Kind, SymbolRef, parse_symbol

PER_PAGE = 25
LOG_PER_PAGE = 50


@page(may=ANYONE)
def front(request: HttpRequest) -> HttpResponse:
    """Show the forums of this house, with what is open in each."""
    now = timezone.now()
    forums = [(forum, life_of(forum, now)) for forum in Forum.objects.select_related("framework")]
    return render(request, "home/front.html", {"forums": forums})


@page(may=ANYONE)
def about(request: HttpRequest) -> HttpResponse:
    """Say what Muntada is, what it promises, and how to check it."""
    return render(request, "home/about.html")


@forum_page(may=ANYONE)
def forum(request: HttpRequest, here: Here) -> HttpResponse:
    """Show where the forum stands in its life, what is open, and until when."""
    context = {
        "open_windows": queries.open_windows(here.forum, here.now),
        "timeline": queries.timeline_of(here.forum),
        "milestones": queries.milestones_of(here.forum),
        "counts": queries.counts_of(here.forum),
        "organisers": here.forum.organisers.all(),
        "names_asked": len(queries.names_asked(here.forum)) if here.has(Role.SECRETARIAT) else 0,
    }
    return render(request, "home/forum.html", context)


@forum_page(may=ANYONE)
def framework(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what the forum reviews against: lines, goals, targets and their links."""
    lines = here.forum.framework.lines.prefetch_related("goal_links__goal")
    targets = here.forum.framework.targets.prefetch_related("statements")
    goals = here.forum.framework.goals.all()
    return render(request, "home/framework.html", {"lines": lines, "targets": targets, "goals": goals})


@forum_page(may=ANYONE)
def search(request: HttpRequest, here: Here) -> HttpResponse:
    """Find things by symbol, or by the words of their title and text."""
    words = request.GET.get("q", "").strip().strip("[]")[:200]
    kind = request.GET.get("kind", "")
    reference = parse_symbol(words.upper())
    symbol = symbols_by_reference(here.forum.pk, [reference]).get(reference) if reference else None
    if symbol:
        return redirect(symbol)
    found = queries.found(here.forum, words, kind) if words or kind else Symbol.objects.none()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "words": words,
        "chosen_kind": kind,
        "kinds": [(kind.value, name) for kind, name in KIND_NAMES.items()],
        "page": page,
        "finds": queries.finds(page, words),
    }
    return render(request, "home/search.html", context)


@forum_page(may=ANYONE)
def trace_page(request: HttpRequest, here: Here, kind: str, number: int) -> HttpResponse:
    """Show everything a thing rests on and everything it led to, as a drawing and as a list."""
    symbol = _symbol(here.forum, kind, number)
    rests_on, led_to = trace(symbol, Direction.RESTS_ON), trace(symbol, Direction.LED_TO)
    down, up = drawings.both_ways(rests_on, led_to)
    context = {
        "symbol": symbol,
        "kind_name": KIND_NAMES[Kind(symbol.kind)],
        "rests_on": rests_on,
        "led_to": led_to,
        "rests_on_drawing": down,
        "led_to_drawing": up,
    }
    return render(request, "home/trace.html", context)


@forum_page(may=ANYONE)
def log(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the log of all actions, newest first, and whether its chain is whole."""
    entries = Paginator(log_of(here.forum.pk), LOG_PER_PAGE).get_page(request.GET.get("page"))
    is_asked = bool(request.GET.get("check"))
    kept = log_checks.of(here.forum.pk, here.now) if is_asked else None
    context = {
        "entries": entries,
        "check": kept.check if kept else None,
        "whole_at": kept.whole_at if kept and kept.whole_at < here.now else None,
        "is_at_work": is_asked and kept is None,
    }
    return render(request, "home/log.html", context)


@forum_page(may=role(Role.SECRETARIAT))
def names(request: HttpRequest, here: Here) -> HttpResponse:
    """Show who of this forum asked that their name be withdrawn."""
    return render(request, "home/names.html", {"asked": queries.names_asked(here.forum)})


@forum_page(may=role(Role.SECRETARIAT), methods=("POST",))
def withdraw(request: HttpRequest, here: Here, asked: int) -> HttpResponse:
    """Carry out what somebody asked: take their name out of all that is kept."""
    found = next((one for one in queries.names_asked(here.forum) if one.pk == asked), None)
    if found is None:
        raise NotThere(gettext("This is carried out already, or was taken back."), "names")
    actions.withdraw_name(
        person=found.person, actor=here.actor(Role.SECRETARIAT), now=here.now, forum_id=here.forum.pk
    )
    messages.success(request, gettext("The name is withdrawn. Printed books are being made again."))
    return redirect("home:names", here.forum.slug)


@forum_page(may=ANYONE, methods=("GET", "HEAD", "POST"))
def receipt_page(request: HttpRequest, here: Here, code: str) -> HttpResponse:
    """Show a receipt; whoever pastes the text learns whether it is the one received."""
    view = receipt(here.forum.pk, code)
    if view is None:
        raise NotThere(
            gettext("There is no receipt of this code. Please check it against your letter."), "receipt"
        )
    text = request.POST.get("text", "").replace("\r\n", "\n")
    is_same = same_content(view, text) if request.method == "POST" else None
    return render(request, "home/receipt.html", {"receipt": view, "is_same": is_same, "typed": text})


def _symbol(forum: Forum, kind: str, number: int) -> Symbol:
    if kind.upper() in set(Kind):
        reference = SymbolRef("", Kind(kind.upper()), number)
        symbol = symbols_by_reference(forum.pk, [reference]).get(reference)
        if symbol:
            return symbol
    raise NotThere(
        gettext("There is no such symbol in this forum. Please check the letter and the number."), "symbol"
    )

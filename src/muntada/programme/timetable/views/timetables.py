"""Pages of one timetable."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.errors import NotThere
from muntada.people.rules import Role
from muntada.programme.sessions.queries import rooms_of, sessions_to_place
from muntada.programme.timetable.actions import drafts, moves, placements, timetables
from muntada.programme.timetable.adapter.frames import seats_of
from muntada.programme.timetable.models import Timetable
from muntada.programme.timetable.pages import findings
from muntada.programme.timetable.pages.board import wrong_words
from muntada.programme.timetable.pages.comparison import compare, figures_side_by_side
from muntada.programme.timetable.pages.making import making
from muntada.programme.timetable.pages.workspace import Workspace, workspace_of
from muntada.programme.timetable.queries import last_move, moves_of, others_of

MOVES_SHOWN = 12
PARTS = {"making": "programme/timetable/parts/making.html", "board": "programme/timetable/parts/board.html"}


def timetable_at(forum_request: ForumRequest, number: int) -> Timetable:
    """Find a timetable of this forum, also one that was thrown away."""
    found = (
        Timetable.objects.filter(forum=forum_request.forum, number=number)
        .select_related("forum", "release", "made_from__release", "discarded_by", "job")
        .first()
    )
    if found is None:
        raise NotThere(gettext("There is no timetable with this number."), "timetable")
    return found


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME)
def timetable(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show a timetable, or how far its making has come; `?part=` is what live updates ask for."""
    kept = timetable_at(forum_request, number)
    part = PARTS.get(request.GET.get("part", ""))
    if kept.job is not None and not kept.is_made:
        context = frame_context(kept) | {"job": kept.job, "making": making(kept.job.details)}
        context["live_topic"] = kept.job.topic
        return render(request, part or "programme/timetable/timetable.html", context)
    context = board_context(kept, request.GET.get("day", ""))
    if part is None:
        context |= {"others": others_of(kept), "moves": moves_of(kept)[:MOVES_SHOWN]}
    return render(request, part or "programme/timetable/timetable.html", context)


def frame_context(kept: Timetable) -> dict[str, object]:
    return {
        "timetable": kept,
        "is_made": kept.is_made,
        "is_released": hasattr(kept, "release"),
        "live_topic": placements.topic_of(kept),
    }


def board_context(kept: Timetable, asked_day: str) -> dict[str, object]:
    """Return what the board of a draft shows: one day of it, and what is wrong with all of it."""
    found = workspace_of(kept)
    day = chosen_day(found, asked_day)
    is_released = hasattr(kept, "release")
    zone = kept.forum.timezone
    return frame_context(kept) | {
        "workspace": found,
        "days": found.days,
        "day": day,
        "board": found.board_of(kept, day) if day else None,
        "blamed": findings.blamed_sets(kept.conflicts, zone),
        "wrong": wrong_words(found.cards),
        "groups": findings.groups(found.findings, zone),
        "figures": findings.figures(found.objective, {} if found.is_judged_anew else kept.bound),
        "last_move": None if is_released else last_move(kept),
        "may_change": not is_released and kept.discarded_at is None,
        "comparison_address": _comparison_address(kept),
    }


def _comparison_address(kept: Timetable) -> str:
    """Return where a timetable is compared with the one it was made from."""
    if kept.made_from is None:
        return ""
    page = reverse("programme:comparison", args=[kept.forum.slug, kept.number])
    return f"{page}?with={kept.made_from.number}"


def chosen_day(found: Workspace, asked: str) -> date | None:
    day = next((one for one in found.days if one.isoformat() == asked), None)
    return day or (found.days[0] if found.days else None)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def start_again(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """Have a timetable made after all whose making was broken off."""
    kept = timetable_at(forum_request, number)
    timetables.start_again(timetable=kept, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now)
    return redirect("programme:timetable", forum_request.forum.slug, kept.number)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def stop(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """End the making of a timetable; the best so far is kept."""
    kept = timetable_at(forum_request, number)
    timetables.stop_timetable(
        timetable=kept, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now
    )
    messages.info(request, gettext("It is being stopped. The best timetable found so far is kept."))
    return redirect("programme:timetable", forum_request.forum.slug, kept.number)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def copy(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Make a new draft from a timetable, or from a release."""
    made = drafts.copy_timetable(
        timetable=timetable_at(forum_request, number),
        actor=forum_request.actor(Role.SECRETARIAT),
        now=forum_request.now,
    )
    messages.success(request, gettext("This is a new draft. What you move here is not public yet."))
    return redirect("programme:timetable", forum_request.forum.slug, made.number)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def repair(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """Have a timetable repaired: a new draft that moves as few sessions as possible."""
    made = timetables.order_repair(
        timetable=timetable_at(forum_request, number),
        actor=forum_request.actor(Role.SECRETARIAT),
        now=forum_request.now,
    )
    return redirect("programme:timetable", forum_request.forum.slug, made.number)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def undo(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Put back what the last move has changed."""
    kept = timetable_at(forum_request, number)
    back = moves.undo_last_move(
        timetable=kept, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now
    )
    named = ", ".join(session.symbol.short for session in back)
    messages.success(request, gettext("Put back: %(sessions)s.") % {"sessions": named})
    return redirect("programme:timetable", forum_request.forum.slug, kept.number)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def discard(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Throw a draft away, or bring it back."""
    kept, actor = timetable_at(forum_request, number), forum_request.actor(Role.SECRETARIAT)
    if "bring_back" in request.POST:
        drafts.bring_back(timetable=kept, actor=actor, now=forum_request.now)
        messages.success(request, gettext("It is back."))
        return redirect("programme:timetable", forum_request.forum.slug, kept.number)
    drafts.discard_timetable(timetable=kept, actor=actor, now=forum_request.now)
    words = gettext("Timetable %(number)s was thrown away. It can be brought back on its page.")
    messages.success(request, words % {"number": kept.number})
    return redirect("programme:workspace", forum_request.forum.slug)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME)
def comparison(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show two timetables side by side: their figures, and the sessions that stand differently."""
    asked = request.GET.get("with", "")
    kept = timetable_at(forum_request, number)
    other = timetable_at(forum_request, int(asked) if asked.isdecimal() else 0)
    sessions = {
        session.pk: session
        for session in sessions_to_place(forum_request.forum).select_related("symbol", "lock")
    }
    rooms = {room.pk: room.name for room in rooms_of(forum_request.forum)}
    ours, theirs = workspace_of(kept), workspace_of(other)
    context = {
        "timetable": kept,
        "other": other,
        "figures": figures_side_by_side(ours.objective, theirs.objective),
        "changes": compare(sessions, rooms, seats_of(kept), seats_of(other), forum_request.forum.timezone),
        "is_repair": kept.is_repair and kept.made_from_id == other.pk,
    }
    return render(request, "programme/timetable/comparison.html", context)

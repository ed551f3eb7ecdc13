"""Pages to move, lock and unplace a session of a draft."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.pages import READS_AND_WRITES, answer_form, put_refusal, status_of
from muntada.people.rules import Role
from muntada.programme.sessions.models import Session
from muntada.programme.timetable.actions import locks, moves
from muntada.programme.timetable.adapter.frames import frame_now, seats_of
from muntada.programme.timetable.adapter.moving import PlaceChoice, choices, reasons_for_place, with_wishes
from muntada.programme.timetable.forms import MoveForm, PlaceForm
from muntada.programme.timetable.models import Placement, SessionLock, Timetable
from muntada.programme.timetable.pages.offered_places import OfferedPlace, as_map, offers
from muntada.programme.timetable.rules import in_words
from muntada.programme.timetable.views.timetables import board_context, timetable_at

OFFERED = 20


@dataclass(frozen=True)
class Moving:
    """A session to be moved in a draft."""

    timetable: Timetable
    session: Session
    placement: Placement | None


def _moving(forum_request: ForumRequest, number: int, session: int) -> Moving:
    kept = timetable_at(forum_request, number)
    found = (
        Session.objects.filter(forum=forum_request.forum, symbol__number=session)
        .select_related("symbol__forum", "forum", "lock__slot", "lock__room")
        .first()
    )
    if found is None:
        raise NotThere(gettext("There is no session with this number."), "session")
    placement = Placement.objects.filter(timetable=kept, session=found).select_related("room").first()
    return Moving(kept, found, placement)


def _choices(moving: Moving) -> list[PlaceChoice]:
    if moving.session.cancelled_at is not None:
        raise Refused(gettext("This session is cancelled and has no place any more."), "session-cancelled")
    frame, _state = frame_now(moving.timetable.forum)
    return choices(frame, seats_of(moving.timetable), moving.session.symbol.short)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def move(request: HttpRequest, forum_request: ForumRequest, number: int, session: int) -> HttpResponse:
    """Move one session by a form, or from a board that sends the same; a refusal says what is in the way."""
    moving = _moving(forum_request, number, session)
    is_board = request.POST.get("from") == "board"
    form = PlaceForm(request.POST or None, timetable=moving.timetable)
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            moves.move_session(
                timetable=moving.timetable,
                session=moving.session,
                room=form.cleaned_data["room"],
                slot=form.cleaned_data["slot"],
                seen_version=form.cleaned_data["version"],
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
        except Refused as refusal:
            refused = refusal
            put_refusal(form, refusal)
        else:
            if is_board:
                return _board(request, forum_request, moving, gettext("Moved."))
            messages.success(
                request, gettext("Moved in this draft. The public programme follows when you publish.")
            )
            return redirect("programme:timetable", forum_request.forum.slug, moving.timetable.number)
    if is_board:
        words = str(refused) if refused else gettext("This place is not there any more. Please look again.")
        return _board(request, forum_request, moving, words, status_of(refused) if refused else 422)
    return _move_page(request, forum_request, _moving(forum_request, number, session), form)


def _board(
    request: HttpRequest, forum_request: ForumRequest, moving: Moving, said: str, refused: int | None = None
) -> HttpResponse:
    kept = timetable_at(forum_request, moving.timetable.number)
    context = board_context(kept, request.POST.get("day", "")) | {
        "said": said,
        "is_refused": refused is not None,
    }
    return render(request, "programme/timetable/parts/board.html", context, status=refused)


def _move_page(
    request: HttpRequest, forum_request: ForumRequest, moving: Moving, form: PlaceForm
) -> HttpResponse:
    found = _choices(moving)
    frame, zone = frame_now(forum_request.forum)[0], forum_request.forum.timezone
    seats, name = seats_of(moving.timetable), moving.session.symbol.short
    allowed = [one for one in found if one.is_allowed]
    best = with_wishes(frame, seats, name, allowed[: None if "all" in request.GET else OFFERED])
    why = reasons_for_place(frame, seats, name)
    every = offers(found, frame.names, zone)
    asked = MoveForm(
        request.GET if "why" in request.GET else None, session=moving.session, placement=moving.placement
    )
    context = {
        "timetable": moving.timetable,
        "session": moving.session,
        "placement": moving.placement,
        "lock": getattr(moving.session, "lock", None),
        "form": form,
        "why_form": asked,
        "current_place": _standing(moving, every),
        "why_here": [in_words(one.sentence, one.params, zone) for one in why.here],
        "why_elsewhere": [in_words(one.sentence, one.params, zone) for one in why.elsewhere],
        "best": offers(best, frame.names, zone),
        "allowed": len(allowed),
        "refused": len(found) - len(allowed),
        "answer": _asked(asked, every),
    }
    return answer_form(request, "programme/timetable/move.html", form, context)


def _standing(moving: Moving, every: list[OfferedPlace]) -> OfferedPlace | None:
    placement = moving.placement
    if placement is None:
        return None
    return next(
        (
            one
            for one in every
            if one.room.pk == placement.room_id and one.slot.starts_at == placement.period.lower
        ),
        None,
    )


def _asked(form: MoveForm, every: list[OfferedPlace]) -> OfferedPlace | None:
    if not form.is_bound or not form.is_valid():
        return None
    room, slot = form.cleaned_data["room"], form.cleaned_data["slot"]
    return next((one for one in every if one.room.pk == room.pk and one.slot.pk == slot.pk), None)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME)
def places(request: HttpRequest, forum_request: ForumRequest, number: int, session: int) -> HttpResponse:  # noqa: ARG001
    """Give the board what each place would mean for the session that is being dragged."""
    moving = _moving(forum_request, number, session)
    names = frame_now(forum_request.forum)[0].names
    return JsonResponse({"places": as_map(offers(_choices(moving), names, forum_request.forum.timezone))})


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def take_out(request: HttpRequest, forum_request: ForumRequest, number: int, session: int) -> HttpResponse:
    """Take the place of a session away."""
    moving = _moving(forum_request, number, session)
    version = request.POST.get("version", "")
    moves.take_out(
        timetable=moving.timetable,
        session=moving.session,
        seen_version=int(version) if version.isdecimal() else None,
        actor=forum_request.actor(Role.SECRETARIAT),
        now=forum_request.now,
    )
    messages.success(request, gettext("Taken out. It waits among the sessions without a place."))
    return redirect("programme:timetable", forum_request.forum.slug, number)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def lock(request: HttpRequest, forum_request: ForumRequest, number: int, session: int) -> HttpResponse:
    """Lock a session to where it stands, to its time alone, or let it go."""
    moving = _moving(forum_request, number, session)
    actor = forum_request.actor(Role.SECRETARIAT)
    if "unlock" in request.POST:
        locks.unlock_session(session=moving.session, actor=actor, now=forum_request.now)
        messages.success(request, gettext("Unlocked. It may stand elsewhere in the next timetable."))
    else:
        _lock(moving, forum_request, with_room="with_room" in request.POST)
        messages.success(request, gettext("Locked. Every timetable that is made from now on keeps it."))
    return redirect("programme:move", forum_request.forum.slug, number, session)


def _lock(moving: Moving, forum_request: ForumRequest, *, with_room: bool) -> SessionLock:
    placement = moving.placement
    slots = moving.session.forum.slots
    slot = slots.filter(starts_at=placement.period.lower).first() if placement else None
    if placement is None or slot is None:
        raise Refused(
            gettext("This session has no place here that it could be locked to. Please place it first."),
            "lock-nowhere",
        )
    return locks.lock_session(
        session=moving.session,
        slot=slot,
        room=placement.room if with_room else None,
        actor=forum_request.actor(Role.SECRETARIAT),
        now=forum_request.now,
    )

"""Pages of one initiative: register, read, update, withdraw."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from muntada.evidence.initiatives.actions import checks
from muntada.evidence.initiatives.actions import initiatives as actions
from muntada.evidence.initiatives.adapter import duplicates
from muntada.evidence.initiatives.adapter.cooperation import id_of
from muntada.evidence.initiatives.adapter.duplicates import Alike
from muntada.evidence.initiatives.forms import InitiativeForm, SendBackForm
from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.queries import initiatives as queries
from muntada.evidence.initiatives.queries.duplicates import stands_for
from muntada.evidence.initiatives.rules import READING_ROLES, PublicationState
from muntada.forums.queries import ForumRequest, goals_of, is_open, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import NotAllowed
from muntada.foundations.pages import (
    ANYONE,
    READS_AND_WRITES,
    SIGNED_IN,
    PagePanel,
    answer_form,
    refusals_shown_in,
)
from muntada.people.queries import organisations_of
from muntada.people.rules import Role
from muntada.record.queries import trace_panels

OWNING_ROLES = (Role.SECRETARIAT, Role.PARTICIPANT)

# Panels of later features on the page, "above" or "below" its text.
type InitiativePanels = Mapping[str, tuple[Callable[[ForumRequest, Initiative], PagePanel | None], ...]]


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def register(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Register an initiative; a refusal or a likely duplicate keeps the input."""
    form = _form(request, forum_request, _known_of(forum_request)).suggests()
    like_it: list[Alike] = []
    if request.method == "POST" and form.is_valid():
        new = form.initiative()
        if "is_another" not in request.POST:
            like_it = duplicates.like_it(forum_request.forum, new)
        if not like_it:
            with refusals_shown_in(form):
                done = actions.register_initiative(
                    forum=forum_request.forum,
                    actor=forum_request.actor(Role.PARTICIPANT),
                    new=new,
                    now=forum_request.now,
                )
                return redirect(done.initiative)
    context = {
        "form": form,
        "is_open": is_open(forum_request.forum, Stage.EVIDENCE, forum_request.now),
        "like_it": like_it,
        "was_warned": bool(like_it) or "is_another" in request.POST,
    }
    return answer_form(request, "evidence/initiatives/register.html", form, context)


def _form(request: HttpRequest, forum_request: ForumRequest, initial: dict[str, Any]) -> InitiativeForm:
    return InitiativeForm(
        request.POST or None,
        lines=lines_of(forum_request.forum),
        goals=goals_of(forum_request.forum),
        initial=initial,
    )


def _known_of(forum_request: ForumRequest) -> dict[str, object]:
    """Return initial values known of the person."""
    known: dict[str, object] = {"language": get_language()}
    organisation = next(iter(organisations_of(forum_request.person)), None) if forum_request.person else None
    if organisation:
        known["organisation"] = organisation.name
        known["organisation_kind"] = organisation.kind
        known["organisation_country"] = known["country"] = organisation.country
    return known


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def initiative(
    request: HttpRequest, forum_request: ForumRequest, number: int, panels: InitiativePanels
) -> HttpResponse:
    kept = queries.initiative_at(forum_request, number)
    return _page(request, forum_request, kept, panels, SendBackForm())


def _page(
    request: HttpRequest,
    forum_request: ForumRequest,
    kept: Initiative,
    panels: InitiativePanels,
    form: SendBackForm,
    status: int = 200,
) -> HttpResponse:
    may_change = queries.may_change_initiative(forum_request, kept)
    is_own = queries.is_own(forum_request, kept)
    context = {
        "initiative": kept,
        "may_change": may_change,
        "is_due": may_change and queries.is_due_here(kept, forum_request.now),
        "may_read": forum_request.has(*READING_ROLES)
        and kept.standing == PublicationState.SUBMITTED
        and not kept.withdrawn_at,
        "send_back": form,
        "receipt": queries.receipt_of(kept) if is_own else None,
        "cooperation_id": id_of(kept.organisation_id),
        "stands_for": stands_for(kept),
        "versions": queries.versions_of(kept),
        "panels": {
            place: [panel for make in makers if (panel := make(forum_request, kept)) is not None]
            for place, makers in panels.items()
        },
    }
    return render(
        request, "evidence/initiatives/initiative.html", context | trace_panels(kept.symbol), status=status
    )


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def edit(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Update an initiative."""
    kept = queries.initiative_at(forum_request, number)
    if not queries.may_change_initiative(forum_request, kept):
        raise NotAllowed(gettext("Only its author and the secretariat can change this initiative."), "change")
    initial = queries.said_of(kept) | {
        "addresses": kept.media,
        "organisation_kind": kept.organisation.kind,
        "organisation_country": kept.organisation.country,
    }
    form = _form(request, forum_request, initial)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.update_initiative(
                initiative=kept,
                actor=forum_request.actor(*OWNING_ROLES),
                new=form.initiative(),
                now=forum_request.now,
            )
            messages.success(request, gettext("The entry was changed. How it stood before is kept below."))
            return redirect(kept)
    context = {
        "form": form,
        "initiative": kept,
        "is_open": is_open(forum_request.forum, Stage.EVIDENCE, forum_request.now),
    }
    return answer_form(request, "evidence/initiatives/edit.html", form, context)


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=("POST",))
def confirm(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Confirm that the entry is still correct."""
    kept = queries.initiative_at(forum_request, number)
    actions.confirm_initiative(
        initiative=kept, actor=forum_request.actor(*OWNING_ROLES), now=forum_request.now
    )
    messages.success(request, gettext("Thank you. The entry is marked as true today."))
    return redirect(kept)


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=("POST",))
def withdraw(_request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.initiative_at(forum_request, number)
    actions.withdraw_initiative(
        initiative=kept, actor=forum_request.actor(*OWNING_ROLES), now=forum_request.now
    )
    return redirect(kept)


@forum_page(may=role(*READING_ROLES), stage=Stage.EVIDENCE, methods=("POST",))
def publish(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.initiative_at(forum_request, number)
    checks.publish_initiative(
        initiative=kept, actor=forum_request.actor(*READING_ROLES), now=forum_request.now
    )
    messages.success(request, gettext("The entry is published; its author is told."))
    return redirect(kept)


@forum_page(may=role(*READING_ROLES), stage=Stage.EVIDENCE, methods=("POST",))
def send_back(
    request: HttpRequest, forum_request: ForumRequest, number: int, panels: InitiativePanels
) -> HttpResponse:
    """Ask the author to complete the entry."""
    kept = queries.initiative_at(forum_request, number)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _page(request, forum_request, kept, panels, form, status=422)
    checks.send_back_initiative(
        initiative=kept,
        reason=form.cleaned_data["reason"],
        actor=forum_request.actor(*READING_ROLES),
        now=forum_request.now,
    )
    messages.success(request, gettext("The entry was sent back; its author is told what is missing."))
    return redirect(kept)

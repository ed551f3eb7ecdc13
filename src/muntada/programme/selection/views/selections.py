"""Choosing the programme: rules and pins, selections and how they are made, two of them side by side."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.errors import Refused
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.rules import JobState
from muntada.foundations.pages import READS_AND_WRITES, answer_form, refusals_shown_in
from muntada.foundations.stored import read_stored
from muntada.people.rules import Role
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.queries.request_facts import facts_of_all
from muntada.programme.requests.queries.requests import request_at
from muntada.programme.requests.rules.requests import UNDECIDED
from muntada.programme.selection.actions import selections as actions
from muntada.programme.selection.forms import PinForm, SelectionForm, SelectionRulesForm
from muntada.programme.selection.models import Selection
from muntada.programme.selection.pages import (
    SelectionNames,
    capacity_of,
    chosen_rows,
    further_of,
    names_of,
    other_rows,
    rules_of,
    rules_side_by_side,
    steps_of,
)
from muntada.programme.selection.queries import (
    material_of,
    pins_of,
    selection_at,
    selections_of,
    terms_of_selection,
    theme_titles,
)
from muntada.programme.selection.rules.selections import SelectionProgress, SelectionTerms

PER_PAGE = 50
PARTS = {
    "making": "programme/selection/parts/choosing.html",
    "further": "programme/selection/parts/working_out.html",
}


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def selections(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show what a selection would be made from, and the selections there are; order another."""
    terms = terms_of_selection(forum_request.forum)
    form = SelectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            made = _order(forum_request, terms, form.cleaned_data["seed"])
            return redirect("programme:selection", forum_request.forum.slug, made.number)
    material = material_of(forum_request.forum, terms)
    context = {
        "form": form,
        "material": material,
        "capacity": capacity_of(terms, material.supply),
        "unmarked": len(material.requests) - material.marked,
        "selections": selections_of(forum_request.forum),
    }
    return answer_form(request, "programme/selection/selections.html", form, context)


def _order(forum_request: ForumRequest, terms: SelectionTerms, seed: int) -> Selection:
    return actions.order_selection(
        forum=forum_request.forum,
        terms=terms,
        seed=seed,
        actor=forum_request.actor(Role.SECRETARIAT),
        now=forum_request.now,
    )


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def rules(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Set the rules, or try others in a selection; `?from=3` begins with those of selection 3."""
    asked = request.GET.get("from", "")
    kept = selection_at(forum_request.forum, int(asked)) if asked.isdecimal() else None
    terms = kept.terms if kept else terms_of_selection(forum_request.forum)
    form = SelectionRulesForm(request.POST or None, terms=terms)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            return _use_rules(request, forum_request, form, kept)
    return answer_form(
        request, "programme/selection/selection_rules.html", form, {"form": form, "before": kept}
    )


def _use_rules(
    request: HttpRequest, forum_request: ForumRequest, form: SelectionRulesForm, before: Selection | None
) -> HttpResponse:
    terms = form.chosen()
    if "try" in request.POST:
        made = _order(forum_request, terms, before.seed if before else 1)
        return redirect("programme:selection", forum_request.forum.slug, made.number)
    actions.set_selection_rules(
        forum=forum_request.forum,
        terms=terms,
        actor=forum_request.actor(Role.SECRETARIAT),
        now=forum_request.now,
    )
    messages.success(request, gettext("Kept. The next selection is made by these rules."))
    return redirect("programme:selections", forum_request.forum.slug)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME)
def selection(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show a selection, or how far its making has come; `?part=making` is what live updates ask for."""
    kept = selection_at(forum_request.forum, number)
    context: dict[str, object] = {
        "selection": kept,
        "job": kept.job,
        "steps": steps_of(_step_of(kept.job)),
        "further": further_of(kept.further, is_worked_on=kept.is_worked_on),
    }
    part = PARTS.get(request.GET.get("part", ""))
    if part:
        return render(request, part, context)
    if kept.is_made:
        context |= _shown(request, forum_request, kept)
    return render(request, "programme/selection/selection.html", context)


def _step_of(job: Job | None) -> str:
    """Return the step a making is at; one that has begun is at the first before it has said so."""
    if job is None or job.state != JobState.RUNNING:
        return ""
    return read_stored(SelectionProgress, job.details).step


def _names(forum_request: ForumRequest) -> SelectionNames:
    return names_of(facts_of_all(forum_request.forum), theme_titles(forum_request.forum))


def _shown(request: HttpRequest, forum_request: ForumRequest, kept: Selection) -> Mapping[str, object]:
    names, result, inputs = _names(forum_request), kept.outcome, kept.made_from
    others = other_rows(result, inputs, names)
    conflict = result.conflict
    return {
        "result": result,
        "gap": result.gap_in_percent,
        "chosen": chosen_rows(result, inputs, names),
        "page": Paginator(others, PER_PAGE).get_page(request.GET.get("page")),
        "rules": rules_of(result, names),
        "has_intervals": result.has_intervals,
        "conflict": [names.said(one) for one in conflict.reasons] if conflict else [],
        "is_smallest": bool(conflict and conflict.smallest),
        "findings": [names.said(one.reason) for one in result.findings],
        "asked": len(inputs.requests),
        "unmarked": len(inputs.requests) - inputs.marked,
        "others": [one for one in selections_of(forum_request.forum) if _can_be_compared(one, kept)],
    }


def _can_be_compared(one: Selection, kept: Selection) -> bool:
    return one.pk != kept.pk and one.is_made


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def start_selection_again(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """Have a selection made after all whose making was broken off."""
    kept = selection_at(forum_request.forum, number)
    actions.start_selection_again(
        selection=kept, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now
    )
    return redirect("programme:selection", forum_request.forum.slug, kept.number)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def stop_selection(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """End the making of a selection; what was found and worked out so far is kept."""
    kept = selection_at(forum_request.forum, number)
    actions.stop_selection(selection=kept, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now)
    return redirect("programme:selection", forum_request.forum.slug, kept.number)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME)
def compare_selections(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show two selections side by side: their scores, who comes in and goes out, how each rule stands."""
    asked = request.GET.get("with", "")
    kept = selection_at(forum_request.forum, number)
    other = selection_at(forum_request.forum, int(asked) if asked.isdecimal() else 0)
    for one in (kept, other):
        if not one.is_made:
            raise Refused(
                gettext("Only selections that are made can be compared. Please wait for them."), "not-ready"
            )
    names = _names(forum_request)
    here, there = kept.outcome, other.outcome
    ours = chosen_rows(here, kept.made_from, names)
    theirs = chosen_rows(there, other.made_from, names)
    here_in, there_in = {row.symbol for row in ours}, {row.symbol for row in theirs}
    context = {
        "selection": kept,
        "other": other,
        "choice": here,
        "other_choice": there,
        "selection_name": _name(kept),
        "other_name": _name(other),
        "enter": [row for row in theirs if row.symbol not in here_in],
        "leave": [row for row in ours if row.symbol not in there_in],
        "both": len(here_in & there_in),
        "rules": rules_side_by_side(rules_of(here, names), rules_of(there, names)),
    }
    return render(request, "programme/selection/selection_comparison.html", context)


def _name(selection: Selection) -> str:
    return gettext("Selection %(number)s") % {"number": selection.number}


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def pin(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Decide that a request must be in or must be out, or leave it to the rules again."""
    kept = request_at(forum_request, number)
    now = pins_of(forum_request.forum).filter(request=kept).first()
    first = {"reason": now.reason, "reason_language": now.language} if now else {}
    form = PinForm(request.POST or None, **first)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            _pin(request, forum_request, kept, form)
            return redirect("programme:selections", forum_request.forum.slug)
    context = {"kept": kept, "pin": now, "form": form, "may_pin": kept.state in UNDECIDED}
    return answer_form(request, "programme/selection/pin.html", form, context)


def _pin(request: HttpRequest, forum_request: ForumRequest, kept: SessionRequest, form: PinForm) -> None:
    actor = forum_request.actor(Role.SECRETARIAT)
    if "unpin" in request.POST:
        actions.unpin_request(request=kept, actor=actor, now=forum_request.now)
        messages.success(request, gettext("It is left to the rules again."))
        return
    if not {"in", "out"} & set(request.POST):
        raise Refused(gettext("Please choose whether it must be in or must be out."), "pin")
    is_in = "in" in request.POST
    actions.pin_request(
        request=kept,
        is_in=is_in,
        why=form.why(),
        person=forum_request.person,
        actor=actor,
        now=forum_request.now,
    )
    words = gettext("It must be in.") if is_in else gettext("It must be out.")
    messages.success(request, f"{words} {gettext('It holds for selections made from now on.')}")

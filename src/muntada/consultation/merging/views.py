"""Pages to propose and decide on merges."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.calls.views.calls import typed
from muntada.consultation.contributions.models import Contribution, Merge
from muntada.consultation.contributions.queries import contributions, merges
from muntada.consultation.contributions.rules.contributions import TEXT_LENGTH
from muntada.consultation.merging import actions
from muntada.consultation.merging.forms import SYMBOL_LENGTH, DeclineForm, JointForm, UndoForm
from muntada.forums.merging.actions import require_may_decide
from muntada.forums.merging.queries import doors_of
from muntada.forums.merging.rules import MergeState, joined_text, overlap, overlap_sides
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import Refused
from muntada.foundations.pages import ANYONE, SIGNED_IN, answer_form, refusals_shown_in


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=("GET", "HEAD", "POST"))
def propose(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Choose another contribution, compare both, and propose a joint text."""
    one = contributions.contribution_at(forum_request, number)
    asked = request.POST.get("other", "") if request.method == "POST" else request.GET.get("with", "")
    asked = asked.strip()[:SYMBOL_LENGTH]
    context: dict[str, object] = {"contribution": one, "asked": asked}
    try:
        other = _other(forum_request, one, asked) if asked else None
    except Refused as refusal:
        context["refusal"] = refusal
        return render(request, "consultation/merging/propose_merge.html", context, status=422)
    if other is None:
        return render(request, "consultation/merging/propose_merge.html", context)
    form = JointForm(
        typed(request),
        initial={
            "other": other.symbol.short,
            "title": one.title,
            "text": joined_text(one.whole_text, other.whole_text, TEXT_LENGTH),
            "language": one.language,
        },
    )
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            merge = actions.propose_merge(
                forum_request=forum_request, contribution=one, other=other, joint=form.joint()
            )
            messages.success(request, gettext("It is proposed. Both authors are asked by letter."))
            return redirect(merge)
    compared = overlap(one.whole_text, other.whole_text)
    context |= {
        "form": form,
        "other": other,
        "overlap": compared,
        "overlap_sides": overlap_sides(compared, one, other),
    }
    return answer_form(request, "consultation/merging/propose_merge.html", form, context)


def _other(forum_request: ForumRequest, one: Contribution, words: str) -> Contribution:
    """Return the named contribution, or why the two cannot be merged."""
    named = contributions.contributions_named(forum_request.forum, words)
    if len(named) > 1:
        raise Refused(gettext("Please choose one contribution at a time."), "merge-several", "other")
    if not named or named[0].pk == one.pk:
        sentence = gettext("Please choose another contribution to be said together with this one.")
        raise Refused(sentence, "merge-itself", "other")
    # Checked before showing texts, and before somebody writes a joint text in vain.
    actions.require_mergeable(one, named[0])
    return named[0]


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def merge(request: HttpRequest, forum_request: ForumRequest, number: int, pk: int) -> HttpResponse:
    """Show a proposal: both texts, the joint one, and consents."""
    return _merge_page(request, forum_request, merges.merge_at(forum_request, number, pk), None)


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=("POST",))
def decide(request: HttpRequest, forum_request: ForumRequest, number: int, pk: int) -> HttpResponse:
    """Consent, decline or undo, by button."""
    kept = merges.merge_at(forum_request, number, pk)
    require_may_decide(ANSWERING_ROLES, forum_request=forum_request, merge=kept)
    step = request.POST.get("step", "")
    if step == "consent":
        actions.consent_to_merge(forum_request=forum_request, merge=kept)
        return redirect(kept)
    form = _reason_form(kept)(typed(request))
    if step in {"decline", "unmerge"} and form.is_valid():
        act = actions.decline_merge if step == "decline" else actions.unmerge
        with refusals_shown_in(form):
            act(forum_request=forum_request, merge=kept, reason=form.cleaned_data["reason"])
            return redirect(kept)
    return _merge_page(request, forum_request, kept, form)


def _reason_form(kept: Merge) -> type[DeclineForm] | type[UndoForm]:
    return UndoForm if kept.state is MergeState.MERGED else DeclineForm


def _merge_page(
    request: HttpRequest, forum_request: ForumRequest, kept: Merge, form: DeclineForm | UndoForm | None
) -> HttpResponse:
    doors = doors_of(forum_request, kept, ANSWERING_ROLES)
    readable = contributions.may_read_contribution(
        forum_request, kept.first
    ) and contributions.may_read_contribution(forum_request, kept.second)
    compared = overlap(kept.first.whole_text, kept.second.whole_text) if readable else None
    context = {
        "merge": kept,
        "state": kept.state.value,
        # Undone merges are withdrawn; proposals are visible to those concerned only.
        "words_shown": kept.state is MergeState.MERGED or (readable and doors.is_concerned),
        "readable": readable,
        "overlap": compared,
        "overlap_sides": overlap_sides(compared, kept.first, kept.second) if compared else (),
        "doors": doors,
        "form": form or _reason_form(kept)(),
    }
    status = 422 if form is not None else 200
    return render(request, "consultation/merging/merge.html", context, status=status)

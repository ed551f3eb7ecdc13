from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from muntada.forums.queries import Here, is_open
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.pages import ANYONE, READS_AND_WRITES, answer_form, refusals_shown_in
from muntada.outcome import actions, forms, queries
from muntada.outcome.models import Draft
from muntada.outcome.rules import (
    EDITING_ROLES,
    NEGOTIATING_ROLES,
    CommitmentState,
    ParagraphKind,
    ParagraphState,
    ProposalKind,
    ProposalState,
    may_report,
)
from muntada.people.queries import organisations_of
from muntada.record.queries import trace_panels

PER_PAGE = 25


@forum_page(may=ANYONE, stage=Stage.OUTCOME)
def front(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the text as it stands, with what is still open in it."""
    context = {
        "text": queries.text_of(here.forum),
        "commitments": queries.commitments_of(here.forum)[:6],
        "may_edit": here.has(*EDITING_ROLES) and is_open(here.forum, Stage.OUTCOME, here.now),
        "live_topic": f"{here.forum.slug}-outcome",
    }
    return render(request, "outcome/front.html", context)


@forum_page(may=ANYONE, stage=Stage.OUTCOME)
def paragraph(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.paragraph_at(here.forum, number)
    is_stage_open = is_open(here.forum, Stage.OUTCOME, here.now)
    can_change = not kept.draft.is_adopted and is_stage_open and kept.state != ParagraphState.DELETED
    context = {
        "paragraph": kept,
        "proposals": kept.proposals.select_related("symbol__forum"),
        "versions": kept.versions.select_related("replaced_by__symbol__forum"),
        "commitments": kept.commitments.select_related("symbol__forum"),
        "may_propose": here.has(*NEGOTIATING_ROLES) and can_change,
        "may_edit": here.has(*EDITING_ROLES) and can_change,
        "may_commit": here.has(*NEGOTIATING_ROLES),
        "mark_form": forms.MarkForm(initial={"state": kept.state}),
    }
    return render(request, "outcome/paragraph.html", context | trace_panels(kept.symbol))


@forum_page(may=ANYONE, stage=Stage.OUTCOME)
def proposal(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.proposal_at(here.forum, number)
    is_standing = not kept.paragraph.draft.is_adopted and kept.paragraph.state != ParagraphState.DELETED
    may_decide = here.has(*EDITING_ROLES) and kept.state == ProposalState.OPEN and is_standing
    context = {"proposal": kept, "decision_form": forms.DecisionForm() if may_decide else None}
    return render(request, "outcome/proposal.html", context | trace_panels(kept.symbol))


@forum_page(may=ANYONE, stage=Stage.OUTCOME)
def commitments(request: HttpRequest, here: Here) -> HttpResponse:
    found = queries.commitments_of(here.forum)
    state = request.GET.get("state", "")
    if state in set(CommitmentState):
        found = found.filter(state=state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "outcome/commitments.html", {"commitments": page, "chosen_state": state})


@forum_page(may=ANYONE, stage=Stage.OUTCOME)
def commitment(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.commitment_at(here.forum, number)
    context = {
        "commitment": kept,
        "reports": kept.reports.all(),
        "may_report": may_report(here.actor(*EDITING_ROLES, *NEGOTIATING_ROLES), kept.made_by_id),
    }
    return render(request, "outcome/commitment.html", context | trace_panels(kept.symbol))


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def open_draft(request: HttpRequest, here: Here) -> HttpResponse:
    form = forms.DraftForm(request.POST or None, initial={"language": get_language()}).suggests()

    def done() -> str:
        actions.open_draft(
            forum=here.forum, title=form.words(), actor=here.actor(*EDITING_ROLES), now=here.now
        )
        return f"/{here.forum.slug}/outcome"

    return _write(request, form, done, {"heading": gettext("Begin the text of the outcome")})


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def write_paragraph(request: HttpRequest, here: Here) -> HttpResponse:
    draft = _draft(here)
    initial = {"language": draft.language, "kind": ParagraphKind.OPERATIVE}
    form = forms.ParagraphForm(request.POST or None, initial=initial).suggests()

    def done() -> str:
        kept = actions.write_paragraph(
            draft=draft,
            kind=ParagraphKind(form.cleaned_data["kind"]),
            words=form.words(),
            actor=here.actor(*EDITING_ROLES),
            now=here.now,
        )
        return kept.get_absolute_url()

    return _write(request, form, done, {"heading": gettext("Add a paragraph")})


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def change_paragraph(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.paragraph_at(here.forum, number)
    form = forms.WordsForm(request.POST or None, initial={"text": kept.text, "language": kept.language})

    def done() -> str:
        actions.change_paragraph(
            paragraph=kept, words=form.words(), actor=here.actor(*EDITING_ROLES), now=here.now
        )
        return kept.get_absolute_url()

    return _write(request, form, done, {"heading": gettext("Change the paragraph"), "paragraph": kept})


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=("POST",))
def mark_paragraph(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.paragraph_at(here.forum, number)
    form = forms.MarkForm(request.POST, initial={"state": kept.state})
    if form.conflicts:
        sentence = gettext("Somebody else marked this paragraph meanwhile. Please look how it stands now.")
        messages.warning(request, sentence)
    elif form.is_valid():
        actions.mark_paragraph(
            paragraph=kept,
            state=ParagraphState(form.cleaned_data["state"]),
            actor=here.actor(*EDITING_ROLES),
            now=here.now,
        )
    return redirect(kept)


@forum_page(may=role(*NEGOTIATING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def propose(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Propose words for a paragraph."""
    kept = queries.paragraph_at(here.forum, number)
    parties = organisations_of(here.person, vouched_only=True) if here.person else []
    initial = {
        "language": kept.language,
        "text": kept.text,
        "kind": ProposalKind.REPLACE,
        "party": parties[0].name if parties else "",
    }
    form = forms.ProposalForm(request.POST or None, initial=initial)

    def done() -> str:
        made = actions.propose_text(
            paragraph=kept,
            kind=ProposalKind(form.cleaned_data["kind"]),
            party=form.cleaned_data["party"],
            words=form.words(),
            rationale=form.cleaned_data["rationale"],
            author=here.person,
            actor=here.actor(*NEGOTIATING_ROLES),
            now=here.now,
        )
        return made.get_absolute_url()

    return _write(request, form, done, {"heading": gettext("Propose words"), "paragraph": kept})


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=("POST",))
def decide(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Take a proposal into the text or decline it, with a reason."""
    kept = queries.proposal_at(here.forum, number)
    form = forms.DecisionForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.decide_proposal(
                proposal=kept,
                is_accepted=form.cleaned_data["decision"] == "accept",
                reason=form.cleaned_data["reason"],
                actor=here.actor(*EDITING_ROLES),
                now=here.now,
            )
            return redirect(kept)
    context = {"proposal": kept, "decision_form": form} | trace_panels(kept.symbol)
    return render(request, "outcome/proposal.html", context, status=422)


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def adopt(request: HttpRequest, here: Here) -> HttpResponse:
    """Ask once more, then adopt the text."""
    text = queries.text_of(here.forum)
    if text is None:
        raise NotThere("", "draft")
    refusal = None
    if request.method == "POST":
        try:
            actions.adopt(draft=text.draft, actor=here.actor(*EDITING_ROLES), now=here.now)
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, gettext("The text is adopted."))
            return redirect("outcome:front", forum=here.forum.slug)
    context = {"text": text, "refusal": refusal}
    return render(request, "outcome/adopt.html", context, status=422 if refusal else 200)


@forum_page(may=role(*NEGOTIATING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def commit(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Make a commitment on a paragraph."""
    kept = queries.paragraph_at(here.forum, number)
    form = forms.CommitmentForm(request.POST or None, initial={"language": get_language()})

    def done() -> str:
        made = actions.make_commitment(
            paragraph=kept,
            undertaking=form.undertaking(),
            author=here.person,
            actor=here.actor(*NEGOTIATING_ROLES),
            now=here.now,
        )
        return made.get_absolute_url()

    return _write(request, form, done, {"heading": gettext("Make a commitment"), "paragraph": kept})


@forum_page(may=role(*NEGOTIATING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def report(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Report how a commitment stands."""
    kept = queries.commitment_at(here.forum, number)
    initial = {"language": get_language(), "state": kept.state}
    form = forms.ReportForm(request.POST or None, initial=initial).suggests("language", "text")

    def done() -> str:
        actions.report_on_commitment(
            commitment=kept,
            state=CommitmentState(form.cleaned_data["state"]),
            words=form.words(),
            actor=here.actor(*EDITING_ROLES, *NEGOTIATING_ROLES),
            now=here.now,
        )
        return kept.get_absolute_url()

    return _write(request, form, done, {"heading": gettext("Report on the commitment"), "commitment": kept})


def _write(
    request: HttpRequest, form: Form, done: Callable[[], str], context: dict[str, object]
) -> HttpResponse:
    """Show a form, or do what it asks; a refusal stands in the form with everything typed."""
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            return redirect(done())
    return answer_form(request, "outcome/write.html", form, {"form": form} | context)


def _draft(here: Here) -> Draft:
    draft = queries.current_draft(here.forum)
    if draft is None:
        raise NotThere(gettext("The text is not begun yet. Please begin it first."), "draft")
    return draft

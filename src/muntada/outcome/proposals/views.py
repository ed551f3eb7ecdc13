from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import ANYONE, READS_AND_WRITES, refusals_shown_in
from muntada.outcome.proposals import actions, forms, queries
from muntada.outcome.proposals.rules import ProposalKind, ProposalState
from muntada.outcome.texts import queries as texts
from muntada.outcome.texts.rules import EDITING_ROLES, NEGOTIATING_ROLES, ParagraphState
from muntada.outcome.texts.views import write_page
from muntada.people.queries import organisations_of
from muntada.record.queries import trace_panels


@forum_page(may=ANYONE, stage=Stage.OUTCOME)
def proposal(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.proposal_at(forum_request.forum, number)
    is_standing = not kept.paragraph.draft.is_adopted and kept.paragraph.state != ParagraphState.DELETED
    may_decide = forum_request.has(*EDITING_ROLES) and kept.state == ProposalState.OPEN and is_standing
    context = {"proposal": kept, "decision_form": forms.ProposalDecisionForm() if may_decide else None}
    return render(request, "outcome/proposals/proposal.html", context | trace_panels(kept.symbol))


@forum_page(may=role(*NEGOTIATING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def propose(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Propose text for a paragraph."""
    kept = texts.paragraph_at(forum_request.forum, number)
    parties = organisations_of(forum_request.person, vouched_only=True) if forum_request.person else []
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
            author=forum_request.person,
            actor=forum_request.actor(*NEGOTIATING_ROLES),
            now=forum_request.now,
        )
        return made.get_absolute_url()

    return write_page(request, form, done, {"heading": gettext("Propose words"), "paragraph": kept})


@forum_page(may=role(*EDITING_ROLES), stage=Stage.OUTCOME, methods=("POST",))
def decide(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Accept or decline a proposal, with a reason."""
    kept = queries.proposal_at(forum_request.forum, number)
    form = forms.ProposalDecisionForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.decide_proposal(
                proposal=kept,
                is_accepted=form.cleaned_data["decision"] == "accept",
                reason=form.cleaned_data["reason"],
                actor=forum_request.actor(*EDITING_ROLES),
                now=forum_request.now,
            )
            return redirect(kept)
    context = {"proposal": kept, "decision_form": form} | trace_panels(kept.symbol)
    return render(request, "outcome/proposals/proposal.html", context, status=422)

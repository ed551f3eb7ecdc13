from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import ANYONE, READS_AND_WRITES
from muntada.outcome.commitments import actions, forms, queries
from muntada.outcome.commitments.rules import CommitmentState, may_report
from muntada.outcome.texts import queries as texts
from muntada.outcome.texts.rules import EDITING_ROLES, NEGOTIATING_ROLES
from muntada.outcome.texts.views import write_page
from muntada.record.queries import trace_panels

PER_PAGE = 25


@forum_page(may=ANYONE, stage=Stage.OUTCOME)
def commitments(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    found = queries.commitments_of(forum_request.forum)
    state = request.GET.get("state", "")
    if state in set(CommitmentState):
        found = found.filter(state=state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "outcome/commitments/commitments.html", {"commitments": page})


@forum_page(may=ANYONE, stage=Stage.OUTCOME)
def commitment(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.commitment_at(forum_request.forum, number)
    context = {
        "commitment": kept,
        "reports": kept.reports.all(),
        "may_report": may_report(forum_request.actor(*EDITING_ROLES, *NEGOTIATING_ROLES), kept.made_by_id),
    }
    return render(request, "outcome/commitments/commitment.html", context | trace_panels(kept.symbol))


@forum_page(may=role(*NEGOTIATING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def commit(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Make a commitment on a paragraph."""
    kept = texts.paragraph_at(forum_request.forum, number)
    form = forms.CommitmentForm(request.POST or None, initial={"language": get_language()})

    def done() -> str:
        made = actions.make_commitment(
            paragraph=kept,
            undertaking=form.undertaking(),
            author=forum_request.person,
            actor=forum_request.actor(*NEGOTIATING_ROLES),
            now=forum_request.now,
        )
        return made.get_absolute_url()

    return write_page(request, form, done, {"heading": gettext("Make a commitment"), "paragraph": kept})


@forum_page(may=role(*NEGOTIATING_ROLES), stage=Stage.OUTCOME, methods=READS_AND_WRITES)
def report(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Report how a commitment stands."""
    kept = queries.commitment_at(forum_request.forum, number)
    initial = {"language": get_language(), "state": kept.state}
    form = forms.CommitmentReportForm(request.POST or None, initial=initial).suggests("language", "text")

    def done() -> str:
        actions.report_on_commitment(
            commitment=kept,
            state=CommitmentState(form.cleaned_data["state"]),
            words=form.words(),
            actor=forum_request.actor(*EDITING_ROLES, *NEGOTIATING_ROLES),
            now=forum_request.now,
        )
        return kept.get_absolute_url()

    return write_page(
        request, form, done, {"heading": gettext("Report on the commitment"), "commitment": kept}
    )

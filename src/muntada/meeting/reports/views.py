from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from muntada.forums.queries import ForumRequest, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import ANYONE, READS_AND_WRITES, answer_form, refusals_shown_in
from muntada.meeting.reports import actions, queries
from muntada.meeting.reports.forms import SessionReportForm, points_as_text
from muntada.meeting.reports.rules import REPORTING_ROLES
from muntada.meeting.sessions import queries as sessions
from muntada.record.queries import trace_panels


@forum_page(may=ANYONE, stage=Stage.MEETING)
def report(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.report_at(forum_request.forum, number)
    context = {
        "report": kept,
        "groups": queries.point_groups(kept),
        "may_report": forum_request.has(*REPORTING_ROLES),
    }
    return render(request, "meeting/reports/report.html", context | trace_panels(kept.symbol))


@forum_page(may=role(*REPORTING_ROLES), stage=Stage.MEETING, methods=READS_AND_WRITES)
def file_report(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """File the report of a session, or change it."""
    kept = sessions.session_at(forum_request.forum, number)
    known = queries.report_of(kept)
    initial: dict[str, object] = {"language": get_language()}
    if known:
        initial = {"summary": known.summary, "language": known.language}
        initial |= points_as_text(list(known.points.select_related("line")))
    form = SessionReportForm(request.POST or None, lines=lines_of(forum_request.forum), initial=initial)
    if known is None:
        form.suggests("language")
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            filed = actions.file_report(
                session=kept,
                rapporteur=forum_request.person,
                summary=form.cleaned_data["summary"],
                points=form.points(),
                language=form.cleaned_data["language"],
                actor=forum_request.actor(*REPORTING_ROLES),
                now=forum_request.now,
            )
            return redirect(filed)
    context = {"session": kept, "form": form, "report": known}
    return answer_form(request, "meeting/reports/write_report.html", form, context)

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.forums.queries import ForumRequest, is_open
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE
from muntada.review.findings import queries as findings_queries
from muntada.review.findings.rules import KIND_NAMES, FindingKind
from muntada.review.findings.views import PER_PAGE
from muntada.review.front import queries
from muntada.review.returns import queries as returns
from muntada.review.sources.rules import FACILITATING_ROLES


@forum_page(may=ANYONE, stage=Stage.REVIEW)
def front(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show the coverage matrix and the findings."""
    findings = findings_queries.findings_of(forum_request.forum)
    line, kind = request.GET.get("line", ""), request.GET.get("kind", "")
    if line:
        findings = findings.filter(line__code=line)
    if kind in set(FindingKind):
        findings = findings.filter(kind=kind)
    coverage = queries.coverage(forum_request.forum)
    context = {
        "coverage": coverage,
        "findings": Paginator(findings, PER_PAGE).get_page(request.GET.get("page")),
        "kinds": [(kind.value, name) for kind, name in KIND_NAMES.items()],
        "lines": [row.line for row in coverage.rows],
        "chosen_line": line,
        "chosen_kind": kind,
        "returns": returns.published_returns(forum_request.forum),
        "may_propose": forum_request.has(*FACILITATING_ROLES)
        and is_open(forum_request.forum, Stage.REVIEW, forum_request.now),
    }
    return render(request, "review/front/front.html", context)

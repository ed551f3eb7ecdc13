"""Pages of targets and verdicts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.evidence.assessments import actions
from muntada.evidence.assessments import queries as assessments
from muntada.evidence.assessments.adapter.verdicts import methods_here
from muntada.evidence.assessments.forms import TargetForm
from muntada.evidence.assessments.pages.forecasts import forecast_page
from muntada.evidence.assessments.queries import inputs_of
from muntada.evidence.assessments.rules import TARGET_ROLES
from muntada.evidence.indicators.queries import indicators as queries
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import ANYONE, READS_AND_WRITES, answer_form, refusals_shown_in

SHOWN = ("agree", "differ")


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def progress(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show the targets of an indicator."""
    kept = queries.indicator_at(forum_request.forum, number)
    targets = list(kept.targets.select_related("indicator__symbol__forum"))
    context = {"indicator": kept, "targets": targets, "may_set": forum_request.has(*TARGET_ROLES)}
    return render(request, "evidence/assessments/progress.html", context)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def target(request: HttpRequest, forum_request: ForumRequest, number: int, year: int) -> HttpResponse:
    """Show the verdicts of all methods for every area, and their agreement."""
    kept = queries.indicator_at(forum_request.forum, number)
    found = assessments.target_at(kept, year)
    lines = assessments.verdicts_of(found)
    groups = [line for line in lines if not line.is_country]
    countries = [line for line in lines if line.is_country]
    asked = request.GET.get("show", "")
    show = asked if asked in SHOWN else ""
    shown = [line for line in countries if not show or line.is_agreed == (show == "agree")]
    methods = methods_here()
    areas = {line.area.code: line.area for line in lines}
    context = {
        "indicator": kept,
        "target": found,
        "methods": methods,
        "titles": {one.id: one.title for one in methods},
        "groups": groups,
        "countries": shown,
        "every": len(countries),
        "agreement": assessments.agreement_of(countries or groups),
        "show": show,
        "forecast": forecast_page(inputs_of(kept), found, request.GET.get("area", ""), areas),
        "may_set": forum_request.has(*TARGET_ROLES),
    }
    return render(request, "evidence/assessments/target.html", context)


@forum_page(may=role(*TARGET_ROLES), stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def set_target(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Set a target; all areas are assessed at once."""
    kept = queries.indicator_at(forum_request.forum, number)
    form = TargetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            made = actions.set_target(
                indicator=kept,
                new=form.new_target(),
                actor=forum_request.actor(*TARGET_ROLES),
                now=forum_request.now,
            )
            messages.success(request, gettext("The target is set, and every area is judged by all methods."))
            return redirect(made)
    return answer_form(
        request, "evidence/assessments/set_target.html", form, {"indicator": kept, "form": form}
    )


@forum_page(may=role(*TARGET_ROLES), stage=Stage.EVIDENCE, methods=("POST",))
def remove_target(request: HttpRequest, forum_request: ForumRequest, number: int, year: int) -> HttpResponse:
    kept = queries.indicator_at(forum_request.forum, number)
    found = assessments.target_at(kept, year)
    actions.remove_target(target=found, actor=forum_request.actor(*TARGET_ROLES), now=forum_request.now)
    messages.success(request, gettext("The target was removed, with what was judged by it."))
    return redirect("evidence:progress", forum_request.forum.slug, number)

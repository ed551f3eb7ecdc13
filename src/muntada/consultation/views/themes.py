"""Themes: what several contributions raise together, in which of their words, and who asks for it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.consultation.actions import themes as actions
from muntada.consultation.forms.fields import page_language
from muntada.consultation.forms.themes import ThemeForm, TitlesForm
from muntada.consultation.queries import contributions, themes
from muntada.consultation.rules.calls import ANSWERING_ROLES
from muntada.consultation.rules.themes import require_named
from muntada.consultation.views.calls import typed
from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import Refused
from muntada.foundations.pages import ANYONE, answer_form, put_refusal
from muntada.record.queries import trace_panels

PER_PAGE = 25
READS_AND_WRITES = ("GET", "HEAD", "POST")


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def theme_list(request: HttpRequest, here: Here) -> HttpResponse:
    listed = themes.themes_of(here.forum)
    may_answer = here.has(*ANSWERING_ROLES)
    context = {
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        "may_answer": may_answer,
        "suggestions": themes.suggestions_of(here.forum).count() if may_answer else 0,
    }
    return render(request, "consultation/themes.html", context)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def raise_theme(request: HttpRequest, here: Here) -> HttpResponse:
    """Name a theme and the contributions that raise it."""
    initial = {"language": page_language(), "contributions": request.GET.get("contributions", "")}
    form = ThemeForm(typed(request), initial=initial).suggests()
    if request.method == "POST" and form.is_valid():
        try:
            theme = actions.raise_theme(
                forum=here.forum,
                matter=form.matter(),
                contributions=contributions.contributions_named(
                    here.forum, form.cleaned_data["contributions"]
                ),
                actor=here.actor(*ANSWERING_ROLES),
                now=here.now,
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return redirect(theme)
    context = {"form": form}
    return answer_form(request, "consultation/raise_theme.html", form, context)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def theme(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Show a theme, in which words it is raised, and by whom."""
    kept = themes.theme_at(here.forum, number)
    listed = themes.contributions_in(kept)
    may_answer = here.has(*ANSWERING_ROLES)
    context = {
        "theme": kept,
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        "demand": themes.demand_for(kept),
        "taken_out": themes.taken_out_of(kept) if may_answer else [],
        "may_answer": may_answer,
        **trace_panels(kept.symbol),
    }
    return render(request, "consultation/theme.html", context)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def edit_theme(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Say better what a theme is called, in each language of the forum, and what it is about."""
    kept = themes.theme_at(here.forum, number)
    initial = {"description": kept.description, "language": kept.language}
    form = TitlesForm(typed(request), languages=here.forum.languages, titles=kept.titles, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_theme(
                theme=kept, matter=form.matter(), actor=here.actor(*ANSWERING_ROLES), now=here.now
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return redirect(kept)
    context = {"form": form, "theme": kept}
    return answer_form(request, "consultation/edit_theme.html", form, context)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def contribution_themes(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Choose the paragraphs of a contribution that raise a theme."""
    said = contributions.contribution_at(here, number)
    refusal: Refused | None = None
    chosen = request.POST.getlist("parts")
    theme_number = request.POST.get("theme", request.GET.get("theme", ""))
    if request.method == "POST":
        try:
            kept = _theme_named(here, theme_number)
            actions.assign_parts(
                theme=themes.theme_at(here.forum, kept),
                contribution=said,
                keys=chosen,
                actor=here.actor(*ANSWERING_ROLES),
                now=here.now,
            )
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, gettext("The paragraphs are assigned."))
            return redirect(request.path)
    context = {
        "contribution": said,
        "parts": actions.said_in_parts(said),
        "assigned": themes.passages_of(said),
        "themes": list(themes.themes_of(here.forum)),
        "chosen": chosen,
        "theme_number": theme_number,
        "refusal": refusal,
    }
    return render(request, "consultation/contribution_themes.html", context, status=422 if refusal else 200)


def _theme_named(here: Here, written: str) -> int:
    numbers = {str(one.symbol.number): one.symbol.number for one in themes.themes_of(here.forum)}
    if written not in numbers:
        raise Refused(gettext("Please choose the theme that is raised."), "theme-missing", "theme")
    return numbers[written]


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("POST",))
def passage(request: HttpRequest, here: Here, number: int, pk: int) -> HttpResponse:
    """Take a passage out of a theme, or put it back."""
    kept = themes.theme_at(here.forum, number)
    part = themes.passage_at(kept, pk)
    actor = here.actor(*ANSWERING_ROLES)
    if part.unassigned_at is None:
        actions.unassign_passage(passage=part, actor=actor, now=here.now)
        messages.success(request, gettext("The passage is taken out. Below you can put it back."))
    else:
        actions.reassign_passage(passage=part, actor=actor, now=here.now)
        messages.success(request, gettext("The passage is back."))
    return redirect(kept)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("POST",))
def theme_contributions(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Take a contribution out of a theme, or bring one into it."""
    kept = themes.theme_at(here.forum, number)
    actor = here.actor(*ANSWERING_ROLES)
    named = contributions.contributions_named(here.forum, request.POST.get("contributions", "")[:400])
    require_named(len(named))
    if request.POST.get("step") == "take-out":
        for one in named:
            actions.take_from_theme(theme=kept, contribution=one, actor=actor, now=here.now)
            sentence = gettext("%(symbol)s is taken out. You can bring it back by its symbol.")
            messages.success(request, sentence % {"symbol": one.symbol.short})
    else:
        actions.add_to_theme(theme=kept, contributions=named, actor=actor, now=here.now)
    return redirect(kept)

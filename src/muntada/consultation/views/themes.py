"""Themes: what several contributions raise together."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from muntada.consultation.actions import themes as actions
from muntada.consultation.forms.fields import page_language
from muntada.consultation.forms.themes import ThemeForm
from muntada.consultation.queries import contributions, themes
from muntada.consultation.rules.calls import ANSWERING_ROLES
from muntada.consultation.views.calls import typed
from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import Refused
from muntada.foundations.pages import ANYONE, put_refusal
from muntada.record.queries import trace_panels

PER_PAGE = 25


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def theme_list(request: HttpRequest, here: Here) -> HttpResponse:
    listed = themes.themes_of(here.forum)
    context = {
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        "may_answer": here.has(*ANSWERING_ROLES),
    }
    return render(request, "consultation/themes.html", context)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("GET", "HEAD", "POST"))
def raise_theme(request: HttpRequest, here: Here) -> HttpResponse:
    """Name a theme and the contributions that raise it."""
    initial = {"language": page_language(), "contributions": request.GET.get("contributions", "")}
    form = ThemeForm(typed(request), initial=initial)
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
    return render(request, "consultation/raise_theme.html", context, status=422 if form.errors else 200)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def theme(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Show a theme and the contributions that raise it."""
    kept = themes.theme_at(here.forum, number)
    listed = themes.contributions_in(kept)
    context = {
        "theme": kept,
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        **trace_panels(kept.symbol),
    }
    return render(request, "consultation/theme.html", context)

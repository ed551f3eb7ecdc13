"""What the engine suggests: themes found in all texts, lines and goals for one. People decide."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.consultation.actions import suggestions as actions
from muntada.consultation.engine.themes import find_lines
from muntada.consultation.forms.fields import page_language
from muntada.consultation.forms.themes import TitlesForm
from muntada.consultation.models import ThemeSuggestion
from muntada.consultation.queries import contributions, themes
from muntada.consultation.rules.calls import ANSWERING_ROLES
from muntada.consultation.rules.contributions import require_author
from muntada.consultation.rules.themes import SuggestionState, in_a_row
from muntada.consultation.views.calls import typed
from muntada.forums.queries import Here, goals_of, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import Refused
from muntada.foundations.pages import SIGNED_IN, put_refusal

READS_AND_WRITES = ("GET", "HEAD", "POST")
LIST = "consultation:theme_suggestions"


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def theme_suggestions(request: HttpRequest, here: Here) -> HttpResponse:
    """Show the themes suggested from all texts, or have the texts read anew."""
    if request.method == "POST":
        actions.order_run(forum=here.forum, actor=here.actor(*ANSWERING_ROLES), now=here.now)
        return redirect(LIST, here.forum.slug)
    run = themes.last_run_of(here.forum)
    context = {"run": run, "suggestions": list(themes.suggestions_of(here.forum))}
    return render(request, "consultation/theme_suggestions.html", context | {"job": run.job if run else None})


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def theme_suggestion(request: HttpRequest, here: Here, pk: int) -> HttpResponse:
    """Show the passages of a suggestion with the words that led to it, and decide on it."""
    kept = themes.suggestion_at(here.forum, pk)
    form = _titles_form(request, here, kept)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            answer = _decide(request, here, kept, form)
        except Refused as refused:
            refusal = refused
            if form.is_bound and refused.field in form.fields:
                put_refusal(form, refused)
        else:
            if answer is not None:
                return answer
    parts = themes.suggested_in(kept)
    chosen = _places(request) if request.method == "POST" else [one.place for one in parts]
    context = {
        "suggestion": kept,
        "is_open": kept.state == SuggestionState.OPEN,
        "parts": parts,
        "chosen": chosen,
        "form": form,
        "refusal": refusal,
        "themes": list(themes.themes_of(here.forum)),
        "likely": themes.likely_theme(here.forum, [one.contribution.pk for one in parts]),
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "consultation/theme_suggestion.html", context, status=status)


def _titles_form(request: HttpRequest, here: Here, kept: ThemeSuggestion) -> TitlesForm:
    """Begin the titles with the keywords in each language; a person makes a title of them."""
    names = {language: in_a_row(words, language) for language, words in kept.keywords.items() if words}
    is_raised = request.method == "POST" and request.POST.get("step") == "raise"
    return TitlesForm(
        typed(request) if is_raised else None,
        languages=here.forum.languages,
        titles={language: names.get(language, "") for language in here.forum.languages},
        initial={"language": page_language()},
    )


def _decide(request: HttpRequest, here: Here, kept: ThemeSuggestion, form: TitlesForm) -> HttpResponse | None:
    """Do what the button says; nothing where the form has to be looked at again."""
    actor, step = here.actor(*ANSWERING_ROLES), request.POST.get("step")
    if step == "leave":
        actions.leave_suggestion(suggestion=kept, actor=actor, now=here.now)
        messages.success(request, gettext("The suggestion is left; it is not made again."))
        return redirect(LIST, here.forum.slug)
    places = _places(request)
    if step == "add":
        theme = next(
            (
                one
                for one in themes.themes_of(here.forum)
                if str(one.symbol.number) == request.POST.get("theme")
            ),
            None,
        )
        if theme is None:
            raise Refused(gettext("Please choose the theme to add it to."), "theme-missing", "theme")
        actions.add_suggestion_to_theme(
            suggestion=kept, theme=theme, places=places, actor=actor, now=here.now
        )
        return redirect(theme)
    if not form.is_valid():
        return None
    raised = actions.take_as_theme(
        suggestion=kept, matter=form.matter(), places=places, actor=actor, now=here.now
    )
    return redirect(raised)


def _places(request: HttpRequest) -> list[int]:
    return _numbers(request, "places")


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def line_suggestions(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Show the lines and goals a contribution may belong to, for its author and those who answer."""
    said = contributions.contribution_at(here, number)
    is_author = contributions.is_author(here, said)
    if not here.has(*ANSWERING_ROLES):
        require_author(is_author=is_author)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            actions.take_lines(
                contribution=said,
                line_ids=_numbers(request, "lines"),
                goal_ids=_numbers(request, "goals"),
                actor=here.actor(*ANSWERING_ROLES),
                now=here.now,
                words=request.POST.get("words", ""),
            )
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, gettext("The lines and goals are added."))
            return redirect(said)
    has_lines, has_goals = {one.pk for one in said.lines.all()}, {one.pk for one in said.goals.all()}
    found = find_lines(said, lines_of(here.forum), goals_of(here.forum))
    context = {
        "contribution": said,
        "words": actions.words_of(said),
        "found": [
            one
            for one in found
            if (one.line is None or one.line.pk not in has_lines)
            and (one.goal is None or one.goal.pk not in has_goals)
        ],
        "refusal": refusal,
    }
    return render(request, "consultation/line_suggestions.html", context, status=422 if refusal else 200)


def _numbers(request: HttpRequest, name: str) -> list[int]:
    words = request.POST.getlist(name)
    return [
        int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < len(str(2**31))
    ]

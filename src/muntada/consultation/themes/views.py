"""Pages of themes and suggestions."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.consultation.calls.forms.fields import page_language
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.calls.views.calls import typed
from muntada.consultation.contributions.queries import contributions
from muntada.consultation.contributions.rules.contributions import require_author
from muntada.consultation.themes import queries
from muntada.consultation.themes.actions import suggestions
from muntada.consultation.themes.actions import themes as actions
from muntada.consultation.themes.adapter import find_lines
from muntada.consultation.themes.forms import ThemeForm, TitlesForm
from muntada.consultation.themes.models import ThemeSuggestion
from muntada.consultation.themes.rules import SuggestionState, in_a_row, require_named
from muntada.forums.queries import ForumRequest, goals_of, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import Refused
from muntada.foundations.pages import (
    ANYONE,
    READS_AND_WRITES,
    SIGNED_IN,
    Entry,
    answer_form,
    put_refusal,
    refusals_shown_in,
)
from muntada.foundations.whole_numbers import whole_number
from muntada.record.queries import trace_panels

PER_PAGE = 25
LIST = "consultation:theme_suggestions"


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def theme_list(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    listed = queries.themes_of(forum_request.forum)
    may_answer = forum_request.has(*ANSWERING_ROLES)
    context = {
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        "may_answer": may_answer,
        "suggestions": queries.suggestions_of(forum_request.forum).count() if may_answer else 0,
    }
    return render(request, "consultation/themes/themes.html", context)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def raise_theme(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Create a theme with contributions."""
    initial = {"language": page_language(), "contributions": request.GET.get("contributions", "")}
    form = ThemeForm(typed(request), initial=initial).suggests()
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            theme = actions.raise_theme(
                forum=forum_request.forum,
                matter=form.matter(),
                contributions=contributions.contributions_named(
                    forum_request.forum, form.cleaned_data["contributions"]
                ),
                actor=forum_request.actor(*ANSWERING_ROLES),
                now=forum_request.now,
            )
            return redirect(theme)
    context = {"form": form}
    return answer_form(request, "consultation/themes/raise_theme.html", form, context)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def theme(request: HttpRequest, forum_request: ForumRequest, number: int, entry: Entry) -> HttpResponse:
    """Show a theme, its passages and demand."""
    kept = queries.theme_at(forum_request.forum, number)
    listed = queries.contributions_in(kept).prefetch_related(*entry.read_with)
    may_answer = forum_request.has(*ANSWERING_ROLES)
    context = {
        "theme": kept,
        "entry": entry,
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        "demand": queries.demand_for(kept),
        "taken_out": queries.taken_out_of(kept) if may_answer else [],
        "may_answer": may_answer,
        **trace_panels(kept.symbol),
    }
    return render(request, "consultation/themes/theme.html", context)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def edit_theme(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Edit the titles and description of a theme."""
    kept = queries.theme_at(forum_request.forum, number)
    initial = {"description": kept.description, "language": kept.language}
    form = TitlesForm(
        typed(request), languages=forum_request.forum.languages, titles=kept.titles, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.edit_theme(
                theme=kept,
                matter=form.matter(),
                actor=forum_request.actor(*ANSWERING_ROLES),
                now=forum_request.now,
            )
            return redirect(kept)
    context = {"form": form, "theme": kept}
    return answer_form(request, "consultation/themes/edit_theme.html", form, context)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def contribution_themes(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Choose the paragraphs of a contribution that raise a theme."""
    said = contributions.contribution_at(forum_request, number)
    refusal: Refused | None = None
    chosen = request.POST.getlist("parts")
    theme_number = request.POST.get("theme", request.GET.get("theme", ""))
    if request.method == "POST":
        try:
            kept = _theme_named(forum_request, theme_number)
            actions.assign_parts(
                theme=queries.theme_at(forum_request.forum, kept),
                contribution=said,
                keys=chosen,
                actor=forum_request.actor(*ANSWERING_ROLES),
                now=forum_request.now,
            )
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, gettext("The paragraphs are assigned."))
            return redirect(request.path)
    context = {
        "contribution": said,
        "parts": actions.said_in_parts(said),
        "assigned": queries.passages_of(said),
        "themes": list(queries.themes_of(forum_request.forum)),
        "chosen": chosen,
        "theme_number": theme_number,
        "refusal": refusal,
    }
    return render(
        request, "consultation/themes/contribution_themes.html", context, status=422 if refusal else 200
    )


def _theme_named(forum_request: ForumRequest, written: str) -> int:
    numbers = {str(one.symbol.number): one.symbol.number for one in queries.themes_of(forum_request.forum)}
    if written not in numbers:
        raise Refused(gettext("Please choose the theme that is raised."), "theme-missing", "theme")
    return numbers[written]


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("POST",))
def passage(request: HttpRequest, forum_request: ForumRequest, number: int, pk: int) -> HttpResponse:
    """Remove or restore a passage."""
    kept = queries.theme_at(forum_request.forum, number)
    part = queries.passage_at(kept, pk)
    actor = forum_request.actor(*ANSWERING_ROLES)
    if part.unassigned_at is None:
        actions.unassign_passage(passage=part, actor=actor, now=forum_request.now)
        messages.success(request, gettext("The passage is taken out. Below you can put it back."))
    else:
        actions.reassign_passage(passage=part, actor=actor, now=forum_request.now)
        messages.success(request, gettext("The passage is back."))
    return redirect(kept)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("POST",))
def theme_contributions(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Remove or add a contribution."""
    kept = queries.theme_at(forum_request.forum, number)
    actor = forum_request.actor(*ANSWERING_ROLES)
    named = contributions.contributions_named(
        forum_request.forum, request.POST.get("contributions", "")[:400]
    )
    require_named(len(named))
    if request.POST.get("step") == "take-out":
        for one in named:
            actions.take_from_theme(theme=kept, contribution=one, actor=actor, now=forum_request.now)
            sentence = gettext("%(symbol)s is taken out. You can bring it back by its symbol.")
            messages.success(request, sentence % {"symbol": one.symbol.short})
    else:
        actions.add_to_theme(theme=kept, contributions=named, actor=actor, now=forum_request.now)
    return redirect(kept)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def theme_suggestions(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show suggestions, or order an analysis."""
    if request.method == "POST":
        suggestions.order_run(
            forum=forum_request.forum, actor=forum_request.actor(*ANSWERING_ROLES), now=forum_request.now
        )
        return redirect(LIST, forum_request.forum.slug)
    run = queries.last_run_of(forum_request.forum)
    context = {"run": run, "suggestions": list(queries.suggestions_of(forum_request.forum))}
    return render(
        request, "consultation/themes/theme_suggestions.html", context | {"job": run.job if run else None}
    )


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def theme_suggestion(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Show the passages of a suggestion, and decide on it."""
    kept = queries.suggestion_at(forum_request.forum, pk)
    form = _titles_form(request, forum_request, kept)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            answer = _decide(request, forum_request, kept, form)
        except Refused as refused:
            refusal = refused
            if form.is_bound and refused.field in form.fields:
                put_refusal(form, refused)
        else:
            if answer is not None:
                return answer
    parts = queries.suggested_in(kept)
    chosen = _places(request) if request.method == "POST" else [one.place for one in parts]
    context = {
        "suggestion": kept,
        "is_open": kept.state == SuggestionState.OPEN,
        "parts": parts,
        "chosen": chosen,
        "form": form,
        "refusal": refusal,
        "themes": list(queries.themes_of(forum_request.forum)),
        "likely": queries.likely_theme(forum_request.forum, [one.contribution.pk for one in parts]),
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "consultation/themes/theme_suggestion.html", context, status=status)


def _titles_form(request: HttpRequest, forum_request: ForumRequest, kept: ThemeSuggestion) -> TitlesForm:
    """Return the titles form, initialized with keywords."""
    names = {language: in_a_row(words, language) for language, words in kept.keywords.items() if words}
    is_raised = request.method == "POST" and request.POST.get("step") == "raise"
    return TitlesForm(
        typed(request) if is_raised else None,
        languages=forum_request.forum.languages,
        titles={language: names.get(language, "") for language in forum_request.forum.languages},
        initial={"language": page_language()},
    )


def _decide(
    request: HttpRequest, forum_request: ForumRequest, kept: ThemeSuggestion, form: TitlesForm
) -> HttpResponse | None:
    """Apply the chosen button; None if the form must be shown again."""
    actor, step = forum_request.actor(*ANSWERING_ROLES), request.POST.get("step")
    if step == "leave":
        suggestions.leave_suggestion(suggestion=kept, actor=actor, now=forum_request.now)
        messages.success(request, gettext("The suggestion is left; it is not made again."))
        return redirect(LIST, forum_request.forum.slug)
    places = _places(request)
    if step == "add":
        theme = next(
            (
                one
                for one in queries.themes_of(forum_request.forum)
                if str(one.symbol.number) == request.POST.get("theme")
            ),
            None,
        )
        if theme is None:
            raise Refused(gettext("Please choose the theme to add it to."), "theme-missing", "theme")
        suggestions.add_suggestion_to_theme(
            suggestion=kept, theme=theme, places=places, actor=actor, now=forum_request.now
        )
        return redirect(theme)
    if not form.is_valid():
        return None
    raised = suggestions.take_as_theme(
        suggestion=kept, matter=form.matter(), places=places, actor=actor, now=forum_request.now
    )
    return redirect(raised)


def _places(request: HttpRequest) -> list[int]:
    return _numbers(request, "places")


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=READS_AND_WRITES)
def line_suggestions(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show suggested lines and goals, for the author and repliers."""
    said = contributions.contribution_at(forum_request, number)
    is_author = contributions.is_author(forum_request, said)
    if not forum_request.has(*ANSWERING_ROLES):
        require_author(is_author=is_author)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            suggestions.take_lines(
                contribution=said,
                line_ids=_numbers(request, "lines"),
                goal_ids=_numbers(request, "goals"),
                actor=forum_request.actor(*ANSWERING_ROLES),
                now=forum_request.now,
                words=request.POST.get("words", ""),
            )
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, gettext("The lines and goals are added."))
            return redirect(said)
    has_lines, has_goals = {one.pk for one in said.lines.all()}, {one.pk for one in said.goals.all()}
    found = find_lines(said, lines_of(forum_request.forum), goals_of(forum_request.forum))
    context = {
        "contribution": said,
        "words": suggestions.words_of(said),
        "found": [
            one
            for one in found
            if (one.line is None or one.line.pk not in has_lines)
            and (one.goal is None or one.goal.pk not in has_goals)
        ],
        "refusal": refusal,
    }
    return render(
        request, "consultation/themes/line_suggestions.html", context, status=422 if refusal else 200
    )


def _numbers(request: HttpRequest, name: str) -> list[int]:
    return [one for one in map(whole_number, request.POST.getlist(name)) if one is not None]

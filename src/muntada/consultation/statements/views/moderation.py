"""Pages of statement moderation."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from muntada.consultation.calls import queries as calls
from muntada.consultation.calls.forms.fields import page_language
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.calls.views.calls import call_context, typed
from muntada.consultation.statements.actions import moderation, statements
from muntada.consultation.statements.adapter import near_to
from muntada.consultation.statements.forms import (
    CorrectForm,
    HideForm,
    MergeForm,
    PasteForm,
    RefuseForm,
    SplitForm,
    TranslateForm,
)
from muntada.consultation.statements.models import Statement
from muntada.consultation.statements.queries.statements import statement_at, waiting_in
from muntada.consultation.statements.rules.statements import (
    PASTED_LENGTH,
    STATEMENTS_PER_PASTE,
    StatementState,
    TranslationStatus,
    state_named,
)
from muntada.consultation.statements.views.statements import StatementPanels, statement_page
from muntada.consultation.statements.views.voting import say_unchanged
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage, StageState
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import Refused
from muntada.foundations.long_texts import takes_text
from muntada.foundations.pages import answer_form, put_refusal, refusals_shown_in
from muntada.record.rules import SymbolKind, parse_symbol

PER_PAGE = 25
MODERATORS = role(*ANSWERING_ROLES)
BOTH = ("GET", "HEAD", "POST")


@forum_page(may=MODERATORS, stage=Stage.CONSULTATION)
def queue(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show waiting statements."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    context = call_context(forum_request, card, "statements") | {
        "page": Paginator(waiting_in(card.call), PER_PAGE).get_page(request.GET.get("page")),
        "form": RefuseForm(auto_id=False),
    }
    return render(request, "consultation/statements/statement_queue.html", context)


@forum_page(may=MODERATORS, stage=Stage.CONSULTATION, methods=("POST",))
def decide(
    request: HttpRequest, forum_request: ForumRequest, number: int, panels: StatementPanels
) -> HttpResponse:
    """Admit or refuse a waiting statement."""
    kept, actor = statement_at(forum_request, number), forum_request.actor(*ANSWERING_ROLES)
    if "let_in" in request.POST:
        moderation.let_in(statement=kept, actor=actor, now=forum_request.now)
        messages.success(request, gettext("The statement is put to the vote."))
        return _next_waiting(forum_request, kept)
    form = RefuseForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            reason = form.cleaned_data["reason"]
            moderation.refuse_statement(statement=kept, reason=reason, actor=actor, now=forum_request.now)
            messages.success(request, gettext("The statement is refused; its author gets a letter."))
            return _next_waiting(forum_request, kept)
    return statement_page(request, forum_request, number, form, panels)


def _next_waiting(forum_request: ForumRequest, kept: Statement) -> HttpResponse:
    if waiting_in(kept.call).exists():
        return redirect("consultation:statement_queue", forum_request.forum.slug, kept.call.slug)
    return redirect("consultation:statements", forum_request.forum.slug, kept.call.slug)


@forum_page(may=MODERATORS, stage=Stage.CONSULTATION, methods=("POST",))
def moderate(
    request: HttpRequest, forum_request: ForumRequest, number: int, panels: StatementPanels
) -> HttpResponse:
    """Hide or restore a statement."""
    kept, actor = statement_at(forum_request, number), forum_request.actor(*ANSWERING_ROLES)
    if request.POST.get("to") == StatementState.OPEN:
        was = state_named(request.POST.get("was", ""))
        is_new = moderation.show_statement(statement=kept, actor=actor, now=forum_request.now, was=was)
        return _done(request, kept, is_new=is_new)
    form = HideForm(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            is_new = moderation.hide_statement(
                statement=kept, reason=reason, actor=actor, now=forum_request.now
            )
            return _done(request, kept, is_new=is_new)
        except Refused as refusal:
            if refusal.field is None:
                raise
            put_refusal(form, refusal)
    return statement_page(request, forum_request, number, form, panels)


def _done(request: HttpRequest, kept: Statement, *, is_new: bool) -> HttpResponse:
    """Return to the statement; say if a repeated form changed nothing."""
    if not is_new:
        say_unchanged(request)
    return redirect(kept)


@takes_text(PASTED_LENGTH)
@forum_page(may=MODERATORS, stage=Stage.CONSULTATION, methods=BOTH)
def paste(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Create statements from lines."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    form = PasteForm(typed(request), initial={"language": page_language()})
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            put, there = statements.paste_statements(
                call=card.call,
                pasted=form.cleaned_data["text"],
                language=form.cleaned_data["language"],
                actor=forum_request.actor(*ANSWERING_ROLES),
                now=forum_request.now,
            )
            _say_pasted(request, len(put), there)
            return redirect("consultation:statements", forum_request.forum.slug, slug)
    context = call_context(forum_request, card, "statements") | {
        "form": form,
        "limit": STATEMENTS_PER_PASTE,
        "is_over": card.state == StageState.CLOSED,
    }
    return answer_form(request, "consultation/statements/paste_statements.html", form, context)


def _say_pasted(request: HttpRequest, put: int, there: int) -> None:
    sentence = ngettext(
        "%(count)s statement is put to the vote.", "%(count)s statements are put to the vote.", put
    )
    messages.success(request, sentence % {"count": put})
    if there:
        left = ngettext(
            "%(count)s stood there already and was left out.",
            "%(count)s stood there already and were left out.",
            there,
        )
        messages.info(request, left % {"count": there})


@forum_page(may=MODERATORS, stage=Stage.CONSULTATION, methods=BOTH)
def split(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Split a statement."""
    kept = statement_at(forum_request, number)
    form = SplitForm(typed(request), initial={"text": kept.text})

    def act() -> None:
        statements.split_statement(
            statement=kept,
            pasted=form.cleaned_data["text"],
            keeps_original=form.cleaned_data["keeps_original"],
            actor=forum_request.actor(*ANSWERING_ROLES),
            now=forum_request.now,
        )

    return _tool(request, kept, form, act, "split")


@forum_page(may=MODERATORS, stage=Stage.CONSULTATION, methods=BOTH)
def merge(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Merge a statement into an equivalent one."""
    kept = statement_at(forum_request, number)
    form = MergeForm(typed(request))

    def act() -> None:
        moderation.merge_statements(
            statement=kept,
            into=_named(forum_request, form.cleaned_data["into"]),
            actor=forum_request.actor(*ANSWERING_ROLES),
            now=forum_request.now,
        )

    return _tool(request, kept, form, act, "merge")


def _named(forum_request: ForumRequest, written: str) -> Statement:
    reference = parse_symbol(written.strip().strip("[]"))
    found = None
    if reference is not None and reference.kind is SymbolKind.STATEMENT:
        found = Statement.objects.filter(
            symbol__forum=forum_request.forum, symbol__number=reference.number
        ).first()
    if found is None:
        sentence = gettext("“%(symbol)s” is no statement of this forum. Please check the symbol.")
        raise Refused(sentence % {"symbol": written}, "statement-unknown", "into")
    return found


@forum_page(may=MODERATORS, stage=Stage.CONSULTATION, methods=BOTH)
def correct(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Correct a statement."""
    kept = statement_at(forum_request, number)
    form = CorrectForm(typed(request), initial={"text": kept.text})

    def act() -> None:
        corrected = moderation.correct_statement(
            statement=kept,
            text=form.cleaned_data["text"],
            reason=form.cleaned_data["reason"],
            actor=forum_request.actor(*ANSWERING_ROLES),
            now=forum_request.now,
        )
        if corrected.translations:
            sentence = gettext("Please look at its translations again: until then they are marked as such.")
            messages.info(request, sentence)

    return _tool(request, kept, form, act, "correct")


@forum_page(may=MODERATORS, stage=Stage.CONSULTATION, methods=BOTH)
def translate(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Add, change or delete a translation."""
    kept = statement_at(forum_request, number)
    language = request.GET.get("language") or page_language()
    there = kept.translations.get(language, {})
    form = TranslateForm(typed(request), initial={"language": language, **there}).suggests("language")

    def act() -> None:
        moderation.translate_statement(
            statement=kept,
            language=form.cleaned_data["language"],
            text=form.cleaned_data["text"],
            status=TranslationStatus(form.cleaned_data["status"]),
            reason=form.cleaned_data["reason"],
            actor=forum_request.actor(*ANSWERING_ROLES),
            now=forum_request.now,
        )

    return _tool(request, kept, form, act, "translate")


def _tool(
    request: HttpRequest, kept: Statement, form: Form, act: Callable[[], None], tool: str
) -> HttpResponse:
    """Show a moderation form, or apply it and return to the statement."""
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            act()
            return redirect(kept)
    near = []
    if tool == "merge":
        scores = {one.statement_id: one for one in near_to(kept)}
        near = list(Statement.objects.filter(pk__in=scores).select_related("symbol__forum"))
        near.sort(key=lambda one: -scores[one.pk].score)
    context = {"form": form, "statement": kept, "call": kept.call, "tool": tool, "near": near}
    return answer_form(request, "consultation/statements/statement_tool.html", form, context)

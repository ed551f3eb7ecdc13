"""Public pages of statements, and submitting one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.consultation.calls import queries as calls
from muntada.consultation.calls.forms.fields import page_language
from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES, StatementsOpenTo
from muntada.consultation.calls.views.calls import typed
from muntada.consultation.statements.actions import statements as actions
from muntada.consultation.statements.adapter import near_statements
from muntada.consultation.statements.forms import HideForm, StatementForm
from muntada.consultation.statements.models import Statement
from muntada.consultation.statements.queries import groups as maps
from muntada.consultation.statements.queries import statements
from muntada.consultation.statements.queries.statements import ORDERS, StatementRow
from muntada.consultation.statements.rules.statements import (
    StatementState,
    require_open_to,
    require_statement,
)
from muntada.consultation.statements.rules.votes import VoterHere
from muntada.consultation.statements.views.voting import key_of, key_to_vote, voting_context, with_key
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE, SIGNED_IN, PagePanel, answer_form, refusals_shown_in
from muntada.record.queries import trace_panels

PER_PAGE = 25
# What later features add to the page of a statement; the `urls` of the stage name them.
type StatementPanels = Sequence[Callable[[ForumRequest, Statement], PagePanel]]


@dataclass(frozen=True)
class Twin:
    """A similar existing statement."""

    row: StatementRow
    results_shown: bool
    kind: str


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def statement_list(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show all statements of a call with votes."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    voter = statements.voter_of(card.call, forum_request, key_of(request))
    order = request.GET.get("order", "")
    shared = voting_context(forum_request, card, "statements", voter)
    if not shared["results_shown"] and order in ("votes", "agree", "disagree"):
        order = "number"
    listed = statements.listed_in(card.call, order)
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    rows = statements.rows_of(page, voter)
    context = shared | {
        "page": page,
        "rows": [(row, _is_shown(card.call, forum_request, row)) for row in rows],
        "order": order if order in ORDERS else "number",
        "hidden_count": card.call.statements.filter(state=StatementState.HIDDEN).count(),
        "waiting_count": statements.waiting_in(card.call).count() if shared["may_answer"] else 0,
        "may_put": _may_put(forum_request, card.call, is_open=bool(shared["may_vote"])),
        "vote_next": request.get_full_path(),
    }
    answer = render(request, "consultation/statements/statements.html", context)
    return with_key(request, answer, key_to_vote(request, forum_request, card.call))


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=("GET", "HEAD", "POST"))
def put_statement(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Submit a statement, after similar ones are shown."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    moderates = forum_request.has(*ANSWERING_ROLES)
    require_open_to(card.call.statements_open_to, moderates=moderates, is_signed_in=True)
    form = StatementForm(typed(request), initial={"language": page_language()})
    twins: Sequence[Twin] = ()
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            require_statement(form.cleaned_data["text"])
            # Only a reader who saw the similar ones may continue with this text.
            twins = () if request.POST.get("seen") == form.stamp else _twins(card.call, forum_request, form)
            if not twins:
                put = actions.submit_statement(
                    forum_request=forum_request, call=card.call, wording=form.wording()
                )
                _say_put(request, put)
                return redirect(put)
    voter = statements.voter_of(card.call, forum_request, key_of(request))
    context = voting_context(forum_request, card, "statements", voter) | {
        "form": form,
        "twins": twins,
        "seen": form.stamp if twins else "",
        "waits": card.call.statements_wait and not moderates,
        "vote_next": request.path,
    }
    status = 422 if form.errors or twins else 200
    return render(request, "consultation/statements/put_statement.html", context, status=status)


def _say_put(request: HttpRequest, put: Statement) -> None:
    if put.state == StatementState.WAITING:
        sentence = gettext(
            "Thank you. Your statement is kept and waits for a moderator; you get a letter if it is refused."
        )
    else:
        sentence = gettext("The statement is put to the vote.")
    messages.success(request, sentence)


def _twins(call: Call, forum_request: ForumRequest, form: StatementForm) -> list[Twin]:
    """Find similar statements with their votes and the reader's."""
    near = near_statements(call, form.cleaned_data["text"], form.cleaned_data["language"])
    kinds = {one.statement_id: one.kind for one in near}
    voter = statements.voter_of(call, forum_request)
    rows = {
        one.pk: statements.row_of(one) for one in statements.statements_of(call, voter).filter(pk__in=kinds)
    }
    return [
        Twin(rows[pk], _is_shown(call, forum_request, rows[pk]), kind)
        for pk, kind in kinds.items()
        if pk in rows
    ]


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def statement(
    request: HttpRequest, forum_request: ForumRequest, number: int, panels: StatementPanels
) -> HttpResponse:
    """Show a statement, its votes overall and by group, and its origin."""
    return statement_page(request, forum_request, number, HideForm(), panels)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def statement_votes(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Serve the part of the page that changes with votes."""
    kept, voter = _found(request, forum_request, number)
    context = _votes_context(forum_request, kept, voter)
    return render(request, "consultation/statements/parts/statement_votes.html", context)


def statement_page(
    request: HttpRequest, forum_request: ForumRequest, number: int, form: Form, panels: StatementPanels
) -> HttpResponse:
    """Show the page of a statement, with a refused moderation form."""
    kept, voter = _found(request, forum_request, number)
    shared = _votes_context(forum_request, kept, voter)
    is_open = kept.state == StatementState.OPEN
    is_mine = forum_request.person is not None and kept.author_id == forum_request.person.pk
    context = shared | {
        "statement": kept,
        "may_cast": bool(shared["may_cast"]) and is_open,
        "may_read": kept.is_readable or is_mine or forum_request.has(*ANSWERING_ROLES),
        "is_mine": is_mine,
        "decided": None if is_open else statements.decided_by(kept),
        "versions": list(kept.versions.all()),
        "parts": list(kept.split_into.select_related("symbol__forum")),
        "merged": list(kept.merged_from.select_related("symbol__forum")),
        "vote_next": kept.get_absolute_url(),
        "form": form,
        "panels": [make(forum_request, kept) for make in panels],
        **trace_panels(kept.symbol),
    }
    response = answer_form(request, "consultation/statements/statement.html", form, context)
    return with_key(request, response, key_to_vote(request, forum_request, kept.call))


def _found(
    request: HttpRequest, forum_request: ForumRequest, number: int
) -> tuple[Statement, VoterHere | None]:
    kept = statements.statement_at(forum_request, number)
    voter = statements.voter_of(kept.call, forum_request, key_of(request))
    if voter is not None and voter.is_browser:
        kept = statements.statement_at(forum_request, number, voter)
    return kept, voter


def _votes_context(
    forum_request: ForumRequest, kept: Statement, voter: VoterHere | None
) -> dict[str, object]:
    shared = voting_context(
        forum_request,
        calls.card_at(forum_request.forum, kept.call.slug, forum_request.now),
        "statements",
        voter,
    )
    row = statements.row_of(kept)
    is_shown = _is_shown(kept.call, forum_request, row)
    groups = maps.group_tallies(kept) if statements.map_shown(kept.call, forum_request.now, voter) else []
    return shared | {"row": row, "groups": groups if is_shown else [], "results_shown": is_shown}


def _is_shown(call: Call, forum_request: ForumRequest, row: StatementRow) -> bool:
    return calls.results_shown(call, forum_request.now, voted=row.mine is not None)


def _may_put(forum_request: ForumRequest, call: Call, *, is_open: bool) -> bool:
    if forum_request.has(*ANSWERING_ROLES):
        return True
    return (
        is_open and forum_request.person is not None and call.statements_open_to == StatementsOpenTo.SIGNED_IN
    )

"""Statements and votes: one at a time, as a list, and each on its own page."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from muntada.consultation.actions import statements as actions
from muntada.consultation.actions.votes import cast_on
from muntada.consultation.forms.fields import page_language
from muntada.consultation.forms.statements import HideForm, StatementForm
from muntada.consultation.models import Statement
from muntada.consultation.queries import calls, maps, statements
from muntada.consultation.queries.statements import ORDERS
from muntada.consultation.queries.votes import ballot_at
from muntada.consultation.rules.calls import ANSWERING_ROLES
from muntada.consultation.rules.statements import StatementState
from muntada.consultation.views.calls import call_context, typed
from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import Refused
from muntada.foundations.pages import ANYONE, SIGNED_IN, put_refusal
from muntada.record.queries import trace_panels

PER_PAGE = 25
VALUES = {"agree": 1, "disagree": -1, "pass": 0}
# No number of a statement has more digits.
DIGITS = 9
# So many skipped statements are remembered in the address; the oldest come back then.
SKIPS_REMEMBERED = 40


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def statement_list(request: HttpRequest, here: Here, slug: str) -> HttpResponse:
    """Show all statements of a call with their votes."""
    card = calls.card_at(here.forum, slug, here.now)
    order = request.GET.get("order", "")
    shared = call_context(here, card, "statements")
    if not shared["results_shown"] and order in ("votes", "agree", "disagree"):
        order = "number"
    listed = statements.statements_of(card.call, here, order).filter(state=StatementState.OPEN)
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = shared | {
        "page": page,
        "rows": [statements.row_of(statement) for statement in page],
        "order": order if order in ORDERS else "number",
        "hidden_count": card.call.statements.filter(state=StatementState.HIDDEN).count(),
        "vote_next": request.get_full_path(),
    }
    return render(request, "consultation/statements.html", context)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("GET", "HEAD", "POST"))
def put_statement(request: HttpRequest, here: Here, slug: str) -> HttpResponse:
    """Put a statement to the vote that begins a discussion."""
    card = calls.card_at(here.forum, slug, here.now)
    form = StatementForm(typed(request), initial={"language": page_language()})
    if request.method == "POST" and form.is_valid():
        try:
            put = actions.put_statement(
                call=card.call, wording=form.wording(), actor=here.actor(*ANSWERING_ROLES), now=here.now
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, gettext("The statement is put to the vote."))
            return redirect(put)
    context = {"form": form, "call": card.call}
    return render(request, "consultation/take_statement.html", context, status=422 if form.errors else 200)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def vote(request: HttpRequest, here: Here, slug: str) -> HttpResponse:
    """Ask for one vote after the other; what was skipped comes again at the end."""
    card = calls.card_at(here.forum, slug, here.now)
    skipped = _skipped(request)
    ballot = statements.ballot_of(card.call, here, skipped)
    number = ballot.row.statement.symbol.number if ballot.row else 0
    here_again = reverse("consultation:vote", args=[here.forum.slug, slug])
    following = [one for one in skipped if one != number] + [number]
    context = call_context(here, card, "vote") | {
        "ballot": ballot,
        "row": ballot.row,
        "vote_next": f"{here_again}?skip={_joined(skipped)}" if skipped else here_again,
        "skip_url": f"{here_again}?skip={_joined(following[-SKIPS_REMEMBERED:])}",
    }
    return render(request, "consultation/vote.html", context)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def statement(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Show a statement, how people and groups voted on it, and where it was taken from."""
    kept = statements.statement_at(here, number)
    return _statement_page(request, here, number, HideForm(), kept.get_absolute_url())


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def statement_votes(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Serve the part of a statement's page that changes with each vote."""
    context = _votes_context(here, statements.statement_at(here, number))
    return render(request, "consultation/parts/statement_votes.html", context)


@forum_page(may=SIGNED_IN, stage=Stage.CONSULTATION, methods=("POST",), asks_roles=False)
def cast(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Take a vote and go on where the voter was."""
    ballot = ballot_at(here, number)
    value = VALUES.get(request.POST.get("value", ""))
    if value is None:
        raise Refused(gettext("A vote is agree, disagree or pass. Please choose one of them."), "vote-value")
    cast_on(here=here, ballot=ballot, value=value, important="important" in request.POST)
    onward = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = reverse("consultation:statement", args=[here.forum.slug, number])
    return redirect(onward)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("POST",))
def moderate(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Take a statement out of the vote with a reason, or put it back."""
    kept = statements.statement_at(here, number)
    actor = here.actor(*ANSWERING_ROLES)
    form = HideForm(request.POST)
    if kept.state == StatementState.HIDDEN:
        actions.show_statement(statement=kept, actor=actor, now=here.now)
        return redirect(kept)
    if form.is_valid():
        try:
            actions.hide_statement(
                statement=kept, reason=form.cleaned_data["reason"], actor=actor, now=here.now
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return redirect(kept)
    return _statement_page(request, here, number, form, kept.get_absolute_url())


def _statement_page(
    request: HttpRequest, here: Here, number: int, form: HideForm, onward: str
) -> HttpResponse:
    kept = statements.statement_at(here, number)
    shared = _votes_context(here, kept)
    is_hidden = kept.state == StatementState.HIDDEN
    context = shared | {
        "statement": kept,
        "may_vote": bool(shared["may_vote"]) and not is_hidden,
        "may_read": not is_hidden or here.has(*ANSWERING_ROLES),
        "vote_next": onward,
        "form": form,
        **trace_panels(kept.symbol),
    }
    return render(request, "consultation/statement.html", context, status=422 if form.errors else 200)


def _votes_context(here: Here, kept: Statement) -> dict[str, object]:
    shared = call_context(here, calls.card_at(here.forum, kept.call.slug, here.now), "statements")
    groups = maps.group_tallies(kept) if shared["results_shown"] else []
    return shared | {"row": statements.row_of(kept), "groups": groups}


def _skipped(request: HttpRequest) -> list[int]:
    words = request.GET.get("skip", "").split("-")
    return [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) <= DIGITS][
        -SKIPS_REMEMBERED:
    ]


def _joined(numbers: list[int]) -> str:
    return "-".join(map(str, numbers))

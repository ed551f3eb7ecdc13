from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from muntada.evidence.indicators.models import Indicator
from muntada.evidence.initiatives.adapter.challenges import named_most
from muntada.evidence.lines import actions as ties
from muntada.evidence.lines import queries as evidence
from muntada.evidence.lines.pages import facts_of
from muntada.evidence.lines.rules import TYING_ROLES
from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest, life_of
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page, role
from muntada.foundations.downloads import download
from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.jobs.actions import begin, cancel
from muntada.foundations.jobs.queries import job_at
from muntada.foundations.pages import ANYONE, SIGNED_IN, page, refusals_as_messages
from muntada.foundations.sheets import CSV, as_csv
from muntada.foundations.whole_numbers import whole_number
from muntada.home import actions, pages, queries
from muntada.home.exports import FIGURE_COLUMNS, figure_rows
from muntada.people.rules import Role
from muntada.record.models import Symbol
from muntada.record.queries import (
    Trace,
    TraceDirection,
    log_checks,
    log_of,
    receipt,
    same_content,
    symbols_by_reference,
    trace,
)
from muntada.record.rules import KIND_NAMES, SymbolKind, SymbolRef, parse_symbol
from muntada.review.returns import queries as review
from muntada.review.returns.queries import chapters_of
from muntada.review.sources import queries as sources
from muntada.review.sources.rules import FACILITATING_ROLES

PER_PAGE = 25
LOG_PER_PAGE = 50


@page(may=ANYONE)
def front(request: HttpRequest) -> HttpResponse:
    """Show the forums and what is open in each."""
    now = timezone.now()
    forums = [(forum, life_of(forum, now)) for forum in Forum.objects.select_related("framework")]
    return render(request, "home/front.html", {"forums": forums})


@page(may=ANYONE)
def about(request: HttpRequest) -> HttpResponse:
    """Explain Muntada and its promises."""
    return render(request, "home/about.html")


@forum_page(may=ANYONE)
def forum(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show the stages of a forum and what is open."""
    context = {
        "open_windows": queries.open_windows(forum_request.forum, forum_request.now),
        "timeline": queries.timeline_of(forum_request.forum),
        "milestones": queries.milestones_of(forum_request.forum),
        "counts": queries.counts_of(forum_request.forum),
        "organisers": forum_request.forum.organisers.all(),
        "names_asked": queries.names_asked(forum_request.forum.pk).count()
        if forum_request.has(Role.SECRETARIAT)
        else 0,
    }
    return render(request, "home/forum.html", context)


@forum_page(may=ANYONE)
def framework(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show the framework: lines, goals, targets and their links."""
    lines = forum_request.forum.framework.lines.prefetch_related("goal_links__goal")
    targets = forum_request.forum.framework.targets.prefetch_related("statements")
    goals = forum_request.forum.framework.goals.all()
    return render(request, "home/framework.html", {"lines": lines, "targets": targets, "goals": goals})


@forum_page(may=ANYONE)
def search(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Search by symbol or words."""
    words = request.GET.get("q", "").strip().strip("[]")[:200]
    kind = request.GET.get("kind", "")
    reference = parse_symbol(words.upper())
    symbol = symbols_by_reference(forum_request.forum.pk, [reference]).get(reference) if reference else None
    if symbol:
        return redirect(symbol)
    found = queries.found(forum_request.forum, words, kind) if words or kind else Symbol.objects.none()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "words": words,
        "chosen_kind": kind,
        "kinds": [(kind.value, name) for kind, name in KIND_NAMES.items()],
        "page": page,
        "finds": queries.finds(page, words),
    }
    return render(request, "home/search.html", context)


@dataclass(frozen=True)
class TraceSide:
    """What something rests on, or what it led to. `nothing` is said where there is no such thing."""

    anchor: str
    title: str
    nothing: str
    way: Trace
    drawing: pages.TraceDrawing | None


def _initiatives_address(forum: Forum, line: str) -> str:
    page = reverse("evidence:initiatives", args=[forum.slug])
    return f"{page}?{urlencode({'line': line})}"


@forum_page(may=ANYONE)
def trace_page(request: HttpRequest, forum_request: ForumRequest, kind: str, number: int) -> HttpResponse:
    """Show the trace of a symbol as drawing and list."""
    symbol = _symbol(forum_request.forum, kind, number)
    rests_on, led_to = trace(symbol, TraceDirection.RESTS_ON), trace(symbol, TraceDirection.LED_TO)
    down, up = pages.both_ways(rests_on, led_to)
    context = {
        "symbol": symbol,
        "kind_name": KIND_NAMES[SymbolKind(symbol.kind)],
        "title": rests_on.start.title,
        "sides": (
            TraceSide("rests-on", gettext("Rests on"), gettext("It rests on nothing else."), rests_on, down),
            TraceSide("led-to", gettext("Led to"), gettext("It has led to nothing yet."), led_to, up),
        ),
    }
    return render(request, "home/trace.html", context)


@forum_page(may=ANYONE)
def log(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show the log, newest first, with the check of its chain."""
    entries = Paginator(log_of(forum_request.forum.pk), LOG_PER_PAGE).get_page(request.GET.get("page"))
    is_asked = bool(request.GET.get("check"))
    kept = log_checks.of(forum_request.forum.pk, forum_request.now) if is_asked else None
    context = {
        "entries": entries,
        "check": kept.check if kept else None,
        "whole_at": kept.whole_at if kept and kept.whole_at < forum_request.now else None,
        "is_at_work": is_asked and kept is None,
    }
    return render(request, "home/log.html", context)


@forum_page(may=BY_SECRETARIAT)
def names(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show requests to withdraw names."""
    return render(request, "home/names.html", {"asked": queries.names_asked(forum_request.forum.pk)})


@forum_page(may=BY_SECRETARIAT, methods=("POST",))
def withdraw(request: HttpRequest, forum_request: ForumRequest, asked: int) -> HttpResponse:
    """Withdraw a name at its owner's request."""
    found = queries.names_asked(forum_request.forum.pk).filter(pk=asked).first()
    if found is None:
        raise NotThere(gettext("This is carried out already, or was taken back."), "names")
    actions.withdraw_name(
        person=found.person,
        actor=forum_request.actor(Role.SECRETARIAT),
        now=forum_request.now,
        forum_id=forum_request.forum.pk,
    )
    messages.success(request, gettext("The name is withdrawn. Printed books are being made again."))
    return redirect("home:names", forum_request.forum.slug)


@forum_page(may=ANYONE, methods=("GET", "HEAD", "POST"))
def receipt_page(request: HttpRequest, forum_request: ForumRequest, code: str) -> HttpResponse:
    """Show a receipt, and compare a pasted text with it."""
    view = receipt(forum_request.forum.pk, code)
    if view is None:
        raise NotThere(
            gettext("There is no receipt of this code. Please check it against your letter."), "receipt"
        )
    text = request.POST.get("text", "").replace("\r\n", "\n")
    is_same = same_content(view, text) if request.method == "POST" else None
    return render(request, "home/receipt.html", {"receipt": view, "is_same": is_same, "typed": text})


def _symbol(forum: Forum, kind: str, number: int) -> Symbol:
    if kind.upper() in set(SymbolKind):
        reference = SymbolRef("", SymbolKind(kind.upper()), number)
        symbol = symbols_by_reference(forum.pk, [reference]).get(reference)
        if symbol:
            return symbol
    raise NotThere(
        gettext("There is no such symbol in this forum. Please check the letter and the number."), "symbol"
    )


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def lines(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show every action line with its counts and reports."""
    published = {one.line_id: one for one in review.published_returns(forum_request.forum)}
    rows = [(counts, published.get(counts.line.pk)) for counts in evidence.line_counts(forum_request.forum)]
    return render(request, "home/lines.html", {"rows": rows})


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def line(request: HttpRequest, forum_request: ForumRequest, code: str) -> HttpResponse:
    """Show everything about a line: figures, initiatives, later stages."""
    kept = sources.line_at(forum_request.forum, code)
    may_tie = forum_request.has(*TYING_ROLES)
    written = review.return_of(forum_request.forum, kept)
    version = written.versions.first() if written else None
    context = {
        "line": kept,
        "version": version,
        "chapters": chapters_of(version) if version else (),
        "goal_links": kept.goal_links.select_related("goal"),
        "facts": facts_of(forum_request.forum, kept, forum_request.now.year),
        "initiatives": evidence.initiatives_of(forum_request.forum, kept),
        "initiatives_address": _initiatives_address(forum_request.forum, kept.code),
        "named_most": named_most(evidence.challenges_of(forum_request.forum, kept)),
        "elsewhere": queries.line_elsewhere(forum_request.forum, kept),
        "return": written,
        "may_write": forum_request.has(*FACILITATING_ROLES),
        "may_tie": may_tie,
        "to_be_tied": evidence.to_be_tied(forum_request.forum, kept) if may_tie else (),
    }
    return render(request, "home/line.html", context)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by()
def line_figures(_request: HttpRequest, forum_request: ForumRequest, code: str) -> HttpResponse:
    """Serve the figures of a line as CSV with editions."""
    kept = sources.line_at(forum_request.forum, code)
    rows = figure_rows(kept, facts_of(forum_request.forum, kept, forum_request.now.year))
    return download(as_csv(FIGURE_COLUMNS, rows), f"{forum_request.forum.slug}-{kept.code}.csv", CSV)


@forum_page(may=role(*TYING_ROLES), stage=Stage.EVIDENCE, methods=("POST",))
def tie(request: HttpRequest, forum_request: ForumRequest, code: str) -> HttpResponse:
    """Link an indicator to a line."""
    kept = sources.line_at(forum_request.forum, code)
    ties.tie_indicator(
        line=kept,
        indicator=_indicator(request, forum_request.forum),
        why=request.POST.get("why", "")[:300],
        actor=forum_request.actor(*TYING_ROLES),
        now=forum_request.now,
    )
    return redirect("home:line", forum_request.forum.slug, kept.code)


@forum_page(may=role(*TYING_ROLES), stage=Stage.EVIDENCE, methods=("POST",))
def untie(request: HttpRequest, forum_request: ForumRequest, code: str) -> HttpResponse:
    """Remove an indicator from a line."""
    kept = sources.line_at(forum_request.forum, code)
    indicator = _indicator(request, forum_request.forum)
    ties.untie_indicator(
        line=kept, indicator=indicator, actor=forum_request.actor(*TYING_ROLES), now=forum_request.now
    )
    return redirect("home:line", forum_request.forum.slug, kept.code)


def _indicator(request: HttpRequest, forum: Forum) -> Indicator:
    asked = request.POST.get("indicator", "")
    known = Indicator.objects.select_related("symbol__forum", "forum").filter(forum=forum)
    number = whole_number(asked)
    found = None if number is None else known.filter(symbol__number=number).first()
    if found is None:
        raise NotThere(gettext("Please choose an indicator of this forum."), "indicator")
    return found


@forum_page(may=SIGNED_IN, methods=("GET", "HEAD", "POST"))
def job(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Show a job; begin, restart or cancel it."""
    found = job_at(
        forum_request.forum.pk,
        pk,
        forum_request.person.pk if forum_request.person else None,
        forum_request.roles,
    )
    if request.method == "POST":
        change = cancel if request.POST.get("do") == "cancel" else begin
        with refusals_as_messages(request):
            change(job=found, actor=forum_request.actor(*map(Role, found.roles)), now=forum_request.now)
        return redirect(found)
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, f"jobs/{'state' if is_part else 'job'}.html", {"job": found})

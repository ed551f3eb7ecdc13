"""Pages of imports, for the secretariat."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.evidence.imports import queries
from muntada.evidence.imports.actions import imports as actions
from muntada.evidence.imports.actions.editions import (
    MOST_NAMED,
    InTheWay,
    coming_in,
    edition_of,
    editions_in_the_way,
)
from muntada.evidence.imports.forms import ColumnsForm, ImportForm
from muntada.evidence.indicators.models import Import
from muntada.evidence.indicators.rules.imports import COLUMNS, ImportState
from muntada.evidence.indicators.rules.observations import IMPORTING_ROLES
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.cleaning import clean_line
from muntada.foundations.downloads import csv_download
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.pages import (
    READS_AND_WRITES,
    answer_form,
    refusals_as_messages,
    refusals_shown_in,
)

IMPORTS = role(*IMPORTING_ROLES)
PER_PAGE = 20
MAY_BE_NAMED = (ImportState.COLUMNS, ImportState.LOOKED_AT, ImportState.REFUSED)


@forum_page(may=IMPORTS, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def imports(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """List the imports of the forum, and begin one."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            begun = actions.begin_import(
                forum=forum_request.forum,
                new=form.new_import(),
                actor=forum_request.actor(*IMPORTING_ROLES),
                now=forum_request.now,
            )
            return redirect(begun)
    page = Paginator(queries.imports_of(forum_request.forum), PER_PAGE).get_page(request.GET.get("page"))
    return answer_form(request, "evidence/imports/imports.html", form, {"form": form, "imports": page})


@forum_page(may=IMPORTS, stage=Stage.EVIDENCE)
@chosen_by()
def empty_table(_request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Serve an empty table with column names, to fill in."""
    return csv_download(f"{forum_request.forum.slug}-figures-empty", COLUMNS, ())


@forum_page(may=IMPORTS, stage=Stage.EVIDENCE)
def one_import(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Show the state of an import, and its preview or result."""
    one = queries.import_at(forum_request.forum, pk)
    part = "evidence/imports/parts/import_run.html" if request.headers.get("HX-Request") == "true" else ""
    return render(request, part or "evidence/imports/import.html", _context(one))


def _context(one: Import) -> dict[str, object]:
    in_the_way = _in_the_way(one) if one.state == ImportState.LOOKED_AT else []
    return {
        "import": one,
        "job": one.job,
        "preview": one.preview,
        "in_the_way": in_the_way,
        "may_confirm": not any(each.is_same_file for each in in_the_way),
        "indicators": queries.indicators_brought(one),
        "may_name": one.state in MAY_BE_NAMED and bool(one.header),
    }


def _in_the_way(one: Import) -> list[InTheWay]:
    return editions_in_the_way(one, coming_in(one), edition_of(one))[:MOST_NAMED]


@forum_page(may=IMPORTS, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def columns(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Set the roles of a table's columns."""
    one = queries.import_at(forum_request.forum, pk)
    form = ColumnsForm(request.POST or None, header=one.header, says=one.says, series=one.series)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.say_columns(
                one=one,
                says=form.says(),
                series=form.cleaned_data["series"].strip(),
                actor=forum_request.actor(*IMPORTING_ROLES),
                now=forum_request.now,
            )
            return redirect(one)
    sample = one.preview.get("sample", [])
    rows = [
        (field, [row.get(name, "") for row in sample])
        for field, name in zip(form.columns(), form.header, strict=True)
    ]
    context = {"form": form, "import": one, "rows": rows, "sample": sample}
    return answer_form(request, "evidence/imports/columns.html", form, context)


@forum_page(may=IMPORTS, stage=Stage.EVIDENCE, methods=("POST",))
def take_in(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    one = queries.import_at(forum_request.forum, pk)
    leaves_out = request.POST.get("leaves_out") == "on"
    return _done(
        request,
        one,
        lambda: actions.order_taking(
            one=one,
            leaves_out=leaves_out,
            edition=clean_line(request.POST.get("edition", "")),
            actor=forum_request.actor(*IMPORTING_ROLES),
            now=forum_request.now,
        ),
    )


@forum_page(may=IMPORTS, stage=Stage.EVIDENCE, methods=("POST",))
def look_again(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    one = queries.import_at(forum_request.forum, pk)
    return _done(
        request,
        one,
        lambda: actions.look_again(
            one=one, actor=forum_request.actor(*IMPORTING_ROLES), now=forum_request.now
        ),
    )


@forum_page(may=IMPORTS, stage=Stage.EVIDENCE, methods=("POST",))
def withdraw(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    one = queries.import_at(forum_request.forum, pk)
    return _done(
        request,
        one,
        lambda: actions.withdraw_import(
            one=one,
            reason=request.POST.get("reason", ""),
            actor=forum_request.actor(*IMPORTING_ROLES),
            now=forum_request.now,
        ),
    )


@forum_page(may=IMPORTS, stage=Stage.EVIDENCE, methods=("POST",))
def throw_away(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    one = queries.import_at(forum_request.forum, pk)
    with refusals_as_messages(request):
        actions.throw_away(one=one, actor=forum_request.actor(*IMPORTING_ROLES), now=forum_request.now)
        messages.success(request, gettext("The import was thrown away. Nothing of it was taken in."))
        return redirect("evidence:imports", forum_request.forum.slug)
    return redirect(one)


def _done(request: HttpRequest, one: Import, act: Callable[[], None]) -> HttpResponse:
    with refusals_as_messages(request):
        act()
    return redirect(one)

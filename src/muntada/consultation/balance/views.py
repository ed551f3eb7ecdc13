"""Pages of participation, references and organizations to invite."""

from urllib.parse import urlencode

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext

from muntada.consultation.balance import queries
from muntada.consultation.balance.actions import choose_reference
from muntada.consultation.calls import queries as calls
from muntada.consultation.calls.rules.calls import CALLING_ROLES
from muntada.consultation.calls.views.calls import call_context, typed
from muntada.consultation.opinion.forms import SharesForm
from muntada.consultation.opinion.rules import Basis
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.rules.schemes import Scheme
from muntada.forums.views import forum_page, role
from muntada.foundations.downloads import table_download
from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by, require_choice
from muntada.foundations.pages import ANYONE, answer_form, refusals_shown_in
from muntada.people.rules import KIND_NAMES, OrganisationKind

COMPARED_WITH = (Basis.NONE, Basis.EQUAL, Basis.TYPED, Basis.LAST_FORUM)
INVITED_SHOWN = 20
INVITED_COLUMNS = ("organization", "kind", "country", "group", "contributions its group lacks")


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def balance_of_call(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show participation in a call."""
    return _page(request, forum_request, slug)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def balance_of_all(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show participation in all calls of the forum."""
    return _page(request, forum_request, "")


@forum_page(may=role(*CALLING_ROLES), stage=Stage.CONSULTATION)
@chosen_by("scheme")
def invite(request: HttpRequest, forum_request: ForumRequest, slug: str = "") -> HttpResponse:
    """Serve the organizations to invite as a table, for the secretariat."""
    require_choice(request.GET, "scheme", (scheme.key for scheme in queries.schemes_of(forum_request.forum)))
    card = calls.card_at(forum_request.forum, slug, forum_request.now) if slug else None
    found = queries.balance_page(
        forum_request.forum, card.call if card else None, request.GET.get("scheme", "")
    )
    name = (
        f"{forum_request.forum.slug}-{slug or 'consultation'}-{slugify(found.scheme.key.replace(':', '-'))}"
    )
    rows = [
        {
            "organization": one.name,
            "kind": str(KIND_NAMES[OrganisationKind(one.kind)]),
            "country": one.country,
            "group": one.group,
            "contributions its group lacks": one.short,
        }
        for one in queries.to_invite(forum_request.forum, card.call if card else None, found)
    ]
    return table_download(INVITED_COLUMNS, rows, name, "csv")


@forum_page(may=role(*CALLING_ROLES), stage=Stage.CONSULTATION)
def references(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show the references of the consultation."""
    listed = queries.references_of(forum_request.forum)
    return render(request, "consultation/balance/references.html", {"schemes": listed})


@forum_page(may=role(*CALLING_ROLES), stage=Stage.CONSULTATION, methods=("GET", "HEAD", "POST"))
def compare(request: HttpRequest, forum_request: ForumRequest, key: str) -> HttpResponse:
    """Choose the reference of a scheme."""
    scheme = _scheme(forum_request, key)
    before = queries.reference_of(forum_request.forum, scheme)
    form = SharesForm(
        typed(request), scheme=scheme, bases=COMPARED_WITH, chosen=model_to_dict(before) if before else None
    )
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            choose_reference(
                forum=forum_request.forum,
                scheme=scheme,
                chosen=form.chosen(),
                actor=forum_request.actor(*CALLING_ROLES),
                now=forum_request.now,
            )
            messages.success(request, gettext("The reference is set."))
            return redirect("consultation:references", forum_request.forum.slug)
    context = {"form": form, "scheme": scheme}
    return answer_form(request, "consultation/balance/compare.html", form, context)


def _page(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    card = calls.card_at(forum_request.forum, slug, forum_request.now) if slug else None
    call = card.call if card else None
    found = queries.balance_page(forum_request.forum, call, request.GET.get("scheme", ""))
    context = {"balance": found, "may_invite": forum_request.has(*CALLING_ROLES)}
    if context["may_invite"]:
        invited = queries.to_invite(forum_request.forum, call, found)
        context |= {
            "invited": invited[:INVITED_SHOWN],
            "invited_count": len(invited),
            "invite_address": _invite_address(forum_request, slug, found.scheme.key),
        }
    if card:
        context |= call_context(forum_request, card, "balance")
    return render(request, "consultation/balance/balance.html", context)


def _invite_address(forum_request: ForumRequest, slug: str, scheme: str) -> str:
    """Return the address of the list of whom to invite, to one call or to all."""
    forum = forum_request.forum.slug
    if slug:
        page = reverse("consultation:call_invite", args=[forum, slug])
    else:
        page = reverse("consultation:invite", args=[forum])
    return f"{page}?{urlencode({'scheme': scheme})}"


def _scheme(forum_request: ForumRequest, key: str) -> Scheme:
    found = next((scheme for scheme in queries.schemes_of(forum_request.forum) if scheme.key == key), None)
    if found is None:
        raise NotThere(gettext("There is no such scheme. Please choose one from the list."), "scheme")
    return found

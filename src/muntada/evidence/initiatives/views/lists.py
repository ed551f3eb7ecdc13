"""Lists of the stocktaking: public, to check, own."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muntada.evidence.initiatives.queries import lists
from muntada.evidence.initiatives.queries.lists import CHOICES, InitiativeFilter
from muntada.evidence.initiatives.rules import READING_ROLES
from muntada.forums.queries import ForumRequest, is_open
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.file_addresses import chosen_in
from muntada.foundations.pages import ANYONE, SIGNED_IN
from muntada.people.rules import Role
from muntada.record.adapter import condition_of, excerpt, wanted

PER_PAGE = 20


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def initiatives(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show all initiatives, or search results."""
    sought = InitiativeFilter.of(request.GET.dict())
    looked_for = wanted(sought.words)
    listed = lists.chosen_of(forum_request.forum, sought, condition_of(looked_for))
    if looked_for:
        listed = listed.select_related("symbol__found_by")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    if looked_for:
        for one in page:
            one.excerpt = excerpt(one.symbol.found_by.text, one.language, looked_for)  # type: ignore[attr-defined]
    context = {
        "page": page,
        "asked": chosen_in(request.GET, CHOICES),
        "may_take_in": forum_request.has(Role.SECRETARIAT),
        "facets": lists.facets_of(forum_request.forum),
        "wanted": sought,
        "may_register": is_open(forum_request.forum, Stage.EVIDENCE, forum_request.now),
        "waiting": lists.waiting_in(forum_request.forum).count() if forum_request.has(*READING_ROLES) else 0,
        "own": lists.own_of(forum_request.forum, forum_request.person).count(),
    }
    return render(request, "evidence/initiatives/initiatives.html", context)


@forum_page(may=role(*READING_ROLES), stage=Stage.EVIDENCE)
def waiting(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show entries to check."""
    page = Paginator(lists.waiting_in(forum_request.forum), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "evidence/initiatives/waiting.html", {"page": page})


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE)
def mine(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show a person's entries, and those due for a check."""
    page = Paginator(lists.own_of(forum_request.forum, forum_request.person), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "may_register": is_open(forum_request.forum, Stage.EVIDENCE, forum_request.now)}
    return render(request, "evidence/initiatives/mine.html", context)

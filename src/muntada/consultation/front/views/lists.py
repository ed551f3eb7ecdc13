"""The public list of a call: page, feed, open data."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext

from muntada.consultation.calls import queries as calls
from muntada.consultation.calls.queries import CallCard
from muntada.consultation.calls.views.calls import call_context
from muntada.consultation.campaigns import queries as lists
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.front import queries
from muntada.consultation.front.exports import COLUMNS, contribution_rows
from muntada.consultation.front.queries import CHOICES, ContributionFilter
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.downloads import content_disposition
from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by, chosen_in
from muntada.foundations.pages import ANYONE
from muntada.foundations.sheets import CSV, XLSX, as_xlsx, csv_parts, written
from muntada.record.adapter import condition_of, excerpt, wanted
from muntada.record.rules import plain_words

PER_PAGE = 20
IN_A_FEED = 50
LETTERS_IN_A_FEED = 1_000


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def contribution_list(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show all contributions to a call, or search results."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    sought = ContributionFilter.of(request.GET.dict())
    looked_for = wanted(sought.words)
    listed = queries.chosen_of(card.call, sought, condition_of(looked_for))
    if looked_for:
        listed = listed.select_related("symbol__found_by")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    if looked_for:
        for one in page:
            one.excerpt = excerpt(one.symbol.found_by.text, one.language, looked_for)  # type: ignore[attr-defined]
    context = call_context(forum_request, card, "contributions") | {
        "page": page,
        "facets": queries.facets_of(card.call),
        "wanted": sought,
        "asked": chosen_in(request.GET, CHOICES),
        "campaigns": lists.campaigns_in(card.call),
    }
    return render(request, "consultation/front/contributions.html", context)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
@chosen_by(*CHOICES)
def feed(request: HttpRequest, forum_request: ForumRequest, slug: str, form: str) -> HttpResponse:
    """Serve the newest contributions as Atom or JSON Feed."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    sought = ContributionFilter.of(request.GET.dict() | {"order": "newest"})
    listed = queries.chosen_of(card.call, sought, condition_of(wanted(sought.words)))
    newest = list(listed.filter(consent_to_publish=True, withdrawn_at=None)[:IN_A_FEED])
    if form == "atom":
        return _atom(request, card, newest)
    if form == "json":
        return _json_feed(request, card, newest)
    raise NotThere(gettext("There is no feed of this form. Please take Atom or JSON."), "feed")


class _FeedInLanguages(Atom1Feed):
    """A feed with the language of each entry (RFC 4287, section 2)."""

    def item_attributes(self, item: Mapping[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["written_in"]}


def _atom(request: HttpRequest, card: CallCard, newest: list[Contribution]) -> HttpResponse:
    made = _FeedInLanguages(
        title=clean_line(_feed_title(card)),
        link=request.build_absolute_uri(card.call.get_absolute_url()),
        description=clean_text(card.call.introduction_here),
        language=get_language(),
        feed_url=request.build_absolute_uri(),
    )
    for one in newest:
        address = request.build_absolute_uri(one.get_absolute_url())
        # XML allows no control characters, and older names may contain some.
        made.add_item(
            title=clean_line(f"{one.symbol.short} {one.title}"),
            link=address,
            description=clean_text(_beginning(one)),
            unique_id=address,
            author_name=clean_line(_who(one)) or None,
            pubdate=one.submitted_at,
            updateddate=one.revised_at or one.submitted_at,
            written_in=one.language,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _json_feed(request: HttpRequest, card: CallCard, newest: list[Contribution]) -> HttpResponse:
    items = [
        {
            "id": request.build_absolute_uri(one.get_absolute_url()),
            "url": request.build_absolute_uri(one.get_absolute_url()),
            "title": f"{one.symbol.short} {one.title}",
            "content_text": _beginning(one),
            "language": one.language,
            "date_published": one.submitted_at.isoformat(),
            "date_modified": (one.revised_at or one.submitted_at).isoformat(),
            "authors": [{"name": _who(one)}] if _who(one) else [],
        }
        for one in newest
    ]
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _feed_title(card),
        "home_page_url": request.build_absolute_uri(card.call.get_absolute_url()),
        "feed_url": request.build_absolute_uri(),
        "items": items,
    }
    return JsonResponse(made, content_type="application/feed+json; charset=utf-8")


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
@chosen_by(*CHOICES)
def download(request: HttpRequest, forum_request: ForumRequest, slug: str, form: str) -> HttpResponseBase:
    """Serve the filtered contributions as table or JSON, streamed."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    sought = ContributionFilter.of({"order": "number"} | request.GET.dict())
    listed = queries.chosen_of(card.call, sought, condition_of(wanted(sought.words)))
    address = request.build_absolute_uri("/").rstrip("/")
    rows = (row.as_values() for row in contribution_rows(card.call, listed, address))
    answer = _table(form, card, rows)
    name = f"{forum_request.forum.slug}-{card.call.slug}-contributions"
    answer.headers["Content-Disposition"] = content_disposition(f"{name}.{form}")
    return answer


def _table(form: str, card: CallCard, rows: Iterable[Mapping[str, object]]) -> HttpResponseBase:
    if form == "csv":
        return StreamingHttpResponse(csv_parts(COLUMNS, rows), content_type=CSV)
    if form == "xlsx":
        return HttpResponse(as_xlsx(rows, sheet=card.call.slug), content_type=XLSX)
    if form == "json":
        return StreamingHttpResponse(_json_parts(card, rows), content_type="application/json")
    sentence = gettext("There is no download of this form. Please take CSV, XLSX or JSON.")
    raise NotThere(sentence, "download")


def _json_parts(card: CallCard, rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    yield f'{{"call": {json.dumps(card.call.slug)}, "contributions": ['
    for place, row in enumerate(rows):
        yield (", " if place else "") + json.dumps(row, default=written)
    yield "]}"


def _feed_title(card: CallCard) -> str:
    return gettext("Contributions to: %(call)s") % {"call": card.call.title_here}


def _beginning(contribution: Contribution) -> str:
    text = plain_words(contribution.text)
    return text if len(text) <= LETTERS_IN_A_FEED else text[: LETTERS_IN_A_FEED - 1].rstrip() + "…"


def _who(contribution: Contribution) -> str:
    organisation = contribution.organisation_shown
    return ", ".join(
        name for name in (contribution.name_shown, organisation.name if organisation else "") if name
    )

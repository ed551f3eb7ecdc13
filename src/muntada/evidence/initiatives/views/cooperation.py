"""Pages of the cooperation network: picture, table and open data."""

from collections.abc import Iterator, Mapping

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from muntada.evidence.initiatives.adapter import cooperation
from muntada.evidence.initiatives.adapter.cooperation import CHOICES, UNREGISTERED, NetworkFilter, Seen
from muntada.evidence.initiatives.queries.cooperation import scheme_of_regions
from muntada.forums.queries import ForumRequest, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.downloads import streamed_download
from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by, chosen_in
from muntada.foundations.pages import ANYONE
from muntada.foundations.sheets import CSV, csv_parts
from muntada.people.rules import KIND_NAMES

PER_PAGE = 40
NODES = ("id", "name", "kind", "country", "region", "registered", "initiatives", "partners", "lines")
EDGES = ("one", "other", "initiatives", "symbols")


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def network(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show the network, complete or filtered by line, region and kind of organization."""
    wanted = NetworkFilter.of(request.GET.dict())
    seen = cooperation.kept.seen(forum_request.forum, wanted)
    context = {
        "wanted": wanted,
        "seen": seen,
        "page": Paginator(seen.rows, PER_PAGE).get_page(request.GET.get("page")),
        "asked": chosen_in(request.GET, CHOICES),
        "lines": lines_of(forum_request.forum),
        "regions": scheme_of_regions().groups,
        "kinds": kinds(),
    }
    return render(request, "evidence/initiatives/cooperation.html", context)


def kinds() -> dict[str, str]:
    return {kind.value: str(name) for kind, name in KIND_NAMES.items()} | {
        UNREGISTERED: gettext("Known by name alone")
    }


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def member(request: HttpRequest, forum_request: ForumRequest, member: str) -> HttpResponse:
    """Show a member and its partners."""
    around = cooperation.kept.around(forum_request.forum, member)
    if around is None:
        raise NotThere(gettext("No initiative of this stocktaking names this organization."), "organisation")
    page = Paginator(around.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "around": around,
        "page": page,
        "kind": kinds().get(around.member.kind_key, ""),
        "kinds": kinds(),
        "regions": scheme_of_regions().groups,
    }
    return render(request, "evidence/initiatives/cooperation_member.html", context)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by(*CHOICES)
def nodes(request: HttpRequest, forum_request: ForumRequest) -> StreamingHttpResponse:
    """Serve the nodes of the requested network."""
    seen = cooperation.kept.seen(forum_request.forum, NetworkFilter.of(request.GET.dict()))
    return streamed_download(
        csv_parts(NODES, _nodes(seen)), f"{forum_request.forum.slug}-cooperation-nodes.csv", CSV
    )


def _nodes(seen: Seen) -> Iterator[Mapping[str, object]]:
    for row in seen.rows:
        yield {
            "id": row.member.id,
            "name": row.member.name,
            "kind": row.member.kind,
            "country": row.member.country,
            "region": row.member.region,
            "registered": row.member.is_registered,
            "initiatives": len(row.entries),
            "partners": len(row.partners),
            "lines": tuple(row.lines),
        }


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by(*CHOICES)
def edges(request: HttpRequest, forum_request: ForumRequest) -> StreamingHttpResponse:
    """Serve the ties of the requested network with their initiatives."""
    seen = cooperation.kept.seen(forum_request.forum, NetworkFilter.of(request.GET.dict()))
    rows = (
        {
            "one": tie.one,
            "other": tie.other,
            "initiatives": len(tie.works),
            "symbols": [f"{forum_request.forum.prefix}/I/{number}" for number in tie.works],
        }
        for tie in seen.graph.ties
    )
    return streamed_download(csv_parts(EDGES, rows), f"{forum_request.forum.slug}-cooperation-edges.csv", CSV)

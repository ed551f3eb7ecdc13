"""The input of the cooperation network: public entries and organizations."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, Q

from muntada.evidence.initiatives.queries.lists import public_in
from muntada.forums.models import Forum
from muntada.forums.rules.schemes import DeclaredFacts, Scheme, scheme_at
from muntada.people.models import Organisation

REGIONS = "region:m49-region"

type NetworkState = tuple[int, datetime | None, datetime | None, int, int | None]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A public entry: its lead organization, and the text about partners."""

    number: int
    title: str
    language: str
    lead: int
    partners: str
    countries: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    pk: int
    name: str
    language: str
    kind: str
    country: str
    region: str


def stand_of(forum: Forum) -> NetworkState:
    """Return a value that changes with every change of entries or organizations."""
    found = public_in(forum).aggregate(
        count=Count("pk"), changed=Max("confirmed_at"), published=Max("published_at")
    )
    known = Organisation.objects.aggregate(count=Count("pk"), last=Max("pk"))
    return found["count"], found["changed"], found["published"], known["count"], known["last"]


def entries_with_partners(forum: Forum) -> list[EntryRow]:
    """Return every public entry by number, in one query."""
    rows = (
        public_in(forum)
        .order_by("symbol__number")
        .annotate(codes=ArrayAgg("lines__code", filter=~Q(lines=None), default=[], order_by="lines__code"))
        .values_list(
            "symbol__number",
            "title",
            "language",
            "organisation_id",
            "partners",
            "country",
            "also_in",
            "codes",
        )
    )
    return [
        EntryRow(
            number,
            title,
            language,
            lead,
            partners,
            tuple(code for code in (country, *also_in) if code),
            (*codes,),
        )
        for number, title, language, lead, partners, country, also_in, codes in rows
    ]


def organisation_rows() -> list[OrganisationRow]:
    """Return every organization with the region of its country."""
    regions = scheme_of_regions()
    rows = Organisation.objects.order_by("pk").values_list(
        "pk", "name", "language", "kind", "country", "is_international_headquarters"
    )
    return [
        OrganisationRow(
            pk, name, language, kind, country, regions.group_of(DeclaredFacts(kind, country, is_seat))
        )
        for pk, name, language, kind, country, is_seat in rows
    ]


def scheme_of_regions() -> Scheme:
    found = scheme_at(REGIONS)
    if found is None:
        raise LookupError(REGIONS)
    return found

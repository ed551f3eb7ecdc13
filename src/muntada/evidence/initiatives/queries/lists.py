"""The list of the stocktaking: filters, order, and counts of each filter."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from django.contrib.postgres.search import SearchRank
from django.db import connection
from django.db.models import F, Q, QuerySet

from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.queries.initiatives import said_of
from muntada.evidence.initiatives.rules import (
    ACTIVITY_NAMES,
    COLUMNS,
    PROGRESS_NAMES,
    SCOPE_NAMES,
    UPDATE_DUE_AFTER,
    Activity,
    InitiativeProgress,
    InitiativeScope,
    PublicationState,
)
from muntada.forums.models import Forum, Goal, Line
from muntada.people.models import Person
from muntada.people.rules import KIND_NAMES, OrganisationKind
from muntada.record.queries import AsWritten

LONGEST_CHOICE = 200
ORDERS = {
    "newest": ("-registered_at", "-pk"),
    "title": ("title", "pk"),
    "number": ("symbol__number",),
}
FACTS = ("line", "goal", "country", "kind", "activity", "scope", "status", "language")

# The names of the URL parameters.
CHOICES = ("q", *FACTS, "order")


@dataclass(frozen=True)
class InitiativeFilter:
    """The requested filters; empty means everything."""

    words: str = ""
    line: str = ""
    goal: str = ""
    country: str = ""
    kind: str = ""
    activity: str = ""
    scope: str = ""
    status: str = ""
    language: str = ""
    order: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Self:
        chosen = {name: asked.get(name, "").strip()[:LONGEST_CHOICE] for name in (*FACTS, "order")}
        return cls(words=asked.get("q", "").strip()[:LONGEST_CHOICE], **chosen)

    @property
    def is_everything(self) -> bool:
        return replace(self, order="") == InitiativeFilter()

    @property
    def is_narrowed(self) -> bool:
        """Return whether a filter other than words, line or goal is set."""
        return replace(self, words="", order="", line="", goal="") != InitiativeFilter()

    @property
    def order_here(self) -> str:
        """The effective order: with words, best match first by default."""
        return self.order if self.order in ORDERS else ("closest" if self.words else "newest")


@dataclass(frozen=True)
class InitiativeFacet:
    """A filter option, and the number of initiatives it leaves."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class InitiativeFacets:
    """All filter options with their counts."""

    lines: list[InitiativeFacet]
    goals: list[InitiativeFacet]
    countries: list[InitiativeFacet]
    kinds: list[InitiativeFacet]
    activities: list[InitiativeFacet]
    scopes: list[InitiativeFacet]
    statuses: list[InitiativeFacet]
    languages: list[InitiativeFacet]


def public_in(forum: Forum) -> QuerySet[Initiative]:
    return Initiative.objects.filter(
        symbol__forum=forum, standing=PublicationState.PUBLISHED, withdrawn_at=None
    )


def chosen_of(forum: Forum, asked: InitiativeFilter, condition: str) -> QuerySet[Initiative]:
    """Return the filtered initiatives. `condition` comes from `record.adapter`."""
    listed = public_in(forum)
    if asked.words:
        if not condition:
            return listed.none()
        query = AsWritten(condition, search_type="raw")
        listed = listed.filter(symbol__found_by__vector=query).annotate(
            closeness=SearchRank(F("symbol__found_by__vector"), query)
        )
    listed = listed.filter(*_facts(asked))
    order = ("-closeness", "-pk") if asked.order_here == "closest" else ORDERS[asked.order_here]
    return (
        listed.order_by(*order)
        .select_related("symbol__forum", "organisation")
        .prefetch_related("lines", "goals")
    )


def _facts(asked: InitiativeFilter) -> list[Q]:
    plain = {
        "lines__code": asked.line,
        "goals__code": asked.goal,
        "organisation__kind": asked.kind,
        "activity": asked.activity,
        "scope": asked.scope,
        "status": asked.status,
        "language": asked.language,
    }
    chosen = [Q(**{name: value}) for name, value in plain.items() if value]
    if asked.country:
        chosen.append(Q(country=asked.country) | Q(also_in__contains=[asked.country]))
    return chosen


# The entries are selected once, and all facets are counted from them.
_COUNTS = """
WITH public AS MATERIALIZED (
    SELECT i.id, i.country, o.kind, i.activity, i.scope, i.status, i.language
    FROM evidence_initiatives_initiative i
    JOIN record_symbol s ON s.id = i.symbol_id
    JOIN people_organisation o ON o.id = i.organisation_id
    WHERE s.forum_id = %s AND i.standing = %s AND i.withdrawn_at IS NULL
)
SELECT 'line', line_id::text, count(*)
FROM evidence_initiatives_initiative_lines JOIN public ON public.id = initiative_id GROUP BY line_id
UNION ALL
SELECT 'goal', goal_id::text, count(*)
FROM evidence_initiatives_initiative_goals JOIN public ON public.id = initiative_id GROUP BY goal_id
UNION ALL
SELECT
    CASE
        WHEN country IS NOT NULL THEN 'country' WHEN kind IS NOT NULL THEN 'kind'
        WHEN activity IS NOT NULL THEN 'activity' WHEN scope IS NOT NULL THEN 'scope'
        WHEN status IS NOT NULL THEN 'status' ELSE 'language'
    END,
    coalesce(country, kind, activity, scope, status, language),
    count(*)
FROM public
GROUP BY GROUPING SETS ((country), (kind), (activity), (scope), (status), (language))
"""


def facets_of(forum: Forum) -> InitiativeFacets:
    """Return every filter option with a result, and its count."""
    counted: dict[str, dict[str, int]] = {fact: {} for fact in FACTS}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [forum.pk, PublicationState.PUBLISHED.value])
        for fact, value, count in cursor.fetchall():
            if value:
                counted[fact][value] = count
    return InitiativeFacets(
        lines=_of_framework(forum, Line, counted["line"]),
        goals=_of_framework(forum, Goal, counted["goal"]),
        countries=_facets(counted["country"], {}),
        kinds=_facets(counted["kind"], {one.value: str(KIND_NAMES[one]) for one in OrganisationKind}),
        activities=_facets(counted["activity"], {one.value: str(ACTIVITY_NAMES[one]) for one in Activity}),
        scopes=_facets(counted["scope"], {one.value: str(SCOPE_NAMES[one]) for one in InitiativeScope}),
        statuses=_facets(
            counted["status"], {one.value: str(PROGRESS_NAMES[one]) for one in InitiativeProgress}
        ),
        languages=_facets(counted["language"], {}),
    )


def _facets(counts: Mapping[str, int], names: Mapping[str, str]) -> list[InitiativeFacet]:
    """Return options by descending count; the page names countries and languages."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [InitiativeFacet(value, names.get(value, ""), count) for value, count in ordered]


def _of_framework(
    forum: Forum, model: type[Line] | type[Goal], counts: Mapping[str, int]
) -> list[InitiativeFacet]:
    rows: Iterable[Line | Goal] = model.objects.filter(framework_id=forum.framework_id)
    return [InitiativeFacet(one.code, str(one), counts[str(one.pk)]) for one in rows if str(one.pk) in counts]


def as_rows(chosen: QuerySet[Initiative]) -> Iterator[dict[str, object]]:
    """Yield initiatives as rows of a table that can be imported again."""
    for one in chosen.iterator(chunk_size=500):
        said = said_of(one)
        figures = (
            " | ".join([row["what"], row["value"], row["unit"], str(row["year"] or ""), row["source"]])
            for row in said["figures"]
        )
        yield {
            name: {
                **said,
                "symbol": str(one.symbol),
                "figures": list(figures),
                "organisation_kind": one.organisation.kind,
                "organisation_country": one.organisation.country,
            }[name]
            for name in COLUMNS
        }


def waiting_in(forum: Forum) -> QuerySet[Initiative]:
    """Return entries to check, longest waiting first."""
    waiting = Initiative.objects.filter(
        symbol__forum=forum, standing=PublicationState.SUBMITTED, withdrawn_at=None
    )
    return waiting.select_related("symbol__forum", "organisation").order_by("confirmed_at", "pk")


def own_of(forum: Forum, person: Person | None) -> QuerySet[Initiative]:
    """Return a person's entries in any state."""
    own = Initiative.objects.filter(symbol__forum=forum, withdrawn_at=None)
    own = own.filter(registered_by=person) if person else own.none()
    return own.select_related("symbol__forum", "organisation").order_by("-confirmed_at", "pk")


def due_of_authors(now: datetime) -> list[Initiative]:
    """Return entries due for a yearly check and not yet asked about, by author."""
    year_ago = now - UPDATE_DUE_AFTER
    due = Initiative.objects.filter(
        standing=PublicationState.PUBLISHED,
        withdrawn_at=None,
        confirmed_at__lte=year_ago,
        registered_by__is_active=True,
        registered_by__is_invented=False,
    ).exclude(status=InitiativeProgress.COMPLETED)
    unasked = due.filter(Q(asked_at=None) | Q(asked_at__lte=year_ago))
    return list(unasked.select_related("symbol__forum", "registered_by").order_by("registered_by_id", "pk"))

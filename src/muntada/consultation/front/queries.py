"""The public list of a call: filters, order, counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from django.contrib.postgres.search import SearchRank
from django.db.models import Count, F, Q, QuerySet
from django.db.models.lookups import Exact

from muntada.consultation.calls.models import Call
from muntada.consultation.contributions.models import Contribution, ContributionDraft
from muntada.consultation.contributions.queries.contributions import (
    ContributionFacet,
    contributions_of,
    public_ones,
)
from muntada.consultation.contributions.rules.contributions import ShownAs
from muntada.consultation.replies.queries.notices import Addressee, who_want_letters
from muntada.consultation.replies.queries.replies import REPLIES, last_disposition, unanswered
from muntada.consultation.replies.rules import DISPOSITION_WORDS, UNDONE, Disposition
from muntada.consultation.statements.models import Vote
from muntada.forums.models import Forum, Goal, Line
from muntada.people.rules import KIND_NAMES, OrganisationKind
from muntada.record.queries import AsWritten

WAITING = "waiting"
LONGEST_CHOICE = 200
ORDERS = {
    "newest": ("-submitted_at", "-pk"),
    "oldest": ("submitted_at", "pk"),
    "number": ("symbol__number",),
}


# The names of the URL parameters.
CHOICES = ("q", "line", "goal", "language", "kind", "country", "standing", "order")


@dataclass(frozen=True)
class ContributionFilter:
    """The requested filters; empty means everything."""

    words: str = ""
    line: str = ""
    goal: str = ""
    language: str = ""
    kind: str = ""
    country: str = ""
    standing: str = ""
    order: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Self:
        chosen = {name: asked.get(name, "").strip()[:LONGEST_CHOICE] for name in CHOICES[1:]}
        return cls(words=asked.get("q", "").strip()[:LONGEST_CHOICE], **chosen)

    @property
    def is_everything(self) -> bool:
        return replace(self, order="") == ContributionFilter()

    @property
    def is_narrowed(self) -> bool:
        """Return whether a filter other than words is set."""
        return replace(self, words="", order="") != ContributionFilter()

    @property
    def order_here(self) -> str:
        """The effective order: with words, best match first by default."""
        return self.order if self.order in ORDERS else ("closest" if self.words else "newest")


@dataclass(frozen=True)
class ContributionFacets:
    """Filter options with their counts."""

    lines: list[ContributionFacet]
    goals: list[ContributionFacet]
    languages: list[tuple[str, int]]
    kinds: list[ContributionFacet]
    countries: list[tuple[str, int]]
    standings: list[ContributionFacet]


def chosen_of(call: Call, asked: ContributionFilter, condition: str) -> QuerySet[Contribution]:
    """Return the filtered contributions. `condition` comes from `record.adapter`."""
    listed = contributions_of(call).prefetch_related(REPLIES)
    if asked.is_everything:
        return listed.order_by(*ORDERS[asked.order_here])
    # Unpublished contributions must not be discoverable by filters.
    listed = listed.filter(public_ones())
    if asked.words:
        query = AsWritten(condition, search_type="raw") if condition else None
        if query is None:
            return listed.none()
        listed = listed.filter(symbol__found_by__vector=query).annotate(
            closeness=SearchRank(F("symbol__found_by__vector"), query)
        )
    listed = _by_facts(listed, asked)
    order = ("-closeness", "-pk") if asked.order_here == "closest" else ORDERS[asked.order_here]
    return listed.order_by(*order)


def _by_facts(listed: QuerySet[Contribution], asked: ContributionFilter) -> QuerySet[Contribution]:
    if asked.line:
        listed = listed.filter(lines__code=asked.line)
    if asked.goal:
        listed = listed.filter(goals__code=asked.goal)
    if asked.language:
        listed = listed.filter(language=asked.language)
    if asked.kind:
        listed = listed.filter(_with_organisation(), kind=asked.kind)
    if asked.country:
        listed = listed.filter(_with_organisation(), country=asked.country)
    if asked.standing == WAITING:
        return listed.filter(unanswered())
    if asked.standing in set(Disposition):
        return listed.filter(Exact(last_disposition(), asked.standing))
    return listed


def facets_of(call: Call) -> ContributionFacets:
    """Return every filter option with a result, and its count."""
    public = Contribution.objects.filter(public_ones(), call=call).order_by()
    kinds = _counted(public.filter(_with_organisation()), "kind")
    return ContributionFacets(
        lines=_of_framework(call, Line),
        goals=_of_framework(call, Goal),
        languages=_counted(public, "language"),
        kinds=[
            ContributionFacet(kind, str(KIND_NAMES[OrganisationKind(kind)]), count) for kind, count in kinds
        ],
        countries=_counted(public.filter(_with_organisation()), "country"),
        standings=_standings(public),
    )


def _counted(rows: QuerySet[Contribution], fact: str) -> list[tuple[str, int]]:
    known = rows.exclude(**{fact: ""}).values_list(fact).annotate(count=Count("pk"))
    return sorted(known, key=lambda one: (-one[1], one[0]))


def _of_framework(call: Call, model: type[Line] | type[Goal]) -> list[ContributionFacet]:
    public = Q(contributions__in=Contribution.objects.filter(public_ones(), call=call))
    rows = model.objects.filter(framework_id=call.forum.framework_id)
    counted: Iterable[Line | Goal] = rows.annotate(count=Count("contributions", filter=public))
    return [ContributionFacet(one.code, str(one), one.count) for one in counted if one.count]  # type: ignore[union-attr]


def _standings(public: QuerySet[Contribution]) -> list[ContributionFacet]:
    counted = public.annotate(last=last_disposition()).values("last").annotate(count=Count("pk"))
    counts = {row["last"]: row["count"] for row in counted}
    counts[WAITING] = counts.get(None, 0) + counts.get(UNDONE, 0)
    named = [(WAITING, ""), *((one.value, str(DISPOSITION_WORDS[one])) for one in Disposition)]
    return [ContributionFacet(value, label, counts[value]) for value, label in named if counts.get(value)]


def _with_organisation() -> Q:
    """Kind and country are those of organizations shown; those of individuals are only counted."""
    return Q(organisation__isnull=False) & ~Q(shown_as=ShownAs.NOBODY)


def votes_cast_in(forum: Forum) -> int:
    """Return the number of valid votes in a forum."""
    return Vote.objects.filter(statement__call__forum=forum, is_current=True, voter__banned_at=None).count()


def people_to_notify(call: Call) -> list[Addressee]:
    """Return the authors of a call with distinct addresses, in five queries."""
    said = Contribution.objects.filter(call=call, withdrawn_at=None)
    sources = (
        said.filter(author=None).exclude(author_email="").values_list("author_email", "language"),
        said.filter(author__isnull=False).values_list("author__email", "author__language"),
        ContributionDraft.objects.filter(call=call).values_list("author__email", "author__language"),
    )
    found = {
        email.lower(): Addressee(email, language)
        for rows in sources
        for email, language in rows.order_by("pk")
    }
    return who_want_letters(found[address] for address in sorted(found))

"""Likely duplicates, and the replacement of a withdrawn one."""

from datetime import datetime

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from muntada.evidence.initiatives.models import DuplicateLook, Initiative, LikePair
from muntada.evidence.initiatives.queries.initiatives import said_of
from muntada.evidence.initiatives.rules import DuplicateVerdict, PublicationState
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere

# The minimum similarity and the maximum number of entries compared with a new one.
WORTH_A_LOOK, MOST_LOOKED_AT = 0.25, 60
COMPARED = (
    "title",
    "organisation",
    "language",
    "country",
    "also_in",
    "activity",
    "scope",
    "status",
    "starts_year",
    "ends_year",
    "lines",
    "goals",
    "website",
    "partners",
    "description",
    "results",
)


def standing_in(forum: Forum) -> QuerySet[Initiative]:
    """Return every entry that was not withdrawn."""
    return Initiative.objects.filter(symbol__forum=forum, withdrawn_at=None).select_related("organisation")


def likely_duplicates(forum: Forum, *, title: str, organisation: str, website: str) -> list[Initiative]:
    """Return public entries that may be the same as a new one."""
    public = standing_in(forum).filter(standing=PublicationState.PUBLISHED).select_related("symbol__forum")
    alike = public.annotate(likeness=TrigramSimilarity("title", title))
    near = Q(likeness__gte=WORTH_A_LOOK) | Q(organisation__name__iexact=organisation.strip())
    if website:
        near |= Q(website__iexact=website.strip())
    return list(alike.filter(near).order_by("-likeness", "pk")[:MOST_LOOKED_AT])


def _pairs(forum: Forum) -> QuerySet[LikePair]:
    sides = ("first__symbol__forum", "first__organisation", "second__symbol__forum", "second__organisation")
    return LikePair.objects.filter(first__symbol__forum=forum).select_related(*sides, "decided_by", "kept")


def open_pairs(forum: Forum) -> QuerySet[LikePair]:
    """Return undecided pairs, most similar first, without withdrawn entries."""
    open_ = _pairs(forum).filter(verdict=DuplicateVerdict.OPEN)
    return open_.filter(first__withdrawn_at=None, second__withdrawn_at=None).order_by("-likeness", "pk")


def decided_pairs(forum: Forum) -> QuerySet[LikePair]:
    return _pairs(forum).exclude(verdict=DuplicateVerdict.OPEN).order_by("-decided_at", "pk")


def pair_at(forum: Forum, pk: int) -> LikePair:
    found = _pairs(forum).filter(pk=pk).first()
    if found is None:
        raise NotThere(gettext("There is no such pair. It may have been found no more."), "pair")
    return found


def pair_told(pk: int) -> LikePair | None:
    """Return a pair for its notification, if the author of the withdrawn entry gets e-mail."""
    sides = [f"{side}__{what}" for side in ("first", "second") for what in ("symbol__forum", "registered_by")]
    pair = LikePair.objects.select_related(*sides, "kept__symbol__forum").filter(pk=pk).first()
    gone = pair.given_up if pair else None
    author = gone.registered_by if gone else None
    return pair if author is not None and author.is_active and not author.is_invented else None


def last_check(forum: Forum) -> DuplicateLook | None:
    return DuplicateLook.objects.filter(forum=forum).first()


def stands_for(initiative: Initiative) -> Initiative | None:
    """Return the entry that replaces a withdrawn duplicate."""
    if initiative.withdrawn_at is None:
        return None
    same = LikePair.objects.filter(verdict=DuplicateVerdict.SAME).exclude(kept=initiative)
    pair = (
        same.filter(Q(first=initiative) | Q(second=initiative)).select_related("kept__symbol__forum").first()
    )
    return pair.kept if pair else None


def side_by_side(pair: LikePair) -> list[tuple[str, str, str, bool]]:
    """Return both entries field by field, with whether they are equal."""
    one, other = said_of(pair.first), said_of(pair.second)
    rows = []
    for part in COMPARED:
        left, right = (_words(said[part]) for said in (one, other))
        if left or right:
            rows.append((part, left, right, left == right))
    return rows


def _words(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(str(one) for one in value)
    return "" if value is None else str(value)


def forums_with_news(since: datetime) -> list[Forum]:
    """Return the forums with new or changed entries since a moment."""
    changed = Initiative.objects.filter(withdrawn_at=None, confirmed_at__gte=since)
    return list(Forum.objects.filter(pk__in=changed.values("symbol__forum")))

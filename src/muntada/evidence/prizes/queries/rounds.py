"""Showcases for readers: state, entries, awards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Case, Count, Prefetch, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext

from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.rules import InitiativeProgress, PublicationState
from muntada.evidence.prizes.models import (
    PhaseChange,
    Showcase,
    ShowcaseCategory,
    ShowcaseEntry,
    ShowcasePhase,
    TieSettled,
)
from muntada.evidence.prizes.rules.rounds import (
    STEP_SENTENCES,
    Award,
    CandidateExpert,
    Phase,
    PhasePeriod,
    PrizeStep,
    WinnerBy,
    is_told,
    obstacle_to_enter,
    step_of,
)
from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotThere
from muntada.people.rules import OrganisationKind, Role

# The entries shown on one page; with more, one category at a time.
ALL_AT_ONCE = 60
CHAMPIONS = (Award.CHAMPION, Award.WINNER)
# The winner first, then by votes, then by score.
BEST_FIRST = ("has_won", "-votes", "-score", "entered_at", "pk")


def periods_of(showcase: Showcase) -> dict[Phase, PhasePeriod]:
    return {Phase(one.phase): one.period for one in showcase.phases.all()}


def step_here(showcase: Showcase, now: datetime) -> PrizeStep:
    return step_of(showcase.announced, periods_of(showcase), WinnerBy(showcase.winner_by), now)


def showcases_of(forum_request: ForumRequest) -> QuerySet[Showcase]:
    """Return the showcases a person may see, newest first."""
    found = (
        Showcase.objects.filter(forum=forum_request.forum).select_related("forum").prefetch_related("phases")
    )
    return found if forum_request.has(Role.SECRETARIAT) else found.exclude(opened_at=None)


def showcase_at(forum_request: ForumRequest, edition: str) -> Showcase:
    found = showcases_of(forum_request).filter(edition=edition).first()
    if found is None:
        raise NotThere(gettext("There is no showcase of this edition in this forum."), "showcase")
    return found


def entries_in(showcase: Showcase) -> QuerySet[ShowcaseEntry]:
    return ShowcaseEntry.objects.filter(showcase=showcase).select_related(
        "initiative__symbol__forum", "initiative__organisation", "category__line"
    )


def standing_entries(showcase: Showcase) -> QuerySet[ShowcaseEntry]:
    """Return the entries that were not withdrawn."""
    return entries_in(showcase).filter(
        withdrawn_at=None, initiative__withdrawn_at=None, initiative__standing=PublicationState.PUBLISHED
    )


def nominees_of(showcase: Showcase) -> QuerySet[ShowcaseEntry]:
    return standing_entries(showcase).exclude(award="")


def champions_of(showcase: Showcase) -> QuerySet[ShowcaseEntry]:
    return standing_entries(showcase).filter(award__in=CHAMPIONS)


def has_won(initiative: Initiative) -> bool:
    return ShowcaseEntry.objects.filter(initiative=initiative, award=Award.WINNER).exists()


@dataclass(frozen=True)
class PrizeCard:
    """A showcase in a list, with its state."""

    showcase: Showcase
    step: PrizeStep
    until: datetime | None

    @property
    def sentence(self) -> str:
        return str(STEP_SENTENCES[self.step])

    @property
    def mark(self) -> str:
        """Return the class of the mark beside the sentence."""
        if self.until:
            return "open"
        return {PrizeStep.DONE: "done", PrizeStep.PREPARED: "proposed"}.get(self.step, "upcoming")


# The phase that determines the closing date.
OPEN_PHASE = {
    PrizeStep.ENTRY: Phase.ENTRY,
    PrizeStep.NOMINATION: Phase.NOMINATION,
    PrizeStep.VOTE: Phase.VOTE,
    PrizeStep.CHOICE: Phase.CHOICE,
}


def card_of(showcase: Showcase, now: datetime) -> PrizeCard:
    periods = periods_of(showcase)
    step = step_of(showcase.announced, periods, WinnerBy(showcase.winner_by), now)
    phase = OPEN_PHASE.get(step)
    return PrizeCard(showcase, step, periods[phase].closes_at if phase else None)


def cards_of(forum_request: ForumRequest) -> list[PrizeCard]:
    return [card_of(one, forum_request.now) for one in showcases_of(forum_request)]


@dataclass(frozen=True)
class PhaseShown:
    """A phase in the timeline of a showcase."""

    row: ShowcasePhase
    state: str
    is_told: bool

    @property
    def changes(self) -> list[PhaseChange]:
        return list(self.row.changes.all())


def phases_shown(showcase: Showcase, now: datetime) -> list[PhaseShown]:
    rows = ShowcasePhase.objects.filter(showcase=showcase).prefetch_related("changes")
    said = showcase.announced
    return [PhaseShown(one, _state(one.period, now), is_told(Phase(one.phase), said)) for one in rows]


def _state(period: PhasePeriod, now: datetime) -> str:
    return "upcoming" if now < period.opens_at else "open" if period.holds(now) else "closed"


@dataclass(frozen=True)
class Shelf:
    """A category with its entries."""

    category: ShowcaseCategory
    entries: list[ShowcaseEntry]
    ties: list[TieSettled]

    @property
    def most_votes(self) -> int:
        return max((one.votes or 0 for one in self.entries), default=0)


@dataclass(frozen=True)
class ShelfLink:
    """A category that leads to its entries. `address` is relative to the page."""

    category: ShowcaseCategory
    count: int
    address: str


@dataclass(frozen=True)
class Shelves:
    """The content of a showcase: all categories, or one at a time."""

    counts: list[ShelfLink]
    shown: list[Shelf]
    chosen: str

    @property
    def is_split(self) -> bool:
        return bool(self.chosen)


def split_by(counts: Mapping[str, int], asked: str) -> str:
    """Return the line shown alone if there are many entries: the requested one or the first."""
    if sum(counts.values()) <= ALL_AT_ONCE:
        return ""
    return asked if asked in counts else next(iter(counts))


def shelves_of(showcase: Showcase, asked: str = "") -> Shelves:
    """Return the public entries: all, then nominees only, finally with votes."""
    shown, ordered = shown_entries(showcase)
    counted = dict(shown.order_by().values_list("category").annotate(Count("pk")))
    categories = ShowcaseCategory.objects.filter(showcase=showcase).select_related("line")
    filled = [one for one in categories if one.pk in counted]
    chosen = split_by({one.line.code: counted[one.pk] for one in filled}, asked)
    counts = [ShelfLink(one, counted[one.pk], _shelf_address(one, is_split=bool(chosen))) for one in filled]
    if chosen:
        categories = categories.filter(line__code=chosen)
    found = categories.prefetch_related(Prefetch("entries", queryset=ordered, to_attr="shown"), "ties")
    shelves = [Shelf(one, one.shown, said_ties(showcase, one.ties.all())) for one in found if one.shown]
    return Shelves(counts, shelves, chosen)


def _shelf_address(category: ShowcaseCategory, *, is_split: bool) -> str:
    line = category.line.code
    return f"?{urlencode({'line': line})}#{line}" if is_split else f"#{line}"


def shown_entries(showcase: Showcase) -> tuple[QuerySet[ShowcaseEntry], QuerySet[ShowcaseEntry]]:
    """Return the shown entries, unordered and in display order."""
    shown = standing_entries(showcase)
    if showcase.nominees_at is not None:
        # Announced awards stay, even after a withdrawal.
        shown = entries_in(showcase).exclude(award="")
    if showcase.champions_at is None:
        shown = shown.filter(withdrawn_at=None, initiative__withdrawn_at=None)
        # The order must not reveal judgements while others still vote.
        return shown, shown.order_by("initiative__title", "pk")
    winner_first = Case(When(award=Award.WINNER, then=Value(0)), default=Value(1))
    return shown, shown.annotate(has_won=winner_first).order_by(*BEST_FIRST)


def said_ties(showcase: Showcase, ties: Iterable[TieSettled]) -> list[TieSettled]:
    """Return the ties with an announced result."""
    said = {
        Award.NOMINEE: showcase.nominees_at,
        Award.CHAMPION: showcase.champions_at,
        Award.WINNER: showcase.winners_at,
    }
    return [one for one in ties if said[Award(one.award)] is not None]


@dataclass(frozen=True)
class PrizeCounts:
    """The public numbers of a showcase."""

    entered: int
    nominees: int
    champions: int
    winners: int
    experts: int
    votes: int


def numbers_of(showcase: Showcase) -> PrizeCounts:
    counted = ShowcaseEntry.objects.filter(showcase=showcase).aggregate(
        entered=Count("pk", filter=Q(withdrawn_at=None)),
        nominees=Count("pk", filter=~Q(award="")),
        champions=Count("pk", filter=Q(award__in=CHAMPIONS)),
        winners=Count("pk", filter=Q(award=Award.WINNER)),
        votes=Sum("votes"),
    )
    experts = showcase.experts.filter(ended_at=None).count()
    return PrizeCounts(experts=experts, votes=counted.pop("votes") or 0, **counted)


def awards_of(initiative: Initiative) -> list[ShowcaseEntry]:
    """Return the announced awards of an initiative."""
    announced = Q(showcase__nominees_at__isnull=False)
    found = ShowcaseEntry.objects.filter(announced, initiative=initiative).exclude(award="")
    return list(found.select_related("showcase__forum").order_by("-showcase__made_at"))


def entering_in(forum_request: ForumRequest, initiative: Initiative) -> Showcase | None:
    """Return the showcase open for entry of this initiative, if any."""
    if not initiative.is_public:
        return None
    entered = ShowcaseEntry.objects.filter(initiative=initiative, withdrawn_at=None).values("showcase")
    opened = Showcase.objects.filter(forum=forum_request.forum, opened_at__isnull=False, nominees_at=None)
    rows = opened.exclude(pk__in=entered).select_related("forum").prefetch_related("phases")
    return next((one for one in rows if step_here(one, forum_request.now) is PrizeStep.ENTRY), None)


def category_at(showcase: Showcase, pk: int) -> ShowcaseCategory:
    found = ShowcaseCategory.objects.select_related("showcase__forum", "line").filter(
        showcase=showcase, pk=pk
    )
    category = found.first()
    if category is None:
        raise NotThere(gettext("There is no such category in this showcase."), "category")
    return category


def categories_of(showcase: Showcase) -> QuerySet[ShowcaseCategory]:
    """Return the categories with their number of entries."""
    found = ShowcaseCategory.objects.filter(showcase=showcase).select_related("line")
    return found.annotate(entered=Count("entries", filter=Q(entries__withdrawn_at=None)))


def entry_at(showcase: Showcase, pk: int) -> ShowcaseEntry:
    entry = entries_in(showcase).select_related("showcase__forum").filter(pk=pk).first()
    if entry is None:
        raise NotThere(gettext("There is no such entry in this showcase."), "entry")
    return entry


@dataclass(frozen=True)
class Own:
    """A person's initiative, with its entry or the obstacle to one."""

    initiative: Initiative
    obstacle: str
    entry: ShowcaseEntry | None


def own_in(forum_request: ForumRequest, showcase: Showcase) -> list[Own]:
    """Return a person's initiatives with obstacles to entering them."""
    if forum_request.person is None:
        return []
    rows = (
        Initiative.objects.filter(
            symbol__forum=forum_request.forum, registered_by=forum_request.person, withdrawn_at=None
        )
        .select_related("symbol__forum", "organisation")
        .prefetch_related("lines")
        .order_by("-registered_at", "-pk")
    )
    entered = {
        one.initiative_id: one for one in entries_in(showcase).filter(withdrawn_at=None, initiative__in=rows)
    }
    won = set(
        ShowcaseEntry.objects.filter(initiative__in=rows, award=Award.WINNER).values_list(
            "initiative_id", flat=True
        )
    )
    return [
        Own(
            one,
            obstacle_to_enter(
                showcase.terms,
                CandidateExpert(
                    is_public=one.is_public,
                    is_owner=True,
                    kind=OrganisationKind(one.organisation.kind),
                    state=InitiativeProgress(one.status),
                    has_won=one.pk in won,
                ),
            ),
            entered.get(one.pk),
        )
        for one in rows
    ]


def newest_open(forum: Forum, now: datetime) -> PrizeCard | None:
    """Return the newest public showcase, for the front page."""
    found = Showcase.objects.filter(forum=forum, opened_at__isnull=False)
    one = found.select_related("forum").prefetch_related("phases").first()
    return card_of(one, now) if one else None

"""Who has been heard in a call or in a whole consultation, and who is missing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, When
from django.utils.translation import gettext

from muntada.consultation.models import Call, Contribution, Reference, Statement, Vote, Voter
from muntada.consultation.rules.balance import UNKNOWN, Balance, Counted, Standing, balance_of
from muntada.consultation.rules.contributions import CameBy, ShownAs
from muntada.consultation.rules.statements import StatementState
from muntada.forums.models import Forum
from muntada.forums.rules.schemes import (
    HEADQUARTERS,
    Dimension,
    Facts,
    Scheme,
    language_scheme,
    schemes,
)
from muntada.people.models import Organisation

type Group = Mapping[Facts, Counted]


@dataclass(frozen=True)
class Measure:
    """One way to be heard, counted by group."""

    code: str
    name: str
    balance: Balance


@dataclass(frozen=True)
class BalanceRow:
    """A group with its numbers in each way to be heard; `short` counts contributions."""

    code: str
    title: str
    counts: tuple[int | None, ...]
    share: float | None
    reference: float | None
    short: int
    is_silent: bool
    countries: int
    countries_heard: int | None


@dataclass(frozen=True)
class Seats:
    """A region with and without the headquarters of international bodies that stand in it."""

    title: str
    apart: int | None
    headquarters: int | None
    together: int | None


@dataclass(frozen=True)
class BalancePage:
    scheme: Scheme
    schemes: tuple[Scheme, ...]
    measures: tuple[Measure, ...]
    rows: tuple[BalanceRow, ...]
    seats: tuple[Seats, ...]
    reference: Reference | None
    total: int

    @property
    def missing(self) -> tuple[BalanceRow, ...]:
        return tuple(sorted((row for row in self.rows if row.short), key=lambda row: -row.short))

    @property
    def silent(self) -> tuple[str, ...]:
        return tuple(row.title for row in self.rows if row.is_silent)

    @property
    def has_kept_back(self) -> bool:
        return any(measure.balance.has_kept_back for measure in self.measures)

    @property
    def fullest_seat(self) -> Seats | None:
        """The region in which the most headquarters stand, if that can be told."""
        told = [one for one in self.seats if one.together and one.headquarters]
        return max(told, key=lambda one: one.headquarters or 0, default=None)


@dataclass(frozen=True)
class Invited:
    """An organisation known here from a group that is missing, which has not contributed."""

    name: str
    kind: str
    country: str
    group: str
    short: int


def schemes_of(forum: Forum) -> tuple[Scheme, ...]:
    """Return what a consultation can be counted by: every scheme, and the languages of the forum."""
    return (*schemes(), language_scheme(gettext("Languages"), forum.languages))


def balance_page(forum: Forum, call: Call | None, key: str = "") -> BalancePage:
    """Return who was heard in a call, or in all calls of a forum, by one scheme."""
    offered = schemes_of(forum)
    scheme = next((one for one in offered if one.key == key), offered[0])
    reference = Reference.objects.filter(forum=forum, scheme=scheme.key).first()
    shares = reference.shares if reference else {}
    said = contributions_heard(forum, call)
    measures = tuple(
        Measure(code, name, balance_of(scheme, heard, shares if code == "contributions" else {}))
        for code, name, heard in _heard(forum, call, scheme, said)
    )
    first = measures[0].balance
    return BalancePage(
        scheme=scheme,
        schemes=offered,
        measures=measures,
        rows=_rows(scheme, measures, said),
        seats=tuple(_seats(scheme, one) for one in first.by_standing),
        reference=reference,
        total=first.total,
    )


def _heard(
    forum: Forum, call: Call | None, scheme: Scheme, said: list[Counted]
) -> list[tuple[str, str, list[Counted]]]:
    listed = [
        ("contributions", gettext("Contributions"), said),
        ("statements", gettext("Statements"), statements_heard(forum, call)),
    ]
    if scheme.dimension is Dimension.LANGUAGE:
        # Nobody says in which language they vote.
        return listed
    return [
        *listed,
        ("voters", gettext("Voters"), voters_heard(forum, call)),
        ("votes", gettext("Votes"), votes_heard(forum, call)),
    ]


def _rows(scheme: Scheme, measures: tuple[Measure, ...], said: Iterable[Counted]) -> tuple[BalanceRow, ...]:
    countries = _countries_heard(scheme, said)
    first, voters = measures[0].balance, [one for one in measures if one.code == "voters"]
    votes_follow = frozenset(cell.code for one in voters for cell in one.balance.cells if cell.count is None)
    rows = []
    for cell in first.cells:
        counts = tuple(
            # How many votes a few people cast would tell the few.
            None if one.code == "votes" and cell.code in votes_follow else one.balance.cell(cell.code).count
            for one in measures
        )
        if cell.code in (UNKNOWN, HEADQUARTERS) and not any(count is None or count for count in counts):
            continue
        rows.append(
            BalanceRow(
                code=cell.code,
                title=scheme.title_of(cell.code) if cell.code else gettext("Not known"),
                counts=counts,
                share=cell.share,
                reference=cell.reference,
                short=cell.short,
                is_silent=cell.is_silent and cell.code not in (UNKNOWN, HEADQUARTERS),
                countries=sum(group == cell.code for group in scheme.members.values()),
                countries_heard=None if cell.count is None else len(countries[cell.code]),
            )
        )
    return tuple(rows)


def _countries_heard(scheme: Scheme, said: Iterable[Counted]) -> Mapping[str, set[str]]:
    heard: dict[str, set[str]] = defaultdict(set)
    if scheme.counts_countries:
        for row in said:
            if row.facts.country and row.public:
                heard[scheme.group_of(row.facts, apart=True)].add(row.facts.country)
    return heard


def _seats(scheme: Scheme, one: Standing) -> Seats:
    return Seats(scheme.title_of(one.code), one.apart, one.headquarters, one.together)


# ---- what is counted ----


def _kept(forum: Forum, call: Call | None) -> QuerySet[Contribution]:
    """Return the contributions that are somebody's own and stand; a merged one is there in its originals."""
    kept = Contribution.objects.filter(withdrawn_at=None).exclude(came_by=CameBy.MERGE)
    return kept.filter(call=call) if call else kept.filter(call__forum=forum)


def contributions_heard(forum: Forum, call: Call | None) -> list[Counted]:
    rows = _kept(forum, call).annotate(
        **_said_by(""), known=_is_known(Q(consent_to_publish=True) & ~Q(shown_as=ShownAs.NOBODY))
    )
    return _counted(rows, "language")


def statements_heard(forum: Forum, call: Call | None) -> list[Counted]:
    """Count the statements put to the vote by who said them in a contribution."""
    rows = Statement.objects.filter(state=StatementState.OPEN)
    rows = rows.filter(call=call) if call else rows.filter(call__forum=forum)
    public = Q(taken_from__consent_to_publish=True) & ~Q(taken_from__shown_as=ShownAs.NOBODY)
    return _counted(
        rows.annotate(**_said_by("taken_from__"), known=_is_known(public | Q(taken_from=None))), "language"
    )


def voters_heard(forum: Forum, call: Call | None) -> list[Counted]:
    rows = Voter.objects.filter(banned_at=None, votes__is_current=True)
    rows = rows.filter(call=call) if call else rows.filter(call__forum=forum)
    return _private(
        rows.order_by()
        .values_list("kind", "country", "is_headquarters")
        .annotate(size=Count("pk", distinct=True))
    )


def votes_heard(forum: Forum, call: Call | None) -> list[Counted]:
    rows = Vote.objects.filter(is_current=True, voter__banned_at=None)
    rows = rows.filter(voter__call=call) if call else rows.filter(voter__call__forum=forum)
    return _private(
        rows.order_by()
        .values_list("voter__kind", "voter__country", "voter__is_headquarters")
        .annotate(size=Count("pk"))
    )


def _said_by(path: str) -> dict[str, Case | F]:
    """Return the facts of who said something: those of their organisation, else those they gave."""
    organisation = f"{path}organisation"
    return {
        "said_kind": Case(
            When(**{f"{organisation}__isnull": False}, then=F(f"{organisation}__kind")),
            default=F(f"{path}kind"),
        ),
        "said_country": Case(
            When(**{f"{organisation}__isnull": False}, then=F(f"{organisation}__country")),
            default=F(f"{path}country"),
        ),
        "said_at_headquarters": Case(
            When(
                **{f"{organisation}__isnull": False}, then=F(f"{organisation}__is_international_headquarters")
            ),
            default=F(f"{path}is_headquarters"),
        ),
    }


def _is_known(condition: Q) -> Case:
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


def _counted(rows: QuerySet[Contribution] | QuerySet[Statement], language: str) -> list[Counted]:
    found = (
        rows.order_by()
        .values_list("said_kind", "said_country", "said_at_headquarters", language, "known")
        .annotate(size=Count("pk"))
    )
    public: Counter[Facts] = Counter()
    private: Counter[Facts] = Counter()
    for kind, country, at_headquarters, spoken, known, size in found:
        facts = Facts(kind or "", country or "", bool(at_headquarters), spoken)
        (public if known else private)[facts] += size
    return [Counted(facts, public[facts], private[facts]) for facts in public | private]


def _private(found: Iterable[tuple[str, str, bool, int]]) -> list[Counted]:
    return [Counted(Facts(kind, country, at_seat), private=size) for kind, country, at_seat, size in found]


# ---- whom to invite ----


def to_invite(forum: Forum, call: Call | None, page: BalancePage) -> list[Invited]:
    """Return the organisations known here from groups below their share that have not contributed."""
    short = {row.code: row.short for row in page.missing}
    if not short or page.scheme.dimension is Dimension.LANGUAGE:
        return []
    spoken = _kept(forum, call).exclude(organisation=None).values("organisation")
    listed = []
    for one in Organisation.objects.exclude(pk__in=spoken).order_by("country", "name"):
        code = page.scheme.group_of(Facts(one.kind, one.country, one.is_international_headquarters))
        if code in short:
            listed.append(Invited(one.name, one.kind, one.country, page.scheme.title_of(code), short[code]))
    return sorted(listed, key=lambda one: -one.short)


def countries_missing(forum: Forum, call: Call | None, page: BalancePage) -> list[tuple[str, list[str]]]:
    """Return by missing group the countries nobody was heard from in public, headquarters set aside."""
    if not page.scheme.counts_countries or not page.missing:
        return []
    said = contributions_heard(forum, call)
    heard = {row.facts.country for row in said if row.public and not row.facts.is_headquarters}
    return [
        (
            row.title,
            sorted(
                country
                for country, group in page.scheme.members.items()
                if group == row.code and country not in heard
            ),
        )
        for row in page.missing
    ]


def shares_of(forum: Forum, scheme: Scheme) -> dict[str, float]:
    """Return the percent each group had of the contributions to a forum, without those nobody knows of."""
    heard = balance_of(scheme, contributions_heard(forum, None), {})
    own = {cell.code: cell.count or 0 for cell in heard.cells if cell.code not in (UNKNOWN, HEADQUARTERS)}
    whole = sum(own.values())
    return {code: round(100 * count / whole, 2) for code, count in own.items()} if whole else {}

"""Participation in a call or a whole consultation, by group."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, When
from django.utils.translation import gettext

from muntada.consultation.balance.models import Reference
from muntada.consultation.balance.rules import (
    BESIDE,
    Compared,
    GroupBalance,
    GroupHeard,
    HeardCount,
    RegionBalance,
    balance_of,
    compared,
    shares_heard,
    standings,
    voters_told,
)
from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.counts import UNKNOWN, counted_by
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.contributions.rules.contributions import CameBy, ShownAs
from muntada.consultation.statements.models import OpinionMap, Statement, Vote
from muntada.consultation.statements.rules.statements import StatementState
from muntada.forums.models import Forum
from muntada.forums.rules.schemes import DeclaredFacts, Scheme, SchemeDimension, language_scheme, schemes
from muntada.people.models import Organisation

# Participants by their facts, per call.
type HeardByScheme = Mapping[int, list[HeardCount]]


@dataclass(frozen=True)
class BalanceMeasure:
    """A kind of participation, counted by group."""

    code: str
    name: str
    balance: GroupBalance


@dataclass(frozen=True)
class BalanceRow:
    """A group with its counts; the comparison uses contributions."""

    code: str
    title: str
    cells: tuple[GroupHeard, ...]
    compared: Compared
    is_silent: bool
    countries: int
    silent_countries: tuple[str, ...]

    @property
    def short(self) -> int:
        return self.compared.short

    @property
    def countries_heard(self) -> int:
        return self.countries - len(self.silent_countries)


@dataclass(frozen=True)
class Seats:
    """A region with and without headquarters of international bodies."""

    title: str
    standing: RegionBalance


@dataclass(frozen=True)
class Voted:
    """Numbers of voters and votes; and the time of the map whose voters are counted by group."""

    voters: int
    votes: int
    drawn_at: datetime | None = None


@dataclass(frozen=True)
class BalancePage:
    """Participation by one scheme; `everybody_by` are the schemes that count all people."""

    scheme: Scheme
    schemes: tuple[Scheme, ...]
    everybody_by: tuple[Scheme, Scheme]
    measures: tuple[BalanceMeasure, ...]
    rows: tuple[BalanceRow, ...]
    seats: tuple[Seats, ...]
    reference: Reference | None
    voted: Voted

    @property
    def total(self) -> int:
        return self.measures[0].balance.total

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
    def has_untold(self) -> bool:
        return any(measure.balance.untold for measure in self.measures)

    @property
    def counts_everybody(self) -> bool:
        return self.scheme in self.everybody_by

    @property
    def fullest_seat(self) -> Seats | None:
        """The region with the most headquarters."""
        return max(self.seats, key=lambda one: one.standing.headquarters, default=None)


@dataclass(frozen=True)
class Invited:
    """A registered organization of an under-represented group that has not contributed."""

    name: str
    kind: str
    country: str
    group: str
    short: int


def schemes_of(forum: Forum) -> tuple[Scheme, ...]:
    """Return the schemes available: all, and the languages of the forum."""
    return (*schemes(), language_scheme(gettext("Languages"), forum.languages))


def reference_of(forum: Forum, scheme: Scheme) -> Reference | None:
    return Reference.objects.filter(forum=forum, scheme=scheme.key).first()


def references_of(forum: Forum) -> list[tuple[Scheme, Reference | None]]:
    """Return the schemes of a forum with their references."""
    chosen = {one.scheme: one for one in Reference.objects.filter(forum=forum)}
    return [(scheme, chosen.get(scheme.key)) for scheme in schemes_of(forum)]


def balance_page(forum: Forum, call: Call | None, key: str = "") -> BalancePage:
    """Return participation in a call, or in all calls of a forum, by one scheme."""
    offered = schemes_of(forum)
    scheme = next((one for one in offered if one.key == key), offered[0])
    said = contributions_heard(forum, call, scheme)
    voters, voted = voters_heard(call, scheme) if call else (None, votes_of_all(forum))
    measures = [
        BalanceMeasure("contributions", gettext("Contributions"), contributions_balance(scheme, said)),
        BalanceMeasure(
            "statements", gettext("Statements"), _summed(scheme, statements_heard(forum, call, scheme))
        ),
    ]
    if voters is not None:
        measures.append(BalanceMeasure("voters", gettext("Voters"), voters))
    reference = reference_of(forum, scheme)
    rows_said = [row for rows in said.values() for row in rows]
    return BalancePage(
        scheme=scheme,
        schemes=offered,
        everybody_by=counted_by(),
        measures=tuple(measures),
        rows=_rows(scheme, measures, rows_said, reference),
        seats=_seats(scheme, rows_said),
        reference=reference,
        voted=voted,
    )


def contributions_balance(scheme: Scheme, said: HeardByScheme) -> GroupBalance:
    return _summed(scheme, said, everybody=scheme in counted_by())


def _summed(scheme: Scheme, heard: HeardByScheme, *, everybody: bool = False) -> GroupBalance:
    """Add up the counts of the calls, so that the total reveals no more than they do."""
    nobody = balance_of(scheme, (), everybody=everybody)
    return sum((balance_of(scheme, rows, everybody=everybody) for rows in heard.values()), nobody)


def _rows(
    scheme: Scheme,
    measures: Collection[BalanceMeasure],
    said: Iterable[HeardCount],
    reference: Reference | None,
) -> tuple[BalanceRow, ...]:
    heard = _countries_heard(scheme, said)
    first = next(iter(measures)).balance
    shares = reference.shares if reference else {}
    rows = []
    for cell in first.cells:
        cells = tuple(one.balance.cell(cell.code) for one in measures)
        if cell.code in BESIDE and not any(one.count or one.is_kept_back for one in cells):
            continue
        members = [country for country, group in scheme.members.items() if group == cell.code]
        rows.append(
            BalanceRow(
                code=cell.code,
                title=scheme.title_of(cell.code) if cell.code else gettext("Not known"),
                cells=cells,
                compared=compared(first, cell, shares),
                is_silent=first.is_silent(cell),
                countries=len(members),
                silent_countries=tuple(sorted(set(members) - heard)),
            )
        )
    return tuple(rows)


def _countries_heard(scheme: Scheme, said: Iterable[HeardCount]) -> set[str]:
    """Return the countries of organizations shown, without headquarters."""
    if not scheme.counts_countries:
        return set()
    return {row.facts.country for row in said if row.public and not row.facts.is_headquarters}


def _seats(scheme: Scheme, said: Iterable[HeardCount]) -> tuple[Seats, ...]:
    if not scheme.counts_countries:
        return ()
    return tuple(Seats(scheme.title_of(one.code), one) for one in standings(scheme, said))


# ---- what is counted ----


def _kept(forum: Forum, call: Call | None) -> QuerySet[Contribution]:
    """Return individual contributions that were not withdrawn; merged ones count as their originals."""
    kept = Contribution.objects.filter(withdrawn_at=None).exclude(came_by=CameBy.MERGE)
    return kept.filter(call=call) if call else kept.filter(call__forum=forum)


def contributions_heard(forum: Forum, call: Call | None, scheme: Scheme) -> HeardByScheme:
    """Return contributions by author facts, with what is publicly countable for the scheme."""
    return _counted(_kept(forum, call), "", _told_of("", scheme))


def said_in(forum: Forum) -> list[HeardCount]:
    """Return contributions to all calls by author facts; organizations shown are countable."""
    return _in_all_calls(_kept(forum, None))


def said_among(contributions: Collection[int]) -> list[HeardCount]:
    """Return the authors of these contributions in the same way."""
    return _in_all_calls(Contribution.objects.filter(pk__in=contributions, withdrawn_at=None))


def _in_all_calls(rows: QuerySet[Contribution]) -> list[HeardCount]:
    heard = _counted(rows.exclude(came_by=CameBy.MERGE), "", _shown_organisation(""))
    return [row for rows_of_call in heard.values() for row in rows_of_call]


def statements_heard(forum: Forum, call: Call | None, scheme: Scheme) -> HeardByScheme:
    """Return statements by the author of the contribution they come from."""
    rows = Statement.objects.filter(state=StatementState.OPEN)
    rows = rows.filter(call=call) if call else rows.filter(call__forum=forum)
    # Languages and origins of statements are public.
    anybody = ~Q(language="") if scheme.dimension is SchemeDimension.LANGUAGE else Q(taken_from=None)
    return _counted(rows, "taken_from__", anybody | _told_of("taken_from__", scheme))


def _told_of(path: str, scheme: Scheme) -> Q:
    """Return the condition under which the facts of a contribution are public.

    That is the language of published texts, and kind and country of organizations shown.
    """
    published = Q(**{f"{path}consent_to_publish": True})
    return published if scheme.dimension is SchemeDimension.LANGUAGE else _shown_organisation(path)


def _shown_organisation(path: str) -> Q:
    published = Q(**{f"{path}consent_to_publish": True, f"{path}organisation__isnull": False})
    return published & ~Q(**{f"{path}shown_as": ShownAs.NOBODY})


def voters_heard(call: Call, scheme: Scheme) -> tuple[GroupBalance | None, Voted]:
    """Return voters as shown on the opinion map, only by the schemes that count everybody."""
    drawn = (
        OpinionMap.objects.filter(call=call, is_latest=True)
        .values_list("voices__dimensions", "voters", "votes", "made_at")
        .first()
    )
    if drawn is None:
        return None, Voted(0, 0)
    dimensions, voters, votes, made_at = drawn
    told = next((one for one in dimensions or () if one["name"] == scheme.key), None)
    if told is None or scheme not in counted_by():
        return None, Voted(voters, votes)
    groups = {one["category"]: one["people"] for one in told["groups"] if one["standing"] != "not heard"}
    balance = voters_told(scheme, groups | {UNKNOWN: told["undeclared"]}, voters)
    return balance, Voted(voters, votes, made_at)


def votes_of_all(forum: Forum) -> Voted:
    """Return the number of voters, counted per call, and of votes in a forum."""
    rows = Vote.objects.filter(is_current=True, voter__banned_at=None, voter__call__forum=forum)
    found = rows.aggregate(voters=Count("voter", distinct=True), votes=Count("pk"))
    return Voted(found["voters"], found["votes"])


def _said_by(path: str) -> dict[str, Case | F]:
    """Return the facts of an author: of the organization, else as declared."""
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


def _counted(rows: QuerySet[Any], path: str, told: Q) -> HeardByScheme:
    """Return the counts by call and author facts."""
    found = (
        rows.order_by()
        .annotate(
            **_said_by(path),
            told=Case(When(told, then=True), default=False, output_field=BooleanField()),
            letter=Case(When(**{f"{path}author": None}, then=F("pk"))),
        )
        .values_list(
            *("call", "said_kind", "said_country", "said_at_headquarters", "language", "told"),
            *(f"{path}author", f"{path}author_email", f"{path}author_name", "letter"),
        )
        .annotate(size=Count("pk"))
    )
    heard: dict[int, list[HeardCount]] = defaultdict(list)
    for call, kind, country, at_headquarters, language, is_told, *speaker, size in found:
        facts = DeclaredFacts(kind or "", country or "", bool(at_headquarters), language)
        public, private = (size, 0) if is_told else (0, size)
        heard[call].append(HeardCount(facts, _speaker(*speaker), public, private))
    return heard


def _speaker(author: int | None, address: str | None, name: str | None, letter: int | None) -> str:
    """Return a key of the author: a person, else an address or name, else the person who entered it."""
    return f"person {author}" if author else address or name or f"letter {letter}"


# ---- whom to invite ----


def to_invite(forum: Forum, call: Call | None, page: BalancePage) -> list[Invited]:
    """Return organizations of groups below their share that have not contributed."""
    short = {row.code: row.short for row in page.missing}
    if not short or page.scheme.dimension is SchemeDimension.LANGUAGE:
        return []
    spoken = _kept(forum, call).exclude(organisation=None).values("organisation")
    listed = []
    for one in Organisation.objects.exclude(pk__in=spoken).order_by("country", "name"):
        code = page.scheme.group_of(DeclaredFacts(one.kind, one.country, one.is_international_headquarters))
        if code in short:
            listed.append(Invited(one.name, one.kind, one.country, page.scheme.title_of(code), short[code]))
    return sorted(listed, key=lambda one: -one.short)


def shares_of(forum: Forum, scheme: Scheme) -> dict[str, float]:
    """Return the share of each group in contributions, without unknown ones."""
    return shares_heard(contributions_balance(scheme, contributions_heard(forum, None, scheme)))

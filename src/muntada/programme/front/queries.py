"""Demand of the consultation compared with requests and programme."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext

from muntada.consultation.balance.queries import contributions_balance, contributions_heard
from muntada.consultation.balance.rules import GroupBalance, GroupHeard, HeardCount, balance_of
from muntada.consultation.calls.rules.counts import counted_by
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.themes.models import Theme
from muntada.forums.models import Forum, Line
from muntada.forums.rules.schemes import Scheme
from muntada.programme.requests.queries.request_facts import facts_of_all
from muntada.programme.requests.rules.request_facts import RequestFacts
from muntada.programme.requests.rules.requests import ABSORBED
from muntada.programme.reviews.queries import is_blind
from muntada.programme.reviews.rules import hides_who_asks
from muntada.programme.selection.rules.selections import named

WHOLE = 100


@dataclass(frozen=True)
class PartialCount:
    """A count of a whole; if some are withheld, a lower bound without a share."""

    count: int
    whole: int
    is_kept_back: bool = False

    @property
    def percent(self) -> int | None:
        return None if self.is_kept_back or not self.whole else round(WHOLE * self.count / self.whole)


@dataclass(frozen=True)
class ProgrammeDemandRow:
    title: str
    language: str
    url: str
    asked: PartialCount
    requested: PartialCount
    held: PartialCount

    @property
    def short(self) -> int:
        """The shortfall of the programme in percentage points; 0 if not shown."""
        if self.asked.percent is None or self.held.percent is None:
            return 0
        return max(0, self.asked.percent - self.held.percent)


@dataclass(frozen=True)
class DemandTable:
    """A comparison; `untold` are requests of individuals, who are in no group."""

    key: str
    title: str
    rows: tuple[ProgrammeDemandRow, ...]
    untold: int = 0
    has_kept_back: bool = False


@dataclass(frozen=True)
class DemandSide:
    """The valid requests, and those in the programme."""

    requests: tuple[RequestFacts, ...]

    @property
    def held(self) -> tuple[RequestFacts, ...]:
        return tuple(one for one in self.requests if one.state in ABSORBED)


def demand_tables(forum: Forum) -> tuple[DemandSide, list[DemandTable]]:
    """Return demand and supply by theme, line, stakeholder group and region."""
    side = DemandSide(tuple(facts_of_all(forum)))
    tables = [_by_theme(forum, side), _by_line(forum, side)]
    tables += [_by_scheme(forum, scheme, side) for scheme in counted_by()]
    return side, [table for table in tables if table.rows]


def _by_theme(forum: Forum, side: DemandSide) -> DemandTable:
    rows = Theme.objects.filter(forum=forum).select_related("symbol__forum")
    themes = list(rows.annotate(size=Count("contributions")).order_by("-size", "symbol__number"))
    asked = {theme.symbol.short: theme.size for theme in themes}
    count = _counter(asked, side, lambda one: one.themes)
    return DemandTable(
        "themes",
        gettext("Themes"),
        tuple(
            ProgrammeDemandRow(
                theme.symbol.title,
                theme.symbol.language,
                theme.symbol.get_absolute_url(),
                *count(theme.symbol.short),
            )
            for theme in themes
        ),
    )


def _by_line(forum: Forum, side: DemandSide) -> DemandTable:
    """Count lines in public contributions."""
    lines = list(Line.objects.filter(session_requests__forum=forum).distinct())
    said = Contribution.objects.filter(call__forum=forum, withdrawn_at=None, consent_to_publish=True)
    counted = said.filter(lines__isnull=False).order_by().values_list("lines").annotate(n=Count("pk"))
    asked_lines = dict(counted)
    known = {line.pk for line in lines}
    lines += list(Line.objects.filter(pk__in=set(asked_lines) - known))
    asked = {line.code: asked_lines.get(line.pk, 0) for line in lines}
    count = _counter(asked, side, lambda one: one.lines)
    return DemandTable(
        "lines",
        gettext("Action lines"),
        tuple(
            ProgrammeDemandRow(f"{line.code} {line.title_here}", "", "", *count(line.code))
            for line in sorted(lines, key=lambda line: line.position)
        ),
    )


def _counter(
    asked: dict[str, int], side: DemandSide, of: Callable[[RequestFacts], Iterable[str]]
) -> Callable[[str], tuple[PartialCount, PartialCount, PartialCount]]:
    requested, held = (Counter(key for one in each for key in of(one)) for each in (side.requests, side.held))
    wholes = sum(asked.values()), requested.total(), held.total()

    def count(key: str) -> tuple[PartialCount, PartialCount, PartialCount]:
        return (
            PartialCount(asked.get(key, 0), wholes[0]),
            PartialCount(requested[key], wholes[1]),
            PartialCount(held[key], wholes[2]),
        )

    return count


def _by_scheme(forum: Forum, scheme: Scheme, side: DemandSide) -> DemandTable:
    asked = contributions_balance(scheme, contributions_heard(forum, None, scheme))
    without_names = is_blind(forum)
    requested, held = (_balance(scheme, each, is_blind=without_names) for each in (side.requests, side.held))
    rows = tuple(
        ProgrammeDemandRow(
            scheme.title_of(cell.code) if cell.code else gettext("Not known"),
            "",
            "",
            _part(cell, asked),
            _part(requested.cell(cell.code), requested),
            _part(held.cell(cell.code), held),
        )
        for cell in asked.cells
    )
    return DemandTable(scheme.key, named(scheme), rows, requested.untold, asked.has_kept_back)


def _balance(scheme: Scheme, requests: Iterable[RequestFacts], *, is_blind: bool) -> GroupBalance:
    """Count requests by their lead organization, public once decided.

    Individuals are in no group: requests and decisions name them, so counts by group would reveal where
    they are from.
    """
    counted = []
    for one in requests:
        lead = next((body for body in one.bodies if body.is_lead), None)
        if lead is not None:
            hidden = hides_who_asks(one.state, is_blind=is_blind, is_concerned=False)
            is_private = lead.is_person or hidden
            counted.append(
                HeardCount(lead.raw, lead.key, public=int(not is_private), private=int(is_private))
            )
    return balance_of(scheme, counted, everybody=False)


def _part(cell: GroupHeard, balance: GroupBalance) -> PartialCount:
    return PartialCount(cell.count, balance.total - balance.untold, cell.is_kept_back)

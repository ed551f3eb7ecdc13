"""Nobody who puts all balance pages side by side finds out what few people said of themselves.

The adversary knows every number of every page, what organizations said under their names, and the rule by
which numbers are kept back. A whole-number program looks for the least and the most that could stand behind
each cell.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import pytest
from ortools.sat.python import cp_model

from kinds import first_in_core
from muntada.consultation.balance.queries import BalancePage, balance_page, schemes_of
from muntada.consultation.calls.models import Call
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.contributions.rules.contributions import ShownAs
from muntada.consultation.opinion.actions.maps import redraw_opinion_map
from muntada.consultation.statements.models import Vote, Voter
from muntada.forums.models import Forum
from muntada.forums.rules.schemes import DeclaredFacts, Scheme, SchemeDimension
from muntada.people.models import Organisation
from muntada.people.rules import OrganisationKind

PEOPLE = 60
COUNTRIES = (
    "KE",
    "NG",
    "EG",
    "ZA",
    "US",
    "BR",
    "HT",
    "JM",
    "IN",
    "NP",
    "JP",
    "CN",
    "FR",
    "CH",
    "DE",
    "FJ",
    "",
)
KINDS = ("", *OrganisationKind)
SMALL = range(1, 5)
DRAWS = range(8)

# Into which group of each scheme somebody falls.
type Signature = tuple[str, ...]
type Truth = Mapping[Call, Mapping[Signature, int]]


@dataclass(frozen=True)
class World:
    """What happened in truth: by call the contributions anybody can count, all others, and the voters."""

    schemes: tuple[Scheme, ...]
    public: Truth
    private: Truth
    voters: Truth


@pytest.fixture
def world(forum: Forum, make_call, contribute, make_person, put_statement, now: datetime):
    """Two calls in which people chosen at random wrote and voted, few from most groups."""
    calls = [make_call("first"), make_call("second")]
    schemes = tuple(one for one in schemes_of(forum) if one.dimension is not SchemeDimension.LANGUAGE)
    network = Organisation.objects.create(name="Network", kind="civil-society", country="KE")

    def draw(seed: int) -> World:
        chance = random.Random(seed)  # noqa: S311
        public, private, voters = ({call: Counter() for call in calls} for _ in range(3))
        told = {"shown_as": ShownAs.NAME, "organisation": None}
        for call in calls:
            statement = put_statement(f"Statement {call.slug}", call=call)
            for _ in range(PEOPLE):
                facts = _facts(chance)
                written = contribute(make_person(), call=call)
                found = told | {
                    "kind": facts.kind,
                    "country": facts.country,
                    "is_headquarters": facts.is_headquarters,
                }
                if chance.random() < 0.2:
                    found |= {"organisation": network}
                    facts = DeclaredFacts(network.kind, network.country)
                Contribution.objects.filter(pk=written.pk).update(**found)
                (public if found["organisation"] else private)[call][_signature(schemes, facts)] += 1
                facts = _facts(chance)
                voter = Voter.objects.create(
                    call=call,
                    kind=facts.kind,
                    country=facts.country,
                    is_headquarters=facts.is_headquarters,
                )
                Vote.objects.create(voter=voter, statement=statement, value=1, cast_at=now)
                voters[call][_signature(schemes, facts)] += 1
            redraw_opinion_map(call=call, now=now)
        return World(schemes, public, private, voters)

    return draw


def _facts(chance: random.Random) -> DeclaredFacts:
    """Return facts of somebody; some kinds and countries are far more frequent than others."""
    kind = KINDS[min(int(chance.expovariate(0.3)), len(KINDS) - 1)]
    country = COUNTRIES[min(int(chance.expovariate(0.25)), len(COUNTRIES) - 1)]
    return DeclaredFacts(str(kind), country, chance.random() < 0.1)


def _signature(schemes: Iterable[Scheme], facts: DeclaredFacts) -> Signature:
    return tuple(scheme.group_of(facts, apart=True) for scheme in schemes)


@dataclass(frozen=True)
class Known:
    """One table of one page, as the adversary has it: by group a number, or nothing."""

    calls: tuple[Call, ...]
    place: int
    told: Mapping[str, int | None]
    total: int


class Adversary:
    """Everybody who could stand behind what was told."""

    def __init__(
        self, signatures: Iterable[Signature], calls: Iterable[Call], tables: Iterable[Known]
    ) -> None:
        self.model = cp_model.CpModel()
        self.numbers = {
            (call, one): self.model.new_int_var(0, PEOPLE, "") for call in calls for one in signatures
        }
        for table in tables:
            self._learn(table)

    def _learn(self, table: Known) -> None:
        self.model.add(self._together(table.calls, table.place) == table.total)
        for group, count in table.told.items():
            if count is not None:
                self.model.add(self._together(table.calls, table.place, group) == count)
        if any(count is not None for count in table.told.values()) and len(table.calls) == 1:
            # An empty group would be told.
            for group in (group for group, count in table.told.items() if count is None):
                self.model.add(self._together(table.calls, table.place, group) >= 1)

    def _together(self, calls: tuple[Call, ...], place: int, group: str | None = None):
        return sum(
            number
            for (call, one), number in self.numbers.items()
            if call in calls and group in (None, one[place])
        )

    def bounds(self, calls: tuple[Call, ...], place: int, group: str) -> tuple[int, int]:
        """Return the least and the most that could be in a group."""
        found = []
        for direction in (self.model.minimize, self.model.maximize):
            direction(self._together(calls, place, group))
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            assert solver.solve(self.model) == cp_model.OPTIMAL
            found.append(round(solver.objective_value))
        return found[0], found[1]


def _tables(
    pages: Mapping[tuple[Call, ...], list[BalancePage]], measure: str, known: Truth
) -> Iterator[Known]:
    """Read a measure off all pages, and subtract what anybody can count of it."""
    for calls, shown in pages.items():
        for place, page in enumerate(shown):
            found = next((one for one in page.measures if one.code == measure), None)
            if found is None:
                continue
            public = Counter[str]()
            for call in calls:
                for one, count in known[call].items():
                    public[one[place]] += count
            told = {
                cell.code: None if cell.is_kept_back else cell.count - public[cell.code]
                for cell in found.balance.cells
            }
            if found.balance.untold:
                assert set(told.values()) == {0}
                told = {}
            yield Known(calls, place, told, found.balance.total - public.total())


@pytest.mark.parametrize("seed", first_in_core(DRAWS))
@pytest.mark.parametrize("measure", first_in_core(["contributions", "voters"]))
def test_no_small_number_can_be_computed_from_all_pages_together(
    forum: Forum, world: Callable[[int], World], seed: int, measure: str
) -> None:
    drawn = world(seed)
    calls = tuple(drawn.private)
    pages = {
        those: [balance_page(forum, those[0] if len(those) == 1 else None, one.key) for one in drawn.schemes]
        for those in ((calls[0],), (calls[1],), calls)
    }
    nothing = {call: Counter[Signature]() for call in calls}
    truth, known = (drawn.private, drawn.public) if measure == "contributions" else (drawn.voters, nothing)
    possible = {
        _signature(drawn.schemes, DeclaredFacts(str(kind), country, at_seat))
        for kind in KINDS
        for country in COUNTRIES
        for at_seat in (False, True)
    }
    tables = list(_tables(pages, measure, known))
    assert any(count for table in tables for count in table.told.values())
    adversary = Adversary(sorted(possible), calls, tables)
    for those in pages:
        for place, scheme in enumerate(drawn.schemes):
            numbers = Counter[str]()
            for call in those:
                for one, count in truth[call].items():
                    numbers[one[place]] += count
            for group in (code for code, count in numbers.items() if count in SMALL):
                least, most = adversary.bounds(those, place, group)
                assert least < most, (scheme.key, group, numbers[group])

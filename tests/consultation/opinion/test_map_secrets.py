"""Nobody who takes everything an opinion map gives out finds what a voter declared of themselves.

Where rows are given out, nothing that is public depends on what anybody declared. Where groups are told,
there are no rows and no places, and a whole-number program finds no group of a few people from all tables.
"""

import json
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from ortools.sat.python import cp_model

from kinds import first_in_core
from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.counts import counted_by
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.consultation.opinion.actions.maps import redraw_opinion_map, weigh_by
from muntada.consultation.opinion.rules import Basis, ChosenShares
from muntada.consultation.statements.models import OpinionMap, Statement, Vote, Voter
from muntada.forums.rules.schemes import DeclaredFacts
from muntada.people.rules import OrganisationKind

PEOPLE, STATEMENTS, FEW = 40, 9, 5
COUNTRIES = ("KE", "KE", "KE", "NG", "FR", "FR", "DE", "BR", "IN", "FJ", "")
KINDS = (*[OrganisationKind.GOVERNMENT] * 4, *OrganisationKind, "")
PAGES = ("map", "voices", "call_balance", "map_json", "statements")
CHANGES_EACH_TIME = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"')
UNDECLARED = ""


def address(name: str) -> str:
    return reverse(f"consultation:{name}", args=["wsis20", "open-call"])


@pytest.fixture
def polled(call: Call, put_statement: Callable[..., Statement], now: datetime):
    """People who declared anything and voted in two camps, mostly; drawn by a seed."""

    def make(seed: int) -> dict[int, DeclaredFacts]:
        chance = random.Random(seed)  # noqa: S311
        put = [put_statement(f"Statement {number}") for number in range(STATEMENTS)]
        facts = [_drawn(chance) for _ in range(PEOPLE)]
        voters = Voter.objects.bulk_create(
            Voter(call=call, kind=said.kind, country=said.country, is_headquarters=said.is_headquarters)
            for said in facts
        )
        votes = []
        for place, voter in enumerate(voters):
            for number, statement in enumerate(put):
                if chance.random() < 0.9:
                    camp = 1 if (place % 2) == (number % 2) else -1
                    value = chance.choice((camp, camp, camp, -camp, 0))
                    votes.append(Vote(voter=voter, statement=statement, value=value, cast_at=now))
        Vote.objects.bulk_create(votes)
        return {voter.pk: said for voter, said in zip(voters, facts, strict=True)}

    return make


def _drawn(chance: random.Random) -> DeclaredFacts:
    return DeclaredFacts(str(chance.choice(KINDS)), chance.choice(COUNTRIES), chance.random() < 0.1)


def everything(client: Client) -> dict[str, str]:
    """What anybody gets of a call: its pages, the map as JSON, the files of votes."""
    found = {name: CHANGES_EACH_TIME.sub("", client.get(address(name)).text) for name in PAGES}
    answer = client.get(address("map_data"))
    if answer.status_code == 200:
        with zipfile.ZipFile(BytesIO(answer.getvalue())) as archive:
            found |= {name: archive.read(name).decode() for name in archive.namelist()}
    return found


def test_where_rows_are_given_out_nothing_depends_on_what_people_declared(
    client: Client, call, polled, now
) -> None:
    call.gives_out = GivesOut.ROWS
    call.save()
    polled(1)
    redraw_opinion_map(call=call, now=now)
    before = everything(client)
    assert "votes.csv" in before
    chance = random.Random(2)  # noqa: S311
    for voter in Voter.objects.order_by("pk"):
        said = _drawn(chance)
        voter.kind, voter.country, voter.is_headquarters = said.kind, said.country, said.is_headquarters
        voter.save()
    redraw_opinion_map(call=call, now=now)
    assert everything(client) == before


@pytest.mark.parametrize("seed", first_in_core(range(4)))
def test_where_groups_are_told_there_are_no_rows_no_places_and_no_few_people(
    client: Client, call, polled, now, seed
) -> None:
    polled(seed)
    kept = redraw_opinion_map(call=call, now=now)
    given = everything(client)
    assert "votes.csv" not in given
    for alias in Voter.objects.values_list("alias", flat=True):
        assert not any(alias in text for text in given.values())
    document = json.loads(given["map_json"])
    assert "participants" not in document
    assert all(crowd["people"] >= FEW for crowd in document["crowds"])
    places = {(crowd["x"], crowd["y"]) for crowd in document["crowds"]}
    assert not places & {(x, y) for _, x, y, *_ in kept.points}
    for dimension in document["voices"]["dimensions"]:
        numbers = [group["people"] for group in dimension["groups"]] + [dimension["undeclared"]]
        assert all(not number or number >= FEW for number in numbers)
    for statement in document["voices"]["statements"].values():
        for groups in statement["groups"].values():
            assert all(sum(counts[:3]) >= FEW for counts in groups.values())


@pytest.mark.parametrize("seed", first_in_core(range(8)))
def test_no_group_of_a_few_people_can_be_computed_from_all_tables(
    client: Client, call, polled, now, seed, secretariat
) -> None:
    facts = polled(seed)
    for scheme in counted_by():
        weigh_by(call=call, scheme=scheme, chosen=ChosenShares(Basis.EQUAL), actor=secretariat, now=now)
    call.refresh_from_db()
    redraw_opinion_map(call=call, now=now)
    voices = json.loads(everything(client)["map_json"])["voices"]
    schemes = {scheme.key: scheme for scheme in counted_by()}
    for dimension in voices["dimensions"]:
        scheme = schemes[dimension["name"]]
        truth = {voter: scheme.group_of(said, apart=True) for voter, said in facts.items()}
        told = {group["category"]: group["people"] for group in dimension["groups"]}
        silent = {group["category"] for group in dimension["groups"] if group["standing"] == "not heard"}
        told = {code: 0 if code in silent else number for code, number in told.items()}
        told[UNDECLARED] = dimension["undeclared"]
        _require_hidden(told, PEOPLE, Counter(truth.values()))
        for number, statement in voices["statements"].items():
            cells = {code: sum(counts[:3]) for code, counts in statement["groups"][scheme.key].items()}
            of_group = {code: cells.get(code, 0 if told[code] == 0 else None) for code in told}
            votes = Vote.objects.filter(statement__symbol__number=number).values_list("voter_id", flat=True)
            _require_hidden(of_group, len(votes), Counter(truth[voter] for voter in votes), told)


def _require_hidden(
    told: Mapping[str, int | None],
    total: int,
    truth: Mapping[str, int],
    sizes: Mapping[str, int | None] | None = None,
) -> None:
    """Fail if a number that is kept back and small can only be what it is."""
    for code in (code for code, count in told.items() if count is None and 0 < truth[code] < FEW):
        least, most = _bounds(told, total, code, sizes or {})
        assert least < most, (code, truth[code])


def _bounds(
    told: Mapping[str, int | None], total: int, wanted: str, sizes: Mapping[str, int | None]
) -> tuple[int, int]:
    found = []
    for sign in (1, -1):
        model = cp_model.CpModel()
        numbers = {code: model.new_int_var(0, sizes.get(code) or PEOPLE, "") for code in told}
        model.add(sum(numbers.values()) == total)
        for code, count in told.items():
            if count is not None:
                model.add(numbers[code] == count)
        model.minimize(sign * numbers[wanted])
        found.append(_solved(model).value(numbers[wanted]))
    return found[0], found[1]


def _solved(model: cp_model.CpModel) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    return solver


def test_rows_and_groups_together_would_tell_what_most_people_declared(
    client: Client, call, polled, now
) -> None:
    """Why a call gives out one or the other: here the adversary has both, as no call does."""
    polled(3)
    Voter.objects.filter(pk__in=list(Voter.objects.order_by("pk").values_list("pk", flat=True)[:22])).update(
        kind="government"
    )
    Voter.objects.exclude(kind="government").update(kind="civil-society")
    kept = redraw_opinion_map(call=call, now=now)
    votes: dict[int, dict[int, int]] = {voter: {} for voter, *_ in kept.points}
    for voter, number, value in Vote.objects.values_list("voter_id", "statement__symbol__number", "value"):
        votes[voter][number] = value
    told = _tables(kept, "governments")
    first = _fitting(votes, told, ())
    certain = sum(
        _fitting(votes, told, [(voter, not is_member)]) is None for voter, is_member in first.items()
    )
    assert certain > PEOPLE / 2


def _tables(kept: OpinionMap, code: str) -> dict[int, tuple[int, int, int]]:
    key = counted_by()[0].key
    return {
        int(number): tuple(one["groups"][key][code][:3]) for number, one in kept.voices["statements"].items()
    }


def _fitting(
    votes: Mapping[int, Mapping[int, int]],
    told: Mapping[int, tuple[int, int, int]],
    fixed: Iterable[tuple[int, bool]],
) -> dict[int, bool] | None:
    """Return who may be of the group so that all its counts come out, or None if that cannot be."""
    model = cp_model.CpModel()
    member = {voter: model.new_bool_var("") for voter in votes}
    for number, counts in told.items():
        for value, count in zip((1, -1, 0), counts, strict=True):
            model.add(
                sum(member[voter] for voter, said in votes.items() if said.get(number) == value) == count
            )
    for voter, is_member in fixed:
        model.add(member[voter] == is_member)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(model) == cp_model.INFEASIBLE:
        return None
    return {voter: bool(solver.value(one)) for voter, one in member.items()}

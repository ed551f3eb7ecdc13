import json
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.opinion.random_votes import Cells, camps, matrices, table_of
from kinds import rounds
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.report import as_plain_values
from muntada.engines.opinion.result import ComputedMap
from muntada.engines.opinion.settings import Compat, OpinionSettings
from muntada.engines.opinion.votes import VoteEvent, VoteTable

QUICK = OpinionSettings(chance_rounds=0, redraw_rounds=0)
START = datetime(2025, 7, 7, tzinfo=UTC)
COMPATS: list[Compat] = ["", "polis", "red-dwarf"]


def events_of(cells: Cells) -> list[VoteEvent]:
    moments = (START + timedelta(seconds=second) for second in range(1_000_000))
    return [
        VoteEvent(f"p{person}", f"s{place}", vote, next(moments))
        for person, row in enumerate(cells)
        for place, vote in enumerate(row)
        if vote is not None
    ]


def as_bytes(opinion: ComputedMap) -> str:
    return json.dumps(as_plain_values(opinion), allow_nan=False)


def partition(opinion: ComputedMap) -> set[frozenset[str]]:
    return {
        frozenset(one.id for one in opinion.participants if one.group == group.id) for group in opinion.groups
    }


@pytest.mark.long
def test_two_camps_are_found_told_apart_from_chance_and_described() -> None:
    opinion = analyse(table_of(camps(50, 16)))
    assert partition(opinion) == {
        frozenset(str(person) for person in range(30)),
        frozenset(str(person) for person in range(30, 50)),
    }
    assert [(group.id, group.size) for group in opinion.groups] == [(0, 30), (1, 20)]
    assert opinion.grouping.outcome == "groups"
    assert opinion.grouping.reason is None
    assert opinion.grouping.support is not None
    assert opinion.grouping.support.groups_stand_out
    assert {one.statement for one in opinion.consensus.agree} == {"0", "1", "2", "3"}
    for group in opinion.groups:
        assert {int(one.statement) for one in group.representative} <= set(range(4, 16))
        assert [one.direction for one in group.representative] == sorted(
            one.direction for one in group.representative
        )
    uniting = sorted(opinion.statements, key=lambda one: -one.unites)[:4]
    assert {one.id for one in uniting} == {"0", "1", "2", "3"}


def test_votes_without_a_pattern_make_one_group_with_the_reason() -> None:
    chance = np.random.default_rng(3)
    cells = [[int(vote) for vote in row] for row in chance.integers(-1, 2, (60, 12))]
    opinion = analyse(table_of(cells))
    assert opinion.grouping.outcome == "one group"
    assert "no more than they would by chance" in str(opinion.grouping.reason)
    assert [(group.size, group.representative) for group in opinion.groups] == [(60, ())]
    assert {one.group for one in opinion.participants} == {0}


@pytest.mark.long
def test_a_scale_of_opinions_without_a_gap_is_divided_with_a_warning() -> None:
    chance = np.random.default_rng(7)
    leaning, weight = chance.uniform(-1, 1, 90), chance.uniform(-1, 1, 24)
    votes = np.sign(np.outer(leaning, weight) * 3 + chance.normal(0, 1.2, (90, 24))).astype(int)
    opinion = analyse(table_of(votes.tolist()))
    support = opinion.grouping.support
    assert support is not None
    assert support.pattern_stands_out
    assert (opinion.grouping.reason is None) == support.groups_stand_out
    assert opinion.grouping.outcome == "groups"


def test_too_few_people_are_not_divided() -> None:
    opinion = analyse(table_of(camps(9, 12)))
    assert opinion.grouping.outcome == "too few"
    assert str(opinion.grouping.reason) == (
        "Too few people have voted on enough statements: 9. Groups are formed from 10 people on."
    )
    assert opinion.groups == ()
    assert {one.group for one in opinion.participants} == {None}
    assert {one.by_group for one in opinion.statements} == {()}
    assert any(one.x for one in opinion.participants), "the map is there all the same"


def test_where_all_votes_are_the_same_there_is_one_group() -> None:
    opinion = analyse(table_of([[1, 1, -1]] * 12))
    assert opinion.grouping.outcome == "one group"
    assert "there is nothing to divide people by" in str(opinion.grouping.reason)
    assert {(one.x, one.y) for one in opinion.participants} == {(0.0, 0.0)}
    assert [one.statement for one in opinion.consensus.agree] == ["0", "1"]
    assert [one.statement for one in opinion.consensus.disagree] == ["2"]


def test_one_dissenter_is_not_made_a_group() -> None:
    opinion = analyse(table_of([[1, 1, 1]] * 12 + [[-1, -1, -1]]))
    assert opinion.grouping.outcome == "one group"
    assert "leaves a group of fewer than 3" in str(opinion.grouping.reason)


@pytest.mark.parametrize("compat", COMPATS)
def test_an_empty_table_gives_an_empty_map(compat: Compat) -> None:
    opinion = analyse(VoteTable.from_events([]), OpinionSettings(compat=compat))
    assert (opinion.participants, opinion.statements, opinion.groups) == ((), (), ())
    assert str(opinion.grouping.reason) == "Nobody has voted yet."


@pytest.mark.parametrize("compat", COMPATS)
def test_statements_that_are_all_out_leave_nothing_to_analyse(compat: Compat) -> None:
    opinion = analyse(table_of(camps(12, 2), moderated_out=("0", "1")), OpinionSettings(compat=compat))
    assert all(one.left_out for one in opinion.statements)
    assert opinion.consensus.agree == opinion.consensus.disagree == ()
    as_bytes(opinion)


def test_one_statement_is_a_line_on_which_each_answer_stands_and_shows_no_pattern() -> None:
    table = table_of([[1]] * 8 + [[-1]] * 6 + [[0]] * 4)
    opinion = analyse(table, QUICK)
    assert {one.y for one in opinion.participants} == {0.0}
    assert [group.size for group in opinion.groups] == [8, 6, 4]
    assert analyse(table).grouping.outcome == "one group"


def test_two_camps_that_vote_as_one_each_are_two_groups() -> None:
    opinion = analyse(table_of([[1, 1, -1, 1]] * 7 + [[-1, -1, 1, 1]] * 5))
    assert [group.size for group in opinion.groups] == [7, 5]
    assert dict(opinion.grouping.silhouettes) == {2: 1.0}


@given(matrices(most_people=25), st.sampled_from(COMPATS))
@rounds(60)
def test_any_votes_give_a_map_of_finite_numbers(cells: Cells, compat: Compat) -> None:
    with np.errstate(divide="raise", invalid="raise"):
        opinion = analyse(
            table_of(cells, moderated_out=("1",)), OpinionSettings(compat=compat, chance_rounds=2)
        )
    as_bytes(opinion)
    assert len(opinion.participants) == len(cells)
    for one in opinion.statements:
        assert one.agree + one.disagree + one.passed == sum(row[int(one.id)] is not None for row in cells)
    grouped = [one for one in opinion.participants if one.group is not None]
    assert sum(group.size for group in opinion.groups) == len(grouped)
    assert all(one.size >= other.size for one, other in pairwise(opinion.groups))


@given(st.integers(0, 1000))
@rounds(10)
@pytest.mark.long
def test_the_order_of_votes_changes_nothing(seed: int) -> None:
    events = events_of(camps(30, 10, seed=seed))
    shuffled = random.Random(seed).sample(events, len(events))  # noqa: S311 - dice of a test
    with_chance = OpinionSettings(chance_rounds=3)
    one, other = (analyse(VoteTable.from_events(some), with_chance, seed=seed) for some in (events, shuffled))
    assert one == other
    assert as_bytes(one) == as_bytes(other)


@given(st.integers(0, 1000))
@rounds(10)
def test_other_names_change_nothing_but_the_names(seed: int) -> None:
    cells = camps(40, 12, seed=seed)
    dice = random.Random(seed)  # noqa: S311 - dice of a test
    people, statements = dice.sample(range(40), 40), dice.sample(range(12), 12)
    renamed: Cells = [[None] * 12 for _ in range(40)]
    for person, row in enumerate(cells):
        for place, vote in enumerate(row):
            renamed[people[person]][statements[place]] = vote
    one, other = analyse(table_of(cells), QUICK), analyse(table_of(renamed), QUICK)
    for place in one.participants:
        again = other.participants[people[int(place.id)]]
        assert (again.x, again.y) == pytest.approx((place.x, place.y), abs=1e-9)
        assert again.group == place.group
    for statement in one.statements:
        again = other.statements[statements[int(statement.id)]]
        assert (again.x, again.y) == pytest.approx((statement.x, statement.y), abs=1e-9)
        assert again.by_group == statement.by_group
        assert again.priority == pytest.approx(statement.priority, abs=1e-9)


@given(st.integers(0, 1000))
@rounds(10)
def test_turning_all_votes_turns_the_map_over(seed: int) -> None:
    cells = camps(40, 12, seed=seed)
    turned: Cells = [[None if vote is None else -vote for vote in row] for row in cells]
    one, other = analyse(table_of(cells), QUICK), analyse(table_of(turned), QUICK)
    assert partition(one) == partition(other)
    for place, again in zip(one.participants, other.participants, strict=True):
        assert (again.x, again.y) == pytest.approx((-place.x, -place.y), abs=1e-9)
    assert [item.statement for item in one.consensus.agree] == [
        item.statement for item in other.consensus.disagree
    ]
    for statement, again in zip(one.statements, other.statements, strict=True):
        assert (statement.agree, statement.disagree) == (again.disagree, again.agree)
        assert statement.unites == pytest.approx(again.unites_against)


@pytest.mark.long
def test_voting_the_same_again_changes_nothing() -> None:
    events = events_of(camps(30, 10))
    again = [
        VoteEvent(one.participant, one.statement, one.value, one.at + timedelta(days=1)) for one in events
    ]
    assert analyse(VoteTable.from_events(events + again)) == analyse(VoteTable.from_events(events))


def test_a_statement_that_everybody_passes_on_turns_no_axis_and_only_rescales_the_map() -> None:
    cells = camps(40, 12)
    one, other = analyse(table_of(cells), QUICK), analyse(table_of([[*row, 0] for row in cells]), QUICK)
    assert [axis.share for axis in other.axes] == pytest.approx([axis.share for axis in one.axes])
    assert (other.statements[12].x, other.statements[12].extremity) == (0, 0)
    for place, again in zip(one.participants, other.participants, strict=True):
        scale = (13 / (place.votes + 1)) ** 0.5 / (12 / place.votes) ** 0.5
        assert (again.x, again.y) == pytest.approx((place.x * scale, place.y * scale), abs=1e-9)


def test_everybody_twice_makes_the_same_map_with_groups_twice_as_large() -> None:
    cells = camps(40, 12)
    one, other = analyse(table_of(cells), QUICK), analyse(table_of(cells + cells), QUICK)
    assert [group.size for group in other.groups] == [2 * group.size for group in one.groups]
    places = [(item.x, item.y, item.group) for item in one.participants]
    for place, again in zip(places + places, other.participants, strict=True):
        assert (again.x, again.y, again.group) == pytest.approx(place, abs=1e-9)


def test_an_axis_of_saying_yes_to_anything_is_named() -> None:
    chance = np.random.default_rng(2)
    readiness = chance.uniform(0.1, 0.9, 60)
    votes = np.where(chance.random((60, 20)) < readiness[:, None], 1, -1)
    opinion = analyse(table_of(votes.tolist()), QUICK)
    assert abs(opinion.axes[0].agreement_tendency) > 0.95
    assert abs(opinion.axes[1].agreement_tendency) < 0.3


def test_statements_that_are_out_are_never_asked_next() -> None:
    opinion = analyse(table_of(camps(20, 8), moderated_out=("3",)), QUICK)
    assert [one.priority == 0 for one in opinion.statements] == [one.id == "3" for one in opinion.statements]
    assert len({one.priority for one in opinion.statements}) > 4


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        OpinionSettings(starts=0)
    with pytest.raises(ValueError, match="negative"):
        OpinionSettings(chance_rounds=-1)

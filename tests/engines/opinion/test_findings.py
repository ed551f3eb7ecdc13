from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engines.opinion.random_votes import Cells, camps, table_of
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.polis import read_polis
from muntada.engines.opinion.result import ComputedMap
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.unity import Findings, Scores
from muntada.engines.opinion.votes import VoteTable

QUICK = OpinionSettings(chance_rounds=0, redraw_rounds=0)


def found(opinion: ComputedMap) -> Findings:
    assert opinion.findings is not None
    return opinion.findings


def scores(opinion: ComputedMap) -> list[Scores]:
    return [one.scores for one in opinion.statements if one.scores is not None]


def test_what_unites_leads_by_the_score_that_needs_no_groups() -> None:
    opinion = analyse(table_of(camps(60, 16)), QUICK)
    uniting = found(opinion).unites
    assert {one.statement for one in uniting} == {"0", "1", "2", "3"}
    assert [one.score for one in uniting] == sorted((one.score for one in uniting), reverse=True)
    assert all(one.direction == "agree" and one.neutral > 0.7 for one in uniting)
    assert all(one.least.low < one.least.share < one.least.high for one in uniting)
    places = {one.id: one for one in opinion.statements}
    assert all(one.product == pytest.approx(places[one.statement].unites) for one in uniting)


def test_what_all_deny_unites_as_well() -> None:
    cells: Cells = [[-1, 1 if person < 20 else -1] for person in range(40)]
    uniting = found(analyse(table_of(cells), QUICK)).unites
    assert [(one.statement, one.direction) for one in uniting] == [("0", "disagree")]
    assert uniting[0].backed
    assert uniting[0].neutral < -0.7


def test_what_divides_names_the_groups_furthest_apart() -> None:
    opinion = analyse(table_of(camps(60, 16)), QUICK)
    dividing = found(opinion).divides
    assert {int(one.statement) for one in dividing} <= set(range(4, 16))
    for one in dividing:
        votes = next(place for place in opinion.statements if place.id == one.statement).by_group
        assert one.most is not None
        assert one.least is not None
        assert votes[one.most].agree > votes[one.least].agree
        assert one.score > 0.3


def test_without_groups_what_divides_is_read_along_the_axis() -> None:
    settings = replace(QUICK, smallest_group=100)
    opinion = analyse(table_of(camps(60, 16)), settings)
    assert opinion.grouping.outcome == "one group"
    dividing = found(opinion).divides
    assert {int(one.statement) for one in dividing} <= set(range(4, 16))
    assert {(one.most, one.least) for one in dividing} == {(None, None)}


def test_what_people_pass_on_more_than_usual_leaves_them_unsure() -> None:
    cells = camps(60, 16, noise=0.05)
    for row in cells[::2]:
        row[9] = 0
    unsure = found(analyse(table_of(cells), QUICK)).unsure
    assert [one.statement for one in unsure][:1] == ["9"]
    assert unsure[0].passed.share > 0.4


def test_statements_that_are_out_or_hardly_seen_are_in_no_list() -> None:
    cells = [[*row, 1 if person < 10 else None] for person, row in enumerate(camps(60, 12))]
    opinion = analyse(table_of(cells, moderated_out=("0",)), QUICK)
    lists = found(opinion)
    assert lists.enough_seen == 20
    named = {one.statement for row in (lists.unites, lists.divides, lists.unsure) for one in row}
    assert not named & {"0", "12"}
    assert {"1", "2"} <= named


def test_in_a_small_consultation_the_votes_of_half_of_the_people_are_enough() -> None:
    assert found(analyse(table_of(camps(12, 8)), QUICK)).enough_seen == 6
    assert found(analyse(table_of([[1]]), QUICK)).enough_seen == 1


def test_the_plain_score_is_that_of_the_consensus() -> None:
    opinion = analyse(table_of(camps(60, 16)), QUICK)
    measured = {one.id: one.scores for one in opinion.statements}
    for one in opinion.consensus.agree:
        score = measured[one.statement]
        assert score is not None
        assert score.agree.plain == pytest.approx(one.score)


def test_nothing_is_scored_when_it_is_not_asked_for() -> None:
    opinion = analyse(table_of(camps(20, 8)), replace(QUICK, scores=False))
    assert opinion.findings is None
    assert scores(opinion) == []


def test_all_votes_turned_over_turn_the_scores_over() -> None:
    cells = camps(40, 10)
    turned: Cells = [[None if vote is None else -vote for vote in row] for row in cells]
    for one, other in zip(
        scores(analyse(table_of(cells), QUICK)), scores(analyse(table_of(turned), QUICK)), strict=True
    ):
        assert other.disagree.kernel == pytest.approx(one.agree.kernel)
        assert other.agree.plain == pytest.approx(one.disagree.plain)
        assert other.neutral == pytest.approx(-one.neutral, abs=1e-2)


def with_colluders(table: VoteTable, opinion: ComputedMap, target: int, side: int, share: float) -> VoteTable:
    """Add accounts that copy real members of one group and say yes to what that group denies."""
    labels = np.array([-1 if one.group is None else one.group for one in opinion.participants])
    chance = np.random.default_rng(0)
    copied = chance.choice(np.flatnonzero(labels == side), int(share * len(labels)))
    people, texts, votes = [table.participant], [table.statement], [table.value]
    for number, source in enumerate(copied, start=len(labels)):
        theirs = (table.participant == source) & (table.statement != target)
        texts.append(np.append(table.statement[theirs], target))
        votes.append(np.append(table.value[theirs], 1))
        people.append(np.full(len(texts[-1]), number))
    return VoteTable.from_arrays(
        [*table.participants, *(f"copy {number}" for number in range(len(copied)))],
        table.statements,
        participant=np.concatenate(people),
        statement=np.concatenate(texts),
        value=np.concatenate(votes),
        moderated_out=table.moderated_out,
    )


def ranks(opinion: ComputedMap, target: int) -> tuple[int, int, int]:
    """The place of the target by the product over groups, by the kernel score, by the factor model."""
    kept = [one for one in opinion.statements if not one.left_out and one.agree + one.disagree >= 20]
    rows = [
        (one.scores.agree.product, one.scores.agree.kernel, one.scores.neutral) for one in kept if one.scores
    ]
    mine = opinion.statements[target].scores
    assert mine is not None
    own = (mine.agree.product, mine.agree.kernel, mine.neutral)
    product, kernel, neutral = (1 + sum(row[place] > own[place] for row in rows) for place in range(len(own)))
    return product, kernel, neutral


@pytest.mark.shared_data
@pytest.mark.long
def test_many_accounts_of_one_camp_move_the_factor_model_least(shared_data: Path) -> None:
    """A fifth and half as many accounts as there are people, added to a real consultation."""
    table = read_polis(shared_data / "polis" / "vtaiwan.uberx").table()
    opinion = analyse(table, QUICK)
    dividing = found(opinion).divides[0]
    place, side = table.statements.index(dividing.statement), dividing.least
    assert side is not None
    before = ranks(opinion, place)
    for share in (0.2, 0.5):
        after = ranks(analyse(with_colluders(table, opinion, place, side, share), QUICK), place)
        assert after[0] < after[1] < after[2] <= before[2]

import numpy as np
import pytest

from engines.opinion.random_votes import coded_of, table_of
from muntada.engines.opinion.kernel import group_counts
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.statements import (
    GroupTally,
    across_groups,
    consensus,
    priorities,
    representative,
    strengths,
    tally,
)
from muntada.engines.opinion.votes import VoteTable

OURS = OpinionSettings()


def counted(
    agree: list[list[int]], disagree: list[list[int]], passed: list[list[int]] | None = None
) -> GroupTally:
    return GroupTally(np.array(agree), np.array(disagree), np.array(passed or np.zeros_like(agree)))


def table(statements: int, moderated_out: tuple[str, ...] = ()) -> VoteTable:
    return table_of([[None] * statements], moderated_out=moderated_out)


def names(
    votes: GroupTally, group: int = 0, settings: OpinionSettings = OURS, **out: tuple[str, ...]
) -> list[tuple[str, str]]:
    chosen = representative(strengths(votes), group, table(votes.agree.shape[1], **out), settings)
    return [(one.statement, one.direction) for one in chosen]


def test_votes_are_counted_by_group_and_who_is_in_none_is_left_out() -> None:
    votes = tally(group_counts(coded_of([[1, 0], [1, -1], [-1, None], [1, 1]]), np.array([0, 0, 1, -1]), 2))
    assert votes.agree.tolist() == [[2, 0], [0, 0]]
    assert votes.disagree.tolist() == [[0, 1], [1, 0]]
    assert votes.passed.tolist() == [[0, 1], [0, 0]]


def test_the_strengths_are_those_of_the_published_formulas() -> None:
    found = strengths(counted([[3], [1]], [[1], [2]], [[0], [2]]))
    agree = found.agree
    assert agree.probability[0, 0] == pytest.approx(4 / 6)
    assert agree.test[0, 0] == pytest.approx(2 * 5**0.5 * (4 / 5 - 1 / 2))
    assert agree.ratio[0, 0] == pytest.approx((4 / 6) / (2 / 7))
    assert agree.ratio_test[0, 0] == pytest.approx(1.547758, abs=1e-6)
    assert agree.score[0, 0] == pytest.approx(4 / 6 * 1.341641 * 7 / 3 * 1.547758, abs=1e-5)
    assert found.disagree.probability[1, 0] == pytest.approx(3 / 7)


def test_two_proportions_that_are_both_one_differ_by_nothing() -> None:
    assert strengths(counted([[4], [0]], [[0], [0]])).agree.ratio_test[0, 0] == 0


def test_a_group_is_represented_by_what_sets_it_apart_agreements_first() -> None:
    votes = counted([[9, 0, 5], [0, 9, 5]], [[0, 9, 5], [9, 0, 5]])
    assert names(votes, 0) == [("0", "agree"), ("1", "disagree")]
    assert names(votes, 1) == [("1", "agree"), ("0", "disagree")]


def test_equal_statements_keep_the_order_of_their_columns() -> None:
    votes = counted([[9] * 7, [0] * 7], [[0] * 7, [9] * 7])
    assert names(votes) == [(str(place), "agree") for place in range(5)]


def test_statements_that_are_out_represent_nobody() -> None:
    votes = counted([[9, 8], [0, 0]], [[0, 0], [9, 9]])
    assert names(votes, moderated_out=("0",)) == [("1", "agree")]


def test_the_best_agreed_statement_leads_even_if_it_sets_nobody_apart() -> None:
    votes = counted([[20, 0], [20, 9]], [[0, 9], [0, 0]])
    chosen = representative(strengths(votes), 0, table(2), OURS)
    assert [(one.statement, one.best_agree) for one in chosen] == [("0", True), ("1", False)]


def test_what_a_group_agrees_with_best_it_says_so_though_others_agree_even_more() -> None:
    votes = counted([[9, 0], [20, 9]], [[0, 9], [0, 0]])
    chosen = representative(strengths(votes), 0, table(2), OURS)
    assert [(one.statement, one.direction, one.says) for one in chosen] == [
        ("0", "disagree", "agree"),
        ("1", "disagree", "disagree"),
    ]


def test_where_nothing_is_sure_the_statement_furthest_from_the_others_is_shown() -> None:
    votes = counted([[0, 1], [2, 1]], [[1, 1], [0, 1]])
    assert names(votes) == [("0", "disagree")]


def test_a_statement_that_nobody_of_the_group_saw_is_not_theirs() -> None:
    votes = counted([[0, 2], [0, 2]], [[0, 3], [9, 2]])
    assert names(votes)[0][0] == "1"
    assert names(votes, settings=OpinionSettings(compat="polis"))[0][0] == "0"


def test_a_group_without_statements_has_none_to_show() -> None:
    votes = counted([[], []], [[], []])
    found = strengths(GroupTally(*(np.zeros((2, 0), dtype=np.intp) for _ in range(3))))
    assert votes.agree.size == 0
    assert representative(found, 0, VoteTable.from_events([]), OURS) == ()


def test_consensus_needs_a_sure_majority_and_lists_the_surest_first() -> None:
    votes = counted([[9, 3, 30, 0]], [[0, 0, 10, 30]])
    agree = consensus(strengths(votes), "agree", table(4), OURS)
    assert [(one.statement, one.count, one.seen) for one in agree] == [
        ("0", 9, 9),
        ("2", 30, 40),
        ("1", 3, 3),
    ]
    assert agree[0].score == pytest.approx(10 / 11 * 2 * 10**0.5 * (10 / 10 - 1 / 2))
    disagree = consensus(strengths(votes), "disagree", table(4), OURS)
    assert [one.statement for one in disagree] == ["3"]
    assert consensus(strengths(votes), "agree", table(4, ("0", "2", "1")), OURS) == ()


def test_across_groups_each_group_counts_alike_whatever_its_size() -> None:
    unites, against = across_groups(strengths(counted([[98, 1], [2, 1]], [[0, 1], [2, 1]])))
    assert unites.tolist() == pytest.approx([99 / 100 * 3 / 6, 2 / 4 * 2 / 4])
    assert against.tolist() == pytest.approx([1 / 100 * 3 / 6, 2 / 4 * 2 / 4])


def test_priorities_follow_the_published_formula_and_differ() -> None:
    votes = counted([[4, 0, 3], [2, 0, 3]], [[1, 0, 3], [0, 0, 3]], [[1, 0, 3], [2, 0, 3]])
    weights = priorities(votes, np.array([0.5, 0.0, 0.0]), np.array([False, False, False]))
    importance = (1 - 4 / 12) * 1.5 * 7 / 12
    assert weights[0] == pytest.approx((importance * (1 + 8 * 2**-2)) ** 2)
    assert weights[1] == pytest.approx((0.25 * 9) ** 2), "a statement nobody saw yet"
    assert len(set(weights)) == 3


def test_a_statement_about_the_consultation_has_a_fixed_priority() -> None:
    votes = counted([[4]], [[1]])
    assert priorities(votes, np.array([0.5]), np.array([True])).tolist() == [49.0]

import numpy as np
import pytest

from engines.opinion.random_votes import camps, table_of
from muntada.engines.opinion import projection
from muntada.engines.opinion.projection import centre, grouped_people, project
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.votes import VoteTable

DEFAULT, POLIS, RED_DWARF = (
    OpinionSettings(),
    OpinionSettings(compat="polis"),
    OpinionSettings(compat="red-dwarf"),
)
CELLS = [[1, 1, None], [1, 0, 1], [-1, None, 1], [1, -1, None], [None, None, None]]


def test_a_person_lies_at_the_sum_of_their_deviations_scaled_by_how_much_they_saw() -> None:
    projection = project(centre(table_of(CELLS), DEFAULT))
    first, second = projection.axes.directions[:, 0], projection.axes.directions[:, 1]
    deviations = np.array([1 - 1 / 2, 1 - 0, 0])  # means: 1/2, 0, 1
    expected = np.sqrt(3 / 2) * np.array([deviations @ first, deviations @ second])
    assert projection.people[0] == pytest.approx(expected)
    assert projection.people[4].tolist() == [0, 0]


def test_a_statement_lies_where_somebody_would_who_agrees_with_it_alone() -> None:
    projection = project(centre(table_of(CELLS), DEFAULT))
    expected = np.sqrt(3) * (1 - 1 / 2) * projection.axes.directions[0]
    assert projection.statements[0] == pytest.approx(expected)
    assert projection.extremity[0] == pytest.approx(np.linalg.norm(expected))
    assert projection.statements[2] == pytest.approx([0, 0])


def test_statements_that_are_out_do_not_move_anybody() -> None:
    cells = camps(20, 8)
    without = [[None if place in (2, 5) else vote for place, vote in enumerate(row)] for row in cells]
    moderated = project(centre(table_of(cells, moderated_out=("2", "5")), DEFAULT))
    absent = project(centre(table_of(without), DEFAULT))
    assert moderated.people == pytest.approx(absent.people, abs=1e-12)
    assert not moderated.statements[[2, 5]].any()


def test_polis_counts_statements_that_are_out_as_seen_by_everybody() -> None:
    table = table_of(CELLS, moderated_out=("1",))
    ours, theirs = centre(table, DEFAULT), centre(table, POLIS)
    assert (ours.statements, theirs.statements) == (2, 3)
    assert ours.seen.tolist() == [1, 2, 2, 1, 1]
    assert theirs.seen.tolist() == [2, 3, 3, 2, 1]


def grouped_of(table: VoteTable, settings: OpinionSettings) -> np.ndarray:
    return grouped_people(table, centre(table, settings), settings)


def counts(votes: list[int], settings: OpinionSettings, statements: int = 20) -> list[int]:
    """Say which of the people are grouped who voted on so many statements each."""
    cells = [[1] * number + [None] * (statements - number) for number in votes]
    return np.flatnonzero(grouped_of(table_of(cells), settings)).tolist()


def test_who_voted_on_seven_statements_is_grouped() -> None:
    assert counts([7] * 15 + [6, 20], DEFAULT) == [*range(15), 16]


def test_where_there_are_fewer_statements_all_of_them_suffice() -> None:
    assert counts([3] * 15 + [2], DEFAULT, statements=3) == list(range(15))


def test_if_few_voted_enough_the_most_active_others_are_added() -> None:
    votes = [9] * 10 + [6, 5, 5, 4, 4, 4, 3, 0]
    assert counts(votes, DEFAULT) == list(range(16)), (
        "three people are equally active at the edge: all come in"
    )
    assert counts(votes, POLIS) == list(range(15)), "fifteen, by the order of first votes"
    assert counts(votes, RED_DWARF) == list(range(10)), "red-dwarf adds nobody"


def test_nobody_is_added_who_has_not_voted() -> None:
    assert counts([3, 0, 0], DEFAULT) == counts([3, 0, 0], POLIS) == [0]


def test_votes_on_statements_that_are_out_do_not_count_as_activity() -> None:
    cells = [[1] * 7 + [None] * 3, *([[1] * 10] * 15)]
    table = table_of(cells, moderated_out=("0", "1"))
    assert not grouped_of(table, DEFAULT)[0]
    assert grouped_of(table, POLIS)[0]


def test_a_table_without_people_has_nobody_to_group() -> None:
    assert grouped_of(VoteTable.from_events([]), DEFAULT).size == 0


@pytest.mark.parametrize("way", [DEFAULT, OpinionSettings(without_tendency=True)])
def test_beginning_with_the_axes_of_some_people_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, way: OpinionSettings
) -> None:
    chance = np.random.default_rng(6)
    leanings = chance.standard_normal((3000, 2)) @ chance.standard_normal((2, 40))
    votes = np.where(np.abs(leanings) < 0.3, 0, np.sign(leanings)).astype(int)
    cells = [
        [int(vote) if seen else None for vote, seen in zip(row, kept, strict=True)]
        for row, kept in zip(votes, chance.random(votes.shape) < 0.3, strict=True)
    ]
    centred = centre(table_of(cells), way)
    cold = project(centred)
    monkeypatch.setattr(projection, "FEW_VOTES", len(centred.loops.votes) // 20)
    warm = project(centred)
    assert np.abs(warm.axes.directions - cold.axes.directions).max() < 1e-9
    assert np.abs(warm.people - cold.people).max() < 1e-8

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.opinion.random_votes import Cells, coded_of, matrices
from kinds import rounds
from muntada.engines.opinion import kernel
from muntada.engines.opinion.coded import CodedVotes
from muntada.engines.opinion.kernel import Loops, fused_pass, group_counts, histogram, positions


def one_hot(cells: Cells) -> np.ndarray:
    """A row per person and a column per code, in full."""
    full = np.zeros((len(cells), 3 * len(cells[0])))
    for person, row in enumerate(cells):
        for place, vote in enumerate(row):
            if vote is not None:
                full[person, 3 * place + vote + 1] = 1
    return full


@given(matrices(), st.integers(0, 99), st.sampled_from([1, 4, 1 << 16]), st.sampled_from([0, 1000]))
@rounds(200)
def test_the_loops_are_products_with_the_full_matrix(cells: Cells, seed: int, block: int, few: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "BLOCK", block)
        patch.setattr(kernel, "FEW", few)
        votes, full, chance = coded_of(cells), one_hot(cells), np.random.default_rng(seed)
        table, weights = chance.standard_normal((full.shape[1], 2)), chance.random(len(cells))
        labels = chance.integers(-1, 3, len(cells))
        member = (labels == np.arange(3)[:, None]) * 1.0
        assert histogram(votes).ravel() == pytest.approx(full.sum(axis=0))
        assert histogram(votes, weights).ravel() == pytest.approx(weights @ full)
        assert positions(votes, table) == pytest.approx(full @ table)
        values = chance.standard_normal((len(cells), 3))
        assert Loops(votes).scatter(lambda block: values[block], 3) == pytest.approx(full.T @ values)
        assert fused_pass(votes, table) == pytest.approx(full.T @ full @ table)
        assert fused_pass(votes, table[:, 0]) == pytest.approx(full.T @ full @ table[:, 0])
        weighted = full.T @ (weights[:, None] * (full @ table))
        assert fused_pass(votes, table, weights) == pytest.approx(weighted)
        assert group_counts(votes, labels, 3).reshape(3, -1) == pytest.approx(member @ full)
        assert group_counts(votes, labels, 3, weights).reshape(3, -1) == pytest.approx(
            member * weights @ full
        )


@pytest.mark.parametrize("few", [0, 1000])
def test_nobody_and_nothing_are_counted_as_nothing(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(kernel, "FEW", few)
    for people, statements in ((0, 0), (0, 3), (3, 0), (3, 2)):
        votes = CodedVotes.of_cells(people, statements, [], [], [])
        assert histogram(votes).tolist() == [[0, 0, 0]] * statements
        assert positions(votes, np.ones((3 * statements, 2))).tolist() == [[0, 0]] * people
        assert fused_pass(votes, np.ones(3 * statements)).tolist() == [0] * (3 * statements)
        assert group_counts(votes, np.zeros(people, dtype=int), 1).shape == (1, statements, 3)


@pytest.mark.parametrize("few", [0, 1000])
def test_codes_of_four_bytes_are_read_as_well(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(kernel, "FEW", few)
    votes = CodedVotes.of_cells(2, 30_000, [0, 0, 1], [7, 29_999, 29_999], [1, -1, -1])
    table = np.arange(90_000.0)
    assert positions(votes, table).tolist() == [23 + 89_997, 89_997]
    assert histogram(votes)[29_999].tolist() == [2, 0, 0]

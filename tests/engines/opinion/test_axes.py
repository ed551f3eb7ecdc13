import numpy as np
import pytest
from hypothesis import given
from scipy import sparse

from engines.opinion.random_votes import Cells, matrices, table_of
from kinds import rounds
from muntada.engines.opinion import davidson
from muntada.engines.opinion.axes import Axes, principal_axes
from muntada.engines.opinion.projection import centre
from muntada.engines.opinion.settings import OpinionSettings


def imputed(cells: Cells) -> np.ndarray:
    """The textbook way: fill each gap with the mean of its statement, then take the mean off."""
    votes = np.array([[np.nan if vote is None else vote for vote in row] for row in cells], dtype=float)
    means = np.array(
        [column[~np.isnan(column)].mean() if np.isfinite(column).any() else 0 for column in votes.T]
    )
    return np.where(np.isnan(votes), means, votes) - means


def axes_of(matrix: np.ndarray) -> Axes:
    return principal_axes(lambda direction: matrix.T @ (matrix @ direction), (matrix**2).sum(axis=0))


@given(matrices())
@rounds(150)
def test_the_axes_are_those_of_the_imputed_matrix_by_dense_decomposition(cells: Cells) -> None:
    dense = imputed(cells)
    centred = centre(table_of(cells), OpinionSettings())
    axes = principal_axes(centred.apply, centred.spread)
    _, sizes, rows = np.linalg.svd(dense, full_matrices=False)
    variances = np.append(sizes**2, [0.0, 0.0, 0.0])
    total = variances.sum()
    if total < 1e-20:
        assert not axes.directions.any()
        assert not axes.shares.any()
        return
    assert axes.shares == pytest.approx(variances[:2] / total, abs=1e-12)
    for axis in range(2):
        direction = axes.directions[:, axis]
        if variances[axis] < 1e-12 * total:
            assert not direction.any()
            continue
        assert np.linalg.norm(direction) == pytest.approx(1, abs=1e-12)
        assert np.linalg.norm(dense.T @ (dense @ direction) - variances[axis] * direction) < 1e-11 * total
        gaps = np.abs(np.delete(variances, axis) - variances[axis])
        if gaps.min() > 1e-4 * total:
            assert abs(direction @ rows[axis]) == pytest.approx(1, abs=1e-12)
            assert np.abs(direction * np.sign(direction @ rows[axis]) - rows[axis]).max() < 1e-8


@pytest.mark.parametrize("shape", [(700, 300), (300, 700)])
@pytest.mark.long
def test_the_axes_of_a_larger_table_are_exact_where_the_spectrum_is_crowded(shape: tuple[int, int]) -> None:
    chance = np.random.default_rng(5)
    noise = sparse.random_array(shape, density=0.1, rng=chance, data_sampler=chance.standard_normal).tocsr()
    axes = axes_of(noise.toarray())
    _, sizes, rows = np.linalg.svd(noise.toarray(), full_matrices=False)
    assert axes.shares == pytest.approx(sizes[:2] ** 2 / (sizes**2).sum(), rel=1e-12)
    turned = rows[:2].T * np.sign((rows[:2].T * axes.directions).sum(axis=0))
    assert np.abs(axes.directions - turned).max() < 1e-8


def test_two_equal_axes_are_both_found() -> None:
    block = np.array([[1.0, -1.0], [-1.0, 1.0], [1.0, -1.0]])
    axes = axes_of(np.kron(np.eye(2), block))
    assert axes.shares == pytest.approx([0.5, 0.5])
    assert axes.directions.T @ axes.directions == pytest.approx(np.eye(2), abs=1e-12)


def test_the_largest_entry_of_a_direction_is_positive() -> None:
    votes = np.array([[-3.0, 1.0], [3.0, -1.0], [-3.0, 1.0]])
    assert axes_of(votes).directions[:, 0] == pytest.approx([3 / 10**0.5, -1 / 10**0.5])


def test_the_sign_does_not_hang_on_the_order_of_equally_large_entries() -> None:
    votes = np.array([[3.0, -3.0, 1.0], [-3.0, 3.0, -1.0]])
    one = axes_of(votes).directions[:, 0]
    other = axes_of(votes[:, ::-1]).directions[:, 0]
    assert other[::-1] == pytest.approx(one)


def test_a_table_of_nothing_has_no_axes() -> None:
    axes = axes_of(np.zeros((0, 3)))
    assert axes.directions.shape == (3, 2)
    assert not axes.directions.any()


@pytest.mark.parametrize("off", [0.0, 0.05, 1.0])
@pytest.mark.long
def test_a_start_spares_passes_and_changes_nothing(off: float) -> None:
    chance = np.random.default_rng(3)
    leanings = chance.standard_normal((4000, 2)) @ (chance.standard_normal((2, 120)) * [[1], [0.7]])
    matrix = np.where(chance.random((4000, 120)) < 0.3, np.sign(leanings), 0)
    matrix -= matrix.mean(axis=0)
    _, sizes, rows = np.linalg.svd(matrix, full_matrices=False)
    applied: list[int] = []

    def apply(directions: np.ndarray) -> np.ndarray:
        applied.append(directions.ndim)
        made: np.ndarray = matrix.T @ (matrix @ directions)
        return made

    spread = (matrix**2).sum(axis=0)
    cold = principal_axes(apply, spread)
    without, start = len(applied), rows[:2].T + off * chance.standard_normal((120, 2)) / 120**0.5
    applied.clear()
    warm = principal_axes(apply, spread, start=start)
    assert np.abs(warm.directions - cold.directions).max() < 1e-9
    assert warm.shares == pytest.approx(sizes[:2] ** 2 / (sizes**2).sum(), rel=1e-12)
    assert len(applied) < without
    assert applied.count(2) > applied.count(1)


def test_an_axis_that_the_start_knows_nothing_of_is_found() -> None:
    chance = np.random.default_rng(4)
    matrix = np.zeros((600, 60))
    matrix[:300, :30] = chance.standard_normal((300, 30)) + np.outer(
        np.sign(chance.random(300) - 0.5), [2] * 30
    )
    matrix[300:, 30:] = chance.standard_normal((300, 30)) + np.outer(
        np.sign(chance.random(300) - 0.5), [3] * 30
    )
    _, _, rows = np.linalg.svd(matrix[:300, :30], full_matrices=False)
    start = np.vstack((rows[:2].T, np.zeros((30, 2))))
    spread = (matrix**2).sum(axis=0)
    found = principal_axes(lambda some: matrix.T @ (matrix @ some), spread, start=start)
    assert np.abs(found.directions - axes_of(matrix).directions).max() < 1e-9


def test_where_a_start_leads_nowhere_the_axes_are_found_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(davidson, "MOST_DIRECTIONS", 4)
    chance = np.random.default_rng(5)
    matrix = chance.standard_normal((300, 100))
    found = principal_axes(
        lambda some: matrix.T @ (matrix @ some),
        (matrix**2).sum(axis=0),
        start=chance.standard_normal((100, 2)),
    )
    assert np.abs(found.directions - axes_of(matrix).directions).max() < 1e-8

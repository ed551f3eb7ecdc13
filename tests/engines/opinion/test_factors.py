import numpy as np
import pytest
from hypothesis import given
from scipy.optimize import minimize

from engines.opinion.random_votes import Cells, camps, coded_of, matrices
from kinds import rounds
from muntada.engines.opinion.factors import Factors, fit
from muntada.engines.opinion.kernel import Loops


def fitted(cells: Cells, counted: list[bool] | None = None) -> Factors:
    statements = len(cells[0])
    start = np.cos(np.arange(statements) + 1.0)
    return fit(Loops(coded_of(cells)), np.array(counted or [True] * statements), start)


def loss(cells: Cells, mean: float, *parts: np.ndarray) -> float:
    """The sum that is made small, vote by vote: the referee."""
    people, statements, leaning, loading = parts
    total = 0.75 * (people @ people + statements @ statements) + 0.6 * (leaning @ leaning + loading @ loading)
    for person, row in enumerate(cells):
        for place, vote in enumerate(row):
            if vote:
                guess = mean + people[person] + statements[place] + leaning[person] * loading[place]
                total += (vote - guess) ** 2
    return float(total)


def loss_of(cells: Cells, found: Factors) -> float:
    return loss(
        cells,
        found.mean,
        found.people,
        found.statements,
        found.leaning_of_people,
        found.leaning_of_statements,
    )


@given(matrices(most_people=8, most_statements=5))
@rounds(25)
def test_no_small_step_makes_the_fit_better(cells: Cells) -> None:
    found = fitted(cells)
    people, statements = len(cells), len(cells[0])
    parts = np.concatenate(
        ([found.mean], found.people, found.statements, found.leaning_of_people, found.leaning_of_statements)
    )
    ends = np.cumsum([1, people, statements, people])

    def at(values: np.ndarray) -> float:
        mean, *rest = np.split(values, ends)
        return loss(cells, float(mean[0]), *rest)

    best = minimize(at, parts, method="L-BFGS-B")
    assert at(parts) - best.fun <= 1e-3 * max(1.0, best.fun)


def test_the_statements_all_agree_on_have_the_highest_level() -> None:
    expected = fitted(camps(60, 16, noise=0.05)).expected
    assert expected[:4].min() > 0.8
    assert np.abs(expected[4:]).max() < 0.6


def test_passes_and_statements_that_are_out_count_nothing() -> None:
    cells = camps(30, 8)
    with_passes = [[*row, 0] for row in cells]
    one, other = fitted(cells), fitted(with_passes, [True] * 8 + [False])
    assert other.statements[:8] == pytest.approx(one.statements, abs=1e-3)
    assert other.statements[8] == 0
    out = fitted([[*row, 1] for row in cells], [True] * 8 + [False])
    assert out.statements[:8] == pytest.approx(one.statements, abs=1e-3)


def test_all_votes_turned_over_turn_the_levels_over() -> None:
    cells = camps(30, 10)
    turned: Cells = [[None if vote is None else -vote for vote in row] for row in cells]
    one, other = fitted(cells), fitted(turned)
    assert other.mean == pytest.approx(-one.mean, abs=1e-3)
    assert other.expected == pytest.approx(-one.expected, abs=1e-2)


def test_without_votes_nothing_is_expected() -> None:
    found = fitted([[None, None], [None, None]])
    assert found.expected.tolist() == [0, 0]
    assert found.mean == 0


def test_a_person_with_no_weight_is_not_there_and_with_two_votes_twice_as_hard() -> None:
    cells = camps(30, 10)
    loops, everything = Loops(coded_of(cells)), np.ones(10, dtype=bool)
    start = np.cos(np.arange(10) + 1.0)
    weights = np.where(np.arange(30) < 20, 1.0, 0.0)
    found = fit(loops, everything, start, weights)
    fewer = fit(Loops(coded_of(cells[:20])), everything, start)
    assert found.expected == pytest.approx(fewer.expected, abs=1e-3)
    doubled = fit(loops, everything, start, np.full(30, 2.0))
    plain = fit(loops, everything, start)
    assert np.abs(doubled.statements).sum() > np.abs(plain.statements).sum()

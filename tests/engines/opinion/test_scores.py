import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.opinion.random_votes import Cells, camps, coded_of, matrices
from kinds import rounds
from muntada.engines.opinion.intervals import wilson
from muntada.engines.opinion.kernel import Loops
from muntada.engines.opinion.scores import along_axis, gap, least, together


def plainly(cells: Cells, axis: list[float], counted: list[bool], answer: int) -> list[float]:
    """The kernel score, person by person and place by place: the referee."""
    places = [place for place, there in zip(axis, counted, strict=True) if there]
    spread = float(np.std(places)) if places else 0.0
    centres = np.quantile(places, np.linspace(0.02, 0.98, 25)).tolist() if spread > 1e-12 else [None]
    scores = []
    for statement in range(len(cells[0])):
        logs = []
        for centre in centres:
            said, seen = 0.35 * 2, 2.0
            for row, place, there in zip(cells, axis, counted, strict=True):
                if not there or row[statement] is None:
                    continue
                near = 1.0 if centre is None else np.exp(-0.5 * ((place - centre) / (0.35 * spread)) ** 2)
                seen += near
                said += near * (row[statement] == answer)
            logs.append(np.log(said / seen))
        scores.append(float(np.exp(np.mean(logs))))
    return scores


@given(matrices(), st.integers(0, 99), st.sampled_from([0.0, 1.0]))
@rounds(40)
def test_the_score_along_the_axis_is_that_of_a_plain_implementation(
    cells: Cells, seed: int, width: float
) -> None:
    chance = np.random.default_rng(seed)
    axis = width * chance.standard_normal(len(cells))
    counted = chance.random(len(cells)) < 0.8
    found = along_axis(Loops(coded_of(cells)), axis, counted)
    assert found.agree == pytest.approx(plainly(cells, axis.tolist(), counted.tolist(), 1))
    assert found.disagree == pytest.approx(plainly(cells, axis.tolist(), counted.tolist(), -1))


def test_what_both_camps_say_scores_above_what_the_larger_says() -> None:
    cells = camps(60, 16, noise=0.05)
    axis = np.where(np.arange(60) < 36, -1.0, 1.0)
    found = along_axis(Loops(coded_of(cells)), axis, np.ones(60, dtype=bool))
    assert found.agree[:4].min() > 0.8
    assert found.agree[4:].max() < 0.5
    assert found.spread[4:].min() > 0.7
    assert found.spread[:4].max() < 0.3


def test_a_weight_of_two_is_the_person_twice() -> None:
    cells = camps(20, 8)
    weights = np.where(np.arange(20) < 5, 2.0, 1.0)
    weighted = along_axis(Loops(coded_of(cells)), np.zeros(20), np.ones(20, dtype=bool), weights)
    twice = along_axis(Loops(coded_of([*cells, *cells[:5]])), np.zeros(25), np.ones(25, dtype=bool))
    assert weighted.agree == pytest.approx(twice.agree)
    assert weighted.disagree == pytest.approx(twice.disagree)


def test_the_least_group_has_the_interval_of_the_worst_case() -> None:
    counts, seen = np.array([[8.0], [30.0]]), np.array([[8.0], [98.0]])
    found = least(counts, seen)
    ends = [wilson(9 / 10, 10), wilson(31 / 100, 100)]
    assert found.share == pytest.approx([0.31])
    assert found.low == pytest.approx([min(float(low) for low, _ in ends)])
    assert found.high == pytest.approx([min(float(high) for _, high in ends)])


def test_together_each_group_counts_alike() -> None:
    counts, seen = np.array([[98.0], [0.0]]), np.array([[98.0], [2.0]])
    assert together(counts, seen) == pytest.approx([(0.99 * 0.25) ** 0.5])


def test_a_gap_counts_only_beyond_its_error() -> None:
    sure = gap(np.array([[90.0], [10.0]]), np.array([[100.0], [100.0]]))
    unsure = gap(np.array([[2.0], [0.0]]), np.array([[2.0], [2.0]]))
    assert sure == pytest.approx([(91 - 11) / 102 - 1.959964 * (2 * 91 * 11 / 102**2 / 103) ** 0.5], abs=1e-6)
    assert unsure == pytest.approx([0.0])


def test_one_group_has_no_gap() -> None:
    assert gap(np.array([[3.0, 4.0]]), np.array([[5.0, 5.0]])).tolist() == [0, 0]

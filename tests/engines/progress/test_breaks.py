"""Turning points against the Nile's published figures, against every possible division, and on pure noise."""

import math
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinds import rounds
from muntada.engines.progress.breaks import LEVELS, LINES, breaks
from muntada.engines.progress.lacks import SENTENCES, Lack
from muntada.engines.progress.turning import turning_of, turning_points

# Yearly flow of the Nile at Aswan, 1871-1970, in 10^8 m^3 (Cobb 1978; the set "Nile" of R).
NILE = [
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958,
    1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020,
    1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796,
    1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874,
    848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718,
    714, 740,
]  # fmt: skip
NILE_YEARS = range(1871, 1971)


def test_the_nile_as_strucchange_has_it():
    """The summary of breakpoints(Nile ~ 1) in R: RSS and BIC for 0 to 5 breaks."""
    found = breaks(NILE_YEARS, NILE, numbers=LEVELS, least=15, most=5)
    assert [round(rest) for rest in found.unexplained] == [
        2835157,
        1597457,
        1552924,
        1538097,
        1507888,
        1659994,
    ]
    constant = 100 * (math.log(2 * math.pi) + 1)
    assert [round(bic + constant) for bic in found.bic] == [1318, 1270, 1276, 1285, 1292, 1311]
    assert (found.count, found.years[0]) == (1, 1898)


@pytest.mark.parametrize("numbers", [LEVELS, LINES])
def test_the_nile_fell_after_1898(numbers):
    found = turning_points(NILE_YEARS, NILE, numbers=numbers)
    (turn,) = found.turns
    assert (turn.year, turn.earliest, turn.latest) == (1898, 1896, 1899)
    assert -300 < turn.jump < -240
    assert [(piece.first_year, piece.last_year) for piece in found.pieces] == [(1871, 1898), (1899, 1970)]
    assert found.support > 20


def every_division(years, row, least, count):
    """Return the least sum of squares over all divisions into lines, fitted one by one."""
    best = math.inf
    for ends in combinations(range(least, len(row) - least + 1), count):
        edges = [0, *ends, len(row)]
        parts = list(pairwise(edges))
        if all(end - first >= least for first, end in parts):
            rest = 0.0
            for first, end in parts:
                line = np.polyfit(years[first:end], row[first:end], 1)
                rest += float(((np.polyval(line, years[first:end]) - row[first:end]) ** 2).sum())
            best = min(best, rest)
    return best


@rounds(25)
@given(st.lists(st.integers(-50, 50), min_size=12, max_size=18), st.data())
def test_no_division_is_better_than_the_one_found(row, data):
    gaps = data.draw(st.lists(st.integers(1, 3), min_size=len(row), max_size=len(row)))
    years = np.cumsum(gaps).astype(float)
    found = breaks(years, row, least=4)
    if found.lack != Lack.CONSTANT:
        for count in range(3):
            expected = every_division(years - years.mean(), np.array(row, dtype=float), 4, count)
            known = found.unexplained[count]
            assert (math.isinf(expected) and math.isnan(known)) or math.isclose(
                known, expected, rel_tol=1e-6, abs_tol=1e-6
            )


def test_two_clean_turns_are_found_where_they_are():
    years = np.arange(2000, 2024)
    steady = np.where(years < 2008, 5, np.where(years < 2016, 5 + 3 * (years - 2006), 60)).astype(float)
    found = turning_points(years, steady)
    assert [turn.year for turn in found.turns] == [2007, 2015]
    assert [round(piece.slope, 6) for piece in found.pieces] == [0, 3, 0]
    assert round(found.turns[1].jump, 6) == 60 - (5 + 3 * 10)


def test_a_straight_line_has_no_turn_with_and_without_gaps():
    years = np.arange(2000, 2020)
    line = 3.0 * years
    line[[3, 4, 9]] = np.nan
    found = turning_points(years, line)
    assert (found.points, found.turns, found.support, len(found.pieces)) == (17, (), None, 1)


def test_pure_noise_turns_in_few_of_a_hundred_series():
    noise = np.random.default_rng(11).normal(size=(4000, 20))
    assert (breaks(range(20), noise).count > 0).mean() < 0.05
    assert (breaks(range(20), noise, needed=0).count > 0).mean() > 0.1  # why BIC alone is not enough


@given(st.floats(1e-6, 1e6), st.floats(-1e3, 1e3))
def test_unit_and_origin_move_no_turn(unit, shift):
    row = np.array([0, 1, 0, 1, 0, 1, 9, 8, 9, 8, 9, 8, 9], dtype=float)
    years = breaks(range(13), unit * (row + shift), numbers=LEVELS).years
    assert years.tolist() == [5, 0]


def test_many_series_at_once_give_what_each_gives_alone():
    dice = np.random.default_rng(2)
    values = dice.normal(size=(5, 3, 20)).cumsum(axis=2)
    values[dice.random(values.shape) < 0.2] = np.nan
    together = breaks(range(20), values, needed=0)
    for place in np.ndindex(5, 3):
        alone = breaks(range(20), values[place], needed=0)
        assert (together.count[place], together.years[place].tolist()) == (alone.count, alone.years.tolist())
        assert np.array_equal(together.bic[place], alone.bic, equal_nan=True)


@pytest.mark.parametrize(
    ("row", "lack"),
    [
        ([], Lack.NO_VALUE),
        ([np.nan] * 12, Lack.NO_VALUE),
        ([1.0, 2, 3, 4, 5, 6, 7, 8, 9], Lack.TOO_FEW_POINTS),
        ([7.0] * 12, Lack.CONSTANT),
        ([0.0] * 12, Lack.CONSTANT),
        ([1.0, np.inf] * 6, Lack.NOT_FINITE),
    ],
)
def test_bad_series_have_an_answer_with_its_reason(row, lack):
    found = turning_points(range(len(row)), row)
    assert (found.turns, found.pieces) == ((), ())
    assert found.reason.sentence == SENTENCES[lack]


def test_pieces_that_their_points_fit_exactly_are_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="more points"):
        breaks(range(10), range(10), least=2)
    with pytest.raises(ValueError, match="ascend"):
        breaks([1, 1], [1, 2])


def test_turns_told_of_many_series_are_those_of_each_alone():
    values = np.random.default_rng(3).normal(size=(6, 30)).cumsum(axis=1)
    values[1, ::4] = np.nan
    values[2] = 1.0
    found = breaks(range(30), values)
    for at, row in enumerate(values):
        assert turning_of(range(30), row, found, (at,)) == turning_points(range(30), row)

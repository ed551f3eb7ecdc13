"""Who is in when the first so many are taken: properties, and the ties that people have to settle."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.evidence.prizes.rules.cut_lines import CutLine, draw_line, require_settled, score_of, taken
from muntada.evidence.prizes.rules.rounds import JudgedBy, Mark, PrizeTerms
from muntada.foundations.errors import Refused

VALUES = st.dictionaries(st.integers(1, 60), st.integers(0, 6), max_size=20)


@given(VALUES, st.integers(1, 8))
def test_whoever_is_in_stands_above_whoever_is_out_and_ties_are_only_at_the_line(values, places):
    drawn = draw_line(values, places)
    inside, tied = set(drawn.inside), set(drawn.tied)
    out = set(values) - inside - tied
    assert not inside & tied
    assert len(inside) <= places
    assert all(values[one] > 0 for one in inside | tied)
    assert all(values[one] > values[other] for one in inside for other in tied)
    assert all(values[one] > values[other] for one in inside | tied for other in out)
    if tied:
        assert 0 < drawn.places < len(tied)
        assert len(inside) + drawn.places == places
        assert len({values[one] for one in tied}) == 1
    else:
        assert len(inside) == min(places, sum(value > 0 for value in values.values()))


@given(VALUES, st.integers(1, 8), st.randoms())
def test_the_order_in_which_they_were_entered_decides_nothing(values, places, random):
    shuffled = list(values.items())
    random.shuffle(shuffled)
    assert draw_line(dict(shuffled), places) == draw_line(values, places)


@given(VALUES, st.integers(1, 8))
def test_a_settled_tie_fills_the_places_or_takes_all(values, places):
    drawn = draw_line(values, places)
    if drawn.tied:
        few, everyone = drawn.tied[: drawn.places], drawn.tied
        require_settled(drawn, few, may_take_all=False)
        require_settled(drawn, everyone, may_take_all=True)
        assert len(taken(drawn, few)) == places
        assert len(taken(drawn, everyone)) > places


@pytest.mark.parametrize(
    ("chosen", "may_take_all", "code"),
    [((), True, "places"), ((1, 2), False, "places"), ((9,), True, "not-tied")],
)
def test_a_tie_is_settled_among_the_tied_and_for_the_places_there_are(chosen, may_take_all, code):
    with pytest.raises(Refused) as refused:
        require_settled(CutLine((), (1, 2), 1), chosen, may_take_all=may_take_all)
    assert refused.value.code == code


def test_where_there_is_no_tie_nothing_is_settled():
    with pytest.raises(Refused) as refused:
        require_settled(CutLine((1,)), (1,), may_take_all=True)
    assert refused.value.code == "no-tie"


def test_equal_means_are_equal_however_they_came_about():
    terms = PrizeTerms(criteria=(Mark("a", {}, 1), Mark("b", {}, 2)))
    thirds = [{"a": 1, "b": 2}, {"a": 2, "b": 1}, {"a": 1, "b": 1}]
    assert score_of(terms, thirds) == Fraction(4 + 5 - 1 + 3 + 1, 9)
    assert score_of(terms, thirds) == score_of(terms, thirds * 7)


def test_a_criterion_counts_by_its_weight():
    terms = PrizeTerms(criteria=(Mark("a", {}, 3), Mark("b", {}, 1)))
    assert score_of(terms, [{"a": 5, "b": 1}]) == 4


def test_where_experts_pick_their_yes_is_counted():
    terms = PrizeTerms(judged_by=JudgedBy.PICKS)
    assert score_of(terms, [{"pick": 1}, {"pick": 0}, {"pick": 1}]) == 2
    assert score_of(terms, []) == 0

"""Into which classes a map divides values."""

from hypothesis import given
from hypothesis import strategies as st

from muntada.foundations.charts.classes import CLASSES, EQUAL_STEPS, classes_of

values = st.lists(st.floats(-1e9, 1e9).map(lambda one: round(one, 3)), min_size=1, max_size=60)


@given(values, st.booleans())
def test_there_are_five_classes_at_most_and_limits_rise(some, is_share):
    made = classes_of(some, is_share=is_share)
    assert 1 <= made.count <= CLASSES
    assert list(made.limits) == sorted(set(made.limits))


@given(values)
def test_no_class_of_fifths_is_empty(some):
    made = classes_of(some, is_share=False)
    assert {made.class_of(value) for value in some} == set(range(1, made.count + 1))


@given(values, st.booleans())
def test_a_value_lies_between_the_ends_of_its_class(some, is_share):
    made = classes_of(some, is_share=is_share)
    for value in some:
        start, end = made.range_of(made.class_of(value))
        assert start is None or start <= value
        assert end is None or value < end


def test_shares_have_steps_of_twenty():
    made = classes_of([5.0, 35.0, 55.0, 100.0], is_share=True)
    assert (made.limits, made.in_steps) == (EQUAL_STEPS, True)
    assert [made.class_of(one) for one in (0, 19.9, 20, 80, 100)] == [1, 1, 2, 5, 5]


def test_shares_that_lie_close_together_are_divided_otherwise():
    assert not classes_of([90.0, 92.0, 95.0, 97.0, 99.0], is_share=True).in_steps


def test_what_passes_a_hundred_is_no_share():
    assert not classes_of([20.0, 60.0, 140.0], is_share=True).in_steps


def test_limits_are_rounded_to_two_digits():
    made = classes_of([float(one * 137) for one in range(1, 41)], is_share=False)
    assert made.limits == (1200.0, 2300.0, 3400.0, 4500.0)


def test_one_value_is_one_class_and_none_is_too():
    assert classes_of([3.0, 3.0], is_share=False).count == 1
    assert classes_of([], is_share=True).count == 1

from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.opinion.withheld import withheld


def test_a_small_group_alone_takes_the_next_smallest_with_it() -> None:
    assert withheld([40, 3, 12, 25], 0, 5) == {1, 2}


def test_small_groups_that_hide_each_other_take_nobody_with_them() -> None:
    assert withheld([40, 3, 4, 25], 0, 5) == {1, 2}


def test_many_who_said_nothing_hide_a_small_group() -> None:
    assert withheld([40, 3], 30, 5) == {1}


def test_few_who_said_nothing_are_hidden_too() -> None:
    assert withheld([40, 25], 2, 5) == {1}


def test_where_all_are_large_enough_nothing_is_kept_back() -> None:
    assert withheld([40, 25, 5], 0, 5) == frozenset()


def test_nobody_is_no_secret() -> None:
    assert withheld([40, 0, 25], 0, 5) == frozenset()


def test_what_is_kept_back_elsewhere_stays_so_and_is_not_left_alone() -> None:
    assert withheld([40, 25, 12], 0, 5, already={1}) == {1, 2}


def test_one_small_group_of_all_is_kept_back() -> None:
    assert withheld([3], 0, 5) == {0}


@given(st.lists(st.integers(0, 30), max_size=6), st.integers(0, 20), st.integers(1, 10))
def test_nothing_small_can_be_found_by_subtraction(sizes: list[int], rest: int, smallest: int) -> None:
    kept = withheld(sizes, rest, smallest)
    shown = [place for place, size in enumerate(sizes) if size and place not in kept]
    assert all(sizes[place] >= smallest for place in shown)
    hidden = rest + sum(sizes[place] for place in kept)
    if shown:
        assert hidden == 0 or hidden >= smallest
        assert len(kept) != 1 or rest > 0

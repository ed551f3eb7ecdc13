"""The sharing out of places against results that are published or can be checked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.selection.apportion import apportion
from muntada.engines.selection.problem import SelectionMethod

DEMANDS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 1000), min_size=1).filter(
    lambda demand: any(demand.values())
)

# the example by which the methods are told apart (https://en.wikipedia.org/wiki/Sainte-Laguë_method)
VOTES = {
    "yellow": 47_000.0,
    "white": 16_000.0,
    "red": 15_900.0,
    "green": 12_000.0,
    "blue": 6_000.0,
    "pink": 3_100.0,
}


def test_largest_remainder_gives_what_hamilton_gives() -> None:
    given_places = apportion(VOTES, 10)
    assert given_places == {"yellow": 5, "white": 2, "red": 1, "green": 1, "blue": 1, "pink": 0}


def test_sainte_lague_gives_what_webster_gives() -> None:
    assert apportion({"a": 53_000, "b": 24_000, "c": 23_000}, 7, method=SelectionMethod.SAINTE_LAGUE) == {
        "a": 3,
        "b": 2,
        "c": 2,
    }


def test_the_alabama_paradox_of_largest_remainder_is_there() -> None:
    """With one place more a group gets one less: M. L. Balinski and H. P. Young, chapter 5."""
    demand = {"a": 6.0, "b": 6.0, "c": 2.0}
    assert apportion(demand, 10) == {"a": 4, "b": 4, "c": 2}
    assert apportion(demand, 11) == {"a": 5, "b": 5, "c": 1}


def test_a_group_takes_no_more_than_it_can_fill_and_leaves_the_rest() -> None:
    for method in SelectionMethod:
        assert apportion({"a": 50, "b": 30, "c": 20}, 10, method=method, most={"a": 2}) == {
            "a": 2,
            "b": 5,
            "c": 3,
        }
    assert apportion({"a": 1, "b": 1}, 10, most={"a": 2, "b": 3}) == {"a": 2, "b": 3}


@pytest.mark.parametrize("method", list(SelectionMethod))
@given(demand=DEMANDS, places=st.integers(0, 60))
def test_all_places_are_given_whatever_the_order(
    demand: dict[str, float], places: int, method: SelectionMethod
) -> None:
    result = apportion(demand, places, method=method)
    assert sum(result.values()) == places
    assert result.keys() == demand.keys()
    assert all(not result[group] for group, claim in demand.items() if not claim)
    assert apportion(dict(reversed(demand.items())), places, method=method) == result


@given(demand=DEMANDS, places=st.integers(0, 60))
def test_largest_remainder_stays_within_one_place_of_the_quota(demand: dict[str, float], places: int) -> None:
    total = sum(demand.values())
    for group, got in apportion(demand, places).items():
        assert abs(got - places * demand[group] / total) < 1

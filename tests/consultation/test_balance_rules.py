"""Counting those heard: nothing small can be found out, headquarters speak for no region, gaps are named."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from muntada.consultation.rules.balance import (
    SMALLEST_NUMBER_SHOWN,
    UNKNOWN,
    Balance,
    Counted,
    balance_of,
    kept_back,
)
from muntada.forums.rules.schemes import HEADQUARTERS, Facts, Scheme, scheme_at

NUMBERS = st.lists(st.integers(0, 9), min_size=1, max_size=5).map(
    lambda numbers: {f"g{place}": number for place, number in enumerate(numbers)}
)


def scheme(key: str) -> Scheme:
    found = scheme_at(key)
    assert found is not None
    return found


def solutions(numbers: dict[str, int], hidden: frozenset[str]) -> list[dict[str, int]]:
    """Whatever the hidden numbers can be for somebody who knows the total and the rule."""
    codes = sorted(hidden)
    together = sum(numbers[code] for code in codes)
    # If everything is hidden, a group may as well be empty; else an empty one would be shown.
    least = 0 if hidden == set(numbers) else 1
    return [
        dict(zip(codes, guess, strict=True))
        for guess in product(range(least, together + 1), repeat=len(codes))
        if sum(guess) == together and any(0 < one < SMALLEST_NUMBER_SHOWN for one in guess)
    ]


@given(NUMBERS)
def test_no_small_number_is_shown_and_none_hidden_can_be_computed(numbers: dict[str, int]) -> None:
    hidden = kept_back(numbers)
    assert all(numbers[code] == 0 or numbers[code] >= 5 for code in set(numbers) - hidden)
    found = solutions(numbers, hidden)
    for code in hidden:
        values = {one[code] for one in found}
        assert len(numbers) == 1 or len(values) > 1
        if len(hidden) > 1 and hidden != set(numbers):
            assert {1, 2, 3, 4} <= values


@given(NUMBERS)
def test_where_nothing_is_small_everything_is_shown(numbers: dict[str, int]) -> None:
    assert kept_back({code: number + 5 if number else 0 for code, number in numbers.items()}) == frozenset()


def test_a_number_is_hidden_with_the_next_group_whatever_its_size() -> None:
    assert kept_back({"a": 7, "b": 2, "c": 0, "d": 90, "e": 5}) == {"b", "d"}


def test_two_ones_are_hidden_with_a_third_group() -> None:
    assert kept_back({"a": 1, "b": 1, "c": 12, "d": 8}) == {"a", "b", "c"}


def test_of_three_people_in_all_nothing_is_shown_not_even_who_is_missing() -> None:
    assert kept_back({"a": 1, "b": 0, "c": 2}) == {"a", "b", "c"}


REGIONS = "region:m49-region"
HEARD = [
    Counted(Facts("government", "KE"), public=2, private=6),
    Counted(Facts("civil-society", "CH"), private=7),
    Counted(Facts("intergovernmental", "CH", is_headquarters=True), public=1, private=8),
    Counted(Facts("private-sector", "US"), public=4),
    Counted(Facts(), private=5),
]


def regions(*more: Counted, **reference: float) -> Balance:
    return balance_of(scheme(REGIONS), [*HEARD, *more], reference)


def test_what_anybody_can_read_is_counted_as_it_is() -> None:
    found = regions()
    assert {cell.code: cell.count for cell in found.cells} == {
        "002": 8,
        "019": 4,
        "142": 0,
        "150": 7,
        "009": 0,
        HEADQUARTERS: 9,
        UNKNOWN: 5,
    }
    assert (found.total, found.whole) == (33, 28)
    assert found.cell("002").share == 8 / 28


def test_headquarters_are_shown_apart_and_where_they_stand() -> None:
    europe = next(one for one in regions().by_standing if one.code == "150")
    assert (europe.apart, europe.headquarters, europe.together) == (7, 9, 16)


def test_with_few_headquarters_it_is_not_told_where_they_stand() -> None:
    heard = [row for row in HEARD if not row.facts.is_headquarters]
    few = Counted(Facts("intergovernmental", "CH", is_headquarters=True), private=2)
    found = balance_of(scheme(REGIONS), [*heard, few], {})
    assert found.cell(HEADQUARTERS).count is None
    assert {one.together for one in found.by_standing} == {None}


def test_a_single_headquarters_in_a_region_is_not_given_away_by_the_two_ways_to_count() -> None:
    found = regions(Counted(Facts("intergovernmental", "KE", is_headquarters=True), private=1))
    africa = next(one for one in found.by_standing if one.code == "002")
    europe = next(one for one in found.by_standing if one.code == "150")
    assert (africa.apart, africa.headquarters, africa.together) == (8, None, None)
    assert (europe.headquarters, europe.together) == (None, None)


def test_stakeholders_are_not_counted_by_where_they_stand() -> None:
    assert balance_of(scheme("stakeholder:wsis"), HEARD, {}).by_standing == ()


def test_a_group_below_its_share_lacks_as_many_as_its_share_would_be_more() -> None:
    found = balance_of(scheme(REGIONS), HEARD, {"002": 40, "019": 14, "142": 30, "150": 10, "009": 6})
    assert [(cell.code, cell.short) for cell in found.missing] == [("142", 8), ("002", 3), ("009", 2)]
    assert found.cell("142").is_silent
    assert found.cell("019").short == found.cell("150").short == 0


def test_a_share_is_not_told_where_it_would_tell_who_is_unknown() -> None:
    heard = [row for row in HEARD if row.facts != Facts()]
    found = balance_of(scheme(REGIONS), [*heard, Counted(Facts(), private=3)], {})
    assert found.cell(UNKNOWN).count is None
    assert found.whole == found.total == 31


def test_of_a_number_that_is_kept_back_no_gap_is_told() -> None:
    found = balance_of(scheme(REGIONS), [Counted(Facts("press", "KE"), private=1)], {"002": 90, "142": 10})
    assert found.missing == ()
    assert {cell.count for cell in found.cells} == {None}
    assert found.has_kept_back

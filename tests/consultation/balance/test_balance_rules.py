"""Counting those heard: nothing small can be found out, headquarters speak for no region, gaps are named."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.consultation.balance.rules import (
    Compared,
    GroupBalance,
    HeardCount,
    balance_of,
    compared,
    shares_heard,
    standings,
    voters_told,
)
from muntada.consultation.calls.rules.counts import SMALLEST_NUMBER_SHOWN, UNKNOWN, counted_by, withheld_count
from muntada.forums.rules.schemes import HEADQUARTERS, DeclaredFacts, Scheme, scheme_at
from muntada.foundations.errors import Refused

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
    hidden = withheld_count(numbers)
    assert all(numbers[code] == 0 or numbers[code] >= 5 for code in set(numbers) - hidden)
    found = solutions(numbers, hidden)
    for code in hidden:
        values = {one[code] for one in found}
        assert len(numbers) == 1 or len(values) > 1
        if len(hidden) > 1 and hidden != set(numbers):
            assert {1, 2, 3, 4} <= values


@given(NUMBERS)
def test_where_nothing_is_small_everything_is_shown(numbers: dict[str, int]) -> None:
    assert (
        withheld_count({code: number + 5 if number else 0 for code, number in numbers.items()}) == frozenset()
    )


def test_a_number_is_hidden_with_the_next_group_whatever_its_size() -> None:
    assert withheld_count({"a": 7, "b": 2, "c": 0, "d": 90, "e": 5}) == {"b", "d"}


def test_two_ones_are_hidden_with_a_third_group() -> None:
    assert withheld_count({"a": 1, "b": 1, "c": 12, "d": 8}) == {"a", "b", "c"}


def test_of_three_people_in_all_nothing_is_shown_not_even_who_is_missing() -> None:
    assert withheld_count({"a": 1, "b": 0, "c": 2}) == {"a", "b", "c"}


REGIONS = "region:m49-region"


def people(country: str, number: int, *, each: int = 1, **facts: str) -> list[HeardCount]:
    """So many people who said something of themselves, each as often."""
    names = [f"{country}{facts}{one}" for one in range(number)]
    return [HeardCount(DeclaredFacts(country=country, **facts), name, private=each) for name in names]


def bodies(country: str, number: int, *, at_seat: bool = False) -> HeardCount:
    """What organizations that are shown said so often."""
    return HeardCount(
        DeclaredFacts("intergovernmental", country, is_headquarters=at_seat), country, public=number
    )


HEARD = [
    bodies("KE", 2),
    *people("KE", 6),
    *people("CH", 7),
    bodies("CH", 9, at_seat=True),
    bodies("US", 4),
    *people("", 5),
]


def regions(*more: HeardCount) -> GroupBalance:
    return balance_of(scheme(REGIONS), [*HEARD, *more], everybody=True)


def counts(found: GroupBalance) -> dict[str, int | None]:
    return {cell.code: None if cell.is_kept_back else cell.count for cell in found.cells}


def lacking(found: GroupBalance, reference: dict[str, float]) -> dict[str, int]:
    lacks = {cell.code: compared(found, cell, reference).short for cell in found.cells}
    return {code: short for code, short in lacks.items() if short}


def test_everybody_is_counted_where_nothing_is_small() -> None:
    found = regions()
    assert counts(found) == {
        "002": 8,
        "019": 4,
        "142": 0,
        "150": 7,
        "009": 0,
        HEADQUARTERS: 9,
        UNKNOWN: 5,
    }
    assert (found.total, found.untold) == (33, 0)
    assert compared(found, found.cell("002"), {}).share == 8 / 19


def test_of_a_group_with_few_people_only_what_anybody_can_count_is_told() -> None:
    found = regions(*people("US", 2))
    cell = found.cell("019")
    assert (cell.count, cell.is_kept_back) == (4, True)
    assert compared(found, cell, {"019": 90}) == Compared(None, 90, 0)


def test_six_contributions_of_one_person_are_the_voice_of_one() -> None:
    assert regions(*people("JP", 1, each=6)).cell("142").is_kept_back


def test_by_other_schemes_only_what_anybody_can_count_is_told() -> None:
    found = balance_of(scheme("region:wb-region"), HEARD, everybody=False)
    assert sum(cell.count for cell in found.cells) == 15
    assert (found.total, found.untold) == (33, 18)
    assert not any(found.is_silent(cell) for cell in found.cells)


def test_two_calls_tell_together_what_each_tells() -> None:
    found = regions() + regions(*people("US", 2))
    assert (found.cell("002").count, found.cell("002").is_kept_back) == (16, False)
    assert (found.cell("019").count, found.cell("019").is_kept_back) == (8, True)
    assert found.total == 68


def test_everybody_is_counted_by_one_scheme_of_stakeholders_and_one_of_regions() -> None:
    assert [one.key for one in counted_by()] == ["stakeholder:wsis", REGIONS]


def test_headquarters_are_shown_where_they_stand() -> None:
    europe = next(one for one in standings(scheme(REGIONS), HEARD) if one.code == "150")
    assert (europe.apart, europe.headquarters, europe.together) == (0, 9, 9)


def test_where_no_headquarters_spoke_nothing_is_said_of_them() -> None:
    assert standings(scheme(REGIONS), people("CH", 9)) == ()
    assert standings(scheme("stakeholder:wsis"), HEARD) == ()


def test_a_group_below_its_share_lacks_as_many_as_its_share_would_be_more() -> None:
    reference = {"002": 40, "019": 14, "142": 30, "150": 10, "009": 6}
    assert lacking(regions(), reference) == {"142": 6, "009": 1}


def test_headquarters_leave_groups_that_are_equal_at_their_equal_shares() -> None:
    equal = [bodies(country, 18) for country in ("KE", "US", "JP", "FR", "FJ")]
    found = balance_of(scheme(REGIONS), [*equal, bodies("CH", 30, at_seat=True)], everybody=True)
    reference = dict.fromkeys(("002", "019", "142", "150", "009"), 20.0)
    assert lacking(found, reference) == {}
    assert compared(found, found.cell("002"), reference).share == 0.2
    assert compared(found, found.cell(HEADQUARTERS), reference).share is None


def test_the_share_of_who_is_unknown_is_not_told_by_the_others() -> None:
    heard = [row for row in HEARD if row.facts != DeclaredFacts()]
    found = balance_of(scheme(REGIONS), [*heard, *people("", 3)], everybody=True)
    assert found.cell(UNKNOWN).is_kept_back
    assert found.whole == 31 - 9


def test_shares_of_a_forum_are_those_of_its_groups() -> None:
    heard = [bodies(country, number) for country, number in (("KE", 4), ("US", 40), ("JP", 40), ("FR", 50))]
    found = balance_of(scheme(REGIONS), [*heard, bodies("CH", 30, at_seat=True)], everybody=True)
    assert shares_heard(found) == {"002": 2.99, "019": 29.85, "142": 29.85, "150": 37.31, "009": 0}


def test_shares_that_would_tell_a_few_people_are_refused() -> None:
    heard = [
        one for country, number in (("KE", 4), ("US", 40), ("JP", 40)) for one in people(country, number)
    ]
    with pytest.raises(Refused, match="too small to be told"):
        shares_heard(balance_of(scheme(REGIONS), heard, everybody=True))


def test_of_one_person_nothing_is_told_and_nobody_is_called_missing() -> None:
    found = balance_of(scheme(REGIONS), people("KE", 1), everybody=True)
    assert set(counts(found).values()) == {None}
    assert lacking(found, {"002": 90, "142": 10}) == {}
    assert found.has_kept_back


def test_voters_are_told_as_the_map_tells_them() -> None:
    found = voters_told(scheme(REGIONS), {"002": None, "019": None, "142": 9, UNKNOWN: 6}, 22)
    assert counts(found) == {
        "002": None,
        "019": None,
        "142": 9,
        "150": 0,
        "009": 0,
        HEADQUARTERS: 0,
        UNKNOWN: 6,
    }


@pytest.mark.parametrize(
    ("told", "everybody"),
    [
        # A single group, two of one, and five of one: each could be found by subtraction.
        ({"002": None, "142": 9}, 13),
        ({"002": None, "019": None}, 2),
        ({"002": None, "019": None, "142": None, "150": None, "009": None}, 5),
    ],
)
def test_voters_whose_number_the_map_lets_be_computed_are_not_told(
    told: dict[str, int | None], everybody: int
) -> None:
    assert set(counts(voters_told(scheme(REGIONS), told, everybody)).values()) == {None}

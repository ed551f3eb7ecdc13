"""What is sought and what is offered: it fits by one rule, and the rank can be computed by anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.stocktaking.matching import MOST_POINTS, PartnerWish, match, matches


def a_wish(number: int = 1, **named) -> PartnerWish:
    facts = {
        "is_offered": False,
        "kinds": frozenset({"funding"}),
        "by": number,
        "language": "en",
        "until": 100,
    }
    return PartnerWish(number, **(facts | named))


def an_offer(number: int = 2, **named) -> PartnerWish:
    return a_wish(number, **({"is_offered": True} | named))


def f(*words: str) -> frozenset[str]:
    return frozenset(words)


NAMES = st.frozensets(st.sampled_from("abc"), max_size=3)
WISHES = st.lists(
    st.builds(
        PartnerWish,
        id=st.integers(0, 40),
        is_offered=st.booleans(),
        kinds=st.frozensets(st.sampled_from("xyz"), min_size=1),
        by=st.integers(0, 5),
        language=st.sampled_from(["en", "ar"]),
        until=st.integers(1, 9),
        lines=NAMES,
        countries=NAMES,
        regions=NAMES,
        within=NAMES,
    ),
    max_size=12,
    unique_by=lambda wish: wish.id,
)


@pytest.mark.parametrize(
    ("sought", "offered", "points"),
    [
        ({}, {}, 4),
        ({}, {"language": "ar"}, 3),
        ({"kinds": f("a", "b", "c")}, {"kinds": f("a", "b", "c")}, 7),
        ({"lines": f("C2", "C3", "C4")}, {"lines": f("C2", "C3", "C4")}, 8),
        ({"lines": f("C2")}, {}, 4),
        ({"countries": f("KE"), "within": f("africa")}, {"countries": f("KE"), "within": f("africa")}, 6),
        ({"countries": f("KE"), "within": f("africa")}, {"regions": f("africa")}, 5),
        ({"countries": f("KE"), "within": f("africa")}, {}, 4),
        ({"kinds": f("data")}, {}, None),
        ({"lines": f("C2")}, {"lines": f("C3")}, None),
        ({"countries": f("KE"), "within": f("africa")}, {"countries": f("SN"), "within": f("africa")}, None),
        ({"countries": f("KE"), "within": f("africa")}, {"regions": f("asia")}, None),
        ({"by": 7}, {"by": 7}, None),
    ],
)
def test_points_are_given_for_what_both_say_and_contradiction_fits_nothing(sought, offered, points):
    found = match(a_wish(**sought), an_offer(**offered))
    assert (found.points if found else None) == points


@given(WISHES)
def test_every_pair_that_fits_is_found_once_in_the_order_of_the_rule(wishes):
    found = matches(wishes)
    expected = {
        (one.id, other.id)
        for one in wishes
        for other in wishes
        if not one.is_offered and other.is_offered and match(one, other)
    }
    assert {(one.sought, one.offered) for one in found} == expected
    assert len(found) == len(expected)
    keys = [(-one.points, one.until, one.sought, one.offered) for one in found]
    assert keys == sorted(keys)
    assert all(3 <= one.points <= MOST_POINTS for one in found)
    assert matches(wishes[::-1]) == found
    for wish in wishes:
        assert matches(wishes, of=wish.id) == tuple(
            one for one in found if wish.id in (one.sought, one.offered)
        )

"""People are shown on a map by squares that hold several of them."""

import random

from muntada.consultation.rules.crowds import crowds


def scattered(people: int, seed: int = 1) -> list[tuple[float, float, int | None]]:
    chance = random.Random(seed)  # noqa: S311
    return [
        (chance.gauss(place % 3, 1), chance.gauss(0, 1), (0, 1, None)[place % 3]) for place in range(people)
    ]


def test_no_square_holds_fewer_than_five_people_of_a_group() -> None:
    for people in (5, 12, 40, 333):
        found = crowds(scattered(people))
        assert all(one.people >= 5 for one in found)
        assert sum(one.people for one in found) <= people


def test_hardly_anybody_is_left_out() -> None:
    points = scattered(300)
    found = crowds(points)
    for group in (0, 1, None):
        of_group = sum(one.people for one in found if one.group == group)
        assert 0 <= sum(point[2] == group for point in points) - of_group < 5


def test_nobody_stands_in_the_middle_of_a_square_they_are_in_alone() -> None:
    """Moving one person within their square moves no mark."""
    points = [(3.1, 3.1, 0)] * 6 + [(-3.2, 1.2, 0)] * 6
    moved = [(3.4, 3.4, 0), *points[1:]]
    assert crowds(points) == crowds(moved)


def test_five_people_in_all_corners_are_one_crowd_around_the_origin() -> None:
    (one,) = crowds([(9, 9, 0), (-9, 9, 0), (9, -9, 0), (-9, -9, 0), (8, 8, 0)])
    assert (one.x, one.y, one.people) == (0.0, 0.0, 5)


def test_nobody_makes_no_crowd() -> None:
    assert crowds([]) == []
    assert crowds([(0.0, 0.0, None)] * 4) == []

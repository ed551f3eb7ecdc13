"""People are shown on a map by crowds of several of them."""

import random

import pytest

from muntada.consultation.opinion.pages import draw_crowds
from muntada.consultation.opinion.rules import crowds


def scattered(people: int, seed: int = 1) -> list[tuple[float, float, int | None]]:
    chance = random.Random(seed)  # noqa: S311
    return [
        (chance.gauss(place % 3, 1), chance.gauss(0, 1), (0, 1, None)[place % 3]) for place in range(people)
    ]


@pytest.mark.parametrize("people", [15, 29, 40, 333, 5_000])
def test_everybody_is_in_a_crowd_of_five_or_more_of_their_group(people: int) -> None:
    points = scattered(people)
    found = crowds(points)
    assert len(found) <= 2 * 300
    assert all(one.people >= 5 for one in found)
    for group in (0, 1, None):
        of_group = sum(one.people for one in found if one.group == group)
        assert of_group == sum(point[2] == group for point in points)


def test_who_is_in_no_group_with_fewer_than_five_others_is_nowhere() -> None:
    assert crowds([(0.5, 0.5, None)] * 4) == []
    assert crowds([]) == []


def test_a_small_step_of_somebody_moves_no_mark() -> None:
    points = [(3.1, 3.1, 0)] * 6 + [(-3.2, 1.2, 0)] * 6
    moved = [(3.14, 3.12, 0), *points[1:]]
    assert crowds(points) == crowds(moved)


def test_crowds_that_are_far_apart_stay_apart() -> None:
    points = [(3.0, 3.0, 0)] * 6 + [(-3.0, 1.0, 0)] * 6
    assert [(one.x, one.y, one.people) for one in crowds(points)] == [(-3.0, 1.0, 6), (3.0, 3.0, 6)]


def test_people_in_whatever_order_make_the_same_crowds() -> None:
    points = scattered(90)
    assert crowds(points) == crowds(points[::-1])


def test_people_at_one_place_are_crowds_there() -> None:
    assert {(one.x, one.y) for one in crowds([(0.0, 0.0, 0)] * 40)} == {(0.0, 0.0)}


def test_crowds_are_drawn_within_the_drawing_with_a_letter_for_each_group_and_no_line_around_it() -> None:
    drawing = draw_crowds(crowds(scattered(60)), (0.2, 0.1, 0))
    assert [group.letter for group in drawing.groups] == ["", "A", "B"]
    assert drawing.in_crowds
    for group in drawing.groups:
        assert group.marks
        assert not group.hull
        assert 0 < group.x < drawing.width
        assert 0 < group.y < drawing.height
    assert drawing.mine is not None


def test_of_nobody_nothing_is_drawn_but_the_axes() -> None:
    assert draw_crowds([]).groups == ()

"""The drawing of the opinion map: true to scale, small, and with a shape for each group."""

import math
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.consultation.opinion.pages import HEIGHT, WIDTH, draw_map, hull, mark

coordinates = st.floats(-50, 50, allow_nan=False).map(lambda value: round(value, 3))
points = st.lists(
    st.tuples(coordinates, coordinates, st.sampled_from([None, 0, 1, 2])), min_size=1, max_size=60
)


def starts(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)", path)]


def test_nothing_is_drawn_of_nobody():
    assert draw_map([]) is None


@given(points)
def test_every_mark_lies_within_the_drawing(placed):
    drawing = draw_map(placed)
    places = [place for group in drawing.groups for place in starts(group.marks)]
    assert len(places) == len(placed)
    for x, y in places:
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


def test_one_unit_is_as_long_across_as_it_is_down():
    drawing = draw_map([(0, 0, 0), (3, 0, 0), (0, 3, 0)])
    (x0, y0), (x1, y1), (x2, y2) = starts(drawing.groups[0].marks)
    assert math.dist((x0, y0), (x1, y1)) == pytest.approx(math.dist((x0, y0), (x2, y2)), abs=0.2)
    assert y2 < y0


def test_the_axes_cross_where_nobody_differs_from_the_middle():
    drawing = draw_map([(-1, -1, 0), (1, 1, 0)], mine=(0, 0, None))
    assert drawing.mine == (drawing.down, drawing.across)


def test_many_people_share_marks_so_that_the_drawing_stays_small():
    chance = random.Random(1)  # noqa: S311 - the same crowd each time
    crowd = [
        (chance.gauss(group, 0.3), chance.gauss(0, 0.3), group) for group in (0, 1) for _ in range(5_000)
    ]
    drawing = draw_map(crowd)
    assert drawing.gathered
    assert sum(len(group.marks) for group in drawing.groups) < 60_000
    assert sum(len(starts(group.marks)) for group in drawing.groups) < 1_200


def test_each_group_has_a_shape_of_its_own_and_those_in_none_lie_beneath():
    drawing = draw_map([(0, 0, None), *((x, x, group) for group in range(5) for x in (group, group + 0.5))])
    assert [group.css for group in drawing.groups] == ["g-none", "g0", "g1", "g2", "g3", "g4"]
    assert [group.letter for group in drawing.groups] == ["", "A", "B", "C", "D", "E"]
    shapes = {re.sub(r"[-\d. ]", "", mark(group, 10, 10, 4)) for group in range(5)}
    assert len(shapes) == 5


def test_a_group_in_one_place_has_no_line_around_it():
    drawing = draw_map([(1, 1, 0), (1, 1, 0), (2, 2, 1)])
    assert [group.hull for group in drawing.groups] == ["", ""]


@given(st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=40))
def test_a_hull_holds_every_place(places):
    corners = hull(places)
    if len(corners) < 3:
        return
    for x, y in places:
        for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
            assert (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= -1e-6

"""Shapes for a page: equal areas, neighbours that meet, small states as circles, and nobody forgotten."""

import json
import math
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.cli import commands
from muntada.foundations.charts.maps.atlas import bordering, dissolved, halves
from muntada.foundations.charts.maps.making import KM2, AreaNames, made_world
from muntada.foundations.charts.maps.outlines import area_of, roomiest, simplified
from muntada.foundations.charts.maps.projection import project
from muntada.foundations.charts.maps.world import read_world, world

COUNTRIES = json.loads((files("muntada.forums") / "data" / "countries.json").read_text("utf-8"))["countries"]
points = st.tuples(st.floats(-1000, 1000), st.floats(-1000, 1000))


class TestProjection:
    @given(st.floats(-179, 178), st.floats(-85, 84))
    def test_areas_keep_their_proportion(self, longitude, latitude):
        step = 0.001
        x, y = project(longitude, latitude)
        east, north = project(longitude + step, latitude), project(longitude, latitude + step)
        drawn = (east[0] - x) * (north[1] - y) - (north[0] - x) * (east[1] - y)
        on_globe = math.radians(step) ** 2 * math.cos(math.radians(latitude + step / 2))
        assert drawn == pytest.approx(on_globe, rel=1e-3)

    def test_it_has_the_published_size(self):
        # Šavrič and others, 2019: the equator is 2.0546 times as long as the middle meridian.
        assert project(180, 0)[0] / project(0, 90)[1] == pytest.approx(2.0546, abs=1e-4)


class TestOutlines:
    @given(st.lists(points, min_size=2, max_size=40, unique=True), st.floats(0, 1e5))
    def test_a_simpler_line_keeps_its_ends_and_its_order(self, line, least):
        kept = simplified(line, least)
        assert (kept[0], kept[-1]) == (0, len(line) - 1)
        assert all(one < two for one, two in pairwise(kept))

    def test_a_point_that_says_nothing_goes_and_a_corner_stays(self):
        assert simplified([(0, 0), (5, 0.1), (10, 0), (10, 10)], 1) == [0, 2, 3]

    def test_the_roomiest_place_of_a_shape_with_a_long_arm_is_in_its_body(self):
        (x, y), room = roomiest([(0, 0), (10, 0), (10, 4), (50, 4), (50, 5), (10, 5), (10, 10), (0, 10)])
        assert 4 < x < 7
        assert 4 < y < 6
        assert 4 < room <= 5


class TestCutting:
    def test_what_crosses_the_line_of_180_degrees_lies_on_both_sides(self):
        here, beyond = halves([[(170, 0), (-170, 0), (-170, 10), (170, 10)]])
        assert {x for x, _ in here[0]} == {170, 180}
        assert {x for x, _ in beyond[0]} == {-180, -170}
        assert area_of(here[0]) == area_of(beyond[0]) == 100

    def test_what_does_not_cross_it_stays_as_it_is(self):
        square = [[(0, 0), (10, 0), (10, 10), (0, 10)]]
        assert halves(square) == [square]

    def test_rings_are_joined_along_the_edges_they_share(self):
        left, right = [(0, 0), (0, 2), (1, 2), (1, 0)], [(1, 0), (1, 2), (3, 2), (3, 0)]
        (joined,) = dissolved([left, right])
        assert area_of(joined) == 6

    def test_neighbours_meet_at_a_parallel(self):
        giver, taker = [[(0, 0), (0, 4), (1, 4), (1, 0)]], [[(1, 0), (1, 2), (3, 2), (3, 0)]]
        ((north,),), ((south,),) = bordering([giver], [taker], 2)
        assert (area_of(north), area_of(south)) == (2, 6)


# Two countries that share a line, an island, and a shape of nobody; each line counts in steps of a degree.
ATLAS = {
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [
        [[10, 0], [0, 10]],
        [[10, 10], [-10, 0], [0, -10], [10, 0]],
        [[10, 0], [10, 0], [0, 10], [-10, 0]],
        [[40, 0], [0, 0.2], [0.2, 0], [0, -0.2], [-0.2, 0]],
        [[50, 0], [0, 5], [5, 0], [0, -5], [-5, 0]],
    ],
    "objects": {
        "countries": {
            "geometries": [
                {"type": "Polygon", "id": "001", "properties": {}, "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "id": "002", "properties": {}, "arcs": [[[2, -1]]]},
                {"type": "Polygon", "id": "003", "properties": {}, "arcs": [[3]]},
                {"type": "Polygon", "properties": {"name": "Nowhere"}, "arcs": [[4]]},
            ]
        }
    },
}
PLACES = {
    "carved": {},
    "moved": {},
    "places": {"FAR": [-170, 0]},
    "not_drawn": ["ICE"],
    "views": {"001": [-180, -60, 180, 80], "009": [110, -50, 230, 30]},
    "members": {"009": ["FAR"]},
}
NAMES = AreaNames(
    {"001": "WEST", "002": "EAST", "003": "ISLE"}, {"FAR": "009", "WEST": "002"}, {"WEST": "WE", "FAR": "FA"}
)


class TestMaking:
    def test_large_areas_have_a_shape_small_ones_a_place_and_strangers_no_name(self):
        made = read_world(made_world(ATLAS, PLACES, NAMES) | {"source": "A", "licence": "B"})
        assert {code: bool(one.path) for code, one in made.shapes.items()} == {
            "WEST": True,
            "EAST": True,
            "ISLE": False,
            "FAR": False,
        }
        assert len(made.nobodys) == 1

    def test_a_shape_is_as_large_as_its_country(self):
        # Ten by ten degrees at the equator; the great circle of a degree is 111.2 km.
        said = made_world(ATLAS, PLACES, NAMES)["areas"]["WEST"]
        left, top, right, bottom = said["box"]
        assert (right - left) * (bottom - top) / KM2 == pytest.approx(1_236_000, rel=0.05)

    def test_an_island_beyond_the_line_is_moved_once_around(self):
        said = made_world(ATLAS, PLACES, NAMES)
        assert 0 < said["areas"]["FAR"]["at"][0] < 120
        assert said["areas"]["FAR"]["east"] == pytest.approx(4000, abs=2)

    def test_what_lies_in_a_box_can_be_another_areas(self):
        carved = PLACES | {"carved": {"NEW": {"from": "Nowhere", "box": [49, -1, 56, 6]}}}
        made = made_world(ATLAS, carved, NAMES)
        assert "d" in made["areas"]["NEW"]
        assert made["nobodys"] == []

    def test_the_word_writes_the_same_file_each_time(self, tmp_path):
        atlas, one, two = (tmp_path / name for name in ("atlas.json", "one.json", "two.json"))
        shapes = ATLAS["objects"]["countries"]["geometries"]
        geometries = [{**shapes[0], "id": "504"}, {**shapes[1], "id": "732"}]
        atlas.write_text(json.dumps(ATLAS | {"objects": {"countries": {"geometries": geometries}}}))
        for out in (one, two):
            assert commands.main(["world-map", str(atlas), str(out), "--source", "Somebody"]) == 0
        assert one.read_bytes() == two.read_bytes()
        assert read_world(json.loads(one.read_text())).source == "Somebody"

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"transform": 3}'])
    def test_what_is_no_atlas_is_refused_and_writes_nothing(self, tmp_path, text, capsys):
        atlas, out = tmp_path / "atlas.json", tmp_path / "out.json"
        atlas.write_text(text)
        assert commands.main(["world-map", str(atlas), str(out)]) == 2
        assert "could not be read as an atlas" in capsys.readouterr().err
        assert not out.exists()


class TestTheShapesThatComeAlong:
    def test_every_country_is_drawn_or_listed_as_not_drawn(self):
        known = {one["alpha3"] for one in COUNTRIES}
        here = world()
        assert known == here.shapes.keys() | here.not_drawn
        assert not here.shapes.keys() & here.not_drawn

    def test_small_states_are_circles_and_large_ones_are_not(self):
        shapes = world().shapes
        for code in ("TUV", "MDV", "SGP", "MLT", "VAT", "WSM", "BRB", "MTQ"):
            assert not shapes[code].path
        for code in ("KEN", "FRA", "GUF", "ESH", "XKX", "FJI", "LSO"):
            assert shapes[code].path

    def test_a_view_has_its_members_before_its_eyes(self):
        here = world()
        for view in here.views.values():
            for code in view.members - here.not_drawn - {"RUS", "USA", "SJM", "ATF", "SGS", "HMD"}:
                x, y = view.place_of(here.shapes[code])
                assert view.sees((x, y, x, y)), (view.name, code)

    def test_the_file_is_small_enough_for_a_page(self):
        assert len((files("muntada.foundations.charts") / "data" / "world.json").read_bytes()) < 120_000

    def test_a_host_can_bring_its_own_shapes(self, settings, tmp_path):
        own = tmp_path / "own.json"
        own.write_text(json.dumps(made_world(ATLAS, PLACES, NAMES) | {"source": "Own", "licence": "Free"}))
        settings.MAP_FILE = str(own)
        world.cache_clear()
        try:
            assert world().source == "Own"
        finally:
            world.cache_clear()

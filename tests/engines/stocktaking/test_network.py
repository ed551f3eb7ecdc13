"""Who works with whom: names out of texts, ties out of works, and a picture that is the same each time."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.stocktaking.graph import (
    JointWork,
    around,
    components,
    graph_of,
    most_connected,
    strongest,
    with_ends,
)
from muntada.engines.stocktaking.labels import labels
from muntada.engines.stocktaking.layout import NodePlace, PictureFrame, layout
from muntada.engines.stocktaking.names import key_of, named_in

WORKS = st.lists(
    st.builds(
        JointWork,
        id=st.integers(0, 60).map(str),
        members=st.lists(st.sampled_from("abcdefghijkl"), max_size=5).map(tuple),
    ),
    max_size=25,
    unique_by=lambda work: work.id,
)


class TestNames:
    def test_partners_are_named_one_a_line_or_with_semicolons_and_each_once(self):
        text = "- Rural Link (lead)\n2. Ministry of Posts, Telecoms and ICT; RURAL LINK\n\n•  École Un."
        assert named_in(text) == (
            "Rural Link (lead)",
            "Ministry of Posts, Telecoms and ICT",
            "École Un",
        )

    def test_a_sentence_on_partners_is_no_name(self):
        assert named_in("We work with " + "many " * 40) == ()
        assert named_in(" ; \n -- ; 。") == ()

    def test_two_writings_of_one_name_have_one_key(self):
        assert len({key_of(one) for one in ("École  Un (EU)", "ECOLE UN", "l’École"[2:] + " un.")}) == 1
        assert key_of("The Rural Link") == key_of("rural-link")
        assert key_of("شبكة القرى (متخيَّلة)") == key_of("شبكة القرى")

    @given(st.text(max_size=300))
    def test_any_text_is_read(self, text):
        for name in named_in(text):
            assert key_of(name)


class TestGraph:
    @given(WORKS)
    def test_a_tie_stands_where_and_only_where_two_do_something_together(self, works):
        graph = graph_of(works)
        told = {(tie.one, tie.other): set(tie.works) for tie in graph.ties}
        expected: dict[tuple[str, str], set[str]] = {}
        for work in works:
            for pair in combinations(sorted(set(work.members)), 2):
                expected.setdefault(pair, set()).add(work.id)
        assert told == expected
        assert graph_of(reversed(works)).nodes == graph.nodes

    @given(WORKS)
    def test_groups_hold_each_node_once_and_no_tie_leads_out_of_one(self, works):
        graph = graph_of(works)
        groups = components(graph)
        assert sorted(node for group in groups for node in group) == list(graph.nodes)
        assert [len(group) for group in groups] == sorted((len(group) for group in groups), reverse=True)
        of = {node: number for number, group in enumerate(groups) for node in group}
        assert all(of[tie.one] == of[tie.other] for tie in graph.ties)

    @given(WORKS, st.integers(1, 12))
    def test_what_is_left_out_of_a_picture_leaves_no_node_without_a_tie(self, works, limit):
        graph = graph_of(works)
        cut = most_connected(graph, limit)
        assert len(cut.nodes) <= max(limit, 0)
        fewer = strongest(graph, limit)
        assert fewer.nodes == graph.nodes
        tied = {node for tie in fewer.ties for node in (tie.one, tie.other)}
        assert tied == set(graph.nodes)

    def test_of_one_node_its_partners_are_kept_with_the_ties_between_them(self):
        graph = graph_of(
            [JointWork("1", ("a", "b", "c")), JointWork("2", ("c", "d")), JointWork("3", ("d", "e"))]
        )
        assert around(graph, "a").nodes == ("a", "b", "c")
        assert with_ends(graph, {"d"}).nodes == ("c", "d", "e")
        assert graph.by_reach[0] == "c"


class TestPicture:
    def test_the_same_network_and_seed_give_the_same_places_and_another_seed_others(self):
        graph = graph_of(JointWork(str(n), (f"o{n % 7}", f"o{(n * 5) % 11}")) for n in range(30))
        radii = dict.fromkeys(graph.nodes, 6)
        first = layout(graph, radii, seed=1)
        assert first == layout(graph, radii, seed=1)
        assert first != layout(graph, radii, seed=2)
        assert set(first) == set(graph.nodes)

    def test_every_node_stands_within_the_frame_and_none_upon_another(self):
        frame = PictureFrame(900, 600, 40)
        works = [JointWork(str(n), (f"o{n}", f"o{(n * n) % 50}")) for n in range(100)]
        graph = graph_of(works)
        places = layout(graph, dict.fromkeys(graph.nodes, 6), frame=frame)
        assert all(0 <= at.x <= frame.width and 0 <= at.y <= frame.height for at in places.values())
        gaps = [(a.x - b.x) ** 2 + (a.y - b.y) ** 2 for a, b in combinations(places.values(), 2)]
        assert min(gaps) > 0

    def test_names_do_not_lie_upon_each_other_or_outside(self):
        frame = PictureFrame(200, 60, 0)
        places = {"a": NodePlace(20, 30), "b": NodePlace(22, 32), "c": NodePlace(190, 30)}
        told = labels(
            "abc", places, dict.fromkeys("abc", 4), dict.fromkeys("abc", "Name"), frame=frame, most=3
        )
        assert told["c"].anchor == "end"
        assert len({(one.x, one.y) for one in told.values()}) == len(told)
        nothing = labels(
            "abc", places, dict.fromkeys("abc", 4), dict.fromkeys("abc", "N"), frame=frame, most=0
        )
        assert nothing == {}

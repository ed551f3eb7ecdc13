from hypothesis import given
from hypothesis import strategies as st

from muntada.home.pages import BOX_HEIGHT, BOX_WIDTH, COLUMN_LIMIT, draw, wrap
from muntada.record.queries import Trace, TraceDirection, TraceEdge, TraceNode


def a_node(number: int, depth: int, title: str = "A title") -> TraceNode:
    return TraceNode(
        number, f"X/C/{number}", "C", title, "en", "ltr", f"/x/c/{number}", depth, is_withdrawn=False
    )


def a_trace(depths: list[int]) -> Trace:
    nodes = tuple(a_node(number, depth) for number, depth in enumerate([0, *depths]))
    edges = tuple(TraceEdge(0, node.id, "cites") for node in nodes[1:])
    return Trace(nodes[0], TraceDirection.RESTS_ON, nodes, edges, is_cut=False)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=40))
def test_no_two_boxes_overlap_and_all_lie_on_the_sheet(depths):
    drawing = draw(a_trace(depths))
    places = [(box.x, box.y) for box in drawing.boxes]
    assert len(set(places)) == len(places)
    assert all(
        x >= 0 and y >= 0 and x + BOX_WIDTH <= drawing.width and y + BOX_HEIGHT <= drawing.height
        for x, y in places
    )
    assert len(drawing.boxes) + drawing.left_out == len(depths) + 1


def test_a_column_too_long_to_read_is_cut_and_says_how_many_are_left_out():
    drawing = draw(a_trace([1] * (COLUMN_LIMIT + 4)))
    assert drawing.left_out == 4
    assert len(drawing.curves) == COLUMN_LIMIT


def test_a_title_is_cut_into_two_lines_at_words_and_a_wide_letter_counts_double():
    assert wrap("One two three four five six seven eight nine ten") == (
        "One two three four five",
        "six seven eight nine ten",
    )
    assert wrap("Short") == ("Short",)
    lines = wrap("光纤到了村口，修网线的人还在县城，谁来修理这些网络呢")
    assert len(lines) == 2
    assert len(lines[0]) <= 13


@given(st.text(max_size=120))
def test_wrapping_never_fails_and_never_gives_more_than_two_lines(title):
    assert len(wrap(title)) <= 2

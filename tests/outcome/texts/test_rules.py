from hypothesis import given
from hypothesis import strategies as st

from muntada.outcome.texts import rules as texts


def test_an_inserted_paragraph_is_called_bis_then_ter():
    assert texts.label_after("1", {"1", "2"}) == "1bis"
    assert texts.label_after("1", {"1", "1bis"}) == "1ter"
    assert texts.label_after("1bis", {"1", "1bis"}) == "1ter"


@given(st.integers(1, 30))
def test_however_many_are_inserted_each_has_its_own_label(count):
    taken = {"4"}
    for _ in range(count):
        taken.add(texts.label_after("4", taken))
    assert len(taken) == count + 1


@given(st.lists(st.integers(0, 10_000), unique=True, min_size=1), st.data())
def test_a_new_place_is_free_and_right_behind(positions, data):
    position = data.draw(st.sampled_from(positions))
    found = texts.position_after(positions, position)
    following = [other for other in positions if other > position]
    if found is None:
        assert min(following) == position + 1
    else:
        assert position < found
        assert found not in positions
        assert all(found < other for other in following)

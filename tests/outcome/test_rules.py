import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.foundations.errors import Refused
from muntada.outcome import rules
from muntada.outcome.rules import ParagraphKind, ParagraphStanding, ParagraphState, ProposalKind


def a_paragraph(**changes) -> ParagraphStanding:
    standing = {
        "label": "1",
        "kind": ParagraphKind.OPERATIVE,
        "state": ParagraphState.OPEN,
        "open_proposals": 0,
        "citations": 1,
    }
    return ParagraphStanding(**(standing | changes))


def test_an_inserted_paragraph_is_called_bis_then_ter():
    assert rules.label_after("1", {"1", "2"}) == "1bis"
    assert rules.label_after("1", {"1", "1bis"}) == "1ter"
    assert rules.label_after("1bis", {"1", "1bis"}) == "1ter"


@given(st.integers(1, 30))
def test_however_many_are_inserted_each_has_its_own_label(count):
    taken = {"4"}
    for _ in range(count):
        taken.add(rules.label_after("4", taken))
    assert len(taken) == count + 1


@given(st.lists(st.integers(0, 10_000), unique=True, min_size=1), st.data())
def test_a_new_place_is_free_and_right_behind(positions, data):
    position = data.draw(st.sampled_from(positions))
    found = rules.position_after(positions, position)
    following = [other for other in positions if other > position]
    if found is None:
        assert min(following) == position + 1
    else:
        assert position < found
        assert found not in positions
        assert all(found < other for other in following)


def test_a_proposal_changes_the_text_as_its_kind_says():
    assert rules.amended("We note.", ProposalKind.REPLACE, "We welcome.") == "We welcome."
    assert rules.amended("We note.", ProposalKind.ADD, "And we act.") == "We note. And we act."
    assert rules.amended("We note.", ProposalKind.NEW_AFTER, "And we act.") == "We note."


def test_what_is_settled_can_be_adopted():
    rules.require_adoptable(
        [a_paragraph(), a_paragraph(label="2", kind=ParagraphKind.PREAMBULAR, citations=0)]
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"open_proposals": 2}, "proposals-open"),
        ({"state": ParagraphState.BRACKETED}, "paragraphs-bracketed"),
        ({"citations": 0}, "paragraphs-without-ground"),
        ({"state": ParagraphState.DELETED}, "draft-empty"),
    ],
)
def test_what_is_open_bracketed_or_without_ground_is_not_adopted(changes, code):
    with pytest.raises(Refused) as refused:
        rules.require_adoptable([a_paragraph(**changes)])
    assert refused.value.code == code


def test_a_proposal_that_does_not_delete_needs_words():
    rules.require_words(ProposalKind.DELETE, "")
    with pytest.raises(Refused):
        rules.require_words(ProposalKind.ADD, "  ")

import pytest

from muntada.foundations.errors import Refused
from muntada.outcome.adoption import rules as adoption
from muntada.outcome.adoption.rules import ParagraphStanding
from muntada.outcome.texts.rules import ParagraphKind, ParagraphState


def a_paragraph(**changes) -> ParagraphStanding:
    standing = {
        "label": "1",
        "kind": ParagraphKind.OPERATIVE,
        "state": ParagraphState.OPEN,
        "open_proposals": 0,
        "citations": 1,
    }
    return ParagraphStanding(**(standing | changes))


def test_what_is_settled_can_be_adopted():
    adoption.require_adoptable(
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
        adoption.require_adoptable([a_paragraph(**changes)])
    assert refused.value.code == code

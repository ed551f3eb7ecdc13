import pytest

from muntada.forums.models import StageWindow
from muntada.foundations.errors import Refused
from muntada.outcome.front import queries as front
from muntada.outcome.proposals import actions as proposals
from muntada.outcome.proposals.rules import ProposalKind
from muntada.outcome.texts import actions as texts
from muntada.outcome.texts.actions import TextInLanguage
from muntada.outcome.texts.rules import ParagraphKind, ParagraphState
from muntada.record.rules import SYSTEM


def labels(forum) -> list[str]:
    text = front.text_of(forum)
    return [one.label for one in (*text.preambular, *text.operative)]


def decide(proposal, now, *, is_accepted: bool = True) -> None:
    proposals.decide_proposal(
        proposal=proposal, is_accepted=is_accepted, reason="As agreed", actor=SYSTEM, now=now
    )


def test_paragraphs_are_numbered_apart_by_kind(write, forum):
    write("Recalling the past", ParagraphKind.PREAMBULAR)
    write()
    write()
    assert labels(forum) == ["1", "1", "2"]


def test_a_second_text_waits_until_the_first_is_adopted(draft, forum, now):
    with pytest.raises(Refused) as refused:
        texts.open_draft(forum=forum, title=TextInLanguage("Another", "en"), actor=SYSTEM, now=now)
    assert refused.value.code == "draft-open"


def test_nothing_is_changed_in_the_text_while_the_stage_is_closed(write, propose, now, forum):
    paragraph = write()
    proposal = propose(paragraph, ProposalKind.ADD, "And more.")
    StageWindow.objects.filter(forum=forum, stage="outcome").update(closes_at=now)
    for change in (
        lambda: texts.change_paragraph(
            paragraph=paragraph, words=TextInLanguage("x", "en"), actor=SYSTEM, now=now
        ),
        lambda: texts.mark_paragraph(paragraph=paragraph, state=ParagraphState.AGREED, actor=SYSTEM, now=now),
        lambda: decide(proposal, now),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "outcome-not-open"

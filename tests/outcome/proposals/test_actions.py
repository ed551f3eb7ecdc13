import pytest

from muntada.foundations.errors import Refused
from muntada.outcome.front import queries as front
from muntada.outcome.proposals import actions as proposals
from muntada.outcome.proposals import queries as proposals_queries
from muntada.outcome.proposals.rules import ProposalKind
from muntada.outcome.texts import actions as texts
from muntada.outcome.texts.actions import TextInLanguage
from muntada.outcome.texts.models import Paragraph
from muntada.outcome.texts.rules import ParagraphState
from muntada.record.queries import TraceDirection, trace
from muntada.record.rules import SYSTEM


def labels(forum) -> list[str]:
    text = front.text_of(forum)
    return [one.label for one in (*text.preambular, *text.operative)]


def decide(proposal, now, *, is_accepted: bool = True) -> None:
    proposals.decide_proposal(
        proposal=proposal, is_accepted=is_accepted, reason="As agreed", actor=SYSTEM, now=now
    )


def test_a_replacing_proposal_becomes_the_text_and_the_text_rests_on_it(write, propose, now, finding):
    paragraph = write()
    proposal = propose(paragraph, ProposalKind.REPLACE, "Urges all to connect schools [F/1].")
    decide(proposal, now)
    paragraph.refresh_from_db()
    assert paragraph.text == "Urges all to connect schools [F/1]."
    assert [version.text for version in paragraph.versions.all()] == [
        "Calls upon all to connect schools [F/1]."
    ]
    symbols = {node.symbol for node in trace(paragraph.symbol, TraceDirection.RESTS_ON).nodes}
    assert {str(proposal.symbol), str(finding)} < symbols


def test_a_paragraph_can_be_inserted_and_deleted_without_renumbering(write, propose, now, forum):
    first, _second = write(), write()
    decide(propose(first, ProposalKind.NEW_AFTER, "Also connect libraries [F/1]."), now)
    decide(propose(first, ProposalKind.NEW_AFTER, "Also connect museums [F/1]."), now)
    assert labels(forum) == ["1", "1bis", "1ter", "2"]
    decide(propose(first, ProposalKind.DELETE), now)
    assert labels(forum) == ["1bis", "1ter", "2"]
    assert Paragraph.objects.get(pk=first.pk).state == ParagraphState.DELETED


def test_a_decided_proposal_is_not_decided_again(write, propose, now):
    proposal = propose(write(), ProposalKind.ADD, "And more.")
    decide(proposal, now, is_accepted=False)
    with pytest.raises(Refused) as refused:
        decide(proposal, now)
    assert refused.value.code == "proposal-decided"


def test_a_declined_proposal_leaves_the_text_and_keeps_its_reason(write, propose, now):
    paragraph = write()
    proposal = propose(paragraph, ProposalKind.REPLACE, "Nothing.")
    decide(proposal, now, is_accepted=False)
    paragraph.refresh_from_db()
    proposal.refresh_from_db()
    assert paragraph.text.startswith("Calls upon")
    assert proposal.reason == "As agreed"


def test_a_proposal_citing_something_unknown_changes_nothing(write, propose, forum):
    paragraph = write()
    with pytest.raises(Refused):
        propose(paragraph, ProposalKind.ADD, "As [C/77] says.")
    assert not proposals_queries.proposals_of(forum).exists()


def test_a_replacement_in_another_language_brings_its_language(write, now, make_person, propose):
    paragraph = write()
    proposal = proposals.propose_text(
        paragraph=paragraph,
        kind=ProposalKind.REPLACE,
        party="نورلانديا",
        words=TextInLanguage("يدعو الجميع إلى ربط المدارس [F/1].", "ar"),
        rationale="",
        author=None,
        actor=SYSTEM,
        now=now,
    )
    decide(proposal, now)
    paragraph.refresh_from_db()
    assert (paragraph.language, paragraph.symbol.language) == ("ar", "ar")


def test_a_replacement_has_to_change_something(write, propose):
    paragraph = write()
    with pytest.raises(Refused) as refused:
        propose(paragraph, ProposalKind.REPLACE, paragraph.text)
    assert refused.value.code == "no-change"


def test_a_deleted_paragraph_is_not_brought_back_by_a_proposal_or_a_mark(write, propose, now):
    paragraph, _other = write(), write()
    late = propose(paragraph, ProposalKind.ADD, "And more.")
    decide(propose(paragraph, ProposalKind.DELETE), now)
    for change in (
        lambda: decide(late, now),
        lambda: texts.mark_paragraph(paragraph=paragraph, state=ParagraphState.OPEN, actor=SYSTEM, now=now),
        lambda: propose(paragraph, ProposalKind.ADD, "Still more."),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "paragraph-deleted"
    assert Paragraph.objects.get(pk=paragraph.pk).state == ParagraphState.DELETED

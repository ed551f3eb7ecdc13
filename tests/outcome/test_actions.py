from datetime import date

import pytest
from django.db import DatabaseError, transaction

from muntada.foundations.errors import Refused
from muntada.outcome import actions, queries
from muntada.outcome.actions import Undertaking, Words
from muntada.outcome.models import Paragraph
from muntada.outcome.rules import CommitmentState, ParagraphKind, ParagraphState, ProposalKind
from muntada.record.queries import Direction, check_log, led_to, trace
from muntada.record.rules import SYSTEM


def labels(forum) -> list[str]:
    text = queries.text_of(forum)
    return [one.label for one in (*text.preambular, *text.operative)]


def decide(proposal, now, *, is_accepted: bool = True) -> None:
    actions.decide_proposal(
        proposal=proposal, is_accepted=is_accepted, reason="As agreed", actor=SYSTEM, now=now
    )


def test_paragraphs_are_numbered_apart_by_kind(write, forum):
    write("Recalling the past", ParagraphKind.PREAMBULAR)
    write()
    write()
    assert labels(forum) == ["1", "1", "2"]


def test_a_replacing_proposal_becomes_the_text_and_the_text_rests_on_it(write, propose, now, finding):
    paragraph = write()
    proposal = propose(paragraph, ProposalKind.REPLACE, "Urges all to connect schools [F/1].")
    decide(proposal, now)
    paragraph.refresh_from_db()
    assert paragraph.text == "Urges all to connect schools [F/1]."
    assert [version.text for version in paragraph.versions.all()] == [
        "Calls upon all to connect schools [F/1]."
    ]
    symbols = {node.symbol for node in trace(paragraph.symbol, Direction.RESTS_ON).nodes}
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


def test_a_text_with_an_open_proposal_is_not_adopted(write, propose, draft, now):
    propose(write(), ProposalKind.ADD, "And more.")
    with pytest.raises(Refused) as refused:
        actions.adopt(draft=draft, actor=SYSTEM, now=now)
    assert refused.value.code == "proposals-open"


def test_an_adopted_text_is_kept_by_the_database(write, draft, now, forum):
    paragraph = write()
    actions.adopt(draft=draft, actor=SYSTEM, now=now)
    with pytest.raises(Refused) as refused:
        actions.change_paragraph(paragraph=paragraph, words=Words("Other", "en"), actor=SYSTEM, now=now)
    assert refused.value.code == "draft-adopted"
    for change in (
        lambda: Paragraph.objects.filter(pk=paragraph.pk).update(text="Forged"),
        lambda: Paragraph.objects.filter(pk=paragraph.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Paragraph.objects.get(pk=paragraph.pk).state == ParagraphState.AGREED
    assert check_log(forum.pk).is_whole


def test_a_commitment_carries_out_its_paragraph_and_is_followed(write, draft, now):
    paragraph = write()
    actions.adopt(draft=draft, actor=SYSTEM, now=now)
    undertaking = Undertaking("calls upon", "Connect 100 schools", "Norlandia", "en", date(2027, 1, 1))
    commitment = actions.make_commitment(
        paragraph=paragraph, undertaking=undertaking, author=None, actor=SYSTEM, now=now
    )
    actions.report_on_commitment(
        commitment=commitment,
        state=CommitmentState.UNDER_WAY,
        words=Words("40 are connected", "en"),
        actor=SYSTEM,
        now=now,
    )
    commitment.refresh_from_db()
    assert commitment.state == CommitmentState.UNDER_WAY
    assert [line.symbol for line in led_to(paragraph.symbol)] == [str(commitment.symbol)]


def test_a_second_text_waits_until_the_first_is_adopted(draft, forum, now):
    with pytest.raises(Refused) as refused:
        actions.open_draft(forum=forum, title=Words("Another", "en"), actor=SYSTEM, now=now)
    assert refused.value.code == "draft-open"


def test_a_proposal_citing_something_unknown_changes_nothing(write, propose, forum):
    paragraph = write()
    with pytest.raises(Refused):
        propose(paragraph, ProposalKind.ADD, "As [C/77] says.")
    assert not queries.proposals_of(forum).exists()

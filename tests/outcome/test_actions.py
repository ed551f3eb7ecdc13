from datetime import date

import pytest
from django.db import DatabaseError, transaction

from muntada.forums.models import StageWindow
from muntada.foundations.errors import NotAllowed, Refused
from muntada.outcome import actions, queries
from muntada.outcome.actions import Undertaking, Words
from muntada.outcome.models import Paragraph
from muntada.outcome.rules import CommitmentState, ParagraphKind, ParagraphState, ProposalKind
from muntada.people.rules import Role
from muntada.record.queries import Direction, check_log, led_to, trace
from muntada.record.rules import SYSTEM, Actor


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


def test_a_replacement_in_another_language_brings_its_language(write, now, make_person, propose):
    paragraph = write()
    proposal = actions.propose_text(
        paragraph=paragraph,
        kind=ProposalKind.REPLACE,
        party="نورلانديا",
        words=Words("يدعو الجميع إلى ربط المدارس [F/1].", "ar"),
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
        lambda: actions.mark_paragraph(paragraph=paragraph, state=ParagraphState.OPEN, actor=SYSTEM, now=now),
        lambda: propose(paragraph, ProposalKind.ADD, "Still more."),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "paragraph-deleted"
    assert Paragraph.objects.get(pk=paragraph.pk).state == ParagraphState.DELETED


def test_a_commitment_is_not_due_in_the_past(write, now):
    undertaking = Undertaking("invites", "Connect schools", "Norlandia", "en", date(1990, 1, 1))
    with pytest.raises(Refused) as refused:
        actions.make_commitment(
            paragraph=write(), undertaking=undertaking, author=None, actor=SYSTEM, now=now
        )
    assert refused.value.field == "due_date"


def test_nothing_is_changed_in_the_text_while_the_stage_is_closed(write, propose, now, forum):
    paragraph = write()
    proposal = propose(paragraph, ProposalKind.ADD, "And more.")
    StageWindow.objects.filter(forum=forum, stage="outcome").update(closes_at=now)
    for change in (
        lambda: actions.change_paragraph(paragraph=paragraph, words=Words("x", "en"), actor=SYSTEM, now=now),
        lambda: actions.mark_paragraph(
            paragraph=paragraph, state=ParagraphState.AGREED, actor=SYSTEM, now=now
        ),
        lambda: decide(proposal, now),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.code == "outcome-not-open"


def test_only_who_made_a_commitment_or_the_secretariat_reports_on_it(write, now, make_person):
    maker, stranger = make_person(Role.DELEGATE), make_person(Role.DELEGATE)
    undertaking = Undertaking("invites", "Connect schools", "Norlandia", "en", None)
    commitment = actions.make_commitment(
        paragraph=write(), undertaking=undertaking, author=maker, actor=SYSTEM, now=now
    )

    def report(person, role):
        actions.report_on_commitment(
            commitment=commitment,
            state=CommitmentState.DONE,
            words=Words("Done", "en"),
            actor=Actor(person.pk, role, commitment.symbol.forum_id),
            now=now,
        )

    with pytest.raises(NotAllowed):
        report(stranger, Role.DELEGATE)
    report(maker, Role.DELEGATE)
    report(make_person(Role.SECRETARIAT), Role.SECRETARIAT)
    assert commitment.reports.count() == 2

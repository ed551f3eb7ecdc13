from datetime import UTC, date, datetime

import pytest

from muntada.foundations.errors import NotAllowed, Refused
from muntada.outcome.adoption import actions as adoption
from muntada.outcome.commitments import actions as commitments
from muntada.outcome.commitments.actions import Undertaking
from muntada.outcome.commitments.rules import CommitmentState
from muntada.outcome.texts.actions import TextInLanguage
from muntada.people.rules import Role
from muntada.record.queries import led_to
from muntada.record.rules import SYSTEM, Actor


def test_a_commitment_carries_out_its_paragraph_and_is_followed(write, draft, now):
    paragraph = write()
    adoption.adopt(draft=draft, actor=SYSTEM, now=now)
    undertaking = Undertaking("calls upon", "Connect 100 schools", "Norlandia", "en", date(2027, 1, 1))
    commitment = commitments.make_commitment(
        paragraph=paragraph, undertaking=undertaking, author=None, actor=SYSTEM, now=now
    )
    commitments.report_on_commitment(
        commitment=commitment,
        state=CommitmentState.UNDER_WAY,
        words=TextInLanguage("40 are connected", "en"),
        actor=SYSTEM,
        now=now,
    )
    commitment.refresh_from_db()
    assert commitment.state == CommitmentState.UNDER_WAY
    assert [line.symbol for line in led_to(paragraph.symbol)] == [str(commitment.symbol)]


def test_a_commitment_is_not_due_in_the_past(write, now):
    undertaking = Undertaking("invites", "Connect schools", "Norlandia", "en", date(1990, 1, 1))
    with pytest.raises(Refused) as refused:
        commitments.make_commitment(
            paragraph=write(), undertaking=undertaking, author=None, actor=SYSTEM, now=now
        )
    assert refused.value.field == "due_date"


def test_the_day_a_commitment_is_due_is_a_day_at_the_forum(write):
    # In Geneva it is the 8th already.
    late = datetime(2025, 7, 7, 22, 30, tzinfo=UTC)
    undertaking = Undertaking("invites", "Connect schools", "Norlandia", "en", date(2025, 7, 7))
    with pytest.raises(Refused):
        commitments.make_commitment(
            paragraph=write(), undertaking=undertaking, author=None, actor=SYSTEM, now=late
        )


def test_only_who_made_a_commitment_or_the_secretariat_reports_on_it(write, now, make_person):
    maker, stranger = make_person(Role.DELEGATE), make_person(Role.DELEGATE)
    undertaking = Undertaking("invites", "Connect schools", "Norlandia", "en", None)
    commitment = commitments.make_commitment(
        paragraph=write(), undertaking=undertaking, author=maker, actor=SYSTEM, now=now
    )

    def report(person, role):
        commitments.report_on_commitment(
            commitment=commitment,
            state=CommitmentState.DONE,
            words=TextInLanguage("Done", "en"),
            actor=Actor(person.pk, role, commitment.symbol.forum_id),
            now=now,
        )

    with pytest.raises(NotAllowed):
        report(stranger, Role.DELEGATE)
    report(maker, Role.DELEGATE)
    report(make_person(Role.SECRETARIAT), Role.SECRETARIAT)
    assert commitment.reports.count() == 2

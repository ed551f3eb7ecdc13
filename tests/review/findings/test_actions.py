import pytest

from muntada.forums.models import StageWindow
from muntada.foundations.errors import Refused
from muntada.people.rules import Role
from muntada.record import actions as record
from muntada.record.models import LogEntry
from muntada.record.queries import led_to
from muntada.record.rules import SymbolKind
from muntada.review.findings import actions, queries
from muntada.review.findings.rules import FindingState
from review.conftest import a_finding


def test_a_finding_rests_on_what_it_cites(propose, contribution):
    finding = propose()
    assert [line.symbol for line in led_to(contribution)] == [str(finding.symbol)]
    assert finding.symbol.title == "Prices stand in the way."


def test_a_finding_without_ground_is_refused_and_leaves_nothing(propose, forum):
    before = LogEntry.objects.count()
    with pytest.raises(Refused) as refused:
        propose("Prices stand in the way.")
    assert refused.value.code == "finding-without-ground"
    assert not queries.findings_of(forum).exists()
    assert LogEntry.objects.count() == before


def test_a_settled_finding_does_not_change(propose, forum, now, request_as):
    finding = propose()
    actor = request_as(Role.FACILITATOR).actor(Role.FACILITATOR)
    actions.settle_finding(finding=finding, actor=actor, now=now)
    actions.settle_finding(finding=finding, actor=actor, now=now)
    finding.refresh_from_db()
    assert finding.state == FindingState.SETTLED
    assert LogEntry.objects.filter(verb="settle_finding").count() == 1
    with pytest.raises(Refused) as refused:
        actions.change_finding(finding=finding, new=a_finding(forum, "Other [C/1]"), actor=actor, now=now)
    assert refused.value.code == "finding-settled"


def test_changing_a_finding_follows_its_citations(propose, forum, now, request_as, contribution):
    finding = propose()
    record.give_symbol(forum_id=forum.pk, kind=SymbolKind.CONTRIBUTION, title="Two", language="en", now=now)
    actor = request_as(Role.FACILITATOR).actor(Role.FACILITATOR)
    actions.change_finding(finding=finding, new=a_finding(forum, "Better [C/2]"), actor=actor, now=now)
    assert led_to(contribution) == []


def test_the_review_refuses_when_it_is_closed(propose, forum, now):
    StageWindow.objects.filter(forum=forum, stage="review").update(closes_at=now)
    with pytest.raises(Refused) as refused:
        propose()
    assert refused.value.code == "review-not-open"

import pytest

from muntada.forums.queries import lines_of
from muntada.people.rules import Role
from muntada.record import actions as record
from muntada.record.rules import SymbolKind
from muntada.review.findings import actions as findings
from muntada.review.findings.rules import EvidenceStrength, FindingKind


@pytest.fixture
def contribution(forum, now):
    return record.give_symbol(
        forum_id=forum.pk, kind=SymbolKind.CONTRIBUTION, title="كلمة", language="ar", now=now
    )


def a_finding(forum, text: str, kind: FindingKind = FindingKind.OBSTACLE) -> findings.FindingText:
    return findings.FindingText(kind, lines_of(forum)[1], text, "en", EvidenceStrength.MEDIUM)


@pytest.fixture
def propose(forum, now, request_as, contribution):
    forum_request = request_as(Role.FACILITATOR)

    def propose(text: str = "Prices stand in the way [C/1]."):
        return findings.propose_finding(
            forum=forum,
            author=forum_request.person,
            finding=a_finding(forum, text),
            actor=forum_request.actor(Role.FACILITATOR),
            now=now,
        )

    return propose

import pytest

from muntada.forums.queries import lines_of
from muntada.foundations.errors import Refused
from muntada.meeting.reports import actions, queries
from muntada.meeting.reports.actions import ReportPointText
from muntada.meeting.reports.models import SessionReport
from muntada.meeting.reports.rules import PointKind
from muntada.record.queries import led_to
from muntada.record.rules import SYSTEM


def report(session, now, text: str = "We heard [Q/1].", points=()):
    return actions.file_report(
        session=session,
        rapporteur=None,
        summary=text,
        points=list(points) or [ReportPointText(PointKind.OBSTACLE, "Prices", None)],
        language="en",
        actor=SYSTEM,
        now=now,
    )


def test_a_report_filed_again_keeps_its_symbol_and_follows_its_citations(ask, session, now, forum):
    question = ask()
    first = report(session, now)
    assert [line.symbol for line in led_to(question.symbol)] == [str(first.symbol)]
    again = report(
        session, now, "Nothing is cited.", [ReportPointText(PointKind.VISION, "All", lines_of(forum)[0])]
    )
    assert again.symbol == first.symbol
    assert SessionReport.objects.count() == 1
    assert led_to(question.symbol) == []
    (group,) = queries.point_groups(queries.report_at(forum, first.symbol.number))
    assert group.kind == "vision"


def test_a_report_says_something(session, now):
    with pytest.raises(Refused) as refused:
        report(session, now, "  ")
    assert refused.value.field == "summary"


def test_a_report_citing_something_unknown_leaves_nothing(session, now):
    with pytest.raises(Refused):
        report(session, now, "As in [C/404].")
    assert not SessionReport.objects.exists()

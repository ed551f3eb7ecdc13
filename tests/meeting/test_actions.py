import pytest

from muntada.forums.queries import lines_of
from muntada.foundations.errors import Refused
from muntada.meeting import actions, queries
from muntada.meeting.actions import Point
from muntada.meeting.models import SessionReport, Support
from muntada.meeting.rules import Mode, PointKind
from muntada.people.rules import Role
from muntada.record.queries import led_to, rests_on
from muntada.record.rules import SYSTEM


@pytest.fixture
def ask(session, make_person, now):
    def ask(text: str = "When will the villages be connected?", mode: Mode = Mode.ONLINE):
        return actions.ask_question(
            session=session,
            author=make_person(),
            text=text,
            language="en",
            mode=mode,
            actor=SYSTEM,
            now=now,
        )

    return ask


def report(session, now, text: str = "We heard [Q/1].", points=()):
    return actions.file_report(
        session=session,
        rapporteur=None,
        summary=text,
        points=list(points) or [Point(PointKind.OBSTACLE, "Prices", None)],
        language="en",
        actor=SYSTEM,
        now=now,
    )


def test_a_question_has_its_symbol_and_points_to_its_session(ask, session):
    question = ask()
    assert [line.symbol for line in rests_on(question.symbol)] == [str(session.symbol)]


def test_questions_from_room_and_screen_stand_in_one_list_the_most_wanted_first(
    ask, session, make_person, now
):
    first, second = ask(mode=Mode.ROOM), ask(mode=Mode.ONLINE)
    person = make_person()
    for _ in range(2):
        actions.support_question(question=second, person=person, now=now)
    assert [one.pk for one in queries.questions_of(session, person)] == [second.pk, first.pk]
    assert [one.is_supported for one in queries.questions_of(session, person)] == [True, False]
    assert Support.objects.count() == 1
    actions.drop_support(question=second, person=person)
    assert [one.pk for one in queries.questions_of(session, person)] == [first.pk, second.pk]


def test_parity_counts_what_was_asked_and_answered_by_mode(ask, session, forum, now):
    ask(mode=Mode.ROOM)
    answered = ask(mode=Mode.ONLINE)
    actions.answer_question(question=answered, answer="Next year", language="en", actor=SYSTEM, now=now)
    parity = queries.parity_of(forum, session)
    assert (parity.asked_in_room, parity.answered_in_room) == (1, 0)
    assert (parity.asked_online, parity.answered_online) == (1, 1)


def test_a_report_filed_again_keeps_its_symbol_and_follows_its_citations(ask, session, now, forum):
    question = ask()
    first = report(session, now)
    assert [line.symbol for line in led_to(question.symbol)] == [str(first.symbol)]
    again = report(session, now, "Nothing is cited.", [Point(PointKind.VISION, "All", lines_of(forum)[0])])
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


def test_pages_take_the_same_queries_for_one_question_and_for_four(
    ask, session, client_as, django_assert_max_num_queries
):
    client = client_as(Role.SPEAKER)
    address = session.symbol.get_absolute_url()
    ask()
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(60) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
        for _ in range(3):
            ask()
    assert counts[0] == counts[1]


def test_an_answer_stays_as_it_was_given(ask, now):
    question = ask()
    actions.answer_question(question=question, answer="Next year", language="en", actor=SYSTEM, now=now)
    with pytest.raises(Refused) as refused:
        actions.answer_question(question=question, answer="Never", language="en", actor=SYSTEM, now=now)
    assert refused.value.code == "answered"
    question.refresh_from_db()
    assert question.answer == "Next year"

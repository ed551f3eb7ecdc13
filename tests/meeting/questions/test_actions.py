import pytest

from muntada.foundations.errors import Refused
from muntada.meeting.questions import actions, queries
from muntada.meeting.questions.models import Support
from muntada.meeting.questions.rules import Mode
from muntada.record.queries import rests_on
from muntada.record.rules import SYSTEM


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


def test_an_answer_stays_as_it_was_given(ask, now):
    question = ask()
    actions.answer_question(question=question, answer="Next year", language="en", actor=SYSTEM, now=now)
    with pytest.raises(Refused) as refused:
        actions.answer_question(question=question, answer="Never", language="en", actor=SYSTEM, now=now)
    assert refused.value.code == "answered"
    question.refresh_from_db()
    assert question.answer == "Next year"

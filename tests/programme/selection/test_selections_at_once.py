"""Two who publish the same decisions at the same moment, and an author who withdraws meanwhile."""

import threading

import pytest
from django.db import connections

from muntada.foundations.errors import Refused
from muntada.programme.merging.actions import withdraw_request
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.selection.actions import selection_decisions, selection_runs
from muntada.programme.selection.rules.selections import SelectionTerms
from muntada.programme.sessions.models import Session
from muntada.record.models import LogEntry
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def together():
    """Let all of these act at the same moment; return what each gave back, or refused."""

    def together(*acts):
        ready, results = threading.Barrier(len(acts)), {}

        def run(number):
            try:
                ready.wait(10)
                results[number] = acts[number]()
            except Refused as refusal:
                results[number] = refusal
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return [results[number] for number in range(len(acts))]

    return together


@pytest.fixture
def three(submitted, make_person):
    return [submitted(f"Villages {number}", author=make_person(name=f"A {number}")) for number in range(3)]


@pytest.fixture
def made(forum, now, three):
    return selection_runs.make_selection(forum=forum, actor=SYSTEM, now=now, terms=SelectionTerms(sessions=1))


def test_two_who_publish_at_once_decide_once(made, now, together, forum):
    def publish():
        return selection_decisions.publish_decisions(selection=made, person=None, actor=SYSTEM, now=now)

    results = together(publish, publish)
    assert sorted(one is None for one in results) == [False, True]
    assert Session.objects.count() == 1
    assert LogEntry.objects.filter(verb="publish_decisions").count() == 1
    assert check_log(forum.pk).is_whole


def test_who_withdraws_at_that_moment_either_comes_first_or_too_late(made, now, together, three, request_as):
    def publish():
        return selection_decisions.publish_decisions(selection=made, person=None, actor=SYSTEM, now=now)

    forum_request = request_as(person=three[0].author)
    published, withdrawn = together(
        publish, lambda: withdraw_request(forum_request=forum_request, request=three[0])
    )
    states = list(SessionRequest.objects.order_by("pk").values_list("state", flat=True))
    if isinstance(published, Refused):
        assert published.code == "selection-old"
        assert states == ["withdrawn", "submitted", "submitted"]
    else:
        # What was accepted can be withdrawn no more; what waits for a place can.
        assert states[0] in ({"accepted"} if isinstance(withdrawn, Refused) else {"withdrawn"})
        assert "submitted" not in states

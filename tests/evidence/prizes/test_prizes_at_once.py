"""Two at the same moment: the same voter twice, and a vote while the vote is closed."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from muntada.evidence.prizes.actions import rounds
from muntada.evidence.prizes.actions.votes import cast_showcase_vote
from muntada.evidence.prizes.models import ShowcaseEntry, ShowcaseVote
from muntada.evidence.prizes.queries.results import standings_of
from muntada.evidence.prizes.rules.rounds import Award, Phase, PhasePeriod
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)
VOTES = 12


def together(acts):
    """Let all of these act at the same moment; return what each gave back, or how it was refused."""
    ready, results = threading.Barrier(len(acts)), {}

    def run(number):
        try:
            ready.wait(10)
            results[number] = acts[number]()
        except Refused as refusal:
            results[number] = refusal.code
        except Exception as fault:  # noqa: BLE001 - the test shows whatever it is
            results[number] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return [results[number] for number in range(len(acts))]


@pytest.fixture
def held(hold, make_initiative):
    held = hold()
    for number in range(2):
        entry = held.enter(make_initiative(title=f"Number {number}", organisation=f"Body {number}"))
        held.judge(entry, 4, 4)
    held.announce(Award.NOMINEE)
    return held


def test_of_many_votes_of_one_person_at_once_one_counts(held, make_person):
    person, entries = make_person(), list(ShowcaseEntry.objects.order_by("pk"))
    results = together([lambda one=entries[number % 2]: held.vote(person, one) for number in range(VOTES)])
    assert all(isinstance(one, ShowcaseEntry) for one in results), results
    assert ShowcaseVote.objects.count() == 1
    (standing,) = standings_of(held.showcase, Award.CHAMPION)
    assert sum(row.value for row in standing.rows) == 1


def test_of_many_votes_of_one_browser_at_once_one_counts(held):
    type(held.showcase).objects.update(votes_open_to="anyone")
    held.showcase.refresh_from_db()
    entry = ShowcaseEntry.objects.order_by("pk")[0]
    forum_request = ForumRequest(held.showcase.forum, None, frozenset(), held.at[Phase.VOTE])

    def cast():
        return cast_showcase_vote(
            forum_request=forum_request, showcase=held.showcase, entry_id=entry.pk, browser="b" * 64
        )

    results = together([cast] * VOTES)
    assert all(isinstance(one, ShowcaseEntry) for one in results), results
    assert ShowcaseVote.objects.count() == 1


def test_a_vote_is_cast_before_it_is_closed_or_refused(held, make_person, holder):
    now = held.at[Phase.VOTE]
    entry = ShowcaseEntry.objects.order_by("pk")[0]
    row = held.showcase.phases.get(phase=Phase.VOTE)
    voters = [make_person() for _ in range(VOTES)]

    def close():
        rounds.move_phase(
            showcase=held.showcase,
            phase=Phase.VOTE,
            period=PhasePeriod(row.opens_at, now),
            reason="The hall is empty.",
            actor=holder,
            now=now - timedelta(minutes=1),
        )
        return standings_of(held.showcase, Award.CHAMPION)

    (standing,), *votes = together([close, *(lambda who=one: held.vote(who, entry) for one in voters)])
    counted = sum(row.value for row in standing.rows)
    assert set(map(type, votes)) <= {ShowcaseEntry, str}, votes
    assert {one for one in votes if isinstance(one, str)} <= {"phase"}
    # What was counted when it was closed is what stands: no vote slipped in after.
    assert counted == ShowcaseVote.objects.count() == sum(isinstance(one, ShowcaseEntry) for one in votes)

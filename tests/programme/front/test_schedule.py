"""The programme of a whole week, made from requests in one go."""

import random

import pytest

from muntada.programme.front.actions.schedule import schedule
from muntada.programme.requests.actions.requests import NewRequest, NewSpeaker, draft_from_file, hand_in
from muntada.programme.sessions.models import Room, Slot
from muntada.programme.timetable.adapter.frames import seats_of
from muntada.programme.timetable.adapter.solving import make
from muntada.programme.timetable.adapter.timetables import frame_of, judge
from muntada.programme.timetable.models import PlacementPerson, ReleaseEntry
from muntada.programme.timetable.queries import last_release
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM

FEW, MANY = 24, 120


@pytest.fixture(params=[FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def requests(forum, now, request):
    """Requests by a seeded generator: some long, some with interpretation, speakers wanted twice."""
    draw = random.Random(20)  # noqa: S311 - made-up requests, not secrets
    names = [f"Speaker {number}" for number in range(request.param * 3 // 4)]
    made = []
    for number in range(request.param):
        new = NewRequest(
            title=f"Session {number}",
            description="What we learned.",
            language=draw.choice(["en", "fr", "ar"]),
            minutes=draw.choice([30, 45, 60, 60, 60, 90]),
            speakers=[NewSpeaker(name) for name in draw.sample(names, draw.randint(1, 4))],
            needs=draw.choice([[], [], ["hybrid"], ["interpretation"], ["hybrid", "captions"]]),
            audience=draw.choice([20, 30, 40, 60, 90, 140]),
            line_codes=draw.sample(["C1", "C2", "C3"], 1),
        )
        draft = draft_from_file(forum=forum, new=new, now=now)
        hand_in(draft, actor=SYSTEM, now=now)
        made.append(draft)
    return made


def test_requests_become_a_published_programme_over_10_rooms_and_5_days_without_a_broken_rule(
    forum, requests, now
):
    count = len(requests)
    scheduled = schedule(forum=forum, actor=SYSTEM, now=now, seed=7, effort=count / 24)
    assert (scheduled.accepted, scheduled.placed) == (count, count)
    assert Room.objects.filter(forum=forum).count() == 10
    assert {slot.starts_at.astimezone(forum.timezone).date().day for slot in Slot.objects.all()} == {
        7,
        8,
        9,
        10,
        11,
    }
    judgement = judge(frame_of(forum), seats_of(scheduled.timetable))
    assert judgement.hard == ()
    assert scheduled.timetable.unplaced == []
    assert ReleaseEntry.objects.filter(release=scheduled.release, is_cancelled=False).count() == count
    assert PlacementPerson.objects.filter(timetable=scheduled.timetable).count() > count
    assert last_release(forum) == scheduled.release
    assert check_log(forum.pk).is_whole


@pytest.mark.slow
def test_the_same_rows_and_seed_make_the_same_timetable(forum, requests, now):
    schedule(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    frame = frame_of(forum)
    first, second = (make(frame, seed=3, effort=2.0) for _ in range(2))
    assert first == second
    assert len(first.seats) == len(requests)


@pytest.mark.slow
def test_a_second_timetable_leaves_what_is_published_where_it_stands(forum, requests, now):
    first = schedule(forum=forum, actor=SYSTEM, now=now, seed=3, effort=2.0)
    again = schedule(forum=forum, actor=SYSTEM, now=now, seed=99, effort=2.0)
    assert again.accepted == 0
    assert sorted(seats_of(again.timetable), key=str) == sorted(seats_of(first.timetable), key=str)
    assert again.release.difference == {"counts": {}, "changes": []}

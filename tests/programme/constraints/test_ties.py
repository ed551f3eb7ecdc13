"""What ties sessions to each other reaches the timetable, its judge, and the sentences that explain it."""

from dataclasses import replace
from datetime import time, timedelta
from itertools import chain, cycle

import pytest
from django.db import IntegrityError, connection, transaction

from muntada.people.models import Organisation
from muntada.people.rules import Role
from muntada.programme.constraints import actions as ties
from muntada.programme.constraints.actions import RuleSettings, SessionTies
from muntada.programme.constraints.models import ApartSet, SessionOrder, SessionSeries, TimetableRules
from muntada.programme.constraints.queries import timetable_rules_of
from muntada.programme.constraints.rules import WEIGHTS
from muntada.programme.decisions import actions as decisions
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import SpeakerFacts
from muntada.programme.sessions.models import SessionPerson, Slot
from muntada.programme.sessions.rules import person_key
from muntada.programme.timetable.actions import locks, moves, timetable_runs
from muntada.programme.timetable.adapter.frames import frame_now, seats_of
from muntada.programme.timetable.adapter.moving import choices, reasons_for_place
from muntada.programme.timetable.adapter.timetables import frame_of, judge
from muntada.programme.timetable.rules import FIGURE_NAMES, in_words
from muntada.record.models import LogEntry
from muntada.record.rules import SYSTEM


@pytest.fixture
def tie(now):
    def tie(session, **said):
        ties.tie_session(session=session, ties=SessionTies(**said), actor=SYSTEM, now=now)

    return tie


@pytest.fixture
def rules(forum, now):
    """`rules(pause_minutes=15)`: these rules, the others as they were."""

    def rules(**changed):
        kept = timetable_rules_of(forum)
        known = {name: getattr(kept, name) for name in ties.RULE_FIELDS}
        settings = RuleSettings(**known | changed)
        return ties.set_timetable_rules(forum=forum, settings=settings, actor=SYSTEM, now=now)

    return rules


@pytest.fixture
def make(forum, now):
    return lambda: timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)


@pytest.fixture
def move(now):
    def move(draft, session, room, slot):
        moves.move_session(timetable=draft, session=session, room=room, slot=slot, actor=SYSTEM, now=now)

    return move


@pytest.fixture
def accepted_by(submitted, now):
    """`accepted_by(body, speaker="government")`: a session of this body, with such a speaker."""

    def accepted(body, speaker=""):
        request = submitted(f"Session {SessionRequest.objects.count()}")
        request.organisation = body
        request.save()
        if speaker:
            one = request.speakers.create(name=f"Speaker {request.pk}")
            SpeakerFacts.objects.create(speaker=one, by="self", kind=speaker, given_at=now)
        return decisions.accept_request(request=request, actor=SYSTEM, now=now)

    return accepted


@pytest.fixture
def two_days(slots, forum):
    """Slots at the same hours of the next day, too."""
    later = [
        Slot.objects.create(
            forum=forum, starts_at=one.starts_at + timedelta(days=1), ends_at=one.ends_at + timedelta(days=1)
        )
        for one in slots
    ]
    return [slots, later]


def speaks(session, name):
    SessionPerson.objects.create(session=session, name=name, key=person_key(None, name), part="speaker")


def starts(timetable):
    return {one.session_id: one.period.lower for one in timetable.placements.all()}


def told(findings, forum):
    return [in_words(one.sentence, one.params, forum.timezone) for one in findings]


def blamed(made, forum):
    return [
        sorted(in_words(one["sentence"], one["params"], forum.timezone) for one in found["reasons"])
        for found in made.blame
    ]


def test_a_session_comes_after_another_in_the_making_by_hand_and_in_words(
    forum, make, make_draft, make_session, move, room, other_room, slots, tie, refuses
):
    first, second = make_session("Opening"), make_session("What follows")
    tie(first, after=[second.symbol.number])
    made = starts(make())
    assert made[second.pk] < made[first.pk]
    draft = make_draft()
    move(draft, first, room, slots[0])
    with refuses("move-comes-after"):
        move(draft, second, other_room, slots[0])
    places = choices(frame_of(forum), seats_of(draft), "S/2")
    (finding,) = next(one for one in places if one.slot_id == slots[1].pk).broken
    assert told([finding], forum) == ["S/1 is to start when S/2 has ended, not before."]


def test_a_repair_keeps_an_order_that_was_said_later_and_moves_only_what_it_must(
    forum, make_draft, make_session, move, room, slots, tie, now
):
    first, second, third = (make_session(title) for title in ("A", "B", "C"))
    draft = make_draft()
    for session, slot in zip((first, second, third), slots, strict=True):
        move(draft, session, room, slot)
    tie(first, after=[second.symbol.number])
    assert [one.rule for one in judge(frame_now(forum)[0], seats_of(draft)).hard] == ["comes-after"]
    repaired = starts(timetable_runs.make_repair(timetable=draft, actor=SYSTEM, now=now))
    assert repaired[second.pk] < repaired[first.pk]
    assert repaired[third.pk] == slots[2].starts_at


def test_an_order_and_locks_that_cannot_both_hold_are_blamed_in_words(
    forum, make, make_session, room, other_room, slots, tie, now
):
    first, second = make_session("A"), make_session("B")
    tie(first, after=[second.symbol.number])
    locks.lock_session(session=first, slot=slots[0], room=None, actor=SYSTEM, now=now)
    (rules_to_blame,) = blamed(make(), forum)
    assert "S/1 is to start when S/2 has ended." in rules_to_blame


def test_an_order_in_a_circle_is_refused_with_the_way_round_also_through_a_series(
    forum, make_session, tie, now, refuses
):
    first, second, _third = (make_session(title) for title in ("A", "B", "C"))
    with refuses("follows-itself"):
        tie(first, after=[1])
    with refuses("no-such-session"):
        tie(first, after=[99])
    tie(second, after=[1])
    ties.keep_series(forum=forum, name="Series", numbers=[2, 3], same_day=False, actor=SYSTEM, now=now)
    with refuses("order-circle") as refused:
        tie(first, after=[3], audience=70)
    assert "S/1 → S/2 → S/3 → S/1" in str(refused.value)
    first.refresh_from_db()
    assert (first.audience, first.comes_after.count()) == (0, 0)
    assert LogEntry.objects.filter(verb="tie_session").count() == 1


def test_behind_the_rules_the_database_refuses_circles_and_other_forums(
    forum, make_session, other_forum, now
):
    first, second = make_session("A"), make_session("B")
    with pytest.raises(IntegrityError, match="no_session_follows_itself"), transaction.atomic():
        SessionOrder.objects.create(forum=forum, earlier=first, later=first)
    with pytest.raises(IntegrityError, match="is_of_the_forum"), transaction.atomic():
        SessionOrder.objects.create(forum=other_forum, earlier=first, later=second)
    with pytest.raises(IntegrityError, match="part_is_of"), transaction.atomic():
        SessionSeries.objects.create(forum=other_forum, name="X").parts.create(
            forum=forum, session=first, position=1
        )
    with pytest.raises(IntegrityError, match="member_is_of"), transaction.atomic():
        ApartSet.objects.create(forum=other_forum, name="X").members.create(forum=other_forum, session=first)
    SessionOrder.objects.create(forum=forum, earlier=first, later=second)
    series = SessionSeries.objects.create(forum=forum, name="X")
    series.parts.create(forum=forum, session=second, position=1)
    series.parts.create(forum=forum, session=first, position=2)
    with (
        pytest.raises(IntegrityError, match="come before itself"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    series.delete()


def test_parts_of_a_series_stand_in_order_and_on_one_day(
    forum, make, make_session, room, two_days, now, refuses, tie
):
    sessions = [make_session(f"Part {number}") for number in range(3)]
    keep = {"forum": forum, "same_day": True, "actor": SYSTEM, "now": now}
    series = ties.keep_series(name="Three parts", numbers=[3, 1, 2], **keep)
    made = make()
    placed = starts(made)
    third, first, second = (placed[sessions[place].pk] for place in (2, 0, 1))
    assert third < first < second
    assert third.date() == second.date()
    with refuses("in-a-series"):
        ties.keep_series(name="Another", numbers=[1], **keep)
    with refuses("tie-name-taken"):
        ties.keep_series(name="three  parts".title().replace("P", "p"), numbers=[], **keep)
    tie(sessions[0], series=series.pk, part=1)
    assert [one.session_id for one in series.parts.all()] == [sessions[number].pk for number in (0, 2, 1)]


def test_sessions_that_are_kept_apart_and_those_of_a_track_are_never_at_once(
    forum, make, make_session, room, other_room, slots, tie, rules
):
    one, other, third = (make_session(title) for title in ("A", "B", "C"))
    tie(one, new_apart="High level")
    tie(other, apart=[ApartSet.objects.get().pk], track="Youth")
    tie(third, track="Youth")
    Slot.objects.filter(pk=slots[2].pk).delete()
    rules(tracks_never_meet=True)
    placed = starts(make())
    assert placed[one.pk] == placed[third.pk] != placed[other.pk]
    tie(one, apart=[ApartSet.objects.get().pk], track="Youth")
    made = make()
    assert made.placements.count() == 2
    assert "Of these sessions no two may be at the same time: S/1, S/2, S/3." in chain(*blamed(made, forum))


def test_an_audience_that_is_said_chooses_the_room(forum, make, make_session, room, other_room, slots, tie):
    tie(make_session(), audience=70)
    assert make().placements.get().room == room


def test_an_organiser_has_at_most_so_many_sessions_on_a_day(
    forum, make, accepted_by, room, other_room, two_days, rules
):
    body = Organisation.objects.create(name="Nile Alliance", kind="civil-society", language="en")
    sessions = [accepted_by(body) for _ in range(4)]
    rules(organiser_limit=2)
    days = [moment.date() for moment in starts(make()).values()]
    assert sorted(days.count(day) for day in set(days)) == [2, 2]
    rules(organiser_limit=1)
    made = make()
    assert made.placements.count() == 2
    assert ["Nile Alliance has 4 sessions, which do not fit. The most on a day: 1; days: 2."] in blamed(
        made, forum
    )
    assert len(sessions) == 4


def test_lines_that_must_be_spread_are_and_a_move_against_it_is_refused(
    forum, make, make_draft, make_session, move, room, other_room, two_days, rules, refuses
):
    """Four sessions on one line, two days: two on each, as a rule and no longer as a wish."""
    line = forum.framework.lines.get(code="C2")
    sessions = [make_session(f"Session {number}") for number in range(4)]
    for session in sessions:
        session.lines.add(line)
    rules(lines_must_spread=True, lines=0)
    days = [moment.date() for moment in starts(make()).values()]
    assert sorted(days.count(day) for day in set(days)) == [2, 2]
    draft = make_draft()
    for session, slot in zip(sessions[:2], two_days[0][:2], strict=True):
        move(draft, session, room, slot)
    with refuses("move-lines-must-spread") as refused:
        move(draft, sessions[2], other_room, two_days[0][0])
    assert "spread evenly it would be 2" in str(refused.value)


def test_the_pause_lies_between_two_sessions_of_a_person(
    forum, make, make_draft, make_session, move, room, slots, rules, refuses
):
    one, other = make_session("A"), make_session("B")
    for session in (one, other):
        speaks(session, "Amina")
    rules(pause_minutes=20)
    first, second = sorted(starts(make()).values())
    assert second - first == timedelta(hours=2)
    draft = make_draft()
    move(draft, one, room, slots[0])
    with refuses("move-person-pause") as refused:
        move(draft, other, room, slots[1])
    assert "Amina has 0 minutes between S/1 and S/2; 20 are needed." in str(refused.value)


def test_groups_and_lines_are_spread_over_the_days_unless_that_is_off(
    forum, make, make_draft, move, accepted_by, room, other_room, two_days, rules, client_as
):
    sessions = [accepted_by(None, speaker="government") for _ in range(4)]
    days = [moment.date() for moment in starts(make()).values()]
    assert sorted(days.count(day) for day in set(days)) == [2, 2]
    draft = make()
    seats = seats_of(draft)
    (finding,) = _all_on_one_day(forum, seats, two_days)
    assert told([finding], forum) == [
        "4 sessions with Governments on stage are on 8 July 2025; spread evenly it would be 2."
    ]
    by_hand = make_draft()
    rooms = cycle((room, other_room))
    for session, where, slot in zip(sessions, rooms, two_days[0] * 2, strict=False):
        move(by_hand, session, where, slot)
    both = f"/wsis20/programme/timetables/{by_hand.number}/compare?with={draft.number}"
    browser = client_as(Role.SECRETARIAT)
    assert _wishes(browser.get(both)) == (8, 0)
    rules(groups=0)
    assert _wishes(browser.get(both)) == (0, 0)
    assert not _all_on_one_day(forum, seats, two_days)
    assert len(sessions) == 4


def _wishes(page):
    (figures,) = (one for one in page.context["figures"] if one.label == FIGURE_NAMES["wishes"])
    return figures.here, figures.there


def _all_on_one_day(forum, seats, two_days):
    moved = [
        replace(seat, starts_at=slot.starts_at, ends_at=slot.ends_at, room_id=seat.room_id)
        for seat, slot in zip(seats, [*two_days[0], two_days[0][0]], strict=True)
    ]
    found = judge(frame_of(forum), moved).findings
    return [one for one in found if one.rule == "groups-spread"]


def test_good_hours_are_for_people_online_alone_and_the_forum_chooses_them(
    forum, make, accepted_by, room, slots, rules, start
):
    session = accepted_by(None, speaker="government")
    speaker = session.requests.get().speakers.get()
    type(speaker).objects.filter(pk=speaker.pk).update(is_remote=True, zone="America/Sao_Paulo")
    made = make()
    assert starts(made)[session.pk] == start + timedelta(hours=2)
    rules(comfort_from=time(1), comfort_to=time(6))
    why = reasons_for_place(frame_now(forum)[0], seats_of(made), session.symbol.short)
    words = [in_words(one.sentence, one.params, forum.timezone) for one in why.here]
    assert any("takes part from America/Sao_Paulo" in one for one in words)
    type(speaker).objects.filter(pk=speaker.pk).update(is_remote=False)
    assert all(person.comfort is None for person in frame_now(forum)[0].problem.people)


def test_changed_rules_are_logged_and_drafts_are_judged_by_them(forum, rules, refuses):
    state = frame_now(forum)[1]
    rules(pause_minutes=10, comfort_to=time(20))
    assert frame_now(forum)[1] != state
    rules()
    assert LogEntry.objects.filter(verb="set_timetable_rules").count() == 1
    with refuses("comfort-hours"):
        rules(comfort_from=time(21))
    with pytest.raises(IntegrityError, match="comfort_ends"), transaction.atomic():
        TimetableRules.objects.update(comfort_from=time(23))


def test_a_frame_is_read_anew_for_the_bodies_behind_its_sessions_and_for_no_others(forum, accepted_by):
    behind = Organisation.objects.create(name="Nile Alliance", kind="civil-society", language="en")
    accepted_by(behind)
    state = frame_now(forum)[1]
    Organisation.objects.create(name="Elsewhere", kind="academia", language="en")
    assert frame_now(forum)[1] == state
    Organisation.objects.filter(pk=behind.pk).update(name="Nile Union")
    assert frame_now(forum)[0].names.organisers == {"o0": "Nile Union"}


def test_hours_of_a_single_day_reach_the_engine(forum, make, accepted_by, room, slots):
    session = accepted_by(None, speaker="government")
    speaker = session.requests.get().speakers.get()
    begins = slots[1].starts_at.astimezone(forum.timezone)
    day, hour = begins.date(), begins.time()
    speaker.spans.create(day=day, starts=time(0), ends=time(1))
    speaker.spans.create(day=day, starts=hour, ends=hour.replace(hour=hour.hour + 1))
    assert starts(make())[session.pk] == slots[1].starts_at


def test_the_pages_of_ties_keep_and_refuse_without_losing_what_was_typed(forum, make_session, client_as):
    first, second = make_session("Opening"), make_session("What follows")
    browser, at = client_as(Role.SECRETARIAT), "/wsis20/programme"
    page = f"{at}/sessions/2/ties"
    typed = {"audience": 80, "after": "s/1; ", "new_apart": "High level", "new_series": "Two parts"}
    assert browser.post(page, typed).status_code == 302
    second.refresh_from_db()
    assert (second.audience, second.series_part.position) == (80, 1)
    shown = browser.get(page).content.decode()
    assert all(words in shown for words in ("High level", "Two parts", 'value="S/1"', "Opening"))
    round_about = browser.post(f"{at}/sessions/1/ties", {"audience": 0, "after": "S/2", "track": "Youth"})
    answer = round_about.content.decode()
    assert (round_about.status_code, "S/1 → S/2 → S/1" in answer, 'value="Youth"' in answer) == (
        422,
        True,
        True,
    )
    wrong = browser.post(f"{at}/sessions/1/ties", {"audience": 0, "after": "Opening"})
    assert (wrong.status_code, "no symbol of a session" in wrong.content.decode()) == (422, True)
    made = browser.post(f"{at}/timetable-rules/series", {"name": "Days", "sessions": "S/1", "same_day": "on"})
    assert made.status_code == 302
    rules = dict.fromkeys(WEIGHTS, "0") | {
        "pause_minutes": "10",
        "comfort_from": "08:00",
        "comfort_to": "20:00",
    }
    assert browser.post(f"{at}/timetable-rules", rules | {"comfort_to": "07:00"}).status_code == 422
    assert browser.post(f"{at}/timetable-rules", rules).status_code == 302
    listed = browser.get(f"{at}/timetable-rules").content.decode()
    assert all(words in listed for words in ("Days", "High level", "comes after"))
    series, apart = first.series_part.series_id, ApartSet.objects.get().pk
    assert browser.post(f"{at}/timetable-rules/series/{series}", {"drop": ""}).status_code == 302
    assert browser.post(f"{at}/timetable-rules/apart/{apart}", {"name": "High level", "sessions": "S/1 S/2"})
    assert ApartSet.objects.get().members.count() == 2
    assert browser.post(f"{at}/timetable-rules/apart/{apart}", {"drop": ""}).status_code == 302
    assert (SessionSeries.objects.count(), ApartSet.objects.count()) == (1, 0)
    assert client_as().get(page).status_code == 403

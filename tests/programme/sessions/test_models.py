from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.sessions.models import RoomClosure, Slot
from muntada.programme.timetable.models import Placement, PlacementPerson, Release


@pytest.fixture
def place(start):
    def place(timetable, session, room, *, hour=0, hours=1, key=""):
        period = DateTimeTZRange(start + timedelta(hours=hour), start + timedelta(hours=hour + hours))
        placement = Placement.objects.create(timetable=timetable, session=session, room=room, period=period)
        if key:
            PlacementPerson.objects.create(placement=placement, timetable=timetable, key=key, period=period)
        return placement

    return place


def test_the_database_refuses_two_sessions_in_one_room_at_once(place, make_draft, make_session, room):
    draft = make_draft()
    place(draft, make_session(), room, hours=2)
    with pytest.raises(IntegrityError, match="room_holds_one_session_at_a_time"), transaction.atomic():
        place(draft, make_session(), room, hour=1)


def test_a_session_may_begin_in_a_room_when_the_one_before_ends(place, make_draft, make_session, room):
    draft = make_draft()
    place(draft, make_session(), room, hour=0)
    place(draft, make_session(), room, hour=1)
    assert draft.placements.count() == 2


def test_the_database_refuses_a_person_on_two_stages_at_once(
    place, make_draft, make_session, room, other_room
):
    draft = make_draft()
    place(draft, make_session(), room, key="name:amina")
    with pytest.raises(IntegrityError, match="person_is_on_one_stage_at_a_time"), transaction.atomic():
        place(draft, make_session(), other_room, key="name:amina")


def test_two_timetables_do_not_disturb_each_other(place, make_draft, make_session, room):
    session = make_session()
    place(make_draft(), session, room, key="name:amina")
    place(make_draft(), session, room, key="name:amina")
    assert Placement.objects.count() == 2


def test_a_session_stands_once_in_a_timetable(place, make_draft, make_session, room, other_room):
    draft, session = make_draft(), make_session()
    place(draft, session, room)
    with pytest.raises(IntegrityError, match="session_stands_once"), transaction.atomic():
        place(draft, session, other_room, hour=2)


def test_people_follow_their_placement_when_it_moves(place, make_draft, make_session, room, other_room):
    draft = make_draft()
    place(draft, make_session(), room, hour=0, key="name:amina")
    moving = place(draft, make_session(), other_room, hour=2, key="name:amina")
    later = DateTimeTZRange(*(moving.period.lower + timedelta(hours=hours) for hours in (1, 2)))
    Placement.objects.filter(pk=moving.pk).update(period=later)
    assert PlacementPerson.objects.get(placement=moving).period == later
    earlier = DateTimeTZRange(*(moving.period.lower - timedelta(hours=hours) for hours in (2, 1)))
    with pytest.raises(IntegrityError, match="person_is_on_one_stage"), transaction.atomic():
        Placement.objects.filter(pk=moving.pk).update(period=earlier)


def test_a_person_cannot_be_written_down_for_another_time_than_the_placement(
    place, make_draft, make_session, room, start
):
    draft = make_draft()
    placement = place(draft, make_session(), room)
    with pytest.raises(IntegrityError, match="people_follow_their_placement"), transaction.atomic():
        PlacementPerson.objects.create(
            placement=placement,
            timetable=draft,
            key="name:amina",
            period=DateTimeTZRange(start + timedelta(hours=5), start + timedelta(hours=6)),
        )


def test_the_database_refuses_to_change_a_released_timetable(
    place, make_draft, make_session, room, other_room
):
    draft = make_draft()
    placement = place(draft, make_session(), room, key="name:amina")
    Release.objects.create(forum=draft.forum, number=1, timetable=draft, published_at=draft.made_at)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Placement.objects.filter(pk=placement.pk).update(room=other_room)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        place(draft, make_session(), other_room)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        PlacementPerson.objects.filter(placement=placement).update(key="name:omar")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        placement.delete()


def test_slots_of_a_forum_do_not_overlap_but_those_of_two_forums_may(forum, other_forum, slots, start):
    half = {"starts_at": start + timedelta(minutes=30), "ends_at": start + timedelta(minutes=90)}
    Slot.objects.create(forum=other_forum, **half)
    with pytest.raises(IntegrityError, match="slots_do_not_overlap"), transaction.atomic():
        Slot.objects.create(forum=forum, **half)


def test_a_closure_without_an_end_is_refused(room, start):
    with pytest.raises(IntegrityError, match="closure_has_start_and_end"), transaction.atomic():
        RoomClosure.objects.create(room=room, period=DateTimeTZRange(start, None))


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"state": "submitted"}, "request_has_its_symbol_when_submitted"),
        ({"state": "draft", "submitted_at": "now"}, "request_has_its_symbol_when_submitted"),
        ({"state": "draft", "decided_at": "now"}, "decision_has_its_moment"),
    ],
)
def test_a_request_cannot_stand_in_a_state_it_did_not_reach(forum, now, wrong, constraint):
    values = {name: now if value == "now" else value for name, value in wrong.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SessionRequest.objects.create(forum=forum, language="en", saved_at=now, **values)


def test_a_declined_request_without_a_reason_is_refused(forum, make_session, now):
    with pytest.raises(IntegrityError, match="refusal_has_its_reason"), transaction.atomic():
        SessionRequest.objects.create(
            forum=forum,
            symbol=make_session().symbol,
            language="en",
            saved_at=now,
            submitted_at=now,
            state="declined",
            decided_at=now,
        )


def test_an_accepted_request_without_a_session_is_refused(forum, make_session, now):
    with pytest.raises(IntegrityError, match="accepted_request_has_its_session"), transaction.atomic():
        SessionRequest.objects.create(
            forum=forum,
            symbol=make_session().symbol,
            language="en",
            saved_at=now,
            submitted_at=now,
            state="accepted",
            decided_at=now,
        )


def test_the_same_row_of_a_file_cannot_stand_twice(forum, now):
    SessionRequest.objects.create(forum=forum, language="en", saved_at=now, source_id="17")
    with pytest.raises(IntegrityError, match="request_is_imported_once"), transaction.atomic():
        SessionRequest.objects.create(forum=forum, language="en", saved_at=now, source_id="17")


def test_a_request_outlives_the_account_of_its_author_and_speakers(forum, now, make_person):
    person = make_person()
    request = SessionRequest.objects.create(forum=forum, author=person, language="en", saved_at=now)
    RequestSpeaker.objects.create(request=request, name="Amina", person=person)
    person.delete()
    request.refresh_from_db()
    assert request.author is None
    assert request.speakers.get().name == "Amina"

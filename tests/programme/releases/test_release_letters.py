"""Who is told of a release, in which language, once; and the way back from a release to a draft."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.programme.decisions import actions as decisions
from muntada.programme.releases import task_types as releases
from muntada.programme.releases import tasks as releases_tasks
from muntada.programme.releases.actions import publish_release
from muntada.programme.releases.models import ReleaseLetter
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.requests.rules.speakers import SpeakerAnswer
from muntada.programme.sessions.models import SessionPerson
from muntada.programme.sessions.rules import person_key
from muntada.programme.timetable.actions import drafts, moves, timetable_runs
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, SymbolKind


@pytest.fixture
def speaks():
    def speaks(session, person, part="speaker"):
        key = person_key(person.pk, person.name)
        return SessionPerson.objects.create(
            session=session, name=person.name, person=person, key=key, part=part
        )

    return speaks


@pytest.fixture
def make_request(forum, now):
    def make(session):
        symbol = record.give_symbol(
            forum_id=forum.pk, kind=SymbolKind.REQUEST, title=session.title, language="en", now=now
        )
        return SessionRequest.objects.create(
            forum=forum,
            symbol=symbol,
            title=session.title,
            language="en",
            state=RequestState.ACCEPTED,
            session=session,
            saved_at=now,
            submitted_at=now,
            decided_at=now,
        )

    return make


@pytest.fixture
def first(forum, make_session, room, other_room, slots, now):
    """A first release with two sessions, of which nobody was told."""
    make_session("Villages"), make_session("Cities")
    made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    return publish_release(timetable=made, actor=SYSTEM, now=now)


def moved_draft(first, session, slots, now):
    draft = drafts.copy_timetable(timetable=first.timetable, actor=SYSTEM, now=now)
    placed = draft.placements.get(session=session)
    assert placed.period.lower != slots[2].starts_at
    moves.move_session(
        timetable=draft, session=session, room=placed.room, slot=slots[2], actor=SYSTEM, now=now
    )
    return draft


def send_all():
    for job in ProcrastinateJob.objects.filter(task_name=releases.send_release_letter.name):
        releases_tasks.send_release_letter(letter_id=job.args["letter_id"])


def test_only_those_affected_are_told_each_once_in_their_language(
    forum, first, make_person, speaks, slots, now, mailoutbox
):
    villages, cities = forum.sessions.order_by("symbol__number")
    amina, wei = make_person(name="Amina", language="fr"), make_person(name="Wei")
    made_up = make_person(name="Invented")
    made_up.is_invented = True
    made_up.save()
    for person in (amina, made_up):
        speaks(villages, person)
    speaks(villages, amina, part="organiser")
    speaks(cities, wei)
    draft = moved_draft(first, villages, slots, now)
    release = publish_release(timetable=draft, actor=SYSTEM, now=now, is_told=True)
    assert [letter.person for letter in release.letters.all()] == [amina]
    send_all()
    send_all()
    (letter,) = mailoutbox
    assert letter.to == [amina.email]
    assert all(word in letter.body for word in ("S/1", "Villages", "11:00", "/wsis20/s/1"))
    assert "Cities" not in letter.body


def test_several_changes_for_one_person_stand_in_one_letter(
    forum, first, make_person, speaks, slots, now, mailoutbox
):
    villages, cities = forum.sessions.order_by("symbol__number")
    amina = make_person(name="Amina")
    speaks(villages, amina)
    speaks(cities, amina, part="organiser")
    draft = moved_draft(first, villages, slots, now)
    decisions.cancel_session(session=cities, reason="Storm", actor=SYSTEM, now=now)
    publish_release(timetable=draft, actor=SYSTEM, now=now, is_told=True)
    send_all()
    (letter,) = mailoutbox
    assert all(word in letter.body for word in ("S/1", "S/2", "Cancelled", "Moved"))


def test_a_speaker_who_said_yes_by_a_link_is_told_too(
    forum, first, make_person, make_request, speaks, slots, now, mailoutbox
):
    villages, cities = forum.sessions.order_by("symbol__number")
    request = make_request(session=villages)
    amina = make_person(name="Amina")
    speaks(villages, amina)
    asked = {
        "Omar Farouk": ("omar@people.example", SpeakerAnswer.YES),
        "Wei": ("wei@people.example", SpeakerAnswer.NO),
        "Silent": ("silent@people.example", SpeakerAnswer.ASKED),
        "Amina too": (amina.email.upper(), SpeakerAnswer.YES),
    }
    for name, (email, answer) in asked.items():
        RequestSpeaker.objects.create(request=request, name=name, email=email, answer=answer, language="fr")
        SessionPerson.objects.create(session=villages, name=name, key=person_key(None, name), part="speaker")
    SessionPerson.objects.create(session=cities, name="Other", key=person_key(None, "Other"), part="speaker")
    release = publish_release(
        timetable=moved_draft(first, villages, slots, now), actor=SYSTEM, now=now, is_told=True
    )
    assert [(one.person, str(one.speaker or "")) for one in release.letters.all()] == [
        (amina, ""),
        (None, "Omar Farouk"),
    ]
    send_all()
    send_all()
    assert [letter.to for letter in mailoutbox] == [[amina.email], ["omar@people.example"]]
    assert "Villages" in mailoutbox[1].body


def test_an_address_that_was_forgotten_meanwhile_gets_no_letter(
    forum, first, make_request, slots, now, mailoutbox
):
    villages = forum.sessions.order_by("symbol__number").first()
    RequestSpeaker.objects.create(
        request=make_request(session=villages),
        name="Omar",
        email="omar@people.example",
        answer=SpeakerAnswer.YES,
    )
    SessionPerson.objects.create(session=villages, name="Omar", key=person_key(None, "Omar"), part="speaker")
    publish_release(timetable=moved_draft(first, villages, slots, now), actor=SYSTEM, now=now, is_told=True)
    RequestSpeaker.objects.update(email="")
    send_all()
    assert mailoutbox == []


def test_the_database_keeps_one_reader_for_each_letter(first, make_person):
    for reader in ({}, {"person": None, "speaker": None}):
        with pytest.raises(IntegrityError, match="one_reader"), transaction.atomic():
            ReleaseLetter.objects.create(release=first, **reader)
    ReleaseLetter.objects.create(release=first, person=make_person())


def test_nobody_is_told_unless_that_is_wished(forum, first, make_person, speaks, slots, now):
    villages = forum.sessions.order_by("symbol__number").first()
    speaks(villages, make_person(name="Amina"))
    publish_release(timetable=moved_draft(first, villages, slots, now), actor=SYSTEM, now=now)
    assert not ReleaseLetter.objects.exists()


def test_the_way_back_to_a_release_leaves_out_who_would_now_be_on_two_stages(
    forum, first, make_person, speaks, now
):
    villages, cities = forum.sessions.order_by("symbol__number")
    seats = {one.session: one.period for one in first.timetable.placements.all()}
    at_once = seats[villages] == seats[cities]
    amina = make_person(name="Amina")
    for session in (villages, cities):
        speaks(session, amina)
    draft = drafts.copy_timetable(timetable=first.timetable, actor=SYSTEM, now=now + timedelta(days=1))
    assert draft.placements.count() == (1 if at_once else 2)
    assert len(draft.unplaced) == (1 if at_once else 0)
    assert at_once, "the two stand beside each other, as there are two rooms"

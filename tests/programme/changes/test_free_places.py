"""A session is taken out of the programme: the secretariat is told, and offered who comes first and fits."""

from datetime import timedelta

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.forums.merging.rules import Joint
from muntada.foundations.errors import NotAllowed
from muntada.people.rules import Role
from muntada.programme.changes import actions as free_places
from muntada.programme.changes import queries
from muntada.programme.changes import tasks as changes
from muntada.programme.changes.rules import Caps, Claim, Misfit, PlaceOffer, misfits
from muntada.programme.decisions import actions as decisions
from muntada.programme.decisions.actions import DecisionReason
from muntada.programme.decisions.models import FreePlace
from muntada.programme.merging import actions as merging
from muntada.programme.merging.actions import JointRequest
from muntada.programme.requests.actions.requests import NewSpeaker
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.checks import RuleStrength
from muntada.programme.selection.models import Selection, SelectionRules
from muntada.programme.selection.rules.selections import NumberRule, RuleWithNumber, SelectionTerms
from muntada.programme.timetable.models import Placement
from muntada.record.models import LogEntry
from muntada.record.rules import SYSTEM, Actor, digest_of

NO_CAPS = Caps(None, None, {}, {})


def claim(**said) -> Claim:
    plain = {
        "minutes": 60,
        "needs": frozenset(),
        "audience": 0,
        "is_online_only": False,
        "organisations": (),
        "speakers": (),
    }
    return Claim(**plain | said)


@pytest.mark.parametrize(
    ("said", "against"),
    [
        ({}, ()),
        ({"minutes": 61}, (Misfit.LENGTH,)),
        ({"needs": frozenset({"captions"})}, (Misfit.SERVICES,)),
        ({"audience": 101}, (Misfit.SEATS,)),
        ({"audience": 101, "needs": frozenset({"captions"}), "is_online_only": True}, ()),
        ({"organisations": ["organisation:1"]}, (Misfit.ORGANISATION,)),
        ({"speakers": ["person:1", "person:2"]}, (Misfit.PERSON,)),
    ],
)
def test_what_stands_against_a_request_in_a_place(said, against):
    offer = PlaceOffer(60, frozenset({"hybrid"}), 100)
    caps = Caps(1, 2, {"organisation:1": 1}, {"person:1": 1, "person:2": 2})
    assert misfits(claim(**said), offer, caps) == against


def test_a_place_in_no_room_yet_asks_for_its_length_alone():
    asked = claim(audience=5_000, needs=frozenset({"captions"}))
    assert misfits(asked, PlaceOffer(60), NO_CAPS) == ()


@pytest.fixture
def waiting(submitted, now, forum):
    """Three on the waiting list, in the order of a selection that was published: P/4 too long, P/2, P/3."""
    held = submitted("Villages", minutes=60)
    rows = [submitted("Hamlets"), submitted("Towns"), submitted("Islands", minutes=90)]
    for row in rows:
        decisions.put_on_waiting_list(
            request=row, reason=DecisionReason("No place now."), actor=SYSTEM, now=now
        )
    Selection.objects.create(
        forum=forum,
        number=1,
        made_at=now,
        published_at=now,
        result={"chosen": ["P/1"], "waiting": ["P/4", "P/2"]},
    )
    return decisions.accept_request(request=held, actor=SYSTEM, now=now)


def test_two_no_longer_asked_for_as_one_stand_where_their_joint_request_stood(
    waiting, submitted, forum, request_as, now
):
    first, second = submitted("Rivers"), submitted("Lakes")
    words = JointRequest(Joint("Waters", "Both.", "en"))
    merge = merging.propose_joining(
        forum_request=request_as(person=first.author), request=first, other=second, joint=words
    )
    other = request_as(person=second.author)
    joined = merging.consent_to_joining(forum_request=other, merge=merge)
    decisions.put_on_waiting_list(request=joined.joint, reason=DecisionReason("Full."), actor=SYSTEM, now=now)
    Selection.objects.update(result={"chosen": ["P/1"], "waiting": ["P/4", "P/7", "P/2"]})
    assert [one.symbol.short for one in queries.waiting_list(forum)] == ["P/4", "P/7", "P/2", "P/3"]
    merging.part(forum_request=other, merge=joined, reason="We go two ways.")
    assert [one.symbol.short for one in queries.waiting_list(forum)] == ["P/4", "P/5", "P/6", "P/2", "P/3"]


def cancel(session, now, actor=SYSTEM) -> FreePlace:
    decisions.cancel_session(session=session, reason="The speaker is ill.", actor=actor, now=now)
    return FreePlace.objects.get(session=session)


def test_the_first_that_fits_is_offered_and_the_log_says_why(waiting, forum, now, refuses):
    place = cancel(waiting, now)
    (shown,) = queries.shown_places(forum, [place])
    assert [(str(one.request.symbol.short), one.misfits) for one in shown.waiting] == [
        ("P/4", (Misfit.LENGTH,)),
        ("P/2", ()),
        ("P/3", ()),
    ]
    with refuses("not-first"):
        free_places.fill_place(place=place, request=shown.waiting[2].request, actor=SYSTEM, now=now)
    session = free_places.fill_place(place=place, request=shown.first.request, actor=SYSTEM, now=now)
    taken = SessionRequest.objects.get(symbol__number=2)
    assert (taken.state, taken.session) == ("accepted", session)
    assert waiting.symbol.short in taken.reason
    change = {
        "place_of": waiting.symbol.short,
        "session": session.symbol.short,
        "passed_over": {"P/4": ["length"]},
    }
    entry = LogEntry.objects.get(verb="fill_place", symbol=taken.symbol)
    assert entry.change_digest == digest_of(entry.salt, change)
    assert not queries.free_places(forum).exists()
    with refuses("place-filled"):
        free_places.fill_place(place=place, request=shown.waiting[2].request, actor=SYSTEM, now=now)


def test_the_room_in_which_it_stood_says_who_fits(waiting, forum, now, room, slots, make_draft):
    period = (slots[0].starts_at, slots[0].starts_at + timedelta(minutes=90))
    Placement.objects.create(timetable=make_draft(), session=waiting, room=room, period=period)
    SessionRequest.objects.filter(symbol__number=4).update(needs=["captions"])
    SessionRequest.objects.filter(symbol__number=2).update(audience=1_000)
    (shown,) = queries.shown_places(forum, [cancel(waiting, now)])
    assert [one.misfits for one in shown.waiting] == [(Misfit.SERVICES,), (Misfit.SEATS,), ()]
    assert shown.first.request.symbol.short == "P/3"


def test_a_cap_that_stops_counts_what_stands_in_the_programme(waiting, submitted, forum, now):
    terms = SelectionTerms(numbered=(RuleWithNumber(NumberRule.PERSON, 1, RuleStrength.BLOCK),))
    SelectionRules.objects.create(forum=forum, data=terms.as_data(), decided_at=now)
    busy = submitted("Rivers", speakers=[NewSpeaker("Amina")])
    decisions.accept_request(request=busy, actor=SYSTEM, now=now)
    SessionRequest.objects.get(symbol__number=2).speakers.create(name="Amina", part="speaker", position=0)
    (shown,) = queries.shown_places(forum, [cancel(waiting, now)])
    against = {one.request.symbol.short: one.misfits for one in shown.waiting}
    assert against["P/2"] == (Misfit.PERSON,)
    assert shown.first.request.symbol.short == "P/3"


def test_the_secretariat_is_told_by_letter_unless_the_place_is_given_already(
    waiting, forum, now, request_as, client_as
):
    acting, other = request_as(Role.SECRETARIAT), request_as(Role.SECRETARIAT)
    place = cancel(waiting, now, acting.actor(Role.SECRETARIAT))
    (job,) = ProcrastinateJob.objects.filter(task_name__endswith="send_place_letter")
    assert job.args == {"place_id": place.pk, "person_id": other.person.pk}
    changes.send_place_letter(**job.args)
    (letter,) = mail.outbox
    assert letter.to == [other.person.email]
    assert "P/2" in letter.body
    assert "/wsis20/programme/requests/waiting" in letter.body
    free_places.keep_place_empty(place=place, actor=SYSTEM, now=now)
    changes.send_place_letter(**job.args)
    assert len(mail.outbox) == 1


def test_an_author_gives_a_place_back_and_nobody_else(
    waiting, forum, now, request_as, client_as, make_person
):
    kept = waiting.requests.get()
    address = "/wsis20/p/1/give-back"
    assert address not in client_as().get("/wsis20/p/1").content.decode()
    assert client_as().get(address).status_code == 403
    still_waiting = SessionRequest.objects.get(symbol__number=2)
    assert client_as(person=still_waiting.author).get("/wsis20/p/2/give-back").status_code == 422
    browser = client_as(person=kept.author)
    assert address in browser.get("/wsis20/p/1").content.decode()
    assert browser.post(address, {"reason": " "}).status_code == 422
    assert browser.post(address, {"reason": "I am ill."}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.cancelled_reason == "I am ill."
    assert queries.free_places(forum).count() == 1
    assert LogEntry.objects.filter(verb="give_place_back").count() == 1
    again = browser.post(address, {"reason": "I am ill."})
    assert again.status_code == 422
    assert address not in browser.get("/wsis20/p/1").content.decode()


def test_pages_offer_the_first_and_fill_the_place(waiting, now, client_as):
    browser = client_as(Role.SECRETARIAT)
    sent = browser.post("/wsis20/programme/sessions/1", {"cancel": "", "reason": "Ill."}, follow=True)
    page = sent.content.decode()
    assert sent.redirect_chain[-1][0] == "/wsis20/programme/requests/waiting"
    assert "Accept P/2 in this place" in page
    assert "it is longer than the place" in page
    assert "1 place became free" in browser.get("/wsis20/programme/workspace").content.decode()
    place = FreePlace.objects.get()
    decide = f"/wsis20/programme/requests/waiting/{place.pk}"
    for role in (Role.REVIEWER, Role.SPEAKER):
        assert client_as(role).post(decide, {"fill": "2"}).status_code == 403
    assert "another request is the first" in browser.post(decide, {"fill": "3"}, follow=True).content.decode()
    assert browser.post(decide, {"fill": "x"}).url == "/wsis20/programme/requests/waiting"
    assert browser.post(decide, {"fill": "2"}).url == "/wsis20/s/2"
    assert "No place is free." in browser.get("/wsis20/programme/requests/waiting").content.decode()
    assert "became free" not in browser.get("/wsis20/programme/workspace").content.decode()


def test_a_place_is_left_empty_and_others_decide_nothing(waiting, now, refuses, request_as):
    place = cancel(waiting, now)
    with pytest.raises(NotAllowed):
        free_places.keep_place_empty(place=place, actor=Actor(1, "reviewer", place.session.forum_id), now=now)
    free_places.keep_place_empty(place=place, actor=SYSTEM, now=now)
    with refuses("place-kept-empty"):
        free_places.keep_place_empty(place=place, actor=SYSTEM, now=now)
    assert SessionRequest.objects.filter(state="waiting").count() == 3

"""People who are asked to take part: by letter, answered by link, with their own word before all others."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from muntada.foundations.errors import NotAllowed, NotThere
from muntada.people.rules import Role
from muntada.programme.decisions import actions as decisions
from muntada.programme.requests.actions.requests import NewRequest, save_request, submit_request
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.rules.speakers import LINK_HOLDS, Availability, DaySpan, GivenFacts, away
from muntada.programme.speakers import tasks as speakers_tasks
from muntada.programme.speakers.actions import speakers
from muntada.programme.speakers.actions.speakers import Naming, NamingBody, SpeakerReply
from muntada.record.rules import SYSTEM

AMINA = Naming(
    "Amina Diallo", "amina@example.org", "fr", "moderator", GivenFacts(country="SN", gender="woman")
)


@pytest.fixture
def author(request_as, make_person):
    return request_as(person=make_person(name="Author"))


@pytest.fixture
def draft(author):
    return save_request(forum_request=author, new=NewRequest("Villages", "About villages.", "en"))


@pytest.fixture
def amina(author, draft):
    one = speakers.name_speaker(forum_request=author, request=draft, naming=AMINA)
    return speakers.ask(forum_request=today(author), request=draft, asked=one)


def today(forum_request):
    """Letters are dated by the clock that the pages read, so that their links hold."""
    return replace(forum_request, now=timezone.now())


def link(one):
    return f"/wsis20/programme/asked/{speakers.token_of(one)}"


def test_who_is_asked_gets_a_letter_in_their_language_with_a_link(amina):
    speakers_tasks.send_asking(kind="s", pk=amina.pk, round_=amina.round)
    (letter,) = mail.outbox
    assert letter.to == ["amina@example.org"]
    assert "Villages" in letter.subject
    assert link(amina) in letter.body
    assert "?lang=fr" in letter.body
    speakers_tasks.send_asking(kind="s", pk=amina.pk, round_=amina.round - 1)
    assert len(mail.outbox) == 1


def test_without_an_account_somebody_says_yes_and_what_they_say_outweighs(amina, author, draft):
    browser = Client()
    page = browser.get(link(amina))
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "amina@example.org" not in page.content.decode()
    sent = browser.post(
        link(amina),
        {
            "answer": "yes",
            "name": "Amina N. Diallo",
            "country": "ML",
            "gender": "",
            "is_first_time": "yes",
            "is_remote": "on",
            "zone": "Asia/Kathmandu",
            "hours_from": "09:00",
            "hours_to": "17:30",
            "days_away": ["2025-07-09"],
        },
    )
    assert sent.status_code == 302
    kept = RequestSpeaker.objects.get()
    assert (kept.answer, kept.name, kept.is_confirmed) == ("yes", "Amina N. Diallo", True)
    assert kept.holds == GivenFacts(country="ML", gender="woman", is_first_time=True)
    assert kept.availability == Availability(
        is_remote=True,
        zone="Asia/Kathmandu",
        hours_from=time(9),
        hours_to=time(17, 30),
        days_away=(date(2025, 7, 9),),
    )


def test_of_a_link_that_is_tampered_with_or_over_nothing_is_told(amina, author, draft, now):
    whole = link(amina)
    for broken in (whole[:-2], whole[:-2] + "xx", "/wsis20/programme/asked/abc", link(amina) + ":1"):
        assert Client().get(broken).status_code == 404
    assert Client().get(whole.replace("wsis20", "nigf")).status_code == 404
    with pytest.raises(NotThere):
        speakers.asked_by(whole.rpartition("/")[2], draft.forum_id, amina.asked_at + LINK_HOLDS)
    speakers.leave_out(forum_request=author, request=draft, asked=amina)
    assert Client().get(whole).status_code == 404


def test_at_another_address_somebody_else_is_asked_and_nothing_said_before_holds(amina, author, draft, now):
    before = link(amina)
    speakers.answer(asked=amina, reply=SpeakerReply(is_yes=True, facts=GivenFacts(gender="man")), now=now)
    other = replace(AMINA, email="omar@example.org", name="Omar")
    kept = speakers.name_speaker(forum_request=author, request=draft, naming=other, speaker=amina)
    assert (kept.answer, kept.name, kept.holds.gender) == ("not-asked", "Omar", "woman")
    assert Client().get(before).status_code == 404


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"answer": ""}, "required"),
        ({"zone": "Asia/Nowhere"}, "Asia/Nowhere"),
        ({"hours_from": "09:00"}, "both hours"),
        ({"hours_from": "09:00", "hours_to": "17:00"}, "time zone"),
        ({"days_away": ["2031-01-01"]}, "2031-01-01"),
    ],
)
def test_a_wrong_answer_is_refused_in_a_sentence_and_keeps_what_was_typed(amina, answers, sentence):
    page = Client().post(link(amina), {"answer": "yes", "name": "Amina", "note": "See you"} | answers)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "See you" in page.content.decode()
    assert RequestSpeaker.objects.get().answer == "asked"


def test_nobody_is_asked_too_often_or_without_an_address(amina, author, draft, now, refuses):
    with refuses("asked-lately"):
        speakers.ask(forum_request=today(author), request=draft, asked=amina)
    for times in range(1, 5):
        later = replace(author, now=amina.asked_at + timedelta(days=3 * times))
        speakers.ask(forum_request=later, request=draft, asked=amina)
    with refuses("asked-often"):
        speakers.ask(
            forum_request=replace(later, now=later.now + timedelta(days=3)), request=draft, asked=amina
        )
    silent = speakers.name_speaker(forum_request=author, request=draft, naming=Naming("Omar"))
    with refuses("email-missing"):
        speakers.ask(forum_request=author, request=draft, asked=silent)


def test_there_is_a_limit_to_whom_a_request_names(author, draft, refuses):
    for number in range(20):
        speakers.name_speaker(forum_request=author, request=draft, naming=Naming(f"Speaker {number}"))
    with refuses("speakers-too-many"):
        speakers.name_speaker(forum_request=author, request=draft, naming=Naming("The twenty-first"))
    assert draft.speakers.count() == 20


def test_only_the_author_sees_addresses_and_names_people(amina, author, draft, client_as, request_as):
    address = f"/wsis20/programme/requests/{draft.pk}/people"
    for role in (Role.SECRETARIAT, Role.REVIEWER):
        assert client_as(role).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert client_as(person=author.person).get(address).status_code == 200
    with pytest.raises(NotAllowed):
        speakers.name_speaker(forum_request=request_as(), request=draft, naming=AMINA)


def accepted(author, draft, now):
    submit_request(forum_request=author, request=draft)
    return decisions.accept_request(request=SessionRequest.objects.get(), actor=SYSTEM, now=now)


def test_who_says_no_after_the_session_was_accepted_leaves_it_and_can_come_back(amina, author, draft, now):
    speakers.answer(asked=amina, reply=SpeakerReply(is_yes=True), now=now)
    session = accepted(author, draft, now)
    assert [(one.name, one.part, one.is_confirmed) for one in session.people.all()] == [
        ("Author", "organiser", True),
        ("Amina Diallo", "moderator", True),
    ]
    no = speakers.asked_by(speakers.token_of(amina), draft.forum_id, now)
    speakers.answer(asked=no, reply=SpeakerReply(is_yes=False), now=now)
    assert [one.part for one in session.people.all()] == ["organiser"]
    speakers.answer(asked=no, reply=SpeakerReply(is_yes=True), now=now)
    assert [one.part for one in session.people.all()] == ["organiser", "moderator"]


def test_to_what_will_not_take_place_nothing_is_answered(amina, author, draft, now, refuses):
    submit_request(forum_request=author, request=draft)
    request = SessionRequest.objects.get()
    decisions.decline_request(
        request=request, reason=decisions.DecisionReason("Full."), actor=SYSTEM, now=now
    )
    with refuses("request-over"):
        speakers.answer(asked=amina, reply=SpeakerReply(is_yes=True), now=now)
    assert "will not take place" in Client().get(link(amina)).content.decode()


def test_the_author_is_told_of_each_answer_once(amina, author, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        speakers.answer(asked=amina, reply=SpeakerReply(is_yes=False, note="I am away."), now=now)
        speakers.answer(asked=amina, reply=SpeakerReply(is_yes=False, note="I am away."), now=now)
    (letter,) = mail.outbox
    assert letter.to == [author.person.email]
    assert "Amina Diallo has said no" in letter.subject
    assert "I am away." in letter.body


def test_a_body_that_says_yes_organises_too(author, draft, now):
    body = speakers.name_body(
        forum_request=author,
        request=draft,
        naming=NamingBody("Li Wei", "li@example.org", "en", "Village Net"),
    )
    speakers.ask(forum_request=today(author), request=draft, asked=body)
    body.refresh_from_db()
    assert Client().post(link(body), {"answer": "yes", "name": "Li Wei"}).status_code == 302
    session = accepted(author, draft, now)
    assert [(one.name, one.part) for one in session.people.all()] == [
        ("Author", "organiser"),
        ("Village Net", "organiser"),
    ]


def test_addresses_are_forgotten_when_no_letter_needs_them(amina, draft, now):
    assert speakers.forget_addresses(now=now) == 0
    assert speakers.forget_addresses(now=now + timedelta(days=60)) == 1
    assert RequestSpeaker.objects.get().email == ""


def test_hours_on_a_clock_with_half_hours_and_on_the_day_it_is_turned():
    kathmandu = Availability(zone="Asia/Kathmandu", hours_from=time(9), hours_to=time(17))
    days = date(2025, 7, 7), date(2025, 7, 7)
    periods = list(away(kathmandu, ZoneInfo("Europe/Zurich"), *days))
    assert (
        datetime(2025, 7, 7, 11, 15, tzinfo=UTC),
        datetime(2025, 7, 7, 18, 15, tzinfo=UTC),
    ) in periods
    night = Availability(zone="Europe/Zurich", hours_from=time(20), hours_to=time(4))
    turned = list(away(night, ZoneInfo("Europe/Zurich"), date(2025, 3, 30), date(2025, 3, 30)))
    assert (
        datetime(2025, 3, 30, 2, tzinfo=UTC),
        datetime(2025, 3, 30, 18, tzinfo=UTC),
    ) in turned


def test_who_was_asked_is_named_to_the_public_only_after_a_yes(amina, author, draft, now, client_as):
    session = accepted(author, draft, now)
    for page in ("/wsis20/p/1", "/wsis20/s/1"):
        assert "Amina Diallo" not in Client().get(page).content.decode()
    assert "Amina Diallo" in client_as(Role.SECRETARIAT).get("/wsis20/p/1").content.decode()
    assert session.people.filter(name="Amina Diallo", is_shown=False).exists()
    asked = speakers.asked_by(speakers.token_of(amina), draft.forum_id, now)
    speakers.answer(asked=asked, reply=SpeakerReply(is_yes=True), now=now)
    for page in ("/wsis20/p/1", "/wsis20/s/1"):
        assert "Amina Diallo" in Client().get(page).content.decode()


def test_single_days_have_hours_of_their_own_in_as_many_rows_as_needed():
    zurich, first, last = ZoneInfo("Europe/Zurich"), date(2025, 7, 7), date(2025, 7, 8)
    morning, evening = (
        DaySpan(first, time(8), time(10)),
        DaySpan(first, time(20), time(0)),
    )
    said = Availability(True, "Asia/Kathmandu", time(9), time(17), (), (evening, morning))
    periods = list(away(said, zurich, first, last))
    # Kathmandu is at +05:45: its 7 July begins at 18:15 UTC on the 6th.
    assert (datetime(2025, 7, 6, 18, 15, tzinfo=UTC), datetime(2025, 7, 7, 2, 15, tzinfo=UTC)) in periods
    assert (datetime(2025, 7, 7, 4, 15, tzinfo=UTC), datetime(2025, 7, 7, 14, 15, tzinfo=UTC)) in periods
    assert (datetime(2025, 7, 7, 18, 15, tzinfo=UTC), datetime(2025, 7, 8, 3, 15, tzinfo=UTC)) in periods
    assert not any(start <= datetime(2025, 7, 7, 16, tzinfo=UTC) < end for start, end in periods)


def rows(*spans):
    typed = {"spans-TOTAL_FORMS": len(spans), "spans-INITIAL_FORMS": 0}
    for number, span in enumerate(spans):
        names = ("day", "starts", "ends")
        typed |= {f"spans-{number}-{name}": value for name, value in zip(names, span, strict=True)}
    return typed


def test_hours_of_single_days_are_added_row_by_row_and_nothing_typed_is_lost(amina):
    typed = {"answer": "yes", "name": "Amina", "note": "See you", "zone": "Asia/Kathmandu"}
    two = rows(("2025-07-07", "08:00", "10:00"), ("2025-07-07", "20:00", ""))
    more = Client().post(link(amina), typed | two | {"add_row": "1"})
    page = more.content.decode()
    assert more.status_code == 200
    assert all(part in page for part in ("See you", 'value="20:00"', 'name="spans-2-day"'))
    assert RequestSpeaker.objects.get().answer == "asked"
    half = Client().post(link(amina), typed | two)
    assert half.status_code == 422
    assert "both hours, or empty this row" in half.content.decode()
    wrong = rows(("2025-07-07", "08:00", "10:00"), ("2025-07-07", "09:00", "11:00"))
    overlapping = Client().post(link(amina), typed | wrong)
    assert (overlapping.status_code, "Please join the two" in overlapping.content.decode()) == (422, True)
    right = rows(("2025-07-07", "20:00", "00:00"), ("", "", ""), ("2025-07-07", "08:00", "10:00"))
    assert Client().post(link(amina), typed | right).status_code == 302
    said = RequestSpeaker.objects.get().availability
    assert [f"{one.starts:%H}-{one.ends:%H}" for one in said.spans] == ["08-10", "20-00"]
    assert 'value="08:00"' in Client().get(link(amina)).content.decode()
    assert Client().post(link(amina), typed | rows()).status_code == 302
    assert RequestSpeaker.objects.get().availability.spans == ()


def test_an_author_says_when_somebody_can_until_they_say_so_themselves(amina, author, draft, client_as, now):
    at = f"/wsis20/programme/requests/{draft.pk}/people/{amina.pk}/hours"
    browser = client_as(person=author.person)
    typed = {"zone": "Africa/Dakar"} | rows(("2025-07-08", "09:00", "12:00"))
    assert browser.post(at, typed).status_code == 302
    assert [span.ends for span in RequestSpeaker.objects.get().availability.spans] == [time(12)]
    assert 'value="12:00"' in Client().get(link(amina)).content.decode()
    outside = browser.post(at, rows(("2025-08-08", "09:00", "12:00")))
    assert (outside.status_code, "no day of the forum" in outside.content.decode()) == (422, True)
    speakers.answer(asked=amina, reply=SpeakerReply(is_yes=True), now=now)
    late = browser.post(at, typed)
    assert (late.status_code, "said themselves" in late.content.decode()) == (422, True)
    assert client_as().get(at).status_code == 404


LOCKED_SQL = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND (classid::bigint << 32) | objid::bigint = hashtextextended(%s, 0)
"""


def locks_on(name):
    with connection.cursor() as cursor:
        cursor.execute(LOCKED_SQL, [f"edit {name}"])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("page", ["link", "author", "hours"])
def test_all_who_edit_what_is_known_of_somebody_take_turns(amina, author, draft, client_as, page):
    named = f"/wsis20/programme/requests/{draft.pk}/people/{amina.pk}"
    address, browser = {
        "link": (link(amina), Client()),
        "author": (
            f"/wsis20/programme/requests/{draft.pk}/people/{amina.pk}",
            client_as(person=author.person),
        ),
        "hours": (
            f"{named}/hours",
            client_as(person=author.person),
        ),
    }[page]
    browser.post(address, {"shown-name": "x", "csrfmiddlewaretoken": "t"})
    # The transaction of the test holds it still.
    assert locks_on(speakers.lock_name(speakers.SPEAKER, amina.pk)) == 1
    assert locks_on(address) == 0

"""The public programme: what is shown of a release, and what people mark in it."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from muntada.people.rules import Role
from muntada.programme.decisions import actions as decisions
from muntada.programme.public.queries import overlaps
from muntada.programme.releases.actions import publish_release
from muntada.programme.releases.queries import programme_of, release_ref
from muntada.programme.sessions.actions import give_calendar, mark, take_over
from muntada.programme.sessions.models import Favourite, SessionPerson
from muntada.programme.timetable.actions import drafts, moves
from muntada.programme.timetable.adapter.solving import make
from muntada.programme.timetable.adapter.timetables import frame_of
from muntada.record.rules import SYSTEM


@pytest.fixture
def released(forum, make_session, make_draft, room, other_room, slots, now):
    """Three sessions: the first two at the same time in two rooms, the third an hour later."""
    sessions = [make_session("Hamlets online"), make_session("Schools by satellite"), make_session("Water")]
    first, second, third = sessions
    first.track, first.description = "Access", "Masts on hills"
    first.save(update_fields=["track", "description"])
    first.lines.add(forum.framework.lines.get(code="C2"))
    first.goals.add(*forum.framework.goals.all()[:1])
    SessionPerson.objects.create(session=third, name="Ada Example", key="name:ada", part="speaker")
    draft = make_draft()
    for session, place, slot in ((first, room, 0), (second, other_room, 0), (third, room, 1)):
        moves.move_session(
            timetable=draft, session=session, room=place, slot=slots[slot], actor=SYSTEM, now=now
        )
    return publish_release(timetable=draft, actor=SYSTEM, now=now)


def titles(client: Client, query: str) -> list[str]:
    page = client.get(f"/wsis20/programme?{query}").content.decode()
    return sorted(re.findall(r'<p class="held-title"><a [^>]*>([^<]+)</a>', page))


ALL = ["Hamlets online", "Schools by satellite", "Water"]


def test_the_programme_is_chosen_from(client, released):
    for query, expected in [
        ("day=all", ALL),
        ("day=all&view=list", ALL),
        ("track=Access", ["Hamlets online"]),
        ("line=C2", ["Hamlets online"]),
        ("line=C9", []),
        ("person=Ada+Example", ["Water"]),
        ("q=masts", ["Hamlets online"]),
        ("q=Ada", ["Water"]),
        ("q=scool+by+satelite", ["Schools by satellite"]),
        ("q=nothing+of+the+kind", []),
        ("room=x&view=list", []),
    ]:
        assert titles(client, query) == expected


def test_the_goal_of_a_session_chooses_it(client, released, forum):
    code = forum.framework.goals.all()[0].code
    assert titles(client, f"goal={code}") == ["Hamlets online"]


def test_a_session_is_chosen_by_the_languages_spoken_in_it_and_else_by_that_of_its_text(
    client, submitted, released, slots, room, now
):
    request = submitted("Villages", spoken=("fr", "ar"))
    session = decisions.accept_request(request=request, actor=SYSTEM, now=now)
    draft = drafts.copy_timetable(timetable=released.timetable, actor=SYSTEM, now=now)
    moves.move_session(timetable=draft, session=session, room=room, slot=slots[2], actor=SYSTEM, now=now)
    publish_release(timetable=draft, actor=SYSTEM, now=now + timedelta(days=1))
    assert [titles(client, f"language={code}") for code in ("fr", "ar", "en")] == [["Villages"]] * 2 + [ALL]
    page = client.get("/wsis20/programme?language=fr").content.decode()
    assert "· Arabic · French" in page
    assert b"Villages" in client.get("/wsis20/programme.ics?language=fr").content
    assert client.get(f"{session.get_absolute_url()}.jsonld").json()["inLanguage"] == ["ar", "fr"]
    assert "Languages spoken" in client.get(session.get_absolute_url()).content.decode()


def test_what_a_release_did_not_keep_is_no_news_in_the_next(released, now):
    for entry in released.entries.all():
        entry.facts.pop("spoken")
        entry.save(update_fields=["facts"])
    draft = drafts.copy_timetable(timetable=released.timetable, actor=SYSTEM, now=now)
    after = publish_release(timetable=draft, actor=SYSTEM, now=now + timedelta(days=1))
    assert {entry.changed_at for entry in after.entries.all()} == {now}


def test_the_people_of_the_programme_are_listed_with_their_sessions(client, released):
    page = client.get("/wsis20/programme/people").content.decode()
    assert "Ada Example" in page
    assert "S/3" in page


def test_a_list_says_which_of_its_sessions_meet_at_the_same_time(client, released):
    page = client.get("/wsis20/programme/mine?s=1,2,3,99").content.decode()
    assert page.count('class="overlap"') == 2
    assert "?s=1,2,3" in page.replace("%2C", ",")


def test_without_an_account_nothing_is_marked_on_the_server(client, released):
    answer = client.post("/wsis20/s/1/mark", {"wanted": "1"})
    assert answer.url.startswith("/account/login/")
    assert "You have marked no session yet" in client.get("/wsis20/programme/mine").content.decode()


def test_a_session_is_marked_and_the_mark_taken_away_by_form(client_as, released):
    browser = client_as(Role.PARTICIPANT)
    assert browser.post("/wsis20/s/1/mark", {"wanted": "1"}).url == "/wsis20/s/1"
    assert "Take out of my programme" in browser.get("/wsis20/s/1").content.decode()
    assert "Hamlets online" in browser.get("/wsis20/programme/mine").content.decode()
    browser.post("/wsis20/s/1/mark", {"wanted": "0"})
    assert not Favourite.objects.exists()


def test_after_marking_nobody_is_sent_to_another_site(client_as, released):
    answer = client_as(Role.PARTICIPANT).post(
        "/wsis20/s/1/mark", {"wanted": "1", "next": "https://elsewhere.example/"}
    )
    assert answer.url == "/wsis20/s/1"


def test_what_was_marked_before_signing_in_is_added_once(client_as, released):
    browser = client_as(Role.PARTICIPANT)
    for _ in range(2):
        answer = browser.post("/wsis20/programme/mine/marked", {"s": "2,3,77"})
    assert answer.json() == {"marked": [2, 3]}


def test_a_calendar_address_gives_the_marked_sessions_alone_until_a_new_one_is_made(
    client, make_person, released, forum, now
):
    person = make_person()
    first, second, _third = (entry.session for entry in released.entries.order_by("session"))
    mark(session=second, person=person, is_wanted=True, now=now)
    old = give_calendar(forum=forum, person=person, now=now).key
    text = client.get(f"/wsis20/programme/mine/{old}.ics").content.decode()
    assert str(second.uid) in text
    assert str(first.uid) not in text
    new = give_calendar(forum=forum, person=person, now=now).key
    assert client.get(f"/wsis20/programme/mine/{old}.ics").status_code == 404
    assert client.get(f"/wsis20/programme/mine/{new}.ics").status_code == 200


def test_what_one_person_marked_another_does_not_see(make_person, client_as, released, forum, now):
    take_over(forum=forum, numbers=[1, 2], person=make_person("Somebody"), now=now)
    assert "You have marked no session yet" in (
        client_as(Role.PARTICIPANT).get("/wsis20/programme/mine").content.decode()
    )


def test_the_script_for_times_without_a_connection_reaches_the_forum_alone(client, released):
    answer = client.get("/wsis20/programme/offline.js?lang=en")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/wsis20/"
    assert "programme-wsis20-" in answer.content.decode()


def test_a_programme_page_of_nobody_in_particular_is_marked_for_the_cache(client, released):
    answer = client.get("/wsis20/programme")
    assert answer["X-Muntada-Cache"] == "60 Europe/Zurich wsis20-programme"
    assert not answer.cookies


def test_a_programme_page_of_somebody_signed_in_is_never_marked(client_as, released):
    for path in ("/wsis20/programme", "/wsis20/programme/downloads", "/wsis20/programme/changes.json"):
        answer = client_as(Role.PARTICIPANT).get(path)
        assert answer.status_code == 200
        assert "X-Muntada-Cache" not in answer.headers


def test_what_is_no_list_of_sessions_is_refused_in_words(client, released):
    for listed in ["x", "1,,2", "-1", "9" * 40]:
        answer = client.get("/wsis20/programme/mine", {"s": listed})
        assert answer.status_code == 422
        assert "12,15" in answer.content.decode()


def test_sessions_one_after_the_other_do_not_overlap(released, forum):
    sessions = programme_of(forum, release_ref(forum)).sessions
    found = {number: [one.number for one in others] for number, others in overlaps(sessions).items()}
    assert found == {1: [2], 2: [1]}
    assert sessions[0].ends_at == sessions[-1].starts_at
    assert sessions[-1].ends_at - sessions[-1].starts_at == timedelta(hours=1)


def test_what_people_marked_keeps_sessions_apart_in_the_next_timetable_and_names_nobody(
    make_person, released, forum, now
):
    for _ in range(3):
        take_over(forum=forum, numbers=[1, 2], person=make_person(), now=now)
    take_over(forum=forum, numbers=[3], person=make_person(), now=now)
    frame = frame_of(forum)
    assert frame.problem.favourites == {f"a{number}": frozenset({"S/1", "S/2"}) for number in range(3)}
    made = make(frame, seed=1, effort=1.0)
    starts = {seat.session_id: seat.starts_at for seat in made.seats}
    first, second, _third = (entry.session_id for entry in released.entries.order_by("session"))
    assert starts[first] != starts[second]

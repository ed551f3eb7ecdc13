"""The pages: who may see and do what, what stays typed, what is said, how much the database is asked."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from muntada.forums.models import StageWindow
from muntada.foundations.jobs.models import Job
from muntada.foundations.stored import as_stored
from muntada.people.rules import Role
from muntada.programme.decisions import actions as decisions
from muntada.programme.releases.actions import publish_release
from muntada.programme.requests.actions.requests import NewRequest, NewSpeaker, save_request, submit_request
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.sessions.models import Room, Session, Slot
from muntada.programme.timetable.actions import drafts, timetable_runs
from muntada.programme.timetable.adapter.solving import HowFar
from muntada.programme.timetable.models import Release, Timetable
from muntada.programme.timetable.rules import TimetableProgress, so_far
from muntada.record.rules import SYSTEM

ROLES = [None, *Role]


@pytest.fixture
def submitted(request_as, make_person):
    def make(title="Villages", author=None):
        forum_request = request_as(person=author or make_person(name="Author"))
        new = NewRequest(
            title=title, description=f"About {title}.", language="en", speakers=[NewSpeaker(f"S {title}")]
        )
        draft = save_request(forum_request=forum_request, new=new)
        submit_request(forum_request=forum_request, request=draft)
        draft.refresh_from_db()
        return draft

    return make


@pytest.fixture
def publish(forum, now, room, other_room, slots):
    def publish():
        made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
        return publish_release(timetable=made, actor=SYSTEM, now=now)

    return publish


@pytest.fixture
def everything(submitted, publish, now, make_draft, make_session, forum, client_as):
    """A forum in which every page of the programme has something to show."""
    decisions.accept_request(request=submitted("Villages"), actor=SYSTEM, now=now)
    release = publish()
    submitted("Hamlets")
    submitted("Towns")
    return drafts.copy_timetable(timetable=release.timetable, actor=SYSTEM, now=now)


PUBLIC = ["programme", "programme/releases", "programme/requests", "p/1", "p/2", "programme/releases/1"]
OF_THE_SECRETARIAT = [
    "programme/requests/forms",
    "programme/requests/forms/workshop",
    "programme/requests/rules",
    "programme/requests/overlaps",
    "programme/workspace",
    "programme/rooms",
    "programme/buildings",
    "programme/slots/2025-07-08",
    "programme/timetables/1",
    "programme/timetables/2",
    "programme/timetables/2?part=board",
    "programme/timetables/2/compare?with=1",
    "programme/timetables/2/places/1",
    "programme/timetables/2/move/1",
    "programme/timetables/2/publish",
    "programme/requests/overlaps",
    "programme/sessions/1",
]


def test_who_may_see_which_page(everything, client_as):
    """Each other role against each address: tests/house/test_roles.py."""
    for role in (None, Role.PARTICIPANT, Role.SECRETARIAT):
        browser = client_as(role) if role else Client()
        closed = 200 if role is Role.SECRETARIAT else 403 if role else 302
        for page in PUBLIC:
            assert browser.get(f"/wsis20/{page}").status_code == 200, (role, page)
        for page in OF_THE_SECRETARIAT:
            assert browser.get(f"/wsis20/{page}").status_code == closed, (role, page)
        assert browser.get("/wsis20/programme/requests/new").status_code == (200 if role else 302), role


def test_no_other_role_changes_the_programme(everything, client_as):
    browsers = {role: client_as(role) for role in sorted(set(Role) - {Role.SECRETARIAT})}
    for page in (
        "p/2/decide",
        "programme/workspace",
        "programme/rooms",
        "programme/buildings",
        "programme/slots/2025-07-08",
        "programme/timetables/2/copy",
        "programme/timetables/2/again",
        "programme/timetables/2/stop",
        "programme/timetables/2/repair",
        "programme/timetables/2/undo",
        "programme/timetables/2/discard",
        "programme/timetables/2/take-out/1",
        "programme/timetables/2/lock/1",
        "programme/timetables/2/move/1",
        "programme/timetables/2/publish",
        "programme/sessions/1",
    ):
        for role, browser in browsers.items():
            assert browser.post(f"/wsis20/{page}", {"accept": ""}).status_code == 403, (role, page)
    assert Release.objects.count() == 1
    assert SessionRequest.objects.filter(state="submitted").count() == 2


def test_what_is_not_there_is_said_so(everything, client_as):
    browser = client_as(Role.SECRETARIAT)
    for page in (
        "p/99",
        "programme/releases/99",
        "programme/timetables/99",
        "programme/rooms/99",
        "programme/slots/nonsense",
        "programme/timetables/2/move/99",
        "programme/sessions/99",
        "programme/requests/draft/99999",
        "s/99.ics",
    ):
        assert browser.get(f"/wsis20/{page}").status_code == 404, page


def test_before_the_first_release_the_page_says_what_is_open(client, forum, now):
    page = client.get("/wsis20/programme").content.decode()
    assert "not published yet" in page
    assert "/wsis20/programme/requests/new" in page
    StageWindow.objects.filter(forum=forum, stage="programme").update(closes_at=now)
    assert "/wsis20/programme/requests/new" not in client.get("/wsis20/programme").content.decode()


def test_the_programme_shows_session_room_time_and_where_it_came_from(everything, client):
    page = client.get("/wsis20/programme").content.decode()
    entry = Release.objects.get().entries.get()
    for words in (
        "Villages",
        entry.room_name,
        f"{entry.starts_at.astimezone(entry.session.forum.timezone):%H:%M}",
        '<a href="/wsis20/p/1">',
        "/wsis20/s/1",
        "Zurich",
        "UTC+02:00",
    ):
        assert words in page, words


def test_times_can_be_read_in_another_zone_which_is_named(everything, client):
    entry = Release.objects.get().entries.get()
    page = client.get("/wsis20/programme?zone=Asia/Kathmandu").content.decode()
    assert f"{entry.starts_at + timedelta(hours=5, minutes=45):%H:%M}" in page
    assert "Kathmandu" in page
    assert "UTC+05:45" in page


def test_a_day_is_that_of_the_zone_it_is_read_in(everything, client):
    page = client.get("/wsis20/programme?zone=Pacific/Kiritimati&day=all").content.decode()
    entry = Release.objects.get().entries.get()
    local = entry.starts_at + timedelta(hours=14)
    assert f'id="day-{local:%Y-%m-%d}"' in page
    assert f"{local.day} July" in page


def test_an_unknown_zone_is_said_and_the_forums_is_shown(everything, client):
    answer = client.get("/wsis20/programme", {"zone": "Mars/<b>Phobos"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Mars/&lt;b&gt;Phobos" in page
    assert "Zurich" in page


def test_filters_leave_what_was_asked_for(everything, client):
    for query, is_shown in (
        ("kind=workshop", True),
        ("kind=panel", False),
        ("language=en", True),
        ("language=ar", False),
        ("line=C1", False),
        ("room=0", False),
        ("day=all", True),
        ("day=nonsense", True),
    ):
        page = client.get(f"/wsis20/programme?{query}").content.decode()
        assert ('<p class="held-title">' in page) is is_shown, query


def test_a_link_from_a_theme_fills_in_what_is_answered(client_as, forum):
    page = client_as().get("/wsis20/programme/requests/new?answers=M/3").content.decode()
    assert 'value="M/3"' in page


@pytest.mark.parametrize(("button", "state"), [("decline", "declined"), ("refer", "referred")])
def test_a_no_without_a_reason_is_refused_on_the_page(submitted, client_as, button, state):
    submitted()
    browser = client_as(Role.SECRETARIAT)
    answer = browser.post("/wsis20/p/1/decide", {button: "", "reason": "", "reason_language": "en"})
    assert answer.status_code == 422
    assert "give the reason" in answer.content.decode()
    browser.post("/wsis20/p/1/decide", {button: "", "reason": "Too late.", "reason_language": "en"})
    assert SessionRequest.objects.get().state == state
    assert "Too late." in Client().get("/wsis20/p/1").content.decode()


def test_a_request_is_accepted_on_its_page(submitted, client_as):
    submitted()
    answer = client_as(Role.SECRETARIAT).post(
        "/wsis20/p/1/decide", {"accept": "", "reason": "", "reason_language": "en"}
    )
    assert answer.url == "/wsis20/p/1"
    page = Client().get("/wsis20/p/1").content.decode()
    assert "/wsis20/s/1" in page


def test_the_second_of_two_decisions_is_refused_with_a_sentence(submitted, client_as):
    submitted()
    browsers = [client_as(Role.SECRETARIAT) for _ in range(2)]
    form = {"accept": "", "reason": "", "reason_language": "en"}
    assert [one.post("/wsis20/p/1/decide", form).status_code for one in browsers] == [302, 422]
    assert Session.objects.count() == 1


def test_of_two_chosen_requests_it_is_proposed_to_their_authors(submitted, client_as):
    submitted("Villages")
    submitted("Hamlets")
    submitted("Towns")
    browser = client_as(Role.SECRETARIAT)
    chosen = "/wsis20/programme/requests/merge"
    page = browser.get(f"{chosen}?request=1&request=3", follow=True).content.decode()
    assert "About Villages." in page
    assert "About Towns." in page
    assert "About Hamlets." not in page
    assert "Both authors are asked; without the consent of both nothing happens." in page
    for wrong in ("request=1", "request=1&request=2&request=3", "request=1&request=99", "request=x", ""):
        answer = browser.get(f"{chosen}?{wrong}", follow=True)
        assert answer.redirect_chain[0][0] == "/wsis20/programme/requests"
        assert "Please choose two session requests" in answer.content.decode()
    assert client_as(Role.REVIEWER).get(f"{chosen}?request=1&request=2").status_code == 403
    assert Session.objects.count() == 0


def test_rooms_slots_and_closures_are_added(client_as, forum):
    browser = client_as(Role.SECRETARIAT)
    address = "/wsis20/programme/rooms"
    room = {"room-name": "Room K", "room-seats": "80", "room-services": ["hybrid"], "add_room": ""}
    assert browser.post(address, room).status_code == 302
    again = browser.post(address, room)
    assert again.status_code == 422
    assert "Room K" in again.content.decode()
    slots = {
        "on_date": "2025-07-07",
        "starts": "09:00",
        "ends": "12:00",
        "minutes": "45",
        "pause": "15",
        "each_day": "on",
        "add_slots": "",
    }
    assert browser.post(address, slots).status_code == 302
    assert Slot.objects.filter(forum=forum).count() == 5 * 3
    assert browser.post(address, slots).status_code == 422
    closure = {
        "room": Room.objects.get().pk,
        "on_date": "2025-07-08",
        "starts": "09:00",
        "ends": "10:00",
        "reason": "Sound check",
        "add_closure": "",
    }
    assert browser.post(address, closure).status_code == 302
    assert browser.post(address, closure | {"ends": "08:00"}).status_code == 422
    page = browser.get(address).content.decode()
    assert "Sound check" in page
    assert "09:00" in page


def test_a_timetable_is_ordered_and_its_page_can_be_left(client_as, make_session, room, slots):
    make_session()
    browser = client_as(Role.SECRETARIAT)
    answer = browser.post("/wsis20/programme/workspace", {"effort": "quick", "seed": "4"})
    assert answer.url == "/wsis20/programme/timetables/1"
    kept = Timetable.objects.get()
    assert (kept.is_made, kept.seed, kept.effort) == (False, 4, 5.0)
    page = browser.get(answer.url).content.decode()
    assert 'hx-sse:connect="/live/' in page
    assert "Look again" in page
    progress = so_far(TimetableProgress(), [HowFar("wishes", 12, 7, 0.5)], 3.0)
    Job.objects.update(state="running", details=as_stored(progress))
    part = browser.get(f"{answer.url}?part=making").content.decode()
    assert "Meeting wishes" in part
    assert "12" in part
    assert "<html" not in part


@pytest.mark.parametrize("state", ["failed", "refused", "cancelled"])
def test_a_timetable_whose_making_did_not_end_well_is_started_again(
    state, client_as, make_session, room, slots, now
):
    make_session()
    browser = client_as(Role.SECRETARIAT)
    address = browser.post("/wsis20/programme/workspace", {"effort": "quick", "seed": "4"}).url
    Job.objects.update(state=state, sentence="There is <no> room.", ended_at=now)
    page = browser.get(address).content.decode()
    assert "There is &lt;no&gt; room." in page
    assert f'action="{address}/again"' in page
    assert f'action="{address}/stop"' not in page
    assert browser.get("/wsis20/programme/workspace").status_code == 200
    assert browser.post(f"{address}/again").url == address
    assert Timetable.objects.get().job.state == "queued"
    assert Job.objects.count() == (1 if state == "failed" else 2)
    assert browser.post(f"{address}/again").status_code == 422


def test_without_sessions_the_order_is_refused_on_the_page(client_as, forum):
    answer = client_as(Role.SECRETARIAT).post("/wsis20/programme/workspace", {"effort": "quick", "seed": "4"})
    assert answer.status_code == 422
    assert "accept session requests first" in answer.content.decode()


def test_a_session_is_moved_by_form_and_a_conflict_is_named(everything, client_as, make_session, now):
    browser = client_as(Role.SECRETARIAT)
    placed = everything.placements.get()
    other = make_session("Cities")
    address = f"/wsis20/programme/timetables/2/move/{other.symbol.number}"
    slot = Slot.objects.get(starts_at=placed.period.lower)
    taken = browser.post(address, {"room": placed.room_id, "slot": slot.pk})
    assert taken.status_code == 422
    assert "S/1" in taken.content.decode()
    free = Room.objects.exclude(pk=placed.room_id).first()
    assert browser.post(address, {"room": free.pk, "slot": slot.pk}).status_code == 302
    assert everything.placements.count() == 2


def test_publishing_shows_the_difference_first_and_asks(everything, client_as, now):
    browser = client_as(Role.SECRETARIAT)
    session = Session.objects.get()
    browser.post("/wsis20/programme/sessions/1", {"cancel": "", "reason": "Storm"})
    session.refresh_from_db()
    assert session.cancelled_reason == "Storm"
    page = browser.get("/wsis20/programme/timetables/2/publish").content.decode()
    assert "Cancelled" in page
    assert Release.objects.count() == 1
    answer = browser.post(
        "/wsis20/programme/timetables/2/publish", {"note_en": "After the storm", "note_ar": "بعد العاصفة"}
    )
    assert answer.url == "/wsis20/programme/releases/2"
    public = Client().get("/wsis20/programme").content.decode()
    assert "After the storm" in public
    assert "Cancelled" in public
    assert "Storm" in Client().get("/wsis20/s/1").content.decode()
    again = browser.post("/wsis20/programme/timetables/2/publish", {"note_en": ""})
    assert again.status_code == 422


def test_a_title_is_changed_by_form(everything, client_as):
    answer = client_as(Role.SECRETARIAT).post(
        "/wsis20/programme/sessions/1",
        {"change": "", "title": "Hamlets online", "language": "en", "kind": "workshop", "minutes": "60"},
    )
    assert answer.url == "/wsis20/programme/sessions/1"
    assert Session.objects.get().title == "Hamlets online"


def test_the_public_programme_asks_as_often_for_9_sessions_as_for_3(
    client, make_session, submitted, forum, room, other_room, now, django_assert_num_queries, start
):
    Slot.objects.bulk_create(
        Slot(
            forum=forum,
            starts_at=start + timedelta(hours=hour),
            ends_at=start + timedelta(hours=hour + 1),
        )
        for hour in range(6)
    )

    def counted(sessions):
        while Session.objects.count() < sessions:
            number = Session.objects.count()
            session = decisions.accept_request(request=submitted(f"Session {number}"), actor=SYSTEM, now=now)
            session.lines.set(forum.framework.lines.all())
        made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=2.0)
        release = publish_release(timetable=made, actor=SYSTEM, now=now)
        assert release.entries.count() == sessions

    counted(3)
    client.get("/wsis20/programme?day=all")
    with django_assert_num_queries(QUERIES):
        client.get("/wsis20/programme?day=all")
    counted(9)
    client.get("/wsis20/programme?day=all")
    with django_assert_num_queries(QUERIES):
        page = client.get("/wsis20/programme?day=all").content.decode()
    assert page.count('<p class="held-title">') == 9


QUERIES = 9


@pytest.mark.parametrize("page", ["programme/requests", "programme/timetables/{}", "programme/workspace"])
def test_the_workspace_asks_as_often_for_three_as_for_one(page, client_as, submitted, publish, now):
    browser = client_as(Role.SECRETARIAT)
    decisions.accept_request(request=submitted("One"), actor=SYSTEM, now=now)
    publish()
    before = queries_of(browser, page.format(1))
    for title in ("Two", "Three"):
        decisions.accept_request(request=submitted(title), actor=SYSTEM, now=now)
    publish()
    assert queries_of(browser, page.format(2)) == before


def queries_of(browser, page):
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(f"/wsis20/{page}").status_code == 200
    return len(captured)

"""Sessions marked in a browser, taken over by an account, and read again without a connection."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from muntada.forums.models import Forum
from muntada.people.rules import Role
from muntada.programme.releases.actions import publish_release
from muntada.programme.sessions.models import Favourite, Room, Session, Slot
from muntada.programme.timetable.actions import moves
from muntada.programme.timetable.models import Timetable
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, SymbolKind

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def released(forum: Forum, now: datetime) -> None:
    """Three sessions, one after the other in one room."""
    room = Room.objects.create(forum=forum, name="Room A", seats=100, position=1)
    draft = Timetable.objects.create(forum=forum, number=1, made_at=now)
    for hour, title in enumerate(("Hamlets online", "Schools by satellite", "Water")):
        starts_at = now + timedelta(hours=hour)
        slot = Slot.objects.create(forum=forum, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
        symbol = record.give_symbol(
            forum_id=forum.pk, kind=SymbolKind.SESSION, title=title, language="en", now=now
        )
        session = Session.objects.create(
            forum=forum, symbol=symbol, title=title, language="en", kind="workshop", minutes=60, made_at=now
        )
        moves.move_session(timetable=draft, session=session, room=room, slot=slot, actor=SYSTEM, now=now)
    publish_release(timetable=draft, actor=SYSTEM, now=now)


@pytest.mark.parametrize("context", [True], indirect=True, ids=["with-javascript"])
def test_marks_of_the_browser_follow_their_person(context, signed_in, make_person, released):
    page = context.new_page()
    page.goto("/wsis20/programme?day=all")
    page.get_by_role("button", name="My programme S/2").click()
    expect(page.get_by_role("button", name="My programme S/2")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="My programme").first.click()
    expect(page.get_by_role("link", name="Schools by satellite")).to_be_visible()
    expect(page.get_by_role("link", name="Hamlets online")).to_have_count(0)

    person = make_person(Role.PARTICIPANT)
    kept = page.evaluate("localStorage.getItem('marked wsis20')")
    assert kept == "[2]"
    page = signed_in(person)
    page.goto("/wsis20/programme?day=all")
    expect(page.get_by_role("button", name="My programme S/2")).to_have_attribute("aria-pressed", "true")
    assert [one.session.symbol.number for one in Favourite.objects.filter(person=person)] == [2]
    page.goto("/wsis20/programme/mine")
    expect(page.get_by_role("link", name="Schools by satellite")).to_be_visible()


def test_a_programme_once_visited_is_read_without_a_connection(browser: Browser, live_server, released):
    context = browser.new_context(base_url=live_server.url, locale="en-GB")
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto("/wsis20/programme?day=all")
    is_set_up(page)
    context.set_offline(offline=True)
    page.goto("/wsis20/programme?day=2025-07-08")
    expect(page.get_by_role("link", name="Hamlets online")).to_be_visible()
    expect(page.get_by_text("You are offline.")).to_be_visible()
    context.close()


def is_set_up(page: Page) -> None:
    """Ask again and again, with a limit: a script that could not be set up never becomes active."""
    for _ in range(80):
        if page.evaluate(
            "navigator.serviceWorker.getRegistration('/wsis20/').then((one) => Boolean(one?.active))"
        ):
            return
        page.wait_for_timeout(250)
    pytest.fail("the script for times without a connection was not set up")

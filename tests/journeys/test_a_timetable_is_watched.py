"""The making of a timetable in a real browser, on the whole site with its live updates and its worker."""

import asyncio
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

import pytest
import uvicorn
from django.utils import timezone
from playwright.sync_api import Page, expect

from muntada import asgi
from muntada.forums.models import Forum
from muntada.foundations import live
from muntada.foundations.page_cache import PageCache
from muntada.foundations.serving import PlainHandler
from muntada.foundations.worker import worker_beside_the_web
from muntada.people.models import Person
from muntada.people.rules import Role
from muntada.programme.sessions import actions as places
from muntada.programme.sessions.models import Favourite, Session
from muntada.programme.timetable.models import Timetable
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, SymbolKind

from .accessibility import shuts_nobody_out

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PATIENCE_SECONDS = 60
PATIENCE = PATIENCE_SECONDS * 1000
SESSIONS, ROOMS, SLOTS, ATTENDEES, MARKS = 60, 6, 12, 120, 8


class Working(threading.Thread):
    """A worker, in a thread where `serve` has a process."""

    def run(self) -> None:
        asyncio.run(self._work())

    async def _work(self) -> None:
        self.loop, self.stopped = asyncio.get_running_loop(), asyncio.Event()
        async with worker_beside_the_web():
            await self.stopped.wait()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.stopped.set)
        self.join(timeout=PATIENCE_SECONDS)


@pytest.fixture
def site(transactional_db, settings, monkeypatch) -> Iterator[str]:
    """The whole as it is served: pages, event streams, and a worker beside them."""
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    monkeypatch.setattr(asgi, "pages", PageCache(PlainHandler(), live.hub))
    working = Working()
    working.start()
    server = uvicorn.Server(
        uvicorn.Config(
            asgi.application, port=0, lifespan="on", log_level="warning", timeout_graceful_shutdown=1
        )
    )
    serving = threading.Thread(target=server.run)
    serving.start()
    until = time.monotonic() + PATIENCE_SECONDS
    while not server.started and serving.is_alive() and time.monotonic() < until:
        serving.join(timeout=0.05)
    assert server.started
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://localhost:{port}"
    server.should_exit = True
    serving.join(timeout=PATIENCE_SECONDS)
    working.stop()
    assert not serving.is_alive()


@pytest.fixture
def much_to_place(forum: Forum) -> Forum:
    """More favourites than can be met, and more than the exact model counts: the search is never through."""
    now = timezone.now()
    forum.windows.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30))
    for number in range(ROOMS):
        places.add_room(forum=forum, name=f"Room {number}", seats=100, actor=SYSTEM, now=now)
    start = now.replace(year=2025, month=7, day=8, hour=6, minute=0, second=0, microsecond=0)
    hours = [start + timedelta(hours=hour) for hour in range(SLOTS)]
    places.add_slots(
        forum=forum, periods=[(one, one + timedelta(hours=1)) for one in hours], actor=SYSTEM, now=now
    )
    for number in range(SESSIONS):
        title = f"Session {number}"
        symbol = record.give_symbol(
            forum_id=forum.pk, kind=SymbolKind.SESSION, title=title, language="en", now=now
        )
        Session.objects.create(
            forum=forum, symbol=symbol, title=title, language="en", kind="workshop", minutes=60, made_at=now
        )
    sessions = list(Session.objects.filter(forum=forum).order_by("pk"))
    people = Person.objects.bulk_create(
        Person(email=f"attendee{number}@example.org", name=f"Attendee {number}")
        for number in range(ATTENDEES)
    )
    random = Random(1)  # noqa: S311 - what invented people mark
    Favourite.objects.bulk_create(
        Favourite(person=person, session=session, marked_at=now)
        for person in people
        for session in random.sample(sessions, MARKS)
    )
    return forum


@pytest.mark.parametrize("context", [True], indirect=True, ids=["with-javascript"])
def test_a_making_improves_before_ones_eyes_and_is_stopped_and_the_best_is_kept(
    context, signed_in, make_person, much_to_place: Forum, site: str
):
    page = ordered(signed_in(make_person(Role.SECRETARIAT, name="Amina Example")), site)
    best = page.locator("#making tr", has_text="Meeting wishes").locator("td").first
    missed = page.locator("#making tr", has_text="Favourites missed").locator("[data-broken]")
    expect(best).to_be_visible(timeout=PATIENCE)
    expect(missed).to_be_visible(timeout=PATIENCE)
    page.evaluate("window.neverReloaded = true")
    shuts_nobody_out(page)
    first = (best.inner_text(), missed.inner_text())
    expect(best).not_to_have_text(first[0], timeout=PATIENCE)
    expect(missed).not_to_have_text(first[1], timeout=PATIENCE)
    assert page.evaluate("window.neverReloaded") is True
    seen = int(best.inner_text())
    assert seen < int(first[0])
    assert Timetable.objects.get().job.state == "running"
    page.get_by_role("button", name="Stop and keep the best").click()
    expect(page.get_by_text("It is made.").or_(page.locator("#board"))).to_be_visible(timeout=PATIENCE)
    assert_kept(page, site, seen)


@pytest.mark.parametrize("context", [False], indirect=True, ids=["without-javascript"])
def test_a_making_is_looked_at_again_and_again_without_javascript_and_stopped(
    context, signed_in, make_person, much_to_place: Forum, site: str
):
    page = ordered(signed_in(make_person(Role.SECRETARIAT, name="Amina Example")), site)
    best = page.locator("#making tr", has_text="Meeting wishes").locator("td").first
    look_again_until(page, lambda: best.count() > 0)
    first = int(best.inner_text())
    look_again_until(page, lambda: int(best.inner_text()) < first)
    seen = int(best.inner_text())
    expect(page.locator("#making tr", has_text="Favourites missed")).to_be_visible()
    page.get_by_role("button", name="Stop and keep the best").click()
    expect(page.locator("main")).to_contain_text("The best timetable found so far is kept")
    look_again_until(page, lambda: page.locator("#making").count() == 0)
    assert_kept(page, site, seen)


def ordered(page: Page, site: str) -> Page:
    """Order a timetable that takes long, as the secretariat does."""
    page.goto(f"{site}/wsis20/programme/workspace?lang=en")
    page.get_by_label("How long to search").select_option("thorough")
    page.get_by_role("button", name="Make a timetable").click()
    expect(page).to_have_url(re.compile("/timetables/1$"))
    return page


def look_again_until(page: Page, is_so: Callable[[], bool]) -> None:
    """Follow the link that shows how far it is, as somebody without JavaScript does."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < until, page.locator("main").inner_text()
        page.get_by_role("link", name="Look again").click()


def assert_kept(page: Page, site: str, seen: int) -> None:
    """What was seen last, or better, is there: every session has its place, and it is stored as made."""
    made = Timetable.objects.get()
    assert made.is_made
    assert made.objective["wishes"] <= seen
    assert made.placements.count() == SESSIONS
    page.goto(f"{site}/wsis20/programme/timetables/1?lang=en")
    expect(page.locator("#board [data-card]").first).to_be_visible()

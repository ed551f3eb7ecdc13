"""The workspace of a timetable in a real browser: by keyboard alone, by drag, by two editors, on a phone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from muntada.forums.models import Forum
from muntada.people.rules import Role
from muntada.programme.releases.actions import publish_release
from muntada.programme.sessions import actions as places
from muntada.programme.sessions.models import Room, Session, Slot
from muntada.programme.timetable.actions import drafts, timetable_runs
from muntada.programme.timetable.models import Placement, Release, SessionLock, Timetable
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, SymbolKind

from .accessibility import shuts_nobody_out

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
PATIENCE = 20_000
WIDE = {"width": 1280, "height": 1800}
AT = "/wsis20/programme/timetables/2"


@pytest.fixture
def draft(forum: Forum) -> Timetable:
    """A draft of a released timetable: two rooms, three slots, two sessions."""
    now = timezone.now()
    forum.windows.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30))
    for name in ("Room A", "Room B"):
        places.add_room(forum=forum, name=name, seats=100, actor=SYSTEM, now=now)
    start = now.replace(year=2025, month=7, day=8, hour=7, minute=0, second=0, microsecond=0)
    hours = [start + timedelta(hours=hour) for hour in range(3)]
    places.add_slots(
        forum=forum, periods=[(one, one + timedelta(hours=1)) for one in hours], actor=SYSTEM, now=now
    )
    for title in ("Connecting villages", "Smart cities"):
        symbol = record.give_symbol(
            forum_id=forum.pk, kind=SymbolKind.SESSION, title=title, language="en", now=now
        )
        Session.objects.create(
            forum=forum,
            symbol=symbol,
            title=title,
            language="en",
            kind="workshop",
            minutes=60,
            made_at=now,
        )
    made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    publish_release(timetable=made, actor=SYSTEM, now=now)
    return drafts.copy_timetable(timetable=made, actor=SYSTEM, now=now)


def press(page: Page, what: Locator) -> None:
    """Follow a link or press a button as somebody without a mouse does."""
    what.focus()
    expect(what).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_by_keyboard_alone_a_session_is_moved_locked_and_released(
    signed_in, make_person, draft: Timetable, forum: Forum, context: BrowserContext
):
    page = signed_in(make_person(Role.SECRETARIAT, name="Amina Example"))
    page.goto(AT)
    press(page, page.locator("#move-1"))
    before = Placement.objects.get(timetable=draft, session__symbol__number=1)
    press(page, page.get_by_role("button", name=re.compile("^Move here")).last)
    expect(page.locator(".notice.success, .messages").first).to_contain_text("Moved in this draft")
    after = Placement.objects.get(timetable=draft, session__symbol__number=1)
    assert (after.room, after.period) != (before.room, before.period)
    press(page, page.locator("#move-1"))
    press(page, page.get_by_role("button", name="Lock to this time and room"))
    assert SessionLock.objects.get().room == after.room
    page.goto(AT)
    expect(page.locator("[data-card='1']")).to_contain_text("locked")
    press(page, page.get_by_role("link", name="Publish"))
    page.locator("[name=note_en]").focus()
    page.keyboard.type("Villages moved")
    press(page, page.get_by_role("button", name="Publish"))
    assert Release.objects.order_by("-number").first().notes == {"en": "Villages moved"}
    expect(page.locator("main")).to_contain_text("Moved")


def test_a_session_is_dragged_and_a_second_editor_is_told(
    signed_in, make_person, draft: Timetable, forum: Forum, context: BrowserContext
):
    page = signed_in(make_person(Role.SECRETARIAT, name="Amina Example"))
    page.set_viewport_size(WIDE)
    page.goto(AT)
    grip = page.locator("[data-card='1'] .grip")
    if not grip.count():
        pytest.skip("nothing is dragged without JavaScript")
    shuts_nobody_out(page)
    other = context.new_page()
    other.goto(f"{AT}/move/1")
    slot = Slot.objects.filter(forum=forum).last()
    room = Room.objects.get(name="Room B")
    cell = page.locator(f"[data-place='{slot.pk}-{room.pk}']")
    drag(page, grip, cell)
    expect(cell.locator("[data-card='1']")).to_be_visible(timeout=PATIENCE)
    placed = Placement.objects.get(timetable=draft, session__symbol__number=1)
    assert (placed.room, placed.period.lower) == (room, slot.starts_at)
    with other.expect_navigation():
        other.get_by_role("button", name=re.compile("^Move here")).first.click()
    expect(other.locator(".notice.refusal")).to_contain_text("Amina Example moved S/1")
    expect(other.locator("main .facts")).to_contain_text("Room B")
    placed.refresh_from_db()
    assert placed.room == room
    taken = page.locator("td", has=page.locator("[data-card='2']"))
    drag(page, page.locator("[data-card='1'] .grip"), taken)
    expect(page.locator("#board .notice.refusal")).to_contain_text("at the same time", timeout=PATIENCE)
    with page.expect_navigation():
        page.get_by_role("button", name="Undo the last move").click()
    assert Placement.objects.get(timetable=draft, session__symbol__number=1).period.lower != slot.starts_at


def drag(page: Page, grip: Locator, target: Locator) -> None:
    grip.scroll_into_view_if_needed()
    start = grip.bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    place = target.bounding_box()
    page.mouse.move(place["x"] + 20, place["y"] + 20, steps=4)
    expect(page.locator("td.can").first).to_be_visible(timeout=PATIENCE)
    expect(target).to_have_class(re.compile("over"), timeout=PATIENCE)
    with page.expect_response(re.compile("/move/")):
        page.mouse.up()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_a_phone_the_board_is_a_list_in_both_directions(
    signed_in, make_person, draft: Timetable, language: str
):
    page = signed_in(make_person(Role.SECRETARIAT))
    page.set_viewport_size(PHONE)
    page.goto(f"{AT}?lang={language}")
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    expect(page.locator("#move-1")).to_be_visible()
    expect(page.locator(".board-table thead")).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the phone"
    shuts_nobody_out(page)


@pytest.mark.parametrize("context", [True], indirect=True, ids=["with-javascript"])
def test_in_arabic_the_grid_runs_from_right_to_left_and_a_session_is_dragged_in_it(
    context, signed_in, make_person, draft: Timetable, forum: Forum
):
    """The board on which it is moved, and the programme that everybody reads."""
    page = signed_in(make_person(Role.SECRETARIAT))
    page.set_viewport_size(WIDE)
    page.goto(f"{AT}?lang=ar")
    assert_from_right_to_left(page, page.locator(".board-table thead th"))
    shuts_nobody_out(page)
    slot, room = Slot.objects.filter(forum=forum).last(), Room.objects.get(name="Room B")
    cell = page.locator(f"[data-place='{slot.pk}-{room.pk}']")
    drag(page, page.locator("[data-card='1'] .grip"), cell)
    expect(cell.locator("[data-card='1']")).to_be_visible(timeout=PATIENCE)
    placed = Placement.objects.get(timetable=draft, session__symbol__number=1)
    assert (placed.room, placed.period.lower) == (room, slot.starts_at)
    publish_release(timetable=draft, actor=SYSTEM, now=timezone.now())
    page.goto("/wsis20/programme?day=all&view=grid&lang=ar")
    assert_from_right_to_left(page, page.locator(".programme-day thead th"))
    shuts_nobody_out(page)


def assert_from_right_to_left(page: Page, heads: Locator) -> None:
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(heads.first).to_be_visible()
    lefts = [head.bounding_box()["x"] for head in heads.all()]
    assert len(lefts) > 1
    assert lefts == sorted(lefts, reverse=True), "the first column has to stand on the right"

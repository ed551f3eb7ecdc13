"""One journey: from an Arabic sentence to the adopted paragraph, and back along the trace."""

import re
import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from muntada.consultation.calls.actions import calls
from muntada.forums.models import Forum
from muntada.foundations.worker import worker_app
from muntada.people.rules import Role
from muntada.programme.sessions.actions import add_room, add_slots
from muntada.record.models import Symbol
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SENTENCE = "نطلب أن تُربط مدارس الواحات بالإنترنت بسعر لا يتجاوز اثنين في المئة من الدخل."


@pytest.fixture
def call(forum):
    now = timezone.now()
    return calls.open_call(
        forum=forum,
        new=calls.NewCall(
            slug="open",
            titles={"en": "Open consultation", "ar": "مشاورة مفتوحة"},
            introductions={"en": "What should the forum take up?"},
            questions=[calls.CallQuestion("views", {"en": "What would you like to tell the forum?"})],
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=30),
        ),
        actor=SYSTEM,
        now=now,
    )


@pytest.fixture
def rooms(forum):
    now = timezone.now()
    add_room(forum=forum, name="Room A", seats=80, actor=SYSTEM, now=now)
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    periods = [(start + timedelta(hours=hour), start + timedelta(hours=hour + 1)) for hour in range(3)]
    add_slots(forum=forum, periods=periods, actor=SYSTEM, now=now)


def test_a_word_is_followed_from_the_voice_to_the_text_and_back(forum, call, rooms, signed_in, make_person):
    writes_in_arabic(signed_in(make_person(name="Salma Example", language="ar")))
    takes_a_statement_and_replies(signed_in(make_person(Role.MODERATOR)))
    for number in range(2):
        votes(signed_in(make_person(name=f"Voter {number}")))
    asks_for_a_session(signed_in(make_person(name="Ngozi Example")))
    accepts_and_publishes(signed_in(make_person(Role.SECRETARIAT)))
    asks_and_reports(signed_in(make_person(Role.RAPPORTEUR)))
    settles_a_finding(signed_in(make_person(Role.FACILITATOR)))
    secretariat = make_person(Role.SECRETARIAT)
    begins_the_text(signed_in(secretariat))
    proposes_words(signed_in(make_person(Role.DELEGATE)))
    page = signed_in(secretariat)
    adopts(page)
    leads_back(page)
    assert check_log(forum.pk).is_whole


def writes_in_arabic(page: Page) -> None:
    page.goto("/wsis20/consultation/open/write?lang=ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.select_option("[name=language]", "ar")
    page.fill("[name=title]", "مدارس الواحات")
    page.fill("[name=text]", SENTENCE)
    page.check("[name=consent_to_publish]")
    page.locator("button[value=submit]").click()
    expect(page).to_have_url(re.compile("/wsis20/c/1$"))
    expect(page.locator("main")).to_contain_text(SENTENCE)


def takes_a_statement_and_replies(page: Page) -> None:
    page.goto("/wsis20/c/1/statement?lang=en")
    page.fill("[name=text]", "يجب أن تُربط مدارس الواحات بسعر ميسور.")
    page.select_option("[name=language]", "ar")
    page.get_by_role("button", name="Put it to the vote").click()
    page.goto("/wsis20/c/1/reply")
    choose(page, "disposition", "accepted")
    page.fill("[name=reason]", "A session on connecting schools will take it up.")
    page.select_option("[name=language]", "en")
    page.get_by_role("button", name="Publish the reply").click()
    expect(page.locator("main")).to_contain_text("A session on connecting schools will take it up.")


def votes(page: Page) -> None:
    page.goto("/wsis20/consultation/open/vote?lang=en")
    page.get_by_role("button", name="Agree", exact=True).click()
    page.goto("/wsis20/consultation/open/vote")
    expect(page.locator("main")).to_contain_text("You voted on every statement")


def asks_for_a_session(page: Page) -> None:
    page.goto("/wsis20/programme/requests/new?lang=en")
    page.fill("[name=title]", "Connecting the schools of the oases")
    page.fill("main [name=description]", "It answers [C/1] and [T/1].")
    page.fill("[name=answers]", "C/1")
    page.locator("button[value=submit]").click()
    expect(page).to_have_url(re.compile("/wsis20/p/1$"))


def accepts_and_publishes(page: Page) -> None:
    page.goto("/wsis20/p/1?lang=en")
    page.fill("[name=reason]", "It answers what was asked in the consultation.")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("main")).to_contain_text("It became the session")
    page.goto("/wsis20/programme/workspace")
    page.get_by_role("button", name="Make a timetable").click()
    expect(page).to_have_url(re.compile("/timetables/1$"))
    work_off_the_queue()
    page.goto("/wsis20/programme/timetables/1/publish")
    page.get_by_role("button", name="Publish").click()
    page.goto("/wsis20/programme")
    expect(page.locator("main")).to_contain_text("Connecting the schools of the oases")


def work_off_the_queue() -> None:
    """Let a worker do what waits, as the one beside the web server would."""
    worker = worker_app()
    working = threading.Thread(target=lambda: worker.run_worker(wait=False, install_signal_handlers=False))
    working.start()
    working.join(timeout=60)
    assert not working.is_alive()


def asks_and_reports(page: Page) -> None:
    page.goto("/wsis20/s/1?lang=en")
    page.locator("main [name=text]").fill("When will the oases be connected?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#question-list")).to_contain_text("When will the oases be connected?")
    page.goto("/wsis20/s/1/report")
    page.fill("[name=summary]", "The session heard [C/1] and was asked [Q/1].")
    page.fill("[name=obstacle]", "C2: The price of the line stands in the way.")
    page.get_by_role("button", name="File the report").click()
    expect(page).to_have_url(re.compile("/wsis20/r/1$"))


def settles_a_finding(page: Page) -> None:
    page.goto("/wsis20/review/propose?lang=en")
    page.select_option("[name=line]", label="C2 Line C2")
    page.select_option("[name=kind]", "obstacle")
    page.fill("[name=text]", "Prices keep schools offline.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice.refusal")).to_contain_text("A finding has to rest on something")
    expect(page.locator("[name=text]")).to_have_value("Prices keep schools offline.")
    page.fill("[name=text]", "Prices keep schools offline [R/1].")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Settle this finding").click()
    expect(page.locator("main")).to_contain_text("Settled")


def begins_the_text(page: Page) -> None:
    page.goto("/wsis20/outcome/begin?lang=en")
    page.fill("main [name=text]", "Outcome of the forum")
    page.get_by_role("button", name="Save").click()
    page.goto("/wsis20/outcome/paragraph")
    page.select_option("[name=kind]", "operative")
    page.fill("main [name=text]", "Notes that prices matter [F/1].")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile("/wsis20/l/1$"))


def proposes_words(page: Page) -> None:
    page.goto("/wsis20/l/1/propose?lang=en")
    page.select_option("[name=kind]", "replace")
    page.fill("[name=party]", "Norlandia")
    page.fill("main [name=text]", "Calls upon all to connect every school at a price people can pay [F/1].")
    page.fill("[name=rationale]", "Notes is too weak.")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile("/wsis20/a/1$"))


def adopts(page: Page) -> None:
    page.goto("/wsis20/outcome/adopt?lang=en")
    page.get_by_role("button", name="Adopt the text").click()
    expect(page.locator(".notice.refusal")).to_contain_text("proposals that are not decided")
    page.goto("/wsis20/a/1")
    page.check("[name=decision][value=accept]")
    page.fill("[name=reason]", "Agreed by all.")
    page.get_by_role("button", name="Decide").click()
    page.goto("/wsis20/outcome/adopt")
    page.get_by_role("button", name="Adopt the text").click()
    expect(page.locator("main")).to_contain_text("The text is adopted.")
    page.goto("/wsis20/l/1/commit")
    page.fill("[name=verb]", "calls upon")
    page.fill("[name=action]", "Connect one hundred schools.")
    page.fill("[name=addressees]", "Norlandia")
    page.fill("[name=due_date]", "2030-01-01")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile("/wsis20/k/1$"))


def leads_back(page: Page) -> None:
    page.goto("/wsis20/l/1")
    expect(page.locator("main")).to_contain_text("every school at a price people can pay")
    page.get_by_role("link", name="See the whole trace").click()
    expect(page).to_have_url(re.compile("/wsis20/l/1/trace$"))
    below = page.locator("section[aria-labelledby=rests-on] .trace-list")
    for symbol in ("F/1", "R/1", "S/1", "P/1", "A/1", "C/1"):
        expect(below).to_contain_text(f"WSIS20/{symbol}")
    expect(page.locator("section[aria-labelledby=led-to] .trace-list")).to_contain_text("WSIS20/K/1")
    voice = below.locator("li", has_text="WSIS20/C/1")
    expect(voice.locator("[lang=ar]")).to_contain_text("مدارس الواحات")
    voice.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text(SENTENCE)
    contribution = Symbol.objects.get(forum=Forum.objects.get(slug="wsis20"), kind="C", number=1)
    assert contribution.language == "ar"


def choose(page: Page, name: str, value: str) -> None:
    """Choose a value, whether it is offered as a list or as buttons."""
    field = page.locator(f"[name={name}]").first
    if field.evaluate("element => element.tagName") == "SELECT":
        page.select_option(f"[name={name}]", value)
    else:
        page.check(f"[name={name}][value={value}]")

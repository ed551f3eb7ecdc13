"""Somebody writes while the connection breaks, the browser closes, and another window is open."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from tests.journeys.conftest import SignedIn

from muntada.consultation.calls.actions import calls
from muntada.consultation.calls.models import Call
from muntada.consultation.contributions.models import Contribution, ContributionDraft
from muntada.forums.models import Forum
from muntada.record.rules import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WRITE = "/wsis20/consultation/open/write"
OFFLINE = {"en": "No connection. What you write is kept in this browser and saved when you are back."}
DIRECTIONS = {"en": "ltr", "ar": "rtl"}
TEXTS = {"en": ("Connect the villages", "Half of them have no line."), "ar": ("صلوا القرى", "نصفها بلا خط.")}


@pytest.fixture
def call(forum: Forum) -> Call:
    now = timezone.now()
    forum.windows.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30))
    return calls.open_call(
        forum=forum,
        new=calls.NewCall(
            slug="open",
            titles={"en": "What should we discuss?", "ar": "ماذا نناقش؟"},
            introductions={},
            questions=[
                calls.CallQuestion("views", {"en": "What do you say?", "ar": "ماذا تقولون؟"}),
                calls.CallQuestion("why", {"en": "Why?", "ar": "لماذا؟"}, words=4),
            ],
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=20),
        ),
        actor=SYSTEM,
        now=now,
    )


@pytest.fixture
def writing(call, make_person, signed_in: SignedIn) -> Page:
    return signed_in(make_person(name="Amina Example"))


def type_in(page: Page, title: str, text: str) -> None:
    page.locator("#id_title").fill(title)
    page.locator("#id_text").fill(text)


def press(page: Page, step: str) -> None:
    """Send the form and wait for the page that answers it."""
    with page.expect_navigation():
        page.locator(f"button[value={step}]").click()


def saved(page: Page) -> None:
    """Wait until the line under the form carries the revision the server has."""
    expect(page.locator("#saved [data-revision]")).to_be_visible(timeout=15_000)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("context", [True], indirect=True, ids=["with-javascript"])
def test_a_draft_survives_a_lost_connection_and_a_closed_browser(
    writing: Page, context: BrowserContext, browser, live_server, language
):
    title, text = TEXTS[language]
    writing.goto(f"{WRITE}?lang={language}")
    type_in(writing, title, text)
    saved(writing)
    assert ContributionDraft.objects.get().text == text

    context.set_offline(True)
    writing.locator("#id_text").fill(f"{text} 2")
    offline = writing.locator("#saved").get_attribute("data-offline")
    expect(writing.locator("#saved")).to_have_text(offline)
    assert (offline == OFFLINE["en"]) is (language == "en")
    assert writing.locator("html").get_attribute("dir") == DIRECTIONS[language]
    writing.locator("button[value=submit]").click()
    expect(writing.locator("#saved")).to_have_text(offline)
    expect(writing.locator("#id_text")).to_have_value(f"{text} 2")
    assert ContributionDraft.objects.get().text == text

    context.set_offline(False)
    saved(writing)
    assert ContributionDraft.objects.get().text == f"{text} 2"

    context.set_offline(True)
    writing.locator("#id_text").fill(f"{text} 3")
    expect(writing.locator("#saved")).to_have_text(offline)
    kept = context.storage_state()
    writing.close()
    again = browser.new_context(storage_state=kept, base_url=live_server.url)
    page = again.new_page()
    page.goto(WRITE)
    expect(page.locator("#id_text")).to_have_value(f"{text} 2")
    offer = page.locator("#unsaved")
    expect(offer.locator("blockquote")).to_have_text(f"{title} {text} 3")
    offer.locator("[data-take]").click()
    expect(page.locator("#id_text")).to_have_value(f"{text} 3")
    saved(page)
    page.locator("button[value=submit]").click()
    page.wait_for_url("**/c/1")
    assert Contribution.objects.get().text == f"{text} 3"
    page.goto(WRITE)
    expect(page.locator("#unsaved")).to_be_hidden()
    again.close()


@pytest.mark.slow
def test_who_signed_in_again_in_another_window_goes_on_writing(writing: Page, context: BrowserContext):
    writing.goto(WRITE)
    type_in(writing, *TEXTS["en"])
    context.clear_cookies(name="csrftoken")
    context.new_page().goto(WRITE)
    writing.locator("button[value=submit]").click()
    again = writing.get_by_role("button", name="Send it again")
    if again.or_(writing.locator("h1 .symbol")).first.text_content() == "Send it again":
        expect(writing.locator("textarea").last).to_have_value(TEXTS["en"][1])
        again.click()
    writing.wait_for_url("**/c/1")
    assert Contribution.objects.get().text == TEXTS["en"][1]


def test_a_draft_is_kept_and_submitted_with_and_without_javascript(writing: Page):
    writing.goto(WRITE)
    type_in(writing, *TEXTS["en"])
    writing.locator("button[value=save]").click()
    expect(writing.locator("main")).to_contain_text("Your draft is saved.")
    assert ContributionDraft.objects.get().title == TEXTS["en"][0]
    writing.goto(WRITE)
    expect(writing.locator("#id_title")).to_have_value(TEXTS["en"][0])
    writing.locator("#id_answer-why").fill("one two three four five")
    writing.locator("button[value=submit]").click()
    expect(writing.locator("main")).to_contain_text("This answer has 5 words, and at most 4 are asked for.")
    writing.locator("#id_answer-why").fill("人人都应该能上网")
    writing.locator("button[value=submit]").click()
    writing.wait_for_url("**/c/1")
    expect(writing.locator("main")).to_contain_text("人人都应该能上网")
    assert Contribution.objects.get().versions.count() == 1
    assert not ContributionDraft.objects.exists()


@pytest.mark.slow
def test_what_two_windows_type_is_kept_both(writing: Page, context: BrowserContext):
    writing.goto(WRITE)
    type_in(writing, "One", "The first words.")
    press(writing, "save")
    second = context.new_page()
    second.goto(WRITE)
    writing.locator("#id_text").fill("Words of the first window.")
    press(writing, "save")
    second.locator("#id_text").fill("Words of the second window.")
    press(second, "save")
    expect(second.locator("main")).to_contain_text("You went on with this draft in another window.")
    expect(second.locator("#id_text")).to_have_value("Words of the first window.")
    expect(second.locator("section[aria-labelledby=copies]")).to_contain_text("Words of the second window.")
    second.get_by_role("button", name="Put it in place of the draft").click()
    expect(second.locator("#id_text")).to_have_value("Words of the second window.")
    expect(second.locator("section[aria-labelledby=copies]")).to_contain_text("Words of the first window.")
    second.get_by_role("button", name="Throw it away").click()
    expect(second.locator("section[aria-labelledby=copies]")).to_have_count(0)
    assert ContributionDraft.objects.get().text == "Words of the second window."


@pytest.mark.slow
def test_two_windows_opened_before_the_first_save_keep_both_texts(writing: Page, context: BrowserContext):
    second = context.new_page()
    for page in (writing, second):
        page.goto(WRITE)
    type_in(writing, "One", "Words of the first window.")
    press(writing, "save")
    type_in(second, "Two", "Words of the second window.")
    press(second, "submit")
    expect(second.locator("main")).to_contain_text("You went on with this draft in another window.")
    expect(second.locator("#id_text")).to_have_value("Words of the first window.")
    expect(second.locator("section[aria-labelledby=copies]")).to_contain_text("Words of the second window.")
    assert not Contribution.objects.exists()


@pytest.mark.slow
def test_a_call_that_closes_while_one_writes_keeps_the_text(writing: Page, call):
    writing.goto(WRITE)
    type_in(writing, *TEXTS["en"])
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    writing.locator("button[value=submit]").click()
    expect(writing.locator("main")).to_contain_text("This call is closed.")
    expect(writing.locator("#id_text")).to_have_value(TEXTS["en"][1])
    assert ContributionDraft.objects.get().text == TEXTS["en"][1]
    assert not Contribution.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("context", [True], indirect=True, ids=["with-javascript"])
def test_words_are_counted_in_the_page_as_on_the_server(writing: Page):
    writing.goto(WRITE)
    counter = writing.locator("[data-words-of='id_answer-why'] bdi")
    for text, count in (
        ("", 0),
        ("well-known words — and/or 2030", 4),
        ("人人都应该能上网", 4),
        ("كل القرى، بلا خط", 4),
        ("网络 networks 很快。", 3),
    ):
        writing.locator("#id_answer-why").fill(text)
        expect(counter).to_have_text(f"{count} / 4")

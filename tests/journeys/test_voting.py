"""Voting in a real browser: without an account, by keys and without JavaScript, in English and in Arabic."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from muntada.consultation.calls.actions import calls
from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import CallVotesOpenTo, ResultsVisible, StatementsOpenTo
from muntada.consultation.statements.actions import statements
from muntada.consultation.statements.actions.statements import Wording
from muntada.consultation.statements.models import Vote, Voter
from muntada.forums.models import Forum
from muntada.people.rules import Role
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM

from .accessibility import shuts_nobody_out

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SAID = {
    "Every village should have access to the internet.": "ينبغي أن تتاح الإنترنت لكل قرية.",
    "Taxes on phones should be lower.": "ينبغي خفض الضرائب على الهواتف.",
    "Schools need more teachers.": "تحتاج المدارس إلى مزيد من المعلمين.",
}
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def call(forum: Forum) -> Call:
    now = timezone.now()
    opened = calls.open_call(
        forum=forum,
        new=calls.NewCall(
            slug="open",
            titles={"en": "Open consultation", "ar": "مشاورة مفتوحة"},
            introductions={"en": "What should the forum take up?"},
            questions=[calls.CallQuestion("views", {"en": "What would you like to tell the forum?"})],
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=30),
            votes_open_to=CallVotesOpenTo.ANYONE,
            results_visible=ResultsVisible.AFTER_VOTE,
        ),
        actor=SYSTEM,
        now=now,
    )
    opened.statements_open_to = StatementsOpenTo.SIGNED_IN
    opened.save()
    forum.windows.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30))
    for text, arabic in SAID.items():
        made = {"ar": {"text": arabic, "status": "reviewed"}}
        statements.put_statement(call=opened, wording=Wording(text, "en", made), actor=SYSTEM, now=now)
    return opened


def has_javascript(page: Page) -> bool:
    return page.locator("[data-keys-hint]").is_visible()


def fits_a_phone(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the phone"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_somebody_without_an_account_votes_on_a_phone_and_changes_a_vote(
    context: BrowserContext, call: Call, forum: Forum, language: str
):
    page = context.new_page()
    page.set_viewport_size(PHONE)
    page.goto(f"/wsis20/consultation/open/vote?lang={language}")
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    by_keys = has_javascript(page)
    if by_keys:
        shuts_nobody_out(page)
        fits_a_phone(page)
    for place in range(len(SAID)):
        asked = page.locator("h2.statement")
        expect(asked).to_have_attribute("lang", language)
        shown = asked.inner_text()
        assert shown in (SAID.values() if language == "ar" else SAID)
        with page.expect_navigation():
            if by_keys:
                page.keyboard.press("Digit1" if place else "Digit2")
            else:
                page.locator(f"button[value={'agree' if place else 'disagree'}]").click()
    expect(page.locator(".notice.success")).to_be_visible()
    assert sorted(Vote.objects.filter(is_current=True).values_list("value", flat=True)) == [-1, 1, 1]
    assert Voter.objects.count() == 1
    page.locator("main a[href$='/consultation/open/votes']").first.click()
    if by_keys:
        shuts_nobody_out(page)
        fits_a_phone(page)
    page.locator("article details summary").last.click()
    with page.expect_navigation():
        page.locator("article").last.locator("button[value=agree]").click()
    assert Vote.objects.filter(is_current=True, value=1).count() == 3
    with page.expect_navigation():
        page.locator("form[action$='/undo'] button").first.click()
    assert Vote.objects.filter(is_current=True, value=-1).count() == 1
    assert check_log(forum.pk).is_whole


def test_keys_do_nothing_while_somebody_types_and_can_be_switched_off(context: BrowserContext, call: Call):
    page = context.new_page()
    page.goto("/wsis20/consultation/open/vote")
    if not has_javascript(page):
        pytest.skip("there are no keys without JavaScript")
    page.keyboard.press("Digit4")
    expect(page.locator("input[name=important]")).to_be_checked()
    page.locator("[data-keys-switch]").click()
    expect(page.locator("[data-keys-switch]")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Digit1")
    page.keyboard.press("Digit4")
    expect(page.locator("input[name=important]")).to_be_checked()
    assert Vote.objects.count() == 0
    page.locator("[data-keys-switch]").click()
    search = page.locator("header input[type=search], input[name=q]").first
    if search.count():
        search.focus()
        page.keyboard.press("Digit1")
        assert Vote.objects.count() == 0
        search.blur()
    with page.expect_navigation():
        page.keyboard.press("Digit1")
    assert Vote.objects.get().important


def test_a_participant_sees_what_is_said_already_goes_on_and_a_moderator_lets_it_in(
    signed_in, call: Call, make_person, context: BrowserContext
):
    author, moderator = make_person(name="Amina Example"), make_person(Role.MODERATOR)
    page = signed_in(author)
    page.goto("/wsis20/consultation/open/statements")
    page.get_by_role("link", name="Put a statement to the vote").click()
    page.fill("[name=text]", "Every village should have acces to the Internet")
    page.locator("main form button.button").last.click()
    expect(page.locator("#twins")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Every village should have access to the internet.")
    page.get_by_role("button", name="None of these").click()
    expect(page.locator("main")).to_contain_text("waits for a moderator")
    page = signed_in(moderator)
    page.goto("/wsis20/consultation/open/statements/waiting")
    page.get_by_role("button", name="Put it to the vote").click()
    expect(page).to_have_url(re.compile("/statements$"))
    expect(page.locator("main")).to_contain_text("Every village should have acces to the Internet")

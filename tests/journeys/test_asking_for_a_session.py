"""Somebody asks for a session: it saves itself, a speaker answers by link, it is submitted."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import SignedIn

from muntada.forums.models import Forum
from muntada.programme.requests.actions.checks import set_rules
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.rules.checks import Check, RequestCheck, RuleStrength
from muntada.programme.speakers.actions.speakers import token_of
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM

from .accessibility import shuts_nobody_out

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stopped_without_a_yes(forum: Forum) -> None:
    now = timezone.now()
    forum.windows.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30))
    rule = RequestCheck(Check.CONFIRMED, RuleStrength.BLOCK, 1)
    set_rules(forum=forum, rules=[rule], actor=SYSTEM, now=now)


@pytest.mark.parametrize("context", [True], indirect=True, ids=["with-javascript"])
@pytest.mark.usefixtures("stopped_without_a_yes")
def test_a_session_is_asked_for_with_a_speaker_who_answers_by_link(
    forum: Forum, signed_in: SignedIn, make_person
):
    page = signed_in(make_person(name="Amina Example"))
    page.goto("/wsis20/programme/requests/new")
    page.fill("[name=title]", "Masts on school roofs")
    page.fill("main [name=description]", "Who repairs them after the project ends?")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    assert SessionRequest.objects.get().description == "Who repairs them after the project ends?"
    page.locator("button[value=people]").click()
    page.get_by_role("link", name="Name somebody").click()
    page.fill("[name=name]", "Omar")
    page.fill("[name=email]", "omar@example.org")
    shuts_nobody_out(page)
    page.locator("button[name=ask]").click()
    expect(page.locator("main")).to_contain_text("asked, no answer yet")
    shuts_nobody_out(page)
    page.get_by_role("link", name="Back to the draft").click()
    expect(page.locator("main")).to_contain_text("Has to be mended")
    answers(page)
    draft = SessionRequest.objects.get()
    page.goto(f"/wsis20/programme/requests/draft/{draft.pk}")
    expect(page.locator("main")).not_to_contain_text("Has to be mended")
    shuts_nobody_out(page)
    page.locator("button[value=submit]").click()
    expect(page).to_have_url(re.compile("/wsis20/p/1$"))
    expect(page.locator("main")).to_contain_text("Omar Farouk")
    shuts_nobody_out(page)
    assert check_log(forum.pk).is_whole


def answers(page: Page) -> None:
    """Answer as the one who was asked, in a browser that knows nobody."""
    other = page.context.browser.new_context(base_url=page.url.partition("/wsis20")[0]).new_page()
    other.goto(f"/wsis20/programme/asked/{token_of(RequestSpeaker.objects.get())}")
    expect(other.locator("main")).to_contain_text("Masts on school roofs")
    other.locator("[name=answer][value=yes]").check()
    other.fill("[name=name]", "Omar Farouk")
    other.fill("[name=zone]", "Asia/Kathmandu")
    other.fill("[name=hours_from]", "09:00")
    other.fill("[name=hours_to]", "17:30")
    shuts_nobody_out(other)
    other.locator("main form button").last.click()
    expect(other.locator("main")).to_contain_text("has said yes")
    other.context.close()

"""Two people say the same: their words become a theme, then one contribution, and part again."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import SignedIn

from muntada.consultation.calls.actions import calls
from muntada.consultation.contributions.models import Contribution
from muntada.forums.models import Forum
from muntada.people.rules import Role
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM

from .accessibility import shuts_nobody_out

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": (
        "Open the libraries in the evening",
        "Every public library should stay open in the evening.\n\nA person who helps should be there.",
        "Every public library should stay open in the evening and on Sundays.\n\nLend devices for the night.",
        "Every public library should stay open in the evening, with a person who helps and devices to lend.",
    ),
    "ar": (
        "افتحوا المكتبات مساءً",
        "ينبغي أن تبقى كل مكتبة عامة مفتوحة في المساء.\n\nوينبغي أن يكون فيها من يقدم المساعدة.",
        "ينبغي أن تبقى كل مكتبة عامة مفتوحة في المساء وأيام العطل.\n\nوأن تعير الأجهزة ليلاً.",
        "ينبغي أن تبقى كل مكتبة عامة مفتوحة في المساء، مع من يقدم المساعدة وأجهزة تُعار.",
    ),
}


@pytest.fixture(autouse=True)
def call(forum: Forum) -> None:
    now = timezone.now()
    forum.windows.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30))
    calls.open_call(
        forum=forum,
        new=calls.NewCall(
            slug="open",
            titles={"en": "Open consultation", "ar": "مشاورة مفتوحة"},
            introductions={},
            questions=[calls.CallQuestion("views", {"en": "What do you say?", "ar": "ماذا تقولون؟"})],
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=30),
        ),
        actor=SYSTEM,
        now=now,
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_two_people_say_is_one_theme_one_contribution_and_two_again(
    forum: Forum, signed_in: SignedIn, make_person, language: str
):
    title, first, second, joint = WORDS[language]
    one, other = make_person(name="Amina Example"), make_person(name="Pablo Muestra")
    moderator = make_person(Role.MODERATOR)
    writes(signed_in(one), language, title, first, "c/1")
    writes(signed_in(other), language, title, second, "c/2")
    raises_a_theme(signed_in(moderator), language, title)
    merge = proposes(signed_in(one), language, title, joint)
    consents(signed_in(other), merge)
    page = signed_in(moderator)
    answers(page, language)
    page = signed_in(other)
    page.goto("/wsis20/c/3")
    for voice in ("Amina Example", "Pablo Muestra"):
        expect(page.locator("main")).to_contain_text(voice)
    page.goto(merge)
    page.fill("main [name=reason]", "We want to say it apart.")
    page.locator("button[value=unmerge]").click()
    expect(page.locator("main")).to_contain_text("We want to say it apart.")
    assert Contribution.objects.get(symbol__number=3).withdrawn_at is not None
    for number, words in ((1, first), (2, second)):
        page.goto(f"/wsis20/c/{number}")
        expect(page.locator("main")).to_contain_text(words.partition("\n")[0])
    assert check_log(forum.pk).is_whole


def writes(page: Page, language: str, title: str, text: str, address: str) -> None:
    page.goto(f"/wsis20/consultation/open/write?lang={language}")
    page.select_option("[name=language]", language)
    page.fill("[name=title]", title)
    page.fill("[name=text]", text)
    page.check("[name=consent_to_publish]")
    page.locator("button[value=submit]").click()
    expect(page).to_have_url(re.compile(f"/wsis20/{address}$"))


def raises_a_theme(page: Page, language: str, title: str) -> None:
    """The first contribution whole, of the second one paragraph."""
    page.goto("/wsis20/consultation/themes/new")
    page.fill("[name=title]", title)
    page.select_option("main [name=language]", language)
    page.fill("main [name=contributions]", "C/1")
    page.locator("main form button.button").click()
    expect(page).to_have_url(re.compile("/wsis20/m/1$"))
    page.goto("/wsis20/c/2/themes")
    page.locator("[name=parts]").first.check()
    page.select_option("[name=theme]", "1")
    page.locator("main form button.button").last.click()
    page.goto("/wsis20/m/1")
    shuts_nobody_out(page)
    expect(page.locator("main article")).to_have_count(2)


def proposes(page: Page, language: str, title: str, joint: str) -> str:
    page.goto("/wsis20/c/1/merge?with=C/2")
    shuts_nobody_out(page)
    expect(page.locator("main mark").first).to_be_visible()
    page.fill("main [name=title]", title)
    page.fill("main [name=text]", joint)
    page.select_option("main [name=language]", language)
    page.locator("main section form button.button").click()
    expect(page).to_have_url(re.compile(r"/wsis20/c/1/merges/\d+$"))
    return page.url


def consents(page: Page, merge: str) -> None:
    page.goto(merge)
    page.locator("button[value=consent]").click()
    expect(page.locator("main a[href='/wsis20/c/3']").first).to_be_visible()


def answers(page: Page, language: str) -> None:
    reason = {"en": "The programme has a session on it.", "ar": "في البرنامج جلسة عن ذلك."}[language]
    page.goto("/wsis20/c/3/reply")
    page.check("[name=disposition][value=accepted]")
    page.fill("main [name=reason]", reason)
    page.select_option("main [name=language]", language)
    page.locator("main form[method=post] button.button").first.click()
    page.goto("/wsis20/consultation/open/replies")
    shuts_nobody_out(page)
    expect(page.locator("main")).to_contain_text(reason)

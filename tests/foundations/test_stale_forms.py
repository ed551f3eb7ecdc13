"""A form that stood open while somebody signed in elsewhere loses nothing."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from muntada.consultation.calls.actions.calls import CallQuestion, NewCall, open_call
from muntada.consultation.contributions.models import ContributionDraft
from muntada.record.rules import SYSTEM

PAGE = "/wsis20/consultation/open/write"
WORDS = {
    "language": "ar",
    "title": "صلوا القرى",
    "text": "نصف القرى\nبلا <خط>.",
    "shown_as": "name",
    "step": "save",
}
ORIGIN = {"Origin": "http://testserver"}


@pytest.fixture
def browser(forum, make_person) -> Client:
    now = timezone.now()
    forum.windows.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30))
    new = NewCall(
        slug="open",
        titles={"en": "What?"},
        introductions={},
        questions=[CallQuestion("text", {"en": "What?"})],
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=9),
    )
    open_call(forum=forum, new=new, actor=SYSTEM, now=now)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_person(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found is not None
    return found[1]


def stale_token(browser: Client) -> str:
    """Open the page, then have the token renewed as signing in in another window does."""
    token = token_in(browser.get(PAGE).content.decode())
    del browser.cookies["csrftoken"]
    browser.get(PAGE)
    return token


def test_words_under_an_old_token_come_back_to_be_sent_again_in_the_language_of_the_page(browser):
    old = stale_token(browser)
    answer = browser.post(f"{PAGE}?lang=ar", WORDS | {"csrfmiddlewaretoken": old}, headers=ORIGIN)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'lang="ar" dir="rtl"' in page
    assert "نصف القرى\nبلا &lt;خط&gt;." in page.replace("\r\n", "\n")
    assert not ContributionDraft.objects.exists()
    fresh = {"csrfmiddlewaretoken": token_in(page.partition("<main")[2])}
    names = set(re.findall(r'name="(\w+)"', page.partition("<main")[2].partition("</main")[0]))
    assert names == set(WORDS) | set(fresh)
    assert browser.post(PAGE, WORDS | fresh, headers=ORIGIN).status_code == 302
    draft = ContributionDraft.objects.get()
    assert (draft.title, draft.text.replace("\r\n", "\n")) == (WORDS["title"], WORDS["text"])


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://elsewhere.example"}, {"Origin": "null"}])
def test_what_another_site_sent_is_not_offered_to_be_sent_again(browser, headers):
    stale_token(browser)
    page = browser.post(PAGE, WORDS, headers=headers)
    assert page.status_code == 403
    assert WORDS["title"] not in page.content.decode()


def test_a_password_is_never_written_out(browser):
    page = browser.post(PAGE, WORDS | {"Password": "a b c"}, headers=ORIGIN)
    assert "a b c" not in page.content.decode()

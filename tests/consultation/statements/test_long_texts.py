"""The longest texts forms take, in scripts whose letters take most room, and what is longer still."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kinds import first_in_core
from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.consultation.contributions.models import Contribution, ContributionDraft
from muntada.consultation.contributions.rules.contributions import TEXT_LENGTH
from muntada.consultation.statements.models import Statement
from muntada.consultation.statements.rules.statements import (
    PASTED_LENGTH,
    STATEMENT_LENGTH,
    STATEMENTS_PER_PASTE,
)
from muntada.people.rules import Role


def address(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=["wsis20", *args])


# The first takes three bytes a letter, the most that those of a living script take.
LETTERS = {"zh-hans": "村", "ar": "ب"}


def pasted(language: str, count: int) -> str:
    """Return so many statements of the longest that is taken, each another, in letters of a language."""
    return "\r\n".join(f"{number:04}".ljust(STATEMENT_LENGTH, LETTERS[language]) for number in range(count))


@pytest.mark.parametrize("language", first_in_core(LETTERS))
def test_as_many_and_as_long_as_go_in_at_once_go_in_in_every_script(open_now, client_as, language):
    words = {"text": pasted(language, STATEMENTS_PER_PASTE), "language": language}
    answer = client_as(Role.MODERATOR).post(address("paste_statements", "open-call"), words)
    assert answer.status_code == 302
    assert Statement.objects.filter(language=language).count() == STATEMENTS_PER_PASTE


@pytest.mark.parametrize("language", first_in_core(LETTERS))
@pytest.mark.parametrize("count", first_in_core([STATEMENTS_PER_PASTE + 1, 5_000]))
def test_more_of_the_longest_come_back_with_a_sentence(open_now, client_as, language, count):
    text = pasted(language, count)
    moderator, page = client_as(Role.MODERATOR), address("paste_statements", "open-call")
    answer = moderator.post(page, {"text": text, "language": language})
    assert answer.status_code == 422
    assert f"You pasted {count} statements" in answer.text.replace(",", "")
    assert text.replace("\r\n", "\n") in answer.text.replace("\r\n", "\n")
    assert Statement.objects.count() == 0


def test_what_is_longer_still_is_told_that_it_stands_in_the_browser(open_now, client_as):
    moderator, page = client_as(Role.MODERATOR), address("paste_statements", "open-call")
    answer = moderator.post(page, {"text": "村" * (PASTED_LENGTH * 2), "language": "zh-hans"})
    assert answer.status_code == 413
    assert "go back in your browser, where your text still stands" in answer.text
    # Elsewhere the limit is that of all forms.
    answer = moderator.post(
        address("put_statement", "open-call"), {"text": "a" * 2_000_001, "language": "en"}
    )
    assert answer.status_code == 413


def test_a_long_text_is_taken_only_with_the_token_of_its_form(open_now, make_person):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(
        make_person(Role.MODERATOR), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    page = address("paste_statements", "open-call")
    form = browser.get(page).text
    assert 'enctype="multipart/form-data"' in form
    # One too many: with the token the form is read, and nothing is written.
    words = {"text": pasted("zh-hans", STATEMENTS_PER_PASTE + 1), "language": "zh-hans"}
    assert browser.post(page, words).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
    assert browser.post(page, words | {"csrfmiddlewaretoken": token}).status_code == 422


@pytest.mark.parametrize("language", first_in_core(LETTERS))
def test_a_contribution_of_ten_answers_at_their_limit_is_saved_and_submitted(
    make_call, client_as, forum, now, language
):
    codes = [f"question{number}" for number in range(10)]
    make_call("long", questions=[CallQuestion(code, {"en": code}) for code in codes])
    call_page = address("write", "long")
    browser = client_as()
    text = LETTERS[language] * TEXT_LENGTH
    form = browser.get(call_page).context["form"]
    words = {name: text for name in form.fields if name == "text" or name.startswith("answer")}
    assert len(words) == len(codes)
    words |= {"language": language, "title": "x", "shown_as": "name", "step": "save"}
    saved = browser.post(call_page, words, headers={"HX-Request": "true"})
    assert saved.status_code == 200
    assert ContributionDraft.objects.get().text == text
    revision = ContributionDraft.objects.get().revision
    answer = browser.post(call_page, words | {"step": "submit", "revision": revision})
    assert answer.status_code == 302
    kept = Contribution.objects.get()
    assert [kept.text, *kept.answers.values()] == [text] * len(codes)

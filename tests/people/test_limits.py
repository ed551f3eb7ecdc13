"""A hall of people behind one address signs in; who guesses at one account is stopped, wherever they sit."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from muntada.foundations.rate_limits import RateLimit, count_attempt
from muntada.people.limits import (
    ATTEMPTS_OF_A_BROWSER,
    CODES_OF_AN_ACCOUNT,
    LETTERS_TO_AN_EMAIL,
)
from muntada.people.models import Person

pytestmark = pytest.mark.django_db

ASK, CONFIRM, SIGN_UP = "account_request_login_code", "account_confirm_login_code", "account_signup"
HALL = "192.0.2.1"


@pytest.fixture(autouse=True)
def letters_stay_here(settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


def code_of(letter: mail.EmailMessage) -> str:
    words = letter.body.replace("\n", " ").split()
    return next(word for word in words if len(word) > 5 and word.upper() == word and "-" in word)


def test_many_more_people_than_before_sign_in_from_one_address(forum):
    # Twenty a minute was the limit once.
    people = [Person.objects.create_user(f"delegate{number}@example.org") for number in range(22)]
    for person in people:
        browser = Client(REMOTE_ADDR=HALL)
        assert browser.post(reverse(ASK), {"email": person.email}).status_code == 302
        assert browser.post(reverse(CONFIRM), {"code": code_of(mail.outbox[-1])}).status_code == 302
        assert browser.get("/account/me").status_code == 200


def test_a_hall_of_1500_fits_under_the_ceiling_of_its_address_at_one_moment():
    # A form for the letter and one for the code.
    assert settings.ATTEMPTS_OF_AN_ADDRESS >= 2 * 1_500
    ceiling = RateLimit("hall", 30, timedelta(minutes=10))
    moment = datetime(2025, 7, 8, 10, 0, tzinfo=UTC)
    assert [count_attempt(ceiling, HALL, now=moment) for _ in range(31)] == [True] * 30 + [False]


def test_many_sign_up_from_one_address(forum):
    answers = [
        Client(REMOTE_ADDR=HALL)
        .post(reverse(SIGN_UP), {"email": f"new{number}@example.org", "name": "Nour", "language": "ar"})
        .status_code
        for number in range(22)
    ]
    assert set(answers) == {302}


def test_a_guesser_with_many_browsers_and_addresses_is_stopped_at_the_account(make_person, monkeypatch):
    person = make_person()
    guesses = 0
    for number in range(CODES_OF_AN_ACCOUNT.attempts):
        browser = Client(REMOTE_ADDR=f"198.51.100.{number}")
        # Letters are bounded too; here somebody waited for each of them.
        monkeypatch.setattr("muntada.people.limits.SENDS_A_LETTER", frozenset())
        browser.post(reverse(ASK), {"email": person.email})
        for _ in range(3):
            answer = browser.post(reverse(CONFIRM), {"code": "WRONG-CODE"})
            guesses += answer.status_code != 429
    assert guesses == CODES_OF_AN_ACCOUNT.attempts
    last = Client(REMOTE_ADDR="203.0.113.1")
    last.post(reverse(ASK), {"email": person.email.upper()})
    assert last.post(reverse(CONFIRM), {"code": code_of(mail.outbox[-1])}).status_code == 429
    assert last.get("/account/me").status_code == 302


def test_letters_to_one_address_are_bounded_wherever_they_are_asked_for(make_person):
    email = make_person().email
    answers = [
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(reverse(ASK), {"email": given})
        for number, given in enumerate([email, f" {email}", email.upper()] * 3)
    ]
    assert [answer.status_code for answer in answers].count(429) == 9 - LETTERS_TO_AN_EMAIL.attempts
    assert len(mail.outbox) == LETTERS_TO_AN_EMAIL.attempts
    refused = answers[-1]
    assert "Retry-After" in refused.headers
    assert "Too many attempts" in refused.content.decode()


def test_one_browser_is_bounded_and_another_one_beside_it_is_not(forum):
    browser = Client(REMOTE_ADDR=HALL)
    browser.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    answers = [
        browser.post(reverse(ASK), {"email": f"nobody{number}@example.org"}).status_code
        for number in range(ATTEMPTS_OF_A_BROWSER.attempts + 1)
    ]
    assert answers[-1] == 429
    assert 429 not in answers[:-1]
    assert Client(REMOTE_ADDR=HALL).post(reverse(ASK), {"email": "other@example.org"}).status_code == 302


def test_the_ceiling_of_an_address_holds(settings):
    settings.ATTEMPTS_OF_AN_ADDRESS = 3
    answers = [
        Client(REMOTE_ADDR=HALL).post(reverse(ASK), {"email": f"nobody{number}@example.org"}).status_code
        for number in range(4)
    ]
    assert answers == [302, 302, 302, 429]


def test_pages_are_read_without_being_counted(settings):
    settings.ATTEMPTS_OF_AN_ADDRESS = 1
    assert {Client(REMOTE_ADDR=HALL).get(reverse(ASK)).status_code for _ in range(3)} == {200}

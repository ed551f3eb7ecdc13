"""A person adds a passkey and signs in with it; the authenticator is Chromium's own virtual one."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from muntada.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser: Browser, live_server, settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    # Another test's letters to the same address would count against the limit on codes.
    cache.clear()
    context = browser.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    authenticator = context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    authenticator.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()


def sign_in_by_code(page: Page, person: Person) -> None:
    page.goto("/account/login/code/")
    page.fill("main [name=email]", person.email)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_selector("main [name=code]")
    code = re.search(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", mail.outbox[-1].body, re.MULTILINE)
    page.fill("main [name=code]", code[0])
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def add_passkey(page: Page) -> None:
    page.goto("/account/2fa/webauthn/add/")
    page.fill("main [name=name]", "My phone")
    with page.expect_navigation():
        page.locator("#mfa_webauthn_add").click()
    expect(page.locator("main")).to_contain_text("You have added 1 security key.")


def test_a_passkey_is_added_and_then_signs_in_without_a_letter(page, make_person):
    person = make_person(name="Salma Example")
    sign_in_by_code(page, person)
    add_passkey(page)
    page.context.clear_cookies()
    page.goto("/account/me")
    expect(page).to_have_url(re.compile("/account/login/"))
    letters = len(mail.outbox)
    page.locator("#passkey_login").click()
    page.wait_for_url(re.compile("/account/me"))
    expect(page.locator("main")).to_contain_text(person.email)
    assert len(mail.outbox) == letters


def test_who_has_lost_the_device_still_signs_in_by_a_code(page, make_person):
    person = make_person(name="Salma Example")
    sign_in_by_code(page, person)
    add_passkey(page)
    page.context.clear_cookies()
    sign_in_by_code(page, person)
    page.goto("/account/me")
    expect(page.locator("main")).to_contain_text(person.email)

"""A real Chromium, with and without JavaScript, on a real server."""

import faulthandler
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from muntada.people import actions as people
from muntada.people.models import Person

# Playwright runs a loop of its own in this thread; the database calls between its steps are plain ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

LONGEST_SECONDS = 1_800
# Long, so that a busy machine fails nothing.
PATIENCE_MILLISECONDS = 60_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

type SignedIn = Callable[[Person], Page]


def chromium() -> str | None:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (str(MAC) if MAC.exists() else None)


def wait_no_longer() -> None:
    """From now on count anew how long a test waits; a test that goes on and on says so at each step."""
    faulthandler.dump_traceback_later(LONGEST_SECONDS, exit=True)


@pytest.fixture(autouse=True)
def not_for_ever() -> Iterator[None]:
    """End the process of a test that waits for a browser which never answers, and say where it stood."""
    wait_no_longer()
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def context(browser: Browser, live_server, request) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        java_script_enabled=request.param,
        base_url=live_server.url,
        locale="en-GB",
        # A script that goes on behind the pages outlives the test and its database.
        service_workers="block",
    )
    opened.set_default_timeout(PATIENCE_MILLISECONDS)
    yield opened
    opened.close()


@pytest.fixture
def signed_in(context: BrowserContext, settings) -> SignedIn:
    """`signed_in(person)`: a page on which this person follows their sign-in link; everybody else leaves."""
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}

    def sign_in(person: Person) -> Page:
        context.clear_cookies()
        page = context.new_page()
        token = people.issue_sign_in_link(person=person, now=timezone.now())
        page.goto(f"/account/link/{token}")
        page.locator("main button").click()
        return page

    return sign_in

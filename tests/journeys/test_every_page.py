"""Every page of the demo forum answers, is light, and shuts nobody out, in English and in Arabic.

The core goes through all pages in the language of the day, and looks at some of them in a browser, on each
day at the same. A full run looks at every kind of page in both languages.
"""

import gzip
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Response

from kinds import day, kind
from muntada.people.models import Person, RoleHeld
from muntada.people.rules import Role

from .conftest import wait_no_longer

FIRST_VISIT_BYTES = 60_000
# The outlines of all countries; the numbers without them are a page of their own.
MAP_BYTES = 80_000
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# Addresses that are no pages, and one that ends the visit.
LEFT_OUT = re.compile(
    r"\.(ics|csv|json|jsonld|xml|pdf|svg|png|xlsx|zip|atom)$|^/api/|^/static/|^/live/|/consultation/files/|^/account/logout"
)
SERIOUS = {"serious", "critical"}
# The crawl follows so many pages of each kind of address; one of them is looked at in the browser.
PER_ADDRESS = {"quick": 1, "core": 1, "full": 2}
LANGUAGES = ("en", "ar")
# Between them they hold every part of a page: menus, forms, tables, charts, a map, a board.
LOOKED_AT = {
    "home:forum",
    "evidence:indicator",
    "evidence:indicator_map",
    "consultation:map",
    "consultation:vote",
    "consultation:write",
    "programme:front",
    "programme:timetable",
}


def holder(role: Role) -> Person:
    return RoleHeld.objects.filter(role=role).select_related("person")[0].person


class Links(HTMLParser):
    """The addresses a page links to, and the words a screen would show of templates gone wrong."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href") or ""
        if tag == "a" and address.startswith("/") and "lang=" not in address:
            self.found.append(address.partition("#")[0])


def crawl(client: Client, start: str, language: str, most: int) -> Iterator[tuple[str, int, str]]:
    """Yield address, status and page of everything that can be reached, a few of each kind of address."""
    client.cookies["django_language"] = language
    waiting, seen, visits = [start], {start}, {}
    while waiting:
        address = waiting.pop(0)
        try:
            kind = resolve(address.partition("?")[0]).view_name
        except Resolver404:
            kind = "nowhere"
        if visits.get(kind, 0) >= most:
            continue
        visits[kind] = visits.get(kind, 0) + 1
        answer = client.get(address)
        page = answer.content.decode() if "html" in answer.headers.get("Content-Type", "") else ""
        yield address, answer.status_code, page
        for link in Links(page).found:
            if link not in seen and not LEFT_OUT.search(link.partition("?")[0]):
                seen.add(link)
                waiting.append(link)


def one_of_each(addresses: Iterable[str]) -> dict[str, str]:
    """Keep the first page of each kind of address."""
    first: dict[str, str] = {}
    for address in addresses:
        first.setdefault(resolve(address.partition("?")[0]).view_name, address)
    return first


@pytest.fixture(params=[0, pytest.param(1, marks=pytest.mark.slow)], ids=["of-the-day", "the-other"])
def language(request: pytest.FixtureRequest) -> str:
    return LANGUAGES[(day(request.config).toordinal() + request.param) % len(LANGUAGES)]


@pytest.mark.browser
def test_every_link_leads_to_a_page_that_is_light_fits_a_phone_and_shuts_nobody_out(
    demo, browser: Browser, live_server, language, pytestconfig
):
    visitor, client = Client(raise_request_exception=False), Client(raise_request_exception=False)
    client.force_login(holder(Role.SECRETARIAT), backend=BACKEND)
    most = PER_ADDRESS[kind(pytestconfig)]
    read = [*crawl(visitor, "/", language, most=1), *(pages := list(crawl(client, "/", language, most)))]
    assert len(pages) > 40
    assert [(address, status) for address, status, _ in read if status not in {200, 302}] == []
    assert [address for address, _, page in read if "{%" in page or "{{" in page] == []
    kinds = one_of_each(address for address, status, page in pages if status == 200 and page)
    assert kinds.keys() >= LOOKED_AT
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 800}, service_workers="block"
    )
    context.add_cookies(
        [
            {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url},
            {"name": "django_language", "value": language, "url": live_server.url},
        ]
    )
    looked_at = kinds if kind(pytestconfig) == "full" else LOOKED_AT
    faults = [fault for name in sorted(looked_at) for fault in look_at(context, kinds[name])]
    context.close()
    assert faults == []


def look_at(context, address: str) -> list[str]:
    """Open a page on a phone and say what is wrong with it."""
    wait_no_longer()
    page = context.new_page()
    sizes: list[int] = []
    problems: list[str] = []
    page.on("response", lambda response: sizes.append(weight(response)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.wait_for_load_state("load")
    faults = [f"{address}: console: {problem}" for problem in problems]
    if sum(sizes) > (MAP_BYTES if address.partition("?")[0].endswith("/map") else FIRST_VISIT_BYTES):
        faults.append(f"{address}: {sum(sizes)} bytes on a first visit")
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wider > 0:
        faults.append(f"{address}: {wider} pixels wider than the phone")
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in SERIOUS:
            target = violation["nodes"][0]["target"]
            faults.append(f"{address}: {violation['id']}: {violation['help']} ({target})")
    page.close()
    return faults


def weight(response: Response) -> int:
    """Return what a response weighs compressed, as our server sends it."""
    if response.status != 200 or "event-stream" in response.headers.get("content-type", ""):
        return 0
    return len(gzip.compress(response.body(), 6))

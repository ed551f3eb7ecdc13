"""All forms of the demo forum, as the secretariat finds them: each sent twice, each edited by two at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import lxml.html
import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve

from muntada.forums.models import Forum
from muntada.foundations.edit_forms import PREFIX
from muntada.people.models import Person, RoleHeld
from muntada.people.rules import Role

pytestmark = pytest.mark.slow

LEFT_OUT = re.compile(
    r"\.(ics|csv|json|jsonld|xml|pdf|svg|png|xlsx|zip|atom)$"
    r"|^/api/|^/static/|^/live/|/consultation/files/|^/account/log"
)
PER_ADDRESS = 2
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
REDIRECT, UNPROCESSABLE = 302, 422
# Where something was written, changed or deleted in this transaction; sessions and the memory of forms apart.
WRITTEN_SQL = """
SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables
WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
  AND relname NOT IN ('django_session', 'foundations_sentform')
"""
FEWEST_SENT, FEWEST_EDITED = 40, 15


@dataclass(frozen=True)
class Found:
    """A form on a page: where it stands, where it is sent, and what a browser sends of it."""

    page: str
    address: str
    fields: tuple[tuple[str, str], ...]
    texts: tuple[str, ...]

    @property
    def kind(self) -> tuple[str, ...]:
        names = sorted({re.sub(r"\d+", "0", name) for name, _ in self.fields})
        return (resolve(self.address.partition("?")[0]).view_name, *names)

    def sent(self, **typed: str) -> dict[str, list[str]]:
        sent: dict[str, list[str]] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append(value)
        return sent | {name: [value] for name, value in typed.items()}

    def value(self, name: str) -> str:
        return dict(self.fields).get(name, "")


@pytest.fixture
def secretary(demo) -> Person:
    """Somebody who may do all that a role may do."""
    person = RoleHeld.objects.filter(role=Role.SECRETARIAT).select_related("person")[0].person
    forum = Forum.objects.get(slug="wsis20")
    for role in Role:
        held = {"person": person, "forum": forum, "role": role}
        RoleHeld.objects.get_or_create(**held, defaults={"given_at": person.date_joined})
    return person


def browser_of(person: Person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person, backend=BACKEND)
    return client


def crawl(client: Client) -> Iterator[tuple[str, str]]:
    waiting, seen, visits = ["/wsis20"], {"/wsis20"}, {}
    while waiting:
        address = waiting.pop(0)
        try:
            kind = resolve(address.partition("?")[0]).view_name
        except Resolver404:
            continue
        if visits.get(kind, 0) >= PER_ADDRESS:
            continue
        visits[kind] = visits.get(kind, 0) + 1
        answer = client.get(address)
        if "html" not in answer.headers.get("Content-Type", "") or answer.streaming:
            continue
        page = answer.content.decode()
        yield address, page
        for written_out in re.findall(r'<a [^>]*href="(/[^"#]*)', page):
            link = written_out.replace("&amp;", "&")
            if link not in seen and "lang=" not in link and not LEFT_OUT.search(link.partition("?")[0]):
                seen.add(link)
                waiting.append(link)


def forms_on(address: str, page: str) -> Iterator[Found]:
    for form in lxml.html.fromstring(page).forms:
        if form.method != "POST" or form.get("action", "").endswith("/logout/"):
            continue
        buttons = form.xpath(".//button[@name]")
        pressed = [(one.get("name"), one.get("value", "")) for one in buttons[:1]]
        texts = [
            one.get("name")
            for one in form.xpath(".//textarea[@name] | .//input[@type='text'] | .//input[@type='number']")
        ]
        fields = [(name, value or "") for name, value in form.form_values()] + pressed
        yield Found(address, urljoin(address, form.get("action") or ""), tuple(fields), tuple(texts))


def forms_found(client: Client) -> list[Found]:
    """Return one form of each kind that can be reached."""
    first: dict[tuple[str, ...], Found] = {}
    for address, page in crawl(client):
        for form in forms_on(address, page):
            first.setdefault(form.kind, form)
    return list(first.values())


def written() -> dict[str, tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(WRITTEN_SQL)
        return {name: tuple(counts) for name, *counts in cursor.fetchall()}


def filled_in(form: Found) -> dict[str, list[str]]:
    empty = {name: "A word or two" for name in form.texts if name and not form.value(name)}
    return form.sent(**empty)


def test_each_form_sent_twice_writes_once_and_is_answered_the_same(secretary):
    client = browser_of(secretary)
    faults, sent = [], 0
    for form in forms_found(client):
        for fields in (form.sent(), filled_in(form)):
            with transaction.atomic():
                answer = client.post(form.address, fields)
                if answer.status_code == REDIRECT:
                    before = written()
                    again = client.post(form.address, fields)
                    sent += 1
                    if written() != before or again.headers.get("Location") != answer.headers["Location"]:
                        faults.append(form.kind[0])
                elif answer.status_code >= 500:
                    faults.append(f"{form.kind[0]}: {answer.status_code}")
                transaction.set_rollback(True)
            # What was rolled back may have ended the session.
            client = browser_of(secretary)
            if answer.status_code == REDIRECT:
                break
    assert faults == []
    assert sent >= FEWEST_SENT


def other_value(value: str, word: str) -> str:
    number = {"mine": 1, "theirs": 2}[word]
    return str(int(value) + number) if value.isascii() and value.isdecimal() else f"{value} {word}"


def edited_by_two(form: Found, name: str, secretary: Person) -> str | None:  # noqa: PLR0911
    """Say what is wrong when two change this field at once; none where it cannot be changed so."""
    mine, theirs = (other_value(form.value(name), word) for word in ("mine", "theirs"))
    first, second = browser_of(secretary), browser_of(secretary)
    opened = [
        next(
            (
                one
                for one in forms_on(form.page, each.get(form.page).content.decode())
                if one.kind == form.kind
            ),
            None,
        )
        for each in (first, second)
    ]
    if None in opened:
        return None
    if second.post(form.address, opened[1].sent(**{name: theirs})).status_code != REDIRECT:
        return None
    stood = next(forms_like(form, second), None)
    if stood is None or stood.value(name) != theirs:
        return None
    answer = first.post(form.address, opened[0].sent(**{name: mine}))
    page = answer.content.decode()
    if answer.status_code != UNPROCESSABLE or 'class="conflict"' not in page:
        return f"answered {answer.status_code}, no conflict shown"
    again = next((one for one in forms_on(form.page, page) if one.value(name) == mine), None)
    if again is None:
        return "what was typed is lost"
    if next(forms_like(form, first)).value(name) != theirs:
        return "what the other wrote is lost"
    if first.post(form.address, again.sent()).status_code != REDIRECT:
        return "cannot be sent again"
    if next(forms_like(form, first)).value(name) != mine:
        return "sent again, it does not stand"
    return ""


def forms_like(form: Found, client: Client) -> Iterator[Found]:
    found = forms_on(form.page, client.get(form.page).content.decode())
    return (one for one in found if one.address == form.address and set(form.texts) & set(one.texts))


def test_of_two_who_edit_the_same_the_second_is_told_and_nothing_is_lost(secretary):
    faults, edited, untried = [], [], []
    for form in forms_found(browser_of(secretary)):
        compared = [name for name in form.texts if form.value(f"{PREFIX}{name}") and form.value(name)]
        for name in compared:
            with transaction.atomic():
                fault = edited_by_two(form, name, secretary)
                transaction.set_rollback(True)
            if fault is not None:
                edited.append(form.kind[0])
                faults += [f"{form.kind[0]} {name}: {fault}"] if fault else []
                break
        else:
            untried += [form.kind[0]] if compared else []
    assert faults == []
    assert len(edited) >= FEWEST_EDITED, untried

"""All pages and forms of the demo, as everybody finds them: read, sent twice, sent with what nobody sees."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin

import lxml.html
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege

from muntada.forums.models import Forum, StageWindow
from muntada.people.models import Person, RoleHeld
from muntada.people.rules import Role
from muntada.programme.requests.models.requests import SessionRequest

pytestmark = pytest.mark.slow

LEFT_OUT = re.compile(
    r"\.(ics|csv|json|jsonld|xml|pdf|svg|png|xlsx|zip|atom)$"
    r"|^/api/|^/static/|^/live/|/consultation/files/|^/account/log"
)
# Files are read as well; what is live never ends.
NOT_READ = re.compile(r"^/live/|^/account/log")
BEGINNINGS = ("/wsis20", "/account/me", "/account/login/", "/account/signup/")
PER_ADDRESS = 2
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
REFUSED, BROKEN = 400, 500
# Where something was written, changed or deleted in this transaction. Left out are sessions, the memory of
# forms, and the counts of attempts: each sending is an attempt, and is counted before its effect begins.
WRITTEN_SQL = """
SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables
WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
  AND relname NOT IN ('django_session', 'foundations_sentform', 'foundations_ratecount')
"""
UNSEEN = "\x07\x1b\u202e\u2066"
# A row as text; JSON writes what controls as an escape.
DIRTY_SQL = "SELECT row_to_json(one)::text FROM {} AS one WHERE row_to_json(one)::text ~ %s LIMIT 1"
DIRTY = r"\\u00(07|1b)|[\u202e\u2066]"
TYPED = {"number": "1", "email": "somebody@example.org", "url": "https://example.org/", "date": "2025-07-08"}
SECRETARY, PARTICIPANT, VISITOR = "secretary", "participant", "visitor"
FEWEST_READ = {SECRETARY: 250, PARTICIPANT: 120, VISITOR: 100}
FEWEST_FILES = 30
FEWEST_SENT = {SECRETARY: 60, PARTICIPANT: 8, VISITOR: 1}


@dataclass(frozen=True)
class Found:
    """A form on a page: where it stands, where it is sent, and what a browser sends of it."""

    page: str
    address: str
    fields: tuple[tuple[str, str], ...]
    # The fields of words, each with the kind of its input.
    texts: tuple[tuple[str, str], ...]
    # The first choice of each question whose answer nobody has chosen yet.
    choices: tuple[tuple[str, str], ...] = ()

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
def demo(demo):
    """The demo forum with all its stages open."""
    now = timezone.now()
    StageWindow.objects.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30))
    return demo


@pytest.fixture
def secretary(demo) -> Person:
    """Somebody who may do all that a role may do."""
    person = RoleHeld.objects.filter(role=Role.SECRETARIAT).select_related("person")[0].person
    forum = Forum.objects.get(slug="wsis20")
    for role in Role:
        held = {"person": person, "forum": forum, "role": role}
        RoleHeld.objects.get_or_create(**held, defaults={"given_at": person.joined_at})
    return person


@pytest.fixture
def people(secretary) -> dict[str, Person | None]:
    authors = SessionRequest.objects.filter(forum__slug="wsis20", author__roles=None)
    somebody = authors.exclude(author=None).select_related("author")[0].author
    return {SECRETARY: secretary, PARTICIPANT: somebody, VISITOR: None}


def browser_of(person: Person | None) -> Client:
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person, backend=BACKEND)
    return client


def crawl(client: Client, left_out: re.Pattern[str] = LEFT_OUT) -> Iterator[tuple[str, str]]:
    waiting, visits = list(BEGINNINGS), {}
    seen = set(waiting)
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
            if link not in seen and "lang=" not in link and not left_out.search(link.partition("?")[0]):
                seen.add(link)
                waiting.append(link)


def forms_on(address: str, page: str) -> Iterator[Found]:
    """Yield each form as often as it has buttons that say what they do."""
    # A redirection has no page.
    for form in lxml.html.fromstring(page).forms if page.strip() else ():
        if form.method != "POST" or form.get("action", "").endswith("/logout/"):
            continue
        buttons = form.xpath(".//button[@name] | .//input[@type='submit'][@name]")
        typing = form.xpath(".//textarea[@name] | .//input[@name][not(@type='hidden')]")
        kinds = [
            (one.get("name"), one.get("type", "text") if one.tag == "input" else "text") for one in typing
        ]
        texts = tuple((name, kind) for name, kind in kinds if kind in {"text", "search", *TYPED})
        fields = [(name, value or "") for name, value in form.form_values()]
        chosen = {name for name, _ in fields}
        radios = reversed(form.xpath(".//input[@type='radio'][@name][not(@disabled)]"))
        first = {one.get("name"): one.get("value", "on") for one in radios}
        choices = tuple((name, value) for name, value in first.items() if name not in chosen)
        action = urljoin(address, form.get("action") or "")
        for pressed in buttons or [None]:
            button = [] if pressed is None else [(pressed.get("name"), pressed.get("value", ""))]
            yield Found(address, action, (*fields, *button), texts, choices)


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


def filled_in(form: Found, unseen: str = "") -> dict[str, list[str]]:
    empty = {
        name: TYPED.get(kind) or f"A word{unseen} or two" for name, kind in form.texts if not form.value(name)
    }
    return form.sent(**empty, **dict(form.choices))


@pytest.mark.parametrize("who", [SECRETARY, PARTICIPANT, VISITOR])
def test_each_form_sent_twice_writes_once_and_is_answered_the_same(people, who):
    client = browser_of(people[who])
    faults, sent = [], 0
    for form in forms_found(client):
        for fields in (form.sent(), filled_in(form)):
            with transaction.atomic():
                nothing = written()
                first = client.post(form.address, fields)
                if first.status_code < REFUSED:
                    before = written()
                    again = client.post(form.address, fields)
                    sent += before != nothing
                    faults += [f"{form.kind}: {fault}" for fault in differences(form, first, again, before)]
                elif first.status_code >= BROKEN:
                    faults.append(f"{form.kind}: {first.status_code}")
                transaction.set_rollback(True)
            # What was rolled back may have ended the session. A visitor has none, but cookies of the pages.
            client = browser_of(people[who]) if people[who] else client
            if first.status_code < REFUSED and before != nothing:
                break
    assert faults == []
    assert sent >= FEWEST_SENT[who]


def differences(form: Found, first, again, before: dict[str, tuple[int, ...]]) -> Iterator[str]:
    after = written()
    if may_write_over(form):
        before, after = without_changes(before), without_changes(after)
    if after != before:
        yield f"writes again {sorted(set(after.items()) - set(before.items()))}"
    answers = [(one.status_code, one.headers.get("Location")) for one in (first, again)]
    if answers[0] != answers[1]:
        yield f"answers otherwise {answers}"


def may_write_over(form: Found) -> bool:
    """Say whether its view writes the same over the same; it says why itself."""
    return hasattr(resolve(form.address.partition("?")[0]).func, "may_repeat")


def without_changes(tables: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, int]]:
    return {
        name: (inserted, deleted) for name, (inserted, _, deleted) in tables.items() if inserted or deleted
    }


@pytest.mark.parametrize("who", [SECRETARY, PARTICIPANT])
def test_no_form_stores_what_nobody_sees(people, who):
    client = browser_of(people[who])
    faults, stored = [], 0
    for form in forms_found(client):
        with transaction.atomic():
            nothing = written()
            client.post(form.address, filled_in(form, UNSEEN))
            tables = written()
            stored += tables != nothing
            faults += [f"{form.kind[0]}: {row}" for table in tables for row in dirty_rows(table)]
            transaction.set_rollback(True)
        client = browser_of(people[who])
    assert faults == []
    assert stored >= FEWEST_SENT[who]


def dirty_rows(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(DIRTY_SQL.format(connection.ops.quote_name(table)), [DIRTY])
        return [f"{table} {row[:200]}" for (row,) in cursor.fetchall()]


class Reader(Client):
    """A browser that notes what the database refused to write, even where the page hides it."""

    def __init__(self) -> None:
        super().__init__(raise_request_exception=False)
        self.refused: list[str] = []
        self.files = 0

    def get(self, path, *args, **kwargs):
        def watched(execute, sql, params, many, context):
            try:
                return execute(sql, params, many, context)
            except ProgrammingError as error:
                if isinstance(error.__cause__, InsufficientPrivilege):
                    self.refused.append(f"{path}: {error.__cause__}")
                raise

        before = len(self.refused)
        with connection.execute_wrapper(watched), transaction.atomic():
            answer = super().get(path, *args, **kwargs)
            if answer.streaming and not answer.is_async:
                answer.getvalue()
            transaction.set_rollback(len(self.refused) > before)
        self.files += "html" not in answer.headers.get("Content-Type", "")
        return answer


@contextmanager
def writing_refused() -> Iterator[None]:
    """Take the right to write from the owner of the tables; it comes back with the end."""
    writing = "INSERT, UPDATE, DELETE, TRUNCATE"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"REVOKE {writing} ON ALL TABLES IN SCHEMA public FROM CURRENT_USER")
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", [SECRETARY, PARTICIPANT, VISITOR])
def test_reading_a_page_or_a_file_writes_nothing(people, who):
    client = Reader()
    client.cookies = browser_of(people[who]).cookies
    with writing_refused():
        with pytest.raises(ProgrammingError), transaction.atomic():
            Forum.objects.update(slug="renamed")
        read = [address for address, _ in crawl(client, NOT_READ)]
    assert client.refused == []
    assert len(read) >= FEWEST_READ[who]
    assert client.files >= FEWEST_FILES

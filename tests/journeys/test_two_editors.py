"""Two people who edit the same thing on its own page, one after the other and at the same moment."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import lxml.html
import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from muntada.consultation.calls.models import Call
from muntada.consultation.replies.models import ReplyTemplate
from muntada.consultation.themes.models import Theme
from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.stories.models import Story
from muntada.forums.models import Forum, StageWindow
from muntada.outcome.texts.models import Paragraph
from muntada.people.models import Person, RoleHeld
from muntada.people.rules import Role
from muntada.programme.requests.models.request_forms import FormVersion
from muntada.programme.sessions.models import Session

pytestmark = pytest.mark.long

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PATIENCE_SECONDS = 600
WAITING_SQL = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
"""
# What two people edit: where, and which field.
EDITED: dict[str, tuple[Callable[[], str], str]] = {
    "session": (lambda: f"/programme/sessions/{Session.objects.first().symbol.number}", "title"),
    "paragraph": (lambda: f"{short(Paragraph)}/change", "text"),
    "story": (lambda: f"{short(Story)}/write", "title"),
    "theme": (lambda: f"{short(Theme)}/edit", "title"),
    "template": (lambda: f"/consultation/inbox/templates/{ReplyTemplate.objects.first().pk}", "reason_en"),
    "questions": (
        lambda: f"/consultation/{Call.objects.order_by('opens_at').last().slug}/prepare/questions",
        "form-0-label_en",
    ),
    "request form": (lambda: f"/programme/requests/forms/{FormVersion.objects.first().kind}", "text_en"),
    "initiative": (lambda: f"{short(Initiative)}/edit", "description"),
}


def short(kind) -> str:
    symbol = kind.objects.select_related("symbol").first().symbol
    return f"/{symbol.kind.lower()}/{symbol.number}"


@pytest.fixture
def editors(demo) -> list[Person]:
    """Two people who may do all that a role may do, in the demo forum with all its stages open."""
    now = timezone.now()
    StageWindow.objects.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30))
    forum = Forum.objects.get(slug="wsis20")
    people = [Person.objects.create_user(f"{name}@example.org", name=name) for name in ("Amina", "Omar")]
    for person in people:
        RoleHeld.objects.bulk_create(
            RoleHeld(person=person, forum=forum, role=role, given_at=now) for role in Role
        )
    return people


def browser_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def form_on(page: str, field: str) -> dict[str, list[str]]:
    """Return what a browser sends of the form that holds a field."""
    form = next(one for one in lxml.html.fromstring(page).forms if field in one.fields)
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value or "")
    return sent


@pytest.mark.parametrize("what", EDITED)
def test_the_second_is_told_by_whom_and_what_and_loses_nothing(editors, what):
    (find, field) = EDITED[what]
    address = f"/wsis20{find()}"
    first, second = map(browser_of, editors)
    opened = [form_on(one.get(address).content.decode(), field) for one in (first, second)]
    stood = opened[0][field][0]
    mine, theirs = f"{stood} — mine", f"{stood} — theirs"
    assert second.post(address, opened[1] | {field: [theirs]}).status_code == 302
    answer = first.post(address, opened[0] | {field: [mine]})
    assert answer.status_code == 422
    page = answer.content.decode()
    [conflict] = lxml.html.fromstring(page).find_class("conflict")
    shown = conflict.text_content()
    assert editors[1].name in shown
    assert "mine" in shown
    assert "theirs" in shown
    again = form_on(page, field)
    assert again[field] == [mine]
    assert form_on(first.get(address).content.decode(), field)[field] == [theirs]
    assert first.post(address, again).status_code == 302
    assert form_on(second.get(address).content.decode(), field)[field] == [mine]


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING_SQL)
        return int(cursor.fetchone()[0])


def test_of_two_who_save_at_the_same_moment_one_is_told(editors, transactional_db):
    for what, (find, field) in EDITED.items():
        address = f"/wsis20{find()}"
        browsers = [browser_of(one) for one in editors]
        opened = [form_on(one.get(address).content.decode(), field) for one in browsers]
        typed = [f"{opened[0][field][0]} — {one.name}" for one in editors]
        answers: dict[int, int] = {}

        def send(
            number: int,
            address=address,
            browsers=browsers,
            opened=opened,
            typed=typed,
            field=field,
            answers=answers,
        ) -> None:
            answer = browsers[number].post(address, opened[number] | {field: [typed[number]]})
            answers[number] = answer.status_code
            connection.close()

        threads = [threading.Thread(target=send, args=(number,)) for number in range(2)]
        with transaction.atomic(), connection.cursor() as cursor:
            # Both have sent their form before either is looked at.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"edit {address}"])
            for thread in threads:
                thread.start()
            until = time.monotonic() + PATIENCE_SECONDS
            while waiting() < len(threads) and time.monotonic() < until:
                time.sleep(0.05)
            assert waiting() == len(threads), what
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
        assert sorted(answers.values()) == [302, 422], what
        saved = next(number for number, status in answers.items() if status == 302)
        stands = form_on(browsers[0].get(address).content.decode(), field)[field]
        assert stands == [typed[saved]], what

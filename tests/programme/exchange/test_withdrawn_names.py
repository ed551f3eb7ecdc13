"""A name that is withdrawn is found nowhere any more: in no table, no export, no book, no search."""

import io
import json
import zipfile
from datetime import datetime, timedelta

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse

from muntada.foundations.errors import NotAllowed, Refused, SignInFirst
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.running import Run, carry_out
from muntada.home.actions import STAGES, withdraw_name
from muntada.people import actions as people
from muntada.people.models import NameWithdrawal, RoleHeld
from muntada.people.rules import Role
from muntada.programme.exports import tasks as exports
from muntada.programme.exports.queries import active_books
from muntada.programme.releases.actions import publish_release
from muntada.programme.releases.models import Book
from muntada.programme.requests.models.speakers import CoOrganiser, RequestSpeaker
from muntada.programme.sessions.models import SessionPerson
from muntada.programme.sessions.rules import person_key
from muntada.programme.timetable.models import Release
from muntada.record.models import LogEntry
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM, Actor

NAME, ADDRESS = "Zebulonia Quixwater", "zebulonia@quixwater.example"
FILES = ("schedule.xml", "schedule.json", "programme.ics", "programme.jsonld", "programme.csv", "s/1.jsonld")


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


@pytest.fixture
def named(make_person, sessions, submitted):
    """Somebody on stage twice, once as asked by letter before they had an account."""
    person = make_person(Role.SPEAKER, name=NAME)
    person.email = ADDRESS
    person.save()
    SessionPerson.objects.create(
        session=sessions[0], name=NAME, person=person, key=person_key(person.pk, NAME), part="speaker"
    )
    request = submitted(author=person)
    RequestSpeaker.objects.create(request=request, name=NAME, email=ADDRESS, note=f"I am {NAME}")
    CoOrganiser.objects.create(request=request, name=NAME, email=ADDRESS)
    SessionPerson.objects.create(session=sessions[1], name=NAME, key=person_key(None, NAME), part="speaker")
    people.ask_to_withdraw_name(person=person, now=request.submitted_at)
    return person


@pytest.fixture
def released(named, first):
    return first


def cells_with(*words: str) -> list[str]:
    """Look through every column of every table."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(one)::text FROM "{table}" one')  # noqa: S608 - our own tables
            found += [
                f"{table}: {row}"
                for (row,) in cursor.fetchall()
                if any(word.casefold() in row.casefold() for word in words)
            ]
    return found


def work_off(job: Job, now: datetime) -> None:
    carry_out(job_id=job.pk, work=exports.make_book, clock=lambda: now)


def words_of_books() -> str:
    """Return the words of every file that is kept."""
    texts = []
    for name in default_storage.listdir("programme/books")[1]:
        with default_storage.open(f"programme/books/{name}") as file:
            document = pypdfium2.PdfDocument(file.read())
            texts += [page.get_textpage().get_text_bounded() for page in document]
            document.close()
    return "\n".join(texts)


def test_a_withdrawn_name_is_found_nowhere(
    released, named, forum, client, now, django_capture_on_commit_callbacks
):
    work_off(active_books(released)["en"], now)
    assert NAME in words_of_books().replace("\r\n", " ")
    before = {file: client.get(f"/wsis20/{file}") for file in FILES}
    assert all(NAME in answer.content.decode() for answer in before.values())
    entries = LogEntry.objects.filter(forum=forum, person=named).count()
    assert (len(cells_with(NAME, ADDRESS)) > 5, entries > 0) == (True, True)

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_name(person=named, actor=SYSTEM, now=now + timedelta(days=1))

    assert cells_with(NAME, "quixwater") == []
    assert default_storage.listdir("programme/books")[1] == []
    work_off(active_books(released)["en"], now)
    assert "Quixwater" not in words_of_books()
    assert "Name withdrawn" in words_of_books().replace("\r\n", " ")
    for file, answer in before.items():
        anew = client.get(f"/wsis20/{file}", headers={"If-None-Match": answer["ETag"]})
        assert anew.status_code == 200, file
        assert "Quixwater" not in anew.content.decode(), file
        assert "Name withdrawn" in anew.content.decode(), file
    with zipfile.ZipFile(io.BytesIO(client.get("/wsis20/programme.xlsx").content)) as book:
        assert "Quixwater" not in book.read("xl/worksheets/sheet1.xml").decode()
    for page in ("/wsis20/programme", "/wsis20/s/1", "/wsis20/search?q=Quixwater", "/wsis20/log"):
        assert "Zebulonia" not in client.get(page).content.decode(), page
    assert not LogEntry.objects.filter(person=named).exists()
    assert LogEntry.objects.filter(forum=forum, verb="withdraw_name").count() == 1
    assert check_log(forum.pk).is_whole


def test_who_is_withdrawn_stays_one_person_in_what_is_kept(released, named, forum, now):
    withdraw_name(person=named, actor=SYSTEM, now=now)
    people_kept = [one for entry in Release.objects.get().entries.all() for one in entry.facts["people"]]
    gone = [one for one in people_kept if one["name"] == "Name withdrawn"]
    assert len(gone) == 2
    assert len({one["guid"] for one in gone}) == 1
    assert {one["name"] for one in people_kept} - {"Name withdrawn"}, "the others stand as they stood"
    assert set(SessionPerson.objects.filter(name="Name withdrawn").values_list("person", flat=True)) == {
        named.pk
    }


def test_the_release_after_it_names_nobody_either(released, named, forum, make_draft, now):
    withdraw_name(person=named, actor=SYSTEM, now=now)
    draft = make_draft()
    for one in released.timetable.placements.all():
        draft.placements.create(session=one.session, room=one.room, period=one.period)
    later = publish_release(timetable=draft, actor=SYSTEM, now=now)
    assert "Quixwater" not in json.dumps([entry.facts for entry in later.entries.all()])


def test_nobody_signs_in_as_who_is_gone(named, client_as, now):
    client = client_as(person=named)
    link = people.issue_sign_in_link(person=named, now=now)
    withdraw_name(person=named, actor=SYSTEM, now=now)
    assert client.get("/account/me").status_code == 302
    assert client.get(f"/account/link/{link}").status_code == 404
    named.refresh_from_db()
    assert (str(named), named.is_active, named.roles.count()) == ("Name withdrawn", False, 0)


def test_it_is_carried_out_by_the_secretariat_once_and_only_where_it_was_asked(
    named, make_person, forum, now
):
    secretariat = Actor(make_person(Role.SECRETARIAT).pk, Role.SECRETARIAT, forum.pk)
    with pytest.raises(NotAllowed):
        withdraw_name(person=named, actor=Actor(named.pk, Role.SPEAKER, forum.pk), now=now)
    people.keep_name(person=named)
    with pytest.raises(Refused):
        withdraw_name(person=named, actor=secretariat, now=now, forum_id=forum.pk)
    people.ask_to_withdraw_name(person=named, now=now)
    for _ in range(2):
        withdraw_name(person=named, actor=secretariat, now=now, forum_id=forum.pk)
    assert LogEntry.objects.filter(verb="withdraw_name").count() == 1


def test_the_secretariat_of_a_forum_they_did_nothing_in_does_not_carry_it_out(
    named, make_person, other_forum, now
):
    staff = make_person()
    elsewhere = Actor(staff.pk, Role.SECRETARIAT, other_forum.pk)
    with pytest.raises(NotAllowed):
        withdraw_name(person=named, actor=elsewhere, now=now, forum_id=other_forum.pk)
    assert cells_with(NAME)
    RoleHeld.objects.create(person=named, forum=other_forum, role=Role.SPEAKER, given_at=now)
    withdraw_name(person=named, actor=elsewhere, now=now, forum_id=other_forum.pk)
    assert not cells_with(NAME)


@pytest.mark.parametrize("part", [*STAGES, people.empty_person])
def test_each_part_of_it_refuses_by_itself(part, named, make_person, forum, now):
    staff = make_person(Role.SECRETARIAT)
    secretariat = Actor(staff.pk, Role.SECRETARIAT, forum.pk)
    for other, refusal in (
        (Actor(None, Role.SECRETARIAT, forum.pk), SignInFirst),
        (Actor(staff.pk, Role.SECRETARIAT), NotAllowed),
        (Actor(named.pk, Role.SPEAKER, forum.pk), NotAllowed),
    ):
        with pytest.raises(refusal):
            part(person=named, actor=other, now=now)
    people.keep_name(person=named)
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "not-asked"):
        part(person=named, actor=secretariat, now=now)
    assert cells_with(NAME)
    people.ask_to_withdraw_name(person=named, now=now)
    part(person=named, actor=secretariat, now=now)


def test_a_book_that_was_being_made_meanwhile_is_not_kept(
    released, named, now, django_capture_on_commit_callbacks, monkeypatch
):
    ordered = active_books(released)["en"]

    def work(run, **arguments):
        with django_capture_on_commit_callbacks(execute=True):
            withdraw_name(person=named, actor=SYSTEM, now=now)
        # The worker has read the name already, and hears of it when it keeps the book.
        with monkeypatch.context() as patched:
            patched.setattr(Run, "begin_step", lambda *_: None)
            exports.make_book(run, **arguments)

    carry_out(job_id=ordered.pk, work=work, clock=lambda: now)
    assert not Book.objects.exists()
    assert default_storage.listdir("programme/books")[1] == []
    again = active_books(released)
    assert (len(again), again["en"].pk == ordered.pk) == (len(released.forum.languages), False)


def test_asked_on_the_account_page_carried_out_on_that_of_the_forum(named, client_as, forum):
    own = client_as(person=named)
    people.keep_name(person=named)
    assert "Ask that my name be withdrawn" in own.get("/account/me/withdraw").content.decode()
    own.post("/account/me/withdraw")
    assert "Keep my name after all" in own.get("/account/me/withdraw").content.decode()
    own.post("/account/me/withdraw", {"keep": "1"})
    assert not NameWithdrawal.objects.exists()
    own.post("/account/me/withdraw")
    desk = client_as(Role.SECRETARIAT)
    assert "1 person asked that their name be withdrawn" in desk.get("/wsis20").content.decode()
    assert NAME in desk.get("/wsis20/names").content.decode()
    asked = NameWithdrawal.objects.get()
    address = reverse("home:withdraw", args=["wsis20", asked.pk])
    assert desk.post(address).status_code == 302
    assert desk.post(address).status_code == 404
    assert "Zebulonia" not in desk.get("/wsis20/names").content.decode()
    assert "asked that their name" not in client_as(Role.MODERATOR).get("/wsis20").content.decode()

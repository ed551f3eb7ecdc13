"""The demo and the real thing: each has a folder and a database of its own."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob

from databases import DEMO_SAID
from muntada.cli.demo import load
from muntada.cli.demo.folder import CLEARED, SIGN, clear, demo_folder, enter
from muntada.cli.demo.frame import ROLES_SHOWN
from muntada.cli.demo.loading import mark_as_ours, refuse_what_is_not_ours
from muntada.forums.models import Forum
from muntada.foundations.faults import CannotRun
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.rules import ACTIVE
from muntada.people.models import Person, SignInLink


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MUNTADA_VAR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def test_the_demo_has_a_folder_of_its_own_and_knows_it_again(var: Path, monkeypatch):
    assert demo_folder() == var / "demo"
    enter(demo_folder())
    assert demo_folder() == var / "demo"
    monkeypatch.setenv("MUNTADA_VAR", str(var / "demo"))
    assert demo_folder() == var / "demo"


def test_a_folder_that_holds_something_else_is_not_entered(var: Path):
    (var / "demo").mkdir()
    (var / "demo" / "thesis.txt").write_text("years of work")
    with pytest.raises(CannotRun, match="is not the demo's"):
        enter(demo_folder())
    with pytest.raises(CannotRun, match="is not the demo's"):
        clear(demo_folder())
    assert (var / "demo" / "thesis.txt").exists()


def test_starting_over_leaves_what_lies_beside_the_demo(var: Path):
    (var / "files").mkdir()
    (var / "files" / "real").write_text("a real forum's")
    folder = demo_folder()
    enter(folder)
    for name in CLEARED:
        (folder / name).mkdir()
    clear(folder)
    assert [path.name for path in folder.iterdir()] == [SIGN]
    assert (var / "files" / "real").exists()


def test_starting_over_empties_no_database_of_ones_own(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///real")
    with pytest.raises(CannotRun, match="DATABASE_URL"):
        clear(demo_folder())


def test_a_database_with_a_forum_that_the_demo_did_not_load_is_refused(forum: Forum):
    with pytest.raises(CannotRun, match="did not load"):
        refuse_what_is_not_ours()


@pytest.mark.django_db
def test_a_database_with_people_alone_is_refused():
    Person.objects.create_user("secretary@example.org")
    with pytest.raises(CannotRun, match="did not load"):
        refuse_what_is_not_ours()


@pytest.mark.django_db
def test_an_empty_database_becomes_the_demos_whatever_is_put_into_it(framework, now):
    refuse_what_is_not_ours()
    mark_as_ours()
    Person.objects.create_user("guest@example.org")
    refuse_what_is_not_ours()


@pytest.mark.django_db
def test_only_the_jobs_that_the_loading_ordered_are_dropped():
    task = queue.configure_task("tests.any")
    before = task.defer()
    newest = load._newest_task()
    ordered = task.defer()
    load._drop_tasks(after=newest)
    assert list(ProcrastinateJob.objects.filter(pk__in=[before, ordered]).values_list("pk", flat=True)) == [
        before
    ]


def test_links_sign_in_the_invented_alone_for_half_a_day_and_end_those_of_before(forum, make_person):
    people = [make_person(role) for role in ROLES_SHOWN] + [make_person()]
    Person.objects.filter(pk__in=[person.pk for person in people]).update(is_invented=True)
    real = make_person(*ROLES_SHOWN, name="Somebody Real")
    load.sign_in_links()
    rows = load.sign_in_links()
    assert len(rows) == len(ROLES_SHOWN)
    assert "Somebody Real" not in [name for _, name, _ in rows]
    assert SignInLink.objects.count() == len(ROLES_SHOWN)
    assert not SignInLink.objects.filter(person=real).exists()
    latest = SignInLink.objects.order_by("-expires_at")[0]
    assert latest.expires_at <= timezone.now() + timedelta(hours=12)


def test_the_loading_says_how_far_it_is(demo):
    said = DEMO_SAID.read_text(encoding="utf-8").splitlines()
    assert [line.strip().partition(":")[0] for line in said] == [
        f"{number} of {len(load.Part)}" for number in range(1, len(load.Part) + 1)
    ]


def test_no_job_of_the_loading_waits_for_a_worker(demo):
    assert Job.objects.exists()
    assert not Job.objects.filter(state__in=ACTIVE).exists()

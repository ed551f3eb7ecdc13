"""The demo and the real thing: each has a folder and a database of its own."""

from pathlib import Path

import pytest

from muntada.cli.demo_folder import CLEARED, SIGN, clear, demo_folder, enter
from muntada.cli.load_demo import mark_as_ours, refuse_what_is_not_ours
from muntada.forums.models import Forum
from muntada.foundations.faults import CannotRun
from muntada.people.models import Person


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

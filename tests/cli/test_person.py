import argparse

import pytest

from muntada.cli import person, verify
from muntada.people.models import Person, RoleHeld

pytestmark = pytest.mark.django_db


def run(*argv: str) -> int:
    parser = argparse.ArgumentParser()
    person.add_arguments(parser)
    return person.run(parser.parse_args(argv))


def test_a_person_gets_a_role_and_a_link(forum, capsys):
    assert run("new@example.org", "--name", "Nour", "--forum", "wsis20", "--role", "moderator", "--link") == 0
    assert RoleHeld.objects.get(person=Person.objects.get(email="new@example.org")).role == "moderator"
    assert "/account/link/" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["no-address"], "is no e-mail address"),
        (["a@example.org", "--role", "moderator"], "--forum SLUG"),
        (["a@example.org", "--role", "moderator", "--forum", "nowhere"], "no forum 'nowhere'"),
        (["a@example.org", "--role", "moderator", "--forum", "nowhere"], "Forums here: wsis20"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(forum, capsys, argv, words):
    assert run(*argv) == 2
    assert words in capsys.readouterr().err
    assert not Person.objects.filter(email="a@example.org").exists()


def test_verify_says_whether_the_log_is_whole(forum, capsys):
    arguments = argparse.Namespace(forum="wsis20", maps=False)
    assert verify.run(arguments) == 0
    assert "WSIS20" in capsys.readouterr().out
    assert verify.run(argparse.Namespace(forum="nowhere", maps=False)) == 2

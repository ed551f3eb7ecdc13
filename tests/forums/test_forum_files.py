"""A forum is set up from one file: whole, or with all that is wrong named."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from muntada.cli import forum as command
from muntada.cli.commands import main
from muntada.forums.actions.forum_files import set_up_forum
from muntada.forums.models import Forum, Framework
from muntada.forums.rules.forum_files import read_forum_file
from muntada.foundations.errors import NotAllowed
from muntada.foundations.faults import CannotRun
from muntada.people.models import Person, RoleHeld
from muntada.people.rules import Role
from muntada.record.models import LogEntry
from muntada.record.rules import SYSTEM, Actor

EXAMPLE = Path(command.__file__).parents[3] / "docs" / "operating" / "forum.toml"
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def example(**changed: str) -> bytes:
    """Return the documented file with some lines replaced."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for begins, line in changed.items():
        lines = [line if one.startswith(f"{begins} =") else one for one in text.splitlines()]
        text = "\n".join(lines)
    return text.encode()


def faults_of(content: bytes) -> list[str]:
    with pytest.raises(CannotRun) as refused:
        read_forum_file(content)
    return [line.strip() for line in str(refused.value).splitlines()[1:]]


def test_the_documented_file_sets_up_a_forum_of_its_own_languages_topics_and_people(db, client):
    forum = set_up_forum(file=read_forum_file(example()), actor=SYSTEM, now=NOW)
    assert (forum.languages, forum.zone) == (["fr", "ar"], "Africa/Nairobi")
    assert [line.code for line in forum.framework.lines.all()] == ["T1", "T2"]
    assert [window.stage for window in forum.windows.all()] == ["consultation", "programme"]
    # A day begins at midnight where the forum is.
    first = forum.windows.get(stage="consultation")
    assert first.opens_at == datetime(2026, 3, 1, tzinfo=ZoneInfo("Africa/Nairobi"))
    assert first.closes_at == datetime(2026, 6, 1, 18, tzinfo=ZoneInfo("Africa/Nairobi"))
    assert forum.organisers.get().name == "Association Internet de Norlandie"
    assert forum.milestones.count() == 1
    roles = set(
        RoleHeld.objects.filter(person__email="secretariat@example.org").values_list("role", flat=True)
    )
    assert roles == {Role.SECRETARIAT, Role.MODERATOR}
    verbs = set(LogEntry.objects.filter(forum=forum).values_list("verb", flat=True))
    assert verbs == {"open_forum", "open_window", "give_role"}
    for address in ("/norlandia26", "/norlandia26/framework", "/norlandia26/consultation"):
        assert client.get(address).status_code == 200


def test_the_shipped_framework_is_named_by_its_code(db):
    text = EXAMPLE.read_text(encoding="utf-8")
    before, _, after = text.partition("[framework]\n")
    own = 'framework = "wsis"\n' + before + after[after.index("[[windows]]") :]
    forum = set_up_forum(file=read_forum_file(own.encode()), actor=SYSTEM, now=NOW)
    assert forum.framework.lines.count() == 18


def test_all_faults_are_named_at_once_with_their_keys():
    content = example(
        slug='slug = "About us"',
        zone='zone = "Africa/Nairobbi"',
        languages='languages = ["fr", "sw"]',
        stage='stage = "dinner"',
        opens='opens = "soon"',
        roles='roles = ["boss"]',
        email='adress = "secretariat@example.org"',
    )
    keys = [fault.partition(":")[0] for fault in faults_of(content)]
    assert keys == [
        "slug",
        "zone",
        "languages 2",
        "windows 1 stage",
        "windows 1 opens",
        "windows 2 stage",
        "windows 2 opens",
        "people 1 email",
        "people 1 roles 1",
        "people 1 adress",
    ]


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"slug": 'slug = "account"'}, "slug"),
        ({"prefix": 'prefix = "nor"'}, "prefix"),
        ({"ends": "ends = 2026-09-01"}, "ends"),
        ({"closes": "closes = 2026-02-01"}, "windows 1, closes"),
        ({"languages": 'languages = ["en", "fr"]'}, "name"),
        ({"languages": 'languages = ["fr", "fr"]'}, "languages"),
        ({"roles": 'roles = ["moderator"]'}, "people"),
        ({"code": 'code = "T1"'}, "framework code"),
    ],
)
def test_what_does_not_hang_together_is_refused(changed, key):
    assert [fault.partition(":")[0] for fault in faults_of(example(**changed))] == [key]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"slug = ", b"x" * 1_000_001, b""])
def test_what_is_no_file_of_a_forum_is_refused(content):
    with pytest.raises(CannotRun):
        read_forum_file(content)


def test_nothing_is_stored_of_a_forum_that_exists_or_whose_framework_is_another(db):
    set_up_forum(file=read_forum_file(example()), actor=SYSTEM, now=NOW)
    for changed in (
        {"slug": 'slug = "other"'},
        {"prefix": 'prefix = "OTHER"'},
        {"slug": 'slug = "other"', "prefix": 'prefix = "OTHER"', "code": 'code = "T9"'},
    ):
        if "code" in changed:
            content = example(**{key: line for key, line in changed.items() if key != "code"})
            content = content.replace(b'code = "T1"', b'code = "T9"')
        else:
            content = example(**changed)
        with pytest.raises(CannotRun):
            set_up_forum(file=read_forum_file(content), actor=SYSTEM, now=NOW)
    assert (Forum.objects.count(), Framework.objects.count(), Person.objects.count()) == (1, 1, 1)


def test_only_the_command_line_sets_up_a_forum(db):
    with pytest.raises(NotAllowed):
        set_up_forum(file=read_forum_file(example()), actor=Actor(1, Role.SECRETARIAT), now=NOW)


def test_the_command_prints_a_link_that_signs_the_secretariat_in(db, client, capsys):
    assert main(["forum", "check", str(EXAMPLE)]) == 0
    assert not Forum.objects.exists()
    assert main(["forum", "new", str(EXAMPLE)]) == 0
    said = capsys.readouterr().out
    token = said.split("/account/link/")[1].split("?")[0]
    client.post(f"/account/link/{token}?next=/norlandia26")
    assert client.get("/norlandia26/programme/requests").status_code == 200
    assert main(["forum", "list"]) == 0
    assert "norlandia26" in capsys.readouterr().out
    assert main(["forum", "new", str(EXAMPLE)]) == 2
    assert main(["forum", "check", str(EXAMPLE.parent / "missing.toml")]) == 2


def test_roles_of_somebody_who_has_an_account_are_added(db):
    known = Person.objects.create_user("secretariat@example.org", name="Known")
    set_up_forum(file=read_forum_file(example()), actor=SYSTEM, now=timezone.now())
    assert RoleHeld.objects.filter(person=known).count() == 2
    assert Person.objects.get().name == "Known"

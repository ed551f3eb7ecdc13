import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kinds import first_in_core
from muntada.cli import commands, docs
from muntada.cli.serve import open_port

ROOT = Path(__file__).resolve().parents[2]


def muntada(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "muntada", *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def test_without_arguments_it_lists_its_commands():
    done = muntada()
    assert done.returncode == 0
    for name in commands.COMMANDS | commands.TOOLS:
        assert f"  {name} " in done.stdout


def test_a_command_that_does_not_exist_is_answered_with_those_that_do():
    done = muntada("frobnicate")
    assert done.returncode == 2
    assert "there is no command 'frobnicate'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_said_in_one_sentence(live_server):
    port = live_server.url.rpartition(":")[2]
    done = muntada("serve", "--port", port, "--host", "localhost")
    assert done.returncode == 2
    assert done.stderr == (
        f"muntada: port {port} is in use, perhaps by a Muntada that is still starting. "
        "Choose another one with --port, below 65536.\n"
    )


def test_a_port_is_taken_before_anything_else_is_begun(capsys):
    """A second start on it would prepare the same database."""
    with contextlib.closing(open_port("127.0.0.1", 0)) as opened:
        port = opened.getsockname()[1]
        assert open_port("127.0.0.1", port) is None
    assert f"port {port} is in use" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["65536", "70000"])
def test_a_port_that_there_is_not_is_refused_in_one_sentence(port):
    done = muntada("serve", "--port", port)
    assert done.returncode == 2
    assert f"port {port}, is no address" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("MUNTADA_THREADS", "abc", "no whole number"),
        ("MUNTADA_ADDRESS", "forum.example.org", "https://"),
        ("DATABASE_URL", "mysql://me:secret@localhost/forum", "PostgreSQL"),
        ("DATABASE_URL", "postgresql://me:secret@127.0.0.1:1/forum", "cannot be reached"),
    ],
)
@pytest.mark.parametrize("command", first_in_core([("serve", "--port", "0"), ("verify",)]), ids=" ".join)
@pytest.mark.long
def test_a_wrong_setting_is_named_in_one_sentence(tmp_path, command, name, given, says):
    done = muntada(*command, **{"MUNTADA_VAR": str(tmp_path), "DATABASE_URL": "", name: given})
    assert done.returncode == 2
    assert name in done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


@pytest.mark.long
@pytest.mark.parametrize("command", ["person", "worker", "import"])
def test_help_starts_no_database(tmp_path, command):
    done = muntada(command, "--help", MUNTADA_VAR=str(tmp_path), DATABASE_URL="")
    assert done.returncode == 0
    assert not (tmp_path / "postgres").exists()


@pytest.mark.django_db
def test_the_pages_made_from_the_code_are_up_to_date():
    old = {path.name for path, text in docs.pages().items() if path.read_text() != text}
    # How Python words its help differs a little between versions; the page is made with this one.
    assert old <= (set() if sys.version_info[:2] == (3, 13) else {"command-line.md"})


@pytest.mark.parametrize("name", sorted(commands.COMMANDS | commands.TOOLS))
def test_every_command_says_what_it_does(name):
    command = (commands.COMMANDS | commands.TOOLS)[name]
    assert command.help
    assert f"## {name}\n" in (ROOT / "docs" / "using" / "command-line.md").read_text()


def test_the_analysis_of_files_loads_neither_django_nor_the_database(tmp_path):
    code = (
        "import sys\nfrom muntada.cli.commands import main\nmain(['opinion', sys.argv[1]])\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "assert not loaded & {'django', 'psycopg', 'pgserver'}, loaded"
    )
    (tmp_path / "comments.csv").write_text(
        "timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n1,1,1,1,0,1,Yes\n"
    )
    (tmp_path / "votes.csv").write_text("timestamp,comment-id,voter-id,vote\n1,1,1,1\n")
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "votes 1" in done.stdout

import os
import subprocess
import sys
from pathlib import Path

import pytest

from muntada.cli import docs, words

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


def test_alone_it_lists_its_words():
    done = muntada()
    assert done.returncode == 0
    for name in words.WORDS | words.TOOLS:
        assert f"  {name} " in done.stdout


def test_a_word_that_does_not_exist_is_answered_with_those_that_do():
    done = muntada("frobnicate")
    assert done.returncode == 2
    assert "there is no word 'frobnicate'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_said_in_one_sentence(live_server):
    port = live_server.url.rpartition(":")[2]
    done = muntada("serve", "--port", port, "--host", "localhost")
    assert done.returncode == 2
    assert done.stderr == f"muntada: port {port} is in use. Choose another one with --port {int(port) + 1}.\n"


@pytest.mark.django_db
def test_the_pages_made_from_the_code_are_up_to_date():
    old = {path.name for path, text in docs.pages().items() if path.read_text() != text}
    # How Python words its help differs a little between versions; the page is made with this one.
    assert old <= (set() if sys.version_info[:2] == (3, 13) else {"command-line.md"})


@pytest.mark.parametrize("name", sorted(words.WORDS | words.TOOLS))
def test_every_word_says_what_it_does(name):
    word = (words.WORDS | words.TOOLS)[name]
    assert word.help
    assert f"## {name}\n" in (ROOT / "docs" / "using" / "command-line.md").read_text()

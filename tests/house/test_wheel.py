"""The package as others install it: built here, put into empty environments, and used there."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engines.test_examples import cells
from muntada import __version__
from muntada.cli.commands import COMMANDS, TOOLS
from muntada.cli.translations import LOCALES

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "engines" / "examples"
REQUESTS = "id,title,organiser,minutes\na,Opening,ITU,60\nb,Closing,ITU,60\n"
ROOMS = "name,seats,services\nHall,100,hybrid\n"
SLOTS = """start,end
2025-07-07T09:00+02:00,2025-07-07T10:00+02:00
2025-07-07T10:00+02:00,2025-07-07T11:00+02:00
"""
READY_WITHIN = 600  # seconds; a start on a new database takes half a minute of one core

pytestmark = pytest.mark.slow


def done(*command: str | Path, where: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody who has nothing of ours but what is in the environment."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(where)}
    environment |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "HTTP"))}
    return subprocess.run(
        [str(part) for part in command],
        cwd=where,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = done(sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", folder, ROOT, where=folder)
    if "Could not find a version" in built.stderr:
        pytest.skip("no registry answers, so that nothing can be built or installed")
    assert built.returncode == 0, built.stderr
    return next(folder.glob("muntada-*.whl"))


def installed(wheel: Path, folder: Path, extra: str = "") -> Path:
    """Install the wheel into an empty environment and return its command."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    answer = done(python, "-m", "pip", "install", "-q", f"{wheel}{extra}", where=folder)
    assert answer.returncode == 0, answer.stderr
    return python.with_name("muntada")


def test_the_wheel_holds_compiled_sentences_and_says_that_it_is_typed(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"muntada/locale/{locale}/LC_MESSAGES/django.mo" for locale in LOCALES.values()} <= names
    assert "muntada/py.typed" in names
    assert not [name for name in names if name.endswith(".po")]


def test_the_package_alone_brings_the_engines(wheel: Path, tmp_path: Path) -> None:
    muntada = installed(wheel, tmp_path)
    assert done(muntada, "--version", where=tmp_path).stdout == f"muntada {__version__}\n"

    overview = done(muntada, where=tmp_path).stdout
    commands = COMMANDS | TOOLS
    listed = {line.split()[0] for line in overview.splitlines() if line.startswith("  ")}
    assert listed == {name for name, command in commands.items() if not command.needs_checkout}
    for command in ("test", "check", "fix", "bench"):
        assert f"there is no command '{command}'" in done(muntada, command, where=tmp_path).stderr

    for name, text in (("requests", REQUESTS), ("rooms", ROOMS), ("slots", SLOTS)):
        (tmp_path / f"{name}.csv").write_text(text)
    made = done(
        muntada, "timetable", "requests.csv", "--rooms", "rooms.csv", "--slots", "slots.csv", where=tmp_path
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert "2 of 2 sessions placed." in made.stdout

    python = muntada.with_name("python")
    for example in sorted(EXAMPLES.glob("*.py")):
        ran = done(python, example, where=tmp_path)
        assert (ran.returncode, ran.stderr) == (0, ""), example.name
    notebook = done(python, "-c", cells("notebook.md"), where=tmp_path)
    assert notebook.returncode == 0, notebook.stderr

    refused = done(muntada, "serve", where=tmp_path)
    assert refused.returncode == 2
    assert 'pip install "muntada[platform]"' in refused.stderr


@contextmanager
def served(muntada: Path, folder: Path) -> Iterator[str]:
    """Serve from the installed package on a database of its own, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "log.txt"
    with log.open("w") as said:
        server = subprocess.Popen(
            [str(muntada), "serve", "--port", str(port)],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "MUNTADA_VAR": str(folder / "var")},
            stdout=said,
            stderr=said,
        )
    try:
        until = time.monotonic() + READY_WITHIN
        while "Muntada is" not in log.read_text() and server.poll() is None and time.monotonic() < until:
            time.sleep(0.5)
        assert server.poll() is None, log.read_text()
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(timeout=60)


def answer_of(address: str) -> tuple[int, str]:
    request = urllib.request.Request(  # noqa: S310 - our own server
        address, headers={"Accept-Language": "fr", "Host": "localhost"}
    )

    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own server
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except urllib.error.URLError:
            time.sleep(0.5)
    raise AssertionError("nothing listens")


def test_the_package_with_the_platform_serves_a_page(wheel: Path, tmp_path: Path) -> None:
    muntada = installed(wheel, tmp_path, "[platform]")
    with served(muntada, tmp_path) as address:
        status, page = answer_of(address)
    assert status == 200
    assert '<html lang="fr"' in page

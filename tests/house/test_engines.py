"""The engines are pure: they can be imported, and used from the command line, where there is no Django."""

import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
ENGINES = SOURCE / "muntada" / "engines"
ALONE = """
import importlib, sys

class NotThere:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "psycopg", "procrastinate", "ninja"}:
            raise ModuleNotFoundError(f"{name} is not there")

sys.meta_path.insert(0, NotThere())
for name in sys.argv[1:]:
    importlib.import_module(name)
strangers = {name for name in sys.modules if name.startswith("muntada.")}
print(*sorted(strangers))
"""


def names(folder: Path) -> list[str]:
    return [
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted(folder.rglob("*.py"))
    ]


def import_alone(*modules: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ALONE, *modules],
        env={"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.long
def test_every_engine_is_imported_without_django() -> None:
    done = import_alone(*names(ENGINES))
    assert done.returncode == 0, done.stderr
    engines_and_parsers = ("muntada.engines", "muntada.parsers")
    rooms = {name for name in done.stdout.split() if not name.startswith(engines_and_parsers)}
    assert rooms == set(), "an engine imports another room of the house"


@pytest.mark.long
def test_the_commands_of_engines_are_imported_without_django() -> None:
    engines = ["coverage", "divides", "index", "opinion", "progress", "selection", "themes", "trends"]
    done = import_alone(*(f"muntada.cli.{engine}" for engine in engines))
    assert done.returncode == 0, done.stderr


def test_what_stands_on_django_is_noticed() -> None:
    done = import_alone("muntada.people.models")
    assert "django is not there" in done.stderr

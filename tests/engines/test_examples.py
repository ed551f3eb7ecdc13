"""The pages of the engines: examples run, print what the page says, and need the face of the engine alone."""

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from muntada.cli.docs import ENGINES

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "engines"
CELLS = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
WITHOUT_PLATFORM = """
import sys

class NotThere:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "psycopg", "procrastinate", "ninja", "pydantic"}:
            raise ModuleNotFoundError(f"{name} is not there")

sys.meta_path.insert(0, NotThere())
exec(compile(sys.stdin.read(), "cells", "exec"))
"""


def run(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PLATFORM],
        input=code,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def cells(page: str) -> str:
    return "\n".join(CELLS.findall((PAGES / page).read_text(encoding="utf-8")))


@pytest.mark.long
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.every(3)
def test_the_example_of_an_engine_prints_what_its_page_says(engine: str, tmp_path: Path) -> None:
    page = (PAGES / f"{engine}.md").read_text(encoding="utf-8")
    example = PAGES / "examples" / f"{engine}.py"
    assert f"(examples/{engine}.py)" in page
    assert f"```\n{run(example.read_text(encoding='utf-8'), tmp_path)}```\n" in page


@pytest.mark.parametrize("engine", ENGINES)
def test_an_example_needs_no_more_than_the_face_of_its_engine(engine: str) -> None:
    tree = ast.parse((PAGES / "examples" / f"{engine}.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in imports if (node.module or "").startswith("muntada")]
    assert [node.module for node in ours] == [f"muntada.engines.{engine}"]
    names = {alias.name for alias in ours[0].names}
    assert names <= set(import_module(f"muntada.engines.{engine}").__all__)


@pytest.mark.long
def test_the_cells_of_the_notebook_run_one_after_the_other_without_the_platform(tmp_path: Path) -> None:
    printed = run(cells("notebook.md"), tmp_path).splitlines()
    assert printed == [
        "{0: 10, 1: 10}",
        "{'agree': 10, 'disagree': 10, 'pass': 0}",
        "3",
        "{'eurostat': 'significant_progress', 'sdsn': 'on_track'}",
        "[{'condition': 'places', 'points': 2.0}]",
    ]


@pytest.mark.parametrize("page", sorted(path.name for path in PAGES.glob("*.md")))
def test_every_name_of_an_engine_on_a_page_is_there(page: str) -> None:
    text = (PAGES / page).read_text(encoding="utf-8")
    for name in set(re.findall(r"\bmuntada\.engines(?:\.\w+)+", text)):
        parent, _, last = name.rpartition(".")
        assert hasattr(import_module(parent), last) or import_module(name)

"""The pages of the engines: examples run, print what the page says, and need the face of the engine alone."""

import ast
import json
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
import json
import sys
from contextlib import redirect_stdout
from io import StringIO

class NotThere:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "psycopg", "procrastinate", "ninja", "pydantic"}:
            raise ModuleNotFoundError(f"{name} is not there")

sys.meta_path.insert(0, NotThere())
printed = {}
for name, code in json.load(sys.stdin).items():
    with redirect_stdout(StringIO()) as said:
        exec(compile(code, name, "exec"), {"__name__": "__main__"})
    printed[name] = said.getvalue()
print(json.dumps(printed))
"""


def run(codes: dict[str, str], folder: Path) -> dict[str, str]:
    """Run one after the other in a process of their own, and return what each prints."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PLATFORM],
        input=json.dumps(codes),
        cwd=folder,
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed: dict[str, str] = json.loads(done.stdout)
    return printed


def cells(page: str) -> str:
    return "\n".join(CELLS.findall((PAGES / page).read_text(encoding="utf-8")))


@pytest.mark.long
def test_the_example_of_each_engine_prints_what_its_page_says(tmp_path: Path) -> None:
    examples = {one: (PAGES / "examples" / f"{one}.py").read_text(encoding="utf-8") for one in ENGINES}
    for engine, printed in run(examples, tmp_path).items():
        page = (PAGES / f"{engine}.md").read_text(encoding="utf-8")
        assert f"(examples/{engine}.py)" in page
        assert f"```\n{printed}```\n" in page, engine


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
    printed = run({"notebook": cells("notebook.md")}, tmp_path)["notebook"]
    assert printed.splitlines() == [
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

"""The house rules hold: known rooms, short files, imports at the top. `muntada check` asks the contracts."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kinds import first_in_core

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "muntada"
LINTER = Path(sys.executable).parent / "lint-imports"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
LINES_LIMIT = 400
INDENTED_IMPORT = re.compile(r"^[ \t]+(?:import|from)\s", re.MULTILINE)
NO_ROOMS = {"utils", "util", "helpers", "common", "misc", "manager", "service", "services", "core", "signals"}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(folder / "src")}
    command = [str(LINTER), "--no-cache", "--config", "pyproject.toml"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    left_out = shutil.ignore_patterns("__pycache__", "locale", "static", "templates", "data")
    shutil.copytree(SOURCE, tmp_path / "src" / "muntada", ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("stray", first_in_core(["record/utils.py", "stuff.py", "engines/common.py"]))
@pytest.mark.long
def test_a_stray_room_fails_the_build(copy: Path, stray: str):
    (copy / "src" / "muntada" / stray).write_text('"""Stray."""\n')
    assert lint(copy).returncode != 0


@pytest.mark.long
def test_an_import_upwards_fails_the_build(copy: Path):
    rules = copy / "src" / "muntada" / "evidence" / "areas" / "rules.py"
    rules.write_text(rules.read_text() + "\nimport muntada.outcome.texts.models\n")
    assert lint(copy).returncode != 0


def named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def test_there_are_files_to_look_at():
    assert len(FILES) > 150


def test_every_file_is_short():
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {name: length for name, length in lengths.items() if length > LINES_LIMIT} == {}


def test_no_room_has_a_name_that_says_nothing():
    assert [named(path) for path in FILES if NO_ROOMS.intersection(re.split(r"[/.]", named(path)))] == []


def imports_inside(path: Path) -> list[int]:
    text = path.read_text(encoding="utf-8")
    if not INDENTED_IMPORT.search(text):
        return []
    tree = ast.parse(text)
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [
        node.lineno
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def test_imports_stand_at_the_top():
    assert {named(path): lines for path in FILES if (lines := imports_inside(path))} == {}

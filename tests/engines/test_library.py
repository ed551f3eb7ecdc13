"""The packages of the engines: their examples run, their names are there, and nothing loads early."""

import doctest
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from muntada.cli.docs import ENGINES

SOURCE = Path(__file__).resolve().parents[2] / "src"


def test_every_engine_has_a_face() -> None:
    packages = {path.parent.name for path in (SOURCE / "muntada" / "engines").glob("*/__init__.py")}
    assert packages == set(ENGINES)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_example_of_an_engine_runs(engine: str) -> None:
    package = import_module(f"muntada.engines.{engine}")
    tried = doctest.testmod(package)
    assert tried.attempted > 0
    assert tried.failed == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_every_name_of_an_engine_is_there(engine: str) -> None:
    package = import_module(f"muntada.engines.{engine}")
    assert [name for name in package.__all__ if not hasattr(package, name)] == []


def test_the_packages_alone_load_no_numbers_and_no_solver() -> None:
    modules = [f"muntada.engines.{engine}" for engine in ENGINES]
    code = f"import sys, {', '.join(modules)}\nprint({{'numpy', 'scipy', 'ortools'}} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "set()\n"

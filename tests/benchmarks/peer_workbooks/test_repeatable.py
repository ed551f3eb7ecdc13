"""What holds for the workbooks of every format: counted work gives the same file, in any process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.peer_workbooks.conference.books import make
from benchmarks.peer_workbooks.cosplib.made import write_book
from benchmarks.peer_workbooks.cosplib.test_evaluate import DATA

ROOT = Path(__file__).resolve().parents[3]
PATH = os.pathsep.join([str(ROOT / "src"), str(ROOT / "benchmarks")])
SOLVE = """
import hashlib, sys
from pathlib import Path
from workbook_solvers.books import Budget, Work
from workbook_solvers.{folder}.solve import solve_book
plan = solve_book(Path(sys.argv[1]), seed=3, budget=Budget(float(sys.argv[2]), Work()))
print(hashlib.sha256(plan.solution).hexdigest(), *plan.score.values())
"""


def solved(folder: str, book: Path, seconds: float, order: str) -> str:
    """Solve in a process of its own, in which sets of words have an order of their own."""
    done = subprocess.run(
        [sys.executable, "-c", SOLVE.format(folder=folder), str(book), str(seconds)],
        env=os.environ | {"PYTHONPATH": PATH, "PYTHONHASHSEED": order},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(("folder", "written"), [("cosplib", write_book), ("conference", make)])
@pytest.mark.slow
def test_counted_work_gives_the_same_file_again(folder: str, written, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    book = written(tmp_path / "made.xlsx")
    one, other = (solved(folder, book, 0.5, order) for order in ("1", "2"))
    assert one == other


@pytest.mark.shared_data
@pytest.mark.slow
def test_a_given_workbook_is_solved_to_the_same_file_by_workers_that_wait_for_each_other() -> None:
    one, other = (solved("cosplib", DATA / "N2OR.xlsx", 5.0, order) for order in ("1", "2"))
    assert one == other
    assert one.split()[1:] == ["0", "1"]

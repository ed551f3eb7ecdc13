"""Every kind of task is declared, ordered somewhere and carried out; nothing else is put into the queue."""

import ast
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from procrastinate.contrib.django import app as queue

from muntada.foundations.jobs.kinds import declared_kinds
from muntada.foundations.tasks import declared_tasks, load_carriers

SOURCE = Path(__file__).resolve().parents[2] / "src" / "muntada"
ORDERS = {"order", "order_after", "order_all"}
# The one module that may speak to the queue by name.
QUEUE = SOURCE / "foundations" / "tasks.py"


@dataclass(frozen=True)
class Read:
    """The kinds of tasks that a module orders, and all names and attributes that stand in it."""

    orders: frozenset[str]
    names: frozenset[str]
    attributes: frozenset[str]


@cache
def read_by(path: Path) -> Read:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
    return Read(
        frozenset(filter(None, map(ordered_by, attributes))),
        frozenset(node.id for node in nodes if isinstance(node, ast.Name)),
        frozenset(node.attr for node in attributes),
    )


def ordered_by(node: ast.Attribute) -> str:
    """Return the name of the kind that `NAME.order` or `task_types.NAME` speaks of."""
    owner = node.value
    if node.attr in ORDERS and isinstance(owner, (ast.Name, ast.Attribute)):
        return owner.id if isinstance(owner, ast.Name) else owner.attr
    return node.attr if isinstance(owner, ast.Name) and owner.id == "task_types" else ""


def test_every_kind_is_ordered_by_its_stage_or_a_later_one():
    load_carriers()
    tasks_ordered, jobs_ordered = set(), set()
    for path in SOURCE.rglob("*.py"):
        text, read = path.read_text(), read_by(path)
        tasks_ordered |= {one for one in read.orders if path.name != "tasks.py" or f"{one}.order" in text}
        if path.name not in {"tasks.py", "task_types.py"}:
            jobs_ordered |= read.names | read.orders
    ours = {name for name in declared_tasks if not name.startswith("tests.")}
    assert len(ours) > 25
    assert {name.split(".")[1] for name in ours - declared_kinds.keys()} - tasks_ordered == set()
    assert {name.split(".")[1] for name in ours & declared_kinds.keys()} - jobs_ordered == set()


def test_every_kind_is_carried_out_and_what_is_carried_out_was_declared_or_stands_in_the_calendar():
    load_carriers()
    periodic = {name for name, _ in queue.periodic_registry.periodic_tasks}
    ours = {name for name, one in queue.tasks.items() if "procrastinate" not in name}
    assert ours == declared_tasks.keys() | periodic


@pytest.mark.parametrize("word", ["configure_task", "batch_defer", "defer_async"])
def test_nobody_speaks_to_the_queue_by_a_name_of_its_own(word):
    assert {path for path in SOURCE.rglob("*.py") if word in read_by(path).attributes} <= {QUEUE}


@pytest.mark.long
def test_who_orders_does_not_load_what_carries_out():
    """The web process knows the kinds of tasks and not the modules that carry them out."""
    program = (
        "import django; django.setup(); import sys\n"
        "from muntada import urls\n"
        "print([name for name in sys.modules if name.startswith('muntada.') and name.endswith('.tasks')])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=SOURCE.parent
    )
    assert run.stdout.strip() == "['muntada.foundations.tasks']"


@pytest.mark.slow
def test_a_wrong_argument_fails_the_type_check(tmp_path):
    """One right order and two wrong ones: an argument of another type, and one of another name."""
    program = tmp_path / "orders.py"
    program.write_text(
        "from muntada.consultation.statements.task_types import redraw_map\n"
        "redraw_map.order(call_id=5)\n"
        "redraw_map.order(call_id='five')\n"
        "redraw_map.order(call=5)\n"
    )
    command = [sys.executable, "-m", "mypy", str(program)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=SOURCE.parents[1])
    lines = {line.split(":")[1] for line in run.stdout.splitlines() if "error" in line and ":" in line}
    assert lines == {"3", "4"}

"""Who acts where nobody does: the command line, tasks, and a few parts of jobs, each with its reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import muntada

ROOT = Path(muntada.__file__).parent
# Everything in these acts for whoever has the machine.
COMMANDS = {"cli", "demo"}

AFTER_A_TASK = "What a task found out is written down; nobody decided it."
# Where the system acts beside the command line and the modules `tasks`.
SYSTEM_ACTS = {
    "consultation.campaigns.actions.group_campaigns": AFTER_A_TASK,
    "consultation.opinion.actions.maps.redraw_opinion_map": AFTER_A_TASK,
    "consultation.themes.actions.suggestions.store_reading": AFTER_A_TASK,
    "forums.queries.who_ordered": "A job that the system ordered acts as the system, and no other does.",
    "programme.releases.actions._order": "Anybody who asks for a book has it made; a book changes nothing.",
    "programme.exports.actions.remake_books": "A book is made again because a name was withdrawn.",
}


def places_of_system() -> set[str]:
    """Return the functions that let the system act; comparing who acts with it is everybody's."""
    found = set()
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[0] not in COMMANDS and parts[-1] != "tasks":
            module = ".".join(part for part in parts if part != "__init__")
            text = path.read_text()
            # Few modules name it: the others are not parsed.
            tree = ast.parse(text if "SYSTEM" in text else "")
            found |= {f"{module}.{name}" for name in functions_with_system(tree)}
    return found


def functions_with_system(tree: ast.Module) -> Iterator[str]:
    for top in tree.body:
        if isinstance(top, ast.Import | ast.ImportFrom):
            continue
        compared = {
            id(name)
            for one in ast.walk(top)
            if isinstance(one, ast.Compare)
            for side in (one.left, *one.comparators)
            for name in ast.walk(side)
        }
        # `SYSTEM.role` says what the log calls it.
        compared |= {id(one.value) for one in ast.walk(top) if isinstance(one, ast.Attribute)}
        for one in ast.walk(top):
            is_named = isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and one.id == "SYSTEM"
            if is_named and id(one) not in compared:
                yield getattr(top, "name", "")


def test_only_the_command_line_tasks_and_parts_of_jobs_with_a_reason_act_as_the_system():
    assert places_of_system() == SYSTEM_ACTS.keys()


def test_a_page_that_let_the_system_act_would_be_found():
    page = "def view():\n    if actor == SYSTEM:\n        order(actor=SYSTEM)\n"
    assert list(functions_with_system(ast.parse(page))) == ["view"]
    assert not list(functions_with_system(ast.parse("def view():\n    return actor == SYSTEM\n")))

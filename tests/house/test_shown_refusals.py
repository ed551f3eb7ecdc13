"""A view catches a refusal itself only where it does more than show it; else it uses `foundations.pages`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import muntada

SOURCE = Path(muntada.__file__).parent


def views() -> Iterator[Path]:
    for path in SOURCE.rglob("*.py"):
        rooms = path.relative_to(SOURCE).with_suffix("").parts
        if "views" in rooms:
            yield path


def only_shows(handler: ast.ExceptHandler) -> bool:
    if len(handler.body) > 1 or handler.name is None:
        return False
    done = ast.unparse(handler.body[0])
    is_message = done == f"messages.error(request, str({handler.name}))"
    return is_message or (done.startswith("put_refusal(") and done.endswith(f", {handler.name})"))


def test_no_view_catches_a_refusal_only_to_show_it():
    found = list(views())
    by_hand = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in found
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and only_shows(node)
    ]
    assert found
    assert by_hand == []

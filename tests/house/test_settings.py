"""The page of all settings names each that the code reads, and what holds where it is not given."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import muntada

SOURCE = Path(muntada.__file__).parent
PAGE = SOURCE.parents[1] / "docs" / "operating" / "settings.md"
NAME = re.compile(r"MUNTADA_[A-Z_]+|DATABASE_URL")
ROW = re.compile(r"^\| `([A-Z_]+)` \|.*\| (.*) \|$", re.MULTILINE)


def read_in(text: str) -> Iterator[tuple[str, object]]:
    """Yield each setting that a module reads, with the default that is written beside its name."""
    for one in ast.walk(ast.parse(text)):
        named = (
            one.args if isinstance(one, ast.Call) else [one.slice] if isinstance(one, ast.Subscript) else []
        )
        values = [each.value for each in named if isinstance(each, ast.Constant)]
        if values and isinstance(values[0], str) and NAME.fullmatch(values[0]):
            yield values[0], values[1] if len(values) > 1 else None


@cache
def settings_read() -> dict[str, set[object]]:
    found: dict[str, set[object]] = {}
    for path in SOURCE.rglob("*.py"):
        # Few modules name one: the others are not parsed.
        text = path.read_text(encoding="utf-8")
        for name, default in read_in(text) if NAME.search(text) else ():
            found.setdefault(name, set()).add(default)
    return found


def test_each_setting_has_its_row_and_each_row_its_setting():
    rows = [name for name, _ in ROW.findall(PAGE.read_text(encoding="utf-8"))]
    assert len(rows) == len(set(rows))
    assert set(rows) == settings_read().keys()


def test_a_row_tells_the_default_that_the_code_has():
    rows = dict(ROW.findall(PAGE.read_text(encoding="utf-8")))
    plain = {
        name: str(default)
        for name, defaults in settings_read().items()
        for default in defaults
        if default and not str(default).startswith(("http", "postgresql"))
    }
    assert len(plain) > 6
    assert {name: default for name, default in plain.items() if f"`{default}`" not in rows[name]} == {}

"""What strangers send is parsed in a process of its own: no part of the platform brings in what parses it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import muntada

ROOT = Path(muntada.__file__).parent
# These run in the process of their own, or on an analyst's own files.
READERS = {"parsers", "engines", "cli"}
PARSERS = {
    *("python_calamine", "openpyxl", "xlrd", "pypdfium2", "pypdf", "PIL", "lxml", "sdmx", "icalendar.parser"),
    *(
        "xml.parsers",
        "xml.sax.handler",
        "xml.sax.make_parser",
        "xml.sax.parse",
        "xml.dom",
        "tarfile",
        "bz2",
        "lzma",
        "pickle",
        "muntada.parsers",
    ),
}
# These lie beside the parsers and parse nothing: the sign that tables are written with, which is taken off
# again, and the marks and separators of text.
PARSES_NOTHING = ("muntada.parsers.formulas.", "muntada.parsers.table_text.")
# Names by which the platform writes, and which also read.
READS = {"csv.reader", "csv.DictReader", "ET.parse", "ET.fromstring", "ET.XMLParser", "ET.iterparse"}
READS |= {"Calendar.from_ical", "zipfile.is_zipfile"}


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    places = [path.relative_to(ROOT) for path in sorted(ROOT.rglob("*.py"))]
    return tuple(
        (str(place), ast.parse((ROOT / place).read_text(encoding="utf-8")))
        for place in places
        if place.parts[0] not in READERS
    )


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def is_parser(name: str) -> bool:
    if name.startswith(PARSES_NOTHING):
        return False
    return any(name == one or name.startswith(f"{one}.") for one in PARSERS)


@pytest.mark.long
def test_no_module_of_the_platform_brings_in_a_parser():
    found = [f"{place}: {name}" for place, tree in trees() for name in imported(tree) if is_parser(name)]
    assert found == []


def test_what_writes_tables_and_archives_does_not_read_them():
    found = []
    for place, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            # An archive is opened for reading where nothing says that it is written.
            is_read = called.endswith("ZipFile") and not any(
                isinstance(part, ast.Constant) and part.value == "w" for part in node.args
            )
            if called in READS or is_read:
                found.append(f"{place}: {called}")
    # A workbook the platform has just written itself is dated there.
    assert found == ["foundations/sheets.py: zipfile.ZipFile"]


def test_a_reader_that_is_named_is_there():
    named = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("muntada.parsers.")
    }
    assert named
    for name in named:
        module, _, function = name.partition(":")
        path = ROOT.parent / f"{module.replace('.', '/')}.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, name

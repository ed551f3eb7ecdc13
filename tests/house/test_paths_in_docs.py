"""Files and modules that a page of the docs names are there: a page that names one of yesterday misleads."""

import re
from pathlib import Path

import pytest

from muntada.cli import links

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "muntada"
BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"(?:[\w-]+/)+[\w.-]*")
SOURCE_FILE = re.compile(r"\.(?:pyi?|html|css|sql)$")
# The ending of a file that a page gives out: `programme.ics` is no module of the programme.
GIVEN_OUT = re.compile(r"\.(?:ics|csv|xlsx|json|jsonld|xml|pdf|js|css)$")
MODULE = re.compile(r"(?:\w+\.)+\w+")
TOP = ("src/", "tests/", "docs/", "benchmarks/", "changelog.d/")
# This page is written from a run of the tests, not by hand.
WRITTEN_FROM_A_RUN = "slowest-tests.md"
PAGES = [page for page in links.pages(ROOT) if page.name not in {"CHANGELOG.md", WRITTEN_FROM_A_RUN}]


def code_in(text: str) -> list[str]:
    """Return what stands between backticks, but for whole blocks: they may name what a reader makes."""
    return SPAN.findall(BLOCK.sub("", text))


def is_gone(code: str) -> bool:
    """Say whether this is the path of a file of ours, or the name of a module, and nothing has it."""
    if PATH.fullmatch(code):
        if code.startswith(TOP):
            return not (ROOT / code).exists()
        if SOURCE_FILE.search(code):
            return not any(SOURCE.rglob(code))
        # A folder below src/muntada ends with a slash; without it, `evidence/coverage` is an address.
        return (
            code.endswith("/") and (SOURCE / code.partition("/")[0]).is_dir() and not (SOURCE / code).is_dir()
        )
    name = code.removeprefix("muntada.")
    if MODULE.fullmatch(name) and not GIVEN_OUT.search(name):
        package, inside = SOURCE / name.split(".")[0], name.split(".")[1]
        return (
            package.is_dir() and not (package / inside).is_dir() and not (package / f"{inside}.py").exists()
        )
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_is_there(page: Path):
    assert [code for code in code_in(page.read_text(encoding="utf-8")) if is_gone(code)] == []


@pytest.mark.parametrize(
    "code",
    [
        "tests/evidence/gone.py",
        "src/muntada/gone",
        "record/gone.py",
        "views/gone.py",
        "evidence/gone/",
        "foundations.gone",
    ],
)
def test_what_is_gone_is_noticed(code: str):
    assert is_gone(code)


@pytest.mark.parametrize(
    "code",
    ["record/rules.py", "tests/house", "foundations.errors.Refused", "WSIS20/C/12", "text/csv", "var/demo"],
)
def test_what_is_there_or_is_no_path_is_let_through(code: str):
    assert not is_gone(code)

"""All tables that leave write the same thing alike, as CSV and as workbook, and nothing in them is run."""

import csv
import io
import math
import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from muntada.foundations.sheets import as_csv, as_xlsx

DOCS = Path(__file__).resolve().parents[2] / "docs" / "using" / "tables.md"
CONVENTION = [
    (None, ""),
    ("", ""),
    (True, "yes"),
    (False, "no"),
    (date(2025, 7, 7), "2025-07-07"),
    (time(9, 5), "09:05"),
    (datetime(2025, 7, 7, 9, 5, 1, 999, tzinfo=UTC), "2025-07-07T09:05:01+00:00"),
    (datetime(2025, 7, 7, 9, 5, tzinfo=ZoneInfo("Europe/Zurich")), "2025-07-07T09:05:00+02:00"),
    (["C2", "C7"], "C2; C7"),
    ((), ""),
    ([True, 3], "yes; 3"),
    (math.nan, ""),
    (math.inf, ""),
]
NUMBERS = [(0, "0"), (-3, "-3"), (12.5, "12.5")]
FORMULAS = ["=2+2", "+1", "-1", "@x", "\tx", "\rx"]


def in_csv(value: object) -> str:
    table = as_csv(["a", "b"], [{"a": value, "b": "."}]).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(table, newline=""))
    return row["a"]


def in_workbook(value: object) -> object:
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx([{"a": value, "b": "."}])))
    return book.get_sheet_by_index(0).to_python()[1][0]


@pytest.mark.parametrize(("value", "written"), CONVENTION)
def test_a_value_is_written_alike_in_every_table(value, written):
    assert in_csv(value) == written
    is_day = type(value) is date
    assert in_workbook(value) == (value if is_day else written)


def test_a_day_before_those_of_spreadsheets_is_a_text():
    assert in_workbook(date(1865, 5, 17)) == "1865-05-17"


def test_a_sheet_has_a_name_a_header_that_stays_and_a_filter():
    content = as_xlsx([{"a": "1", "b": "2"}], sheet="wsis20/a [table] whose name is far too long")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        part = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in part
    assert 'ySplit="1"' in part
    assert '<autoFilter ref="A1:B2"/>' in part
    names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    assert names == ["wsis20-a -table- whose name is "]


@pytest.mark.parametrize(("value", "written"), NUMBERS)
def test_a_number_is_a_number(value, written):
    assert in_csv(value) == written
    assert in_workbook(value) == value


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_a_text(text):
    assert in_csv(text) == f"'{text}"
    assert in_csv([text, "x"]) == f"'{text}; x"
    assert str(in_workbook(text)).strip() == text.strip()


def test_the_guard_against_formulas_is_written_once():
    sources = Path(DOCS.parents[2] / "src").rglob("*.py")
    found = [path.name for path in sources if "FORMULA_SIGNS =" in path.read_text(encoding="utf-8")]
    assert found == ["formulas.py"]


def test_the_documents_show_what_is_written():
    text = DOCS.read_text(encoding="utf-8")
    for written in ("yes", "no", "2025-07-07", "09:05", "2025-07-07T09:05:00+02:00", "C2; C7"):
        assert f"`{written}`" in text

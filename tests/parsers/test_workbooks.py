"""How much a workbook would take is known before another library makes a table of it."""

import pytest

from hostile.spreadsheets import HEAD, MAIN, cell, ods, row, xlsx
from muntada.parsers import tables
from muntada.parsers.faults import Unreadable
from muntada.parsers.workbooks import Extent, rows_of

LONG = "w" * 32_000
STRINGS = f'{HEAD}<sst xmlns="{MAIN}"><si><t>short</t></si><si><r><t>{LONG}</t></r></si></sst>'
SMALL = Extent(letters=100_000)


def pointing_at(number: int, times: int) -> str:
    return "".join(row(n, f'<c r="A{n}" t="s"><v>{number}</v></c>') for n in range(1, times + 1))


def refused(content: bytes, **bounds) -> str:
    with pytest.raises(Unreadable) as fault:
        list(rows_of(content, **bounds))
    return fault.value.code


def test_cells_that_all_point_at_one_long_string_are_refused():
    content = xlsx(pointing_at(1, 4), **{"xl__sharedStrings.xml": STRINGS})
    assert refused(content, extent=SMALL) == "table-too-long-texts"


def test_a_long_string_that_few_cells_point_at_is_read():
    rows = list(rows_of(xlsx(pointing_at(1, 3), **{"xl__sharedStrings.xml": STRINGS}), extent=SMALL))
    assert rows == [[LONG]] * 3
    rows = list(rows_of(xlsx(pointing_at(0, 900), **{"xl__sharedStrings.xml": STRINGS}), extent=SMALL))
    assert rows == [["short"]] * 900


def test_two_lists_of_strings_are_refused():
    content = xlsx(pointing_at(0, 2), **{"xl__sharedStrings.xml": STRINGS, "xl__SHAREDstrings.xml": STRINGS})
    assert refused(content) == "table-broken"


@pytest.mark.parametrize(
    ("of_row", "of_cell", "inner"),
    [
        ("", 'table:number-columns-repeated="4"', f"<text:p>{LONG}</text:p>"),
        ('table:number-rows-repeated="4"', "", f"<text:p>{LONG}</text:p>"),
        ('table:number-rows-repeated="4"', f'office:string-value="{LONG}"', ""),
        ("", "", '<text:p>a<text:s text:c="100001"/></text:p>'),
    ],
)
def test_a_long_text_that_is_repeated_is_refused(of_row, of_cell, inner):
    cell_of = f'<table:table-cell office:value-type="string" {of_cell}>{inner}</table:table-cell>'
    content = ods(f"<table:table-row {of_row}>{cell_of}</table:table-row>")
    assert refused(content, extent=SMALL) == "table-too-long-texts"


def test_a_workbook_that_unpacks_too_far_is_refused():
    content = xlsx(row(1, cell("A1", LONG)))
    assert refused(content, most_bytes=30_000) == "archive-too-large"


def test_a_table_that_somebody_waits_for_unpacks_to_less():
    content = xlsx(row(1, cell("A1", "w" * (tables.MOST_UNPACKED_BYTES + 1))))
    with pytest.raises(Unreadable) as fault:
        list(tables.sheet([content], most=10, refuses_macros=False))
    assert fault.value.code == "archive-too-large"

"""Files that are handed out: their names, types and content."""

import io

import pytest
from python_calamine import CalamineWorkbook

from muntada.foundations.downloads import (
    content_disposition,
    csv_download,
    download,
    streamed_download,
    table_download,
)
from muntada.foundations.sheets import CSV, XLSX


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("wsis20-votes.csv", 'attachment; filename="wsis20-votes.csv"'),
        ("WSIS20/D/1.csv", 'attachment; filename="WSIS20-D-1.csv"'),
        ("carte é.csv", "attachment; filename*=utf-8''carte%20%C3%A9.csv"),
        ('a "quoted" name.csv', 'attachment; filename="a \\"quoted\\" name.csv"'),
        ("two\r\nlines.csv", "attachment; filename*=utf-8''two%0D%0Alines.csv"),
    ],
)
def test_a_file_is_named_in_any_letters(name: str, header: str) -> None:
    assert content_disposition(name) == header


def test_a_picture_can_be_shown_instead_of_saved() -> None:
    answer = download(b"<svg/>", "map.svg", "image/svg+xml", inline=True)
    assert answer["Content-Disposition"] == 'inline; filename="map.svg"'
    assert answer["Content-Type"] == "image/svg+xml"


def test_a_table_is_written_in_the_form_that_is_asked_for() -> None:
    rows = [{"title": "Access", "score": 4}]
    forms, columns = ("csv", "xlsx"), ("title", "score")
    as_text, as_workbook = (table_download(columns, rows, "scores", form) for form in forms)
    assert (as_text["Content-Type"], as_workbook["Content-Type"]) == (CSV, XLSX)
    assert as_text["Content-Disposition"] == 'attachment; filename="scores.csv"'
    assert as_workbook["Content-Disposition"] == 'attachment; filename="scores.xlsx"'
    assert as_text.content == "\ufefftitle,score\r\nAccess,4\r\n".encode()
    assert as_workbook.content.startswith(b"PK")


def test_a_table_without_rows_has_its_columns() -> None:
    assert csv_download("empty", ("title", "score"), ()).content == "\ufefftitle,score\r\n".encode()


def test_a_short_table_without_rows_has_its_columns_in_both_forms() -> None:
    as_text, as_workbook = (table_download(("title", "score"), [], "none", form) for form in ("csv", "xlsx"))
    assert as_text.content == "\ufefftitle,score\r\n".encode()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(as_workbook.content)).get_sheet_by_index(0)
    assert sheet.to_python()[0] == ["title", "score"]


def test_a_long_file_is_written_part_by_part() -> None:
    answer = streamed_download(iter([b"one,", b"two"]), "long.csv", CSV)
    assert b"".join(answer) == b"one,two"
    assert answer["Content-Disposition"] == 'attachment; filename="long.csv"'

"""Tables that leave the platform, so that no programme that opens them runs what somebody wrote."""

import csv
import io
from collections.abc import Mapping, Sequence

import xlsxwriter

# A cell that begins so is taken for a formula by spreadsheet programmes.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_000

type Row = Mapping[str, object]


def as_csv(rows: Sequence[Row]) -> bytes:
    """Write rows as UTF-8 with a mark at the beginning, by which spreadsheet programmes know it."""
    written = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(written, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return ("\ufeff" + written.getvalue()).encode()


def as_xlsx(rows: Sequence[Row]) -> bytes:
    """Write rows as a workbook of one sheet. Texts are texts there; one too long for a cell is cut."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        names = list(rows[0]) if rows else []
        for column, name in enumerate(names):
            sheet.write_string(0, column, name)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row.values()):
                if isinstance(value, bool | int | float):
                    sheet.write(line, column, value)
                elif value is not None:
                    sheet.write_string(line, column, str(value)[:LONGEST_CELL])
    return written.getvalue()


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value

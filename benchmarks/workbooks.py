"""What writing a programme as a workbook costs, by library: milliseconds of processor time, and bytes.

`python benchmarks/workbooks.py` writes benchmarks/results/workbooks.md; libraries that are not installed are
named as such (`openpyxl` and `pyexcelerate` are no part of Muntada: put them where `PYTHONPATH` finds them).
The rows are those of 300 sessions with texts of 600 letters in six languages, and the same rows for all.
"""

import argparse
import io
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module, util
from importlib.metadata import version
from pathlib import Path

import xlsxwriter
from programme_exports import SESSIONS, SPEAKERS, TEXTS, machine
from rustpy_xlsxwriter import write_worksheet

from muntada.foundations.sheets import SpreadsheetRow, as_xlsx

RESULTS = Path(__file__).parent / "results" / "workbooks.md"
MADE_AT = datetime(2025, 6, 1, tzinfo=UTC)
TIMES = 20
HEADING = """\
# A programme as a workbook, by library

`python benchmarks/workbooks.py`, or `./muntada bench workbooks`. The rows of {sessions} sessions, {columns}
columns, 600 letters of text each; the mean of {times} times, after one. Milliseconds of processor time.

"""


def rows() -> list[SpreadsheetRow]:
    """Return a programme as `drawings.tables` writes it."""
    texts = list(TEXTS.values())
    return [_row(number, texts[number % len(texts)]) for number in range(SESSIONS)]


def _row(number: int, text: str) -> SpreadsheetRow:
    start = datetime(2025, 7, 7, 7, tzinfo=UTC) + timedelta(hours=number % 40)
    url = f"https://forum.example/wsis20/s/{number}"
    return {
        "symbol": f"WSIS20/S/{number}",
        "title": f"{text.strip(' .。')} {number}",
        "language": "en",
        "kind": "workshop",
        "track": f"Track {number % 6}",
        "date": start.date().isoformat(),
        "starts": f"{start:%H:%M}",
        "ends": f"{start + timedelta(hours=1):%H:%M}",
        "time_zone": "Europe/Zurich",
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=1)).isoformat(),
        "room": f"Room {number % 20}",
        "seats": 100,
        "online_only": "no",
        "lines": f"C{number % 11 + 1}",
        "goals": "",
        "speakers": "; ".join(f"Speaker {number}-{one}" for one in range(SPEAKERS)),
        "moderators": "",
        "organisers": "",
        "status": "confirmed",
        "changed_at": MADE_AT.isoformat(),
        "description": (text * (600 // len(text) + 1))[:600],
        "url": url,
        "uid": f"{number:032x}",
    }


def by_xlsxwriter(table: Sequence[SpreadsheetRow], options: dict[str, bool]) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, options) as book:
        sheet = book.add_worksheet()
        for column, name in enumerate(table[0]):
            sheet.write_string(0, column, name)
        for line, row in enumerate(table, start=1):
            for column, value in enumerate(row.values()):
                if isinstance(value, int):
                    sheet.write_number(line, column, value)
                elif value:
                    sheet.write_string(line, column, str(value))
    return written.getvalue()


def by_rust(table: Sequence[SpreadsheetRow], *, shares: bool) -> bytes:
    written = io.BytesIO()
    write_worksheet([dict(row) for row in table], written, "Sheet1", dedupe_strings=shares)
    return written.getvalue()


def by_openpyxl(table: Sequence[SpreadsheetRow]) -> bytes:
    book = import_module("openpyxl").Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(table[0]))
    for row in table:
        sheet.append(list(row.values()))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def by_pyexcelerate(table: Sequence[SpreadsheetRow]) -> bytes:
    book = import_module("pyexcelerate").Workbook()
    book.new_sheet("Sheet1", data=[list(table[0]), *(list(row.values()) for row in table)])
    written = io.BytesIO()
    # Its `save` takes the name of a file alone.
    book._save(written)  # noqa: SLF001
    return written.getvalue()


WAYS: Sequence[tuple[str, str, Callable[[Sequence[SpreadsheetRow]], bytes]]] = (
    ("openpyxl", "write-only", by_openpyxl),
    ("xlsxwriter", "row by row, as before", lambda table: by_xlsxwriter(table, {"constant_memory": True})),
    ("xlsxwriter", "shared texts, in memory", lambda table: by_xlsxwriter(table, {"in_memory": True})),
    ("pyexcelerate", "", by_pyexcelerate),
    ("rustpy-xlsxwriter", "shared texts", lambda table: by_rust(table, shares=True)),
    ("rustpy-xlsxwriter", "row by row", lambda table: by_rust(table, shares=False)),
    ("Muntada", "`as_xlsx`, the moment not set", as_xlsx),
    ("Muntada", "`as_xlsx`, always the same bytes", lambda table: as_xlsx(table, made_at=MADE_AT)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one time each, nothing written")
    arguments = parser.parse_args()
    table, times = rows(), 1 if arguments.quick else TIMES
    lines = ["| library | how | ms | kB |", "|---|---|--:|--:|"]
    for library, how, write in WAYS:
        module = library.replace("-", "_").lower()
        if util.find_spec(module) is None:
            lines.append(f"| {library} | not installed here | – | – |")
            continue
        write(table)
        began = time.process_time()
        for _ in range(times):
            written = write(table)
        cost = 1000 * (time.process_time() - began) / times
        name = library if library == "Muntada" else f"{library} {version(library)}"
        lines.append(f"| {name} | {how} | {cost:.1f} | {len(written) / 1000:.1f} |")
    print("\n".join(lines))
    if not arguments.quick:
        heading = HEADING.format(sessions=len(table), columns=len(table[0]), times=times)
        RESULTS.write_text("\n".join([heading + machine(), "", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Workbooks that are right, and one sentence for each that is not."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from workbook_solvers import books
from workbook_solvers.books import BookFault
from workbook_solvers.cosplib.read import read_conference

from benchmarks.peer_workbooks.cosplib.made import Table, sheets, write_book

type Tables = dict[str, Table]


def test_names_zones_and_pairs_are_joined(tmp_path: Path) -> None:
    conference = read_conference(write_book(tmp_path / "made.xlsx"))
    assert [one.name for one in conference.submissions] == ["s1", "s2", "s3", 404, "s5"]
    assert conference.slots == (3, 2)
    assert conference.similar[0][1] == conference.similar[1][0] == 4  # the upper triangle counts
    assert conference.presenter_pairs == {(0, 2), (0, 3), (1, 3)}  # Ana twice; Dan has the chair of s1 and s2
    assert conference.attendee_pairs == {(1, 3), (1, 4), (3, 4)}
    assert conference.chair_pairs == {(1, 2)}
    assert conference.submissions[2].by_zone == (10, 10)  # 23:00 and 1:00 the day before
    assert conference.submissions[0].by_zone == (1, 0)


def put(sheet: str, row: int, column: int, value: object) -> Callable[[Tables], None]:
    def spoil(tables: Tables) -> None:
        tables[sheet][row][column] = value

    return spoil


def drop(sheet: str) -> Callable[[Tables], None]:
    def spoil(tables: Tables) -> None:
        del tables[sheet]

    return spoil


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (drop("similar tracks"), "sheet similar tracks: This sheet is missing."),
        (
            put("submissions", 2, 1, "Optimization"),
            "sheet submissions, row 3: Optimization is not in the sheet tracks.",
        ),
        (put("submissions", 2, 0, "s1"), "sheet submissions, row 3: s1 stands there more than once."),
        (
            put("submissions", 1, 2, "two"),
            "sheet submissions, row 2: two in column C is not a whole number from 1",
        ),
        (put("submissions", 1, 2, 0), "sheet submissions, row 2: 0 in column C is not a whole number from 1"),
        (put("submissions", 3, 4, "CET"), "sheet submissions, row 4: CET is not a time zone such as GMT+2"),
        (put("submissions", 0, 7, "Mon9"), "sheet submissions, row 1: Mon9 is not in the sheet sessions."),
        (put("sessions", 1, 3, "noon"), "sheet sessions, row 2: noon in column D is not a time of day"),
        (
            put("tracks_rooms|penalty", 1, 1, -1),
            "sheet tracks_rooms|penalty, row 2: -1 in column B is not a whole",
        ),
        (
            put("tracks_rooms|penalty", 1, 0, "Art"),
            "sheet tracks_rooms|penalty, row 2: Art is not in the sheet tracks.",
        ),
        (put("parameters", 3, 4, 1.5), "sheet parameters, row 4: 1.5 in column E is not a whole number"),
        (put("submissions", 5, 1, "Health"), "sheet tracks, row 4: The track Energy has no submission."),
    ],
)
def test_each_fault_names_its_sheet_its_row_and_the_reason(
    tmp_path: Path, spoil: Callable[[Tables], None], told: str
) -> None:
    tables = sheets()
    spoil(tables)
    with pytest.raises(BookFault) as refused:
        read_conference(write_book(tmp_path / "bad.xlsx", tables))
    assert str(refused.value).startswith(told)


def test_macros_damage_and_size_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = write_book(tmp_path / "made.xlsx")
    macros = tmp_path / "macros.xlsm"
    macros.write_bytes(book.read_bytes())
    with zipfile.ZipFile(macros, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    damaged = tmp_path / "damaged.xlsx"
    damaged.write_bytes(book.read_bytes()[:500])
    with pytest.raises(BookFault, match="holds macros"):
        read_conference(macros)
    with pytest.raises(BookFault, match="damaged"):
        read_conference(damaged)
    with pytest.raises(BookFault, match="no such file"):
        read_conference(tmp_path / "nowhere.xlsx")
    monkeypatch.setattr(books, "MAX_BYTES", 1_000)
    with pytest.raises(BookFault, match=r"at most 0\.001 MB"):
        read_conference(book)

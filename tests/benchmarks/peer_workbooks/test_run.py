import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from workbook_solvers import run
from workbook_solvers.run import main

from benchmarks.peer_workbooks.conference.books import make
from benchmarks.peer_workbooks.cosplib.made import sheets, write_book


def test_a_workbook_is_solved_and_its_solution_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, out = write_book(tmp_path / "made.xlsx"), tmp_path / "solution.xlsx"
    assert main([str(book), "--format", "cosplib", "--cpu-seconds", "1", "--out", str(out), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["score"]["unplaced"] == 0
    assert answer["score"]["cost"] == sum(answer["terms"].values())
    assert CalamineWorkbook.from_path(out).sheet_names == ["sol", "violations"]


def test_who_finds_no_place_is_named_with_what_may_help(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = sheets()
    tables["sessions"][2][1] = 1  # no room any more for the two slots of s3 beside all others
    tables["sessions"][1][1] = 1
    book = write_book(tmp_path / "made.xlsx", tables)
    assert main([str(book), "--format", "cosplib", "--cpu-seconds", "1"]) == 0
    told = capsys.readouterr().out
    assert "Without a place: " in told
    assert "s3" in told.partition("Without a place: ")[2].splitlines()[0]
    assert "More --cpu-seconds may find one, if there is one." in told


def test_work_that_is_cut_short_is_not_called_repeatable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "STARTING", -1000.0)  # so much work is left, and no time
    book = make(tmp_path / "made.xlsx")
    assert main([str(book), "--format", "timefold", "--repeatable", "--cpu-seconds", "1"]) == 0
    assert "Cut short before the work was done, so not repeatable;" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.xlsx", "--format", "cosplib"], "nowhere.xlsx: There is no such file."),
        (["made.xlsx", "--format", "cosplib", "--keep-pins"], "--keep-pins says nothing here:"),
        (["made.xlsx", "--format", "cosplib", "--out", "no/such/file.xlsx"], "There is no folder no/such;"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    told = capsys.readouterr().err
    assert told.startswith(said)
    assert told.count("\n") == 1

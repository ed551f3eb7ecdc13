import argparse
import json
import subprocess
import sys
from pathlib import Path

import pytest

from muntada.cli import timetable

REQUESTS = """id,title,organiser,minutes,people,needs,audience
a,Opening,ITU,60,Ana Roy;Ben Li,hybrid,80
b,Rural access,UNESCO,60,ana roy,,10
c,Too many,UNDP,60,,,900
"""
ROOMS = "name,seats,services\nHall,100,hybrid\nDen,20,\n"
SLOTS = """start,end
2025-07-07T09:00+02:00,2025-07-07T10:00+02:00
2025-07-07T10:00+02:00,2025-07-07T11:00+02:00
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "requests.csv").write_text(REQUESTS, encoding="utf-8")
    (tmp_path / "rooms.csv").write_text(ROOMS, encoding="utf-8")
    (tmp_path / "slots.csv").write_text(SLOTS, encoding="utf-8")
    return tmp_path


def run(folder: Path, *more: str) -> int:
    parser = argparse.ArgumentParser()
    timetable.add_arguments(parser)
    words = [
        str(folder / "requests.csv"),
        "--rooms",
        str(folder / "rooms.csv"),
        "--slots",
        str(folder / "slots.csv"),
    ]
    return timetable.run(parser.parse_args([*words, *more]))


def test_the_programme_is_printed_day_by_day(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(files) == 0
    page = capsys.readouterr().out
    assert "2 of 3 sessions placed. The wishes not met cost 0; nothing better exists." in page
    assert "Monday 2025-07-07 (UTC+02:00)" in page
    assert "Hall  Opening (a)" in page
    assert "Too many (c) expects 900 people. Seats of the largest room: 100." in page


def test_json_holds_placements_reasons_and_proof(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(files, "--json", "--seed", "4") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == "optimal"
    assert answer["seed"] == 4
    placed = {one["session"]: one for one in answer["placements"]}
    assert placed["a"]["room"] == "Hall"
    assert placed["a"]["start"] != placed["b"]["start"]
    assert [one["session"] for one in answer["unplaced"]] == ["c"]
    assert answer["score"] == answer["bound"] | {"fit": answer["score"]["fit"]}


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        (
            "requests.csv",
            "title\nA\n",
            "requests.csv, line 1: These columns are missing: organiser, minutes.",
        ),
        ("rooms.csv", "name,seats\nHall,x\n", "rooms.csv, line 2: The seats is “x”"),
        ("slots.csv", "", "slots.csv: The file is empty."),
    ],
)
def test_a_fault_in_a_file_is_one_sentence_and_exit_2(
    files: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, sentence: str
) -> None:
    (files / file).write_text(text, encoding="utf-8")
    assert run(files) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(sentence)
    assert output.err.count("\n") == 1


@pytest.mark.parametrize(
    "words", [("--seed", "-1"), ("--seed", "x"), ("--effort", "nan"), ("--effort", "-1")]
)
def test_an_argument_that_is_no_number_is_refused(files: Path, words: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(files, *words)
    assert caught.value.code == 2


def test_titles_cannot_command_the_terminal(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "requests.csv").write_text("title,organiser,minutes\n\x1b[2Jred,ITU,60\n", encoding="utf-8")
    assert run(files) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.long
def test_the_engine_and_its_command_stand_without_django() -> None:
    script = "import sys, muntada.cli.timetable; sys.exit('django' in sys.modules)"
    path = ":".join(entry for entry in sys.path if entry)
    assert (
        subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": path}, check=False).returncode == 0
    )

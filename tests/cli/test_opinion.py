import argparse
import json
from pathlib import Path

import pytest

from muntada.cli import opinion

HEADER = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    opinion.add_arguments(parser)
    return opinion.run(parser.parse_args(list(words)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve people say yes to the first of four statements; on the others seven say what five deny."""
    texts = ["Uniting", "Dividing, one", "Dividing\u001b[31m two", "意見" * 60]
    votes = [
        (person, text, 1 if text == 0 or person < 7 else -1) for person in range(12) for text in range(4)
    ]
    counts = [
        (sum(vote == side for _, at, vote in votes if at == text) for side in (1, -1)) for text in range(4)
    ]
    (tmp_path / "comments.csv").write_text(
        HEADER
        + "".join(
            f'1403058993,x,{text},0,{agrees},{disagrees},1,"{texts[text]}"\n'
            for text, (agrees, disagrees) in enumerate(counts)
        ),
        encoding="utf-8",
    )
    (tmp_path / "votes.csv").write_text(
        "timestamp,datetime,comment-id,voter-id,vote\n"
        + "".join(f"1403058993,x,{text},{person},{vote}\n" for person, text, vote in votes),
        encoding="utf-8",
    )
    (tmp_path / "summary.csv").write_text("topic,A question\n", encoding="utf-8")
    return tmp_path


def test_the_json_holds_the_whole_map_with_the_words(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(folder), "--json", "--seed", "5") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["topic"], report["seed"], report["compat"]) == ("A question", 5, "")
    assert [group["size"] for group in report["groups"]] == [7, 5]
    assert report["statements"][1]["text"] == "Dividing, one"
    assert (report["statements"][1]["agree"], report["statements"][1]["disagree"]) == (7, 5)
    assert report["participants"][0]["group"] == 0
    assert report["consensus"]["agree"][0]["statement"] == "0"


def test_the_same_seed_prints_the_same_bytes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(str(folder), "--json")
    first = capsys.readouterr().out
    run(str(folder), "--json")
    assert capsys.readouterr().out == first


def test_the_page_reads_well_in_a_narrow_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert run(str(folder)) == 0
    page = capsys.readouterr().out
    assert "A question\nPeople 12, statements 4 (0 of them left out), votes 48." in page
    assert "2 groups of 12 people who have voted on enough statements: A 7, B 5." in page
    assert "  agree     A 100 %  B   0 %  1  Dividing, one\n" in page
    assert "  agree     A 100 %  B 100 %  0  Uniting\n" in page
    assert "\u001b" not in page
    wide = next(line for line in page.splitlines() if "意見" in line)
    assert wide.endswith("…")
    assert len(wide) + sum(letter in "意見" for letter in wide) <= 60


def test_compat_follows_another_programme(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(folder), "--json", "--compat", "polis") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["compat"] == "polis"
    assert report["grouping"]["support"] is None


def test_a_fault_is_one_sentence_and_two(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    votes = folder / "votes.csv"
    votes.write_text(votes.read_text().replace(",11,-1\n", ",11,7\n"))
    assert run(str(folder)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "votes.csv, line 47: The vote is 7; a vote is 1, -1 or 0.\n"


@pytest.mark.parametrize("seed", ["-1", "x", "1.5"])
def test_a_seed_that_is_none_is_refused(folder: Path, seed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(str(folder), f"--seed={seed}")
    assert left.value.code == 2
    assert "is not a whole number" in capsys.readouterr().err


@pytest.mark.shared_data
def test_the_real_consultations_are_analysed(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(shared_data / "polis" / "15-per-hour-seattle")) == 0
    page = capsys.readouterr().out
    assert page.startswith("$15/hour\nPeople 339, statements 54 (23 of them left out), votes 2,872.")

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
    assert "disagree  A 100 %  B 100 %" not in page
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


@pytest.fixture
def speakers(folder: Path) -> list[str]:
    """The seven of the first camp are industry, the five of the other public; each is to be one half."""
    kinds = "".join(f"{person},{'industry' if person < 7 else 'public'}\n" for person in range(12))
    (folder / "people.csv").write_text(f"participant,kind\n{kinds}", encoding="utf-8")
    (folder / "targets.csv").write_text(
        "dimension,category,share\nkind,industry,1\nkind,public,1\nkind,unions,2\n", encoding="utf-8"
    )
    return ["--voices", str(folder / "people.csv"), "--targets", str(folder / "targets.csv")]


def test_who_speaks_is_told_beside_what_they_say(
    folder: Path, speakers: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert run(str(folder), *speakers) == 0
    page = capsys.readouterr().out
    assert "Who speaks, by kind\n" in page
    assert "  industry        7 people  wanted  25 %  had  58 %  weighs  50 %\n" in page
    assert "  unions         not heard  wanted  50 %\n" in page
    assert "say as much as 12 that are not (design effect 1.03)." in page
    assert "kind, not heard: unions. Nobody can be weighted in their place" in page
    assert "What unites them, by kind (score)\n  agree     0.8" in page
    assert "   58 %   50 %  1  Dividing, one\n" in page


def test_the_json_tells_who_speaks(
    folder: Path, speakers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(folder), *speakers, "--json") == 0
    voices = json.loads(capsys.readouterr().out)["voices"]
    assert voices["statements"][1]["raw"]["agree"]["share"] == pytest.approx(7 / 12)
    assert voices["statements"][1]["weighted"]["agree"]["share"] == pytest.approx(0.5)
    run(str(folder), *speakers, "--json", "--smallest", "6")
    voices = json.loads(capsys.readouterr().out)["voices"]
    assert [group["standing"] for group in voices["dimensions"][0]["groups"]] == [
        "withheld",
        "withheld",
        "not heard",
    ]


def test_how_sure_the_groups_are_is_said_and_can_be_left_out(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert run(str(folder), "--rounds", "7") == 0
    assert "When people were drawn anew 7 times, they were divided" in capsys.readouterr().out
    assert run(str(folder), "--quick") == 0
    page = capsys.readouterr().out
    assert "drawn anew" not in page
    assert "What unites" not in page
    assert "Group A, 7 people, stands out by" in page


def test_the_tendency_to_agree_can_be_taken_off(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(str(folder), "--json")
    plain = json.loads(capsys.readouterr().out)
    assert run(str(folder), "--json", "--without-tendency") == 0
    assert json.loads(capsys.readouterr().out)["axes"] != plain["axes"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--targets", "t.csv"], "--targets needs --voices"),
        (["--compat", "polis", "--without-tendency"], "polis does not know it"),
        (["--smallest", "0"], "--smallest is at least 1."),
        (["--voices", "nowhere.csv"], "nowhere.csv: There is no such file."),
    ],
)
def test_words_that_do_not_fit_together_are_refused(
    folder: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(folder), *words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err


def test_what_an_export_lacks_is_noted_and_the_rest_analysed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(str(folder), "--json")
    whole = capsys.readouterr()
    assert (json.loads(whole.out)["notes"], whole.err) == ([], "")
    (folder / "comments.csv").unlink()
    assert run(str(folder), "--json") == 0
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert [group["size"] for group in report["groups"]] == [7, 5]
    assert [statement["text"] for statement in report["statements"]] == [""] * 4
    assert said.err == "".join(f"Note: {note}\n" for note in report["notes"])
    assert "no comments.csv" in report["notes"][0]
    assert "1 is taken to" in report["notes"][1]


def test_a_sign_that_cannot_be_told_can_be_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "format.json").write_text('{"vote-convention": "agree=-1;disagree=1;pass=0"}')
    assert run(str(folder), "--json") == 2
    assert capsys.readouterr().err.endswith("If you know it, say so with --agree-is 1 or --agree-is -1.\n")
    assert run(str(folder), "--json", "--agree-is", "1") == 0
    assert json.loads(capsys.readouterr().out)["statements"][0]["agree"] == 12
    assert run(str(folder), "--json", "--agree-is", "-1") == 0
    assert json.loads(capsys.readouterr().out)["statements"][0]["disagree"] == 12


@pytest.mark.parametrize("seed", ["-1", "x", "1.5"])
def test_a_seed_that_is_none_is_refused(folder: Path, seed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(str(folder), f"--seed={seed}")
    assert left.value.code == 2
    assert "is not a whole number" in capsys.readouterr().err


@pytest.mark.shared_data
@pytest.mark.long
def test_the_real_consultations_are_analysed(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(shared_data / "polis" / "15-per-hour-seattle")) == 0
    page = capsys.readouterr().out
    assert page.startswith("$15/hour\nPeople 339, statements 54 (23 of them left out), votes 2,872.")

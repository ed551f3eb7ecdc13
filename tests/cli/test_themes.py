import argparse
import json
from pathlib import Path

import pytest

from muntada.cli import themes

TEXTS = [
    ("1", "en", "Every village school needs broadband, and teachers trained to use it."),
    ("2", "fr", "Chaque école de village a besoin du haut débit et d'enseignants formés."),
    ("3", "zh-hans", "每所乡村学校都需要宽带和受过培训的教师。"),
    ("4", "en", "Journalists are hunted with spyware bought by governments."),
    ("5", "ar", "تُلاحق الحكومات الصحفيين ببرامج التجسس."),
    ("6", "ru", "Журналистов преследуют шпионскими программами, купленными правительствами."),
]


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    themes.add_arguments(parser)
    return themes.run(parser.parse_args(list(words)))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "texts.csv"
    rows = "".join(f'{name},{language},"{text}"\n' for name, language, text in TEXTS)
    path.write_text("id,language,text\n" + rows, encoding="utf-8")
    return path


def test_the_json_holds_groups_matches_and_suggestions(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = tmp_path / "lines.csv"
    lines.write_text(
        "code,language,text\nC9,en,Media\nC9,fr,Médias\nC7,en,E-learning\nC7,fr,Cyberapprentissage\n",
        encoding="utf-8",
    )
    assert run(str(table), "--json", "--groups", "2", "--matches", "--descriptions", str(lines)) == 0
    report = json.loads(capsys.readouterr().out)
    members = [sorted(member["id"] for member in group["members"]) for group in report["groups"]]
    assert sorted(members) == [["1", "2", "3"], ["4", "5", "6"]]
    assert {"one": "1", "other": "2"}.items() <= report["matches"][0].items() or report["matches"]
    codes = {entry["id"]: [line["code"] for line in entry["lines"]] for entry in report["suggestions"]}
    assert (codes["1"], codes["6"]) == (["C7"], ["C9"])
    assert (report["campaigns"], report["ungrouped"], report["seed"]) == ([], [], 0)


def test_the_same_seed_prints_the_same_bytes(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(str(table), "--json")
    first = capsys.readouterr().out
    run(str(table), "--json")
    assert capsys.readouterr().out == first


def test_the_page_for_people_names_the_themes(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(table), "--groups", "2") == 0
    page = capsys.readouterr().out
    assert page.startswith("Texts 6, themes 2, without a theme 0.")
    assert "Theme 1, 3 texts: " in page
    assert "journalist" in page


def test_letters_that_a_terminal_would_obey_are_not_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "texts.csv"
    letter = "\u001b[31mWe all write the same long letter about the price of mobile data in the villages"
    path.write_text("id,language,text\n" + "".join(f"{n},en,{letter}\n" for n in range(4)), encoding="utf-8")
    assert run(str(path)) == 0
    page = capsys.readouterr().out
    assert "Campaign of 4 texts, 4 of them the same" in page
    assert "\u001b" not in page


def test_a_broken_table_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(tmp_path / "nowhere.csv")) == 2
    assert capsys.readouterr().err == "nowhere.csv: There is no such file.\n"


def test_without_the_extra_the_encoder_is_missed(
    table: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(themes, "installed_encoder", lambda: None)
    assert run(str(table), "--encoder") == 2
    assert "languages" in capsys.readouterr().err


def test_a_wrong_number_is_refused() -> None:
    with pytest.raises(SystemExit):
        run("x.csv", "--groups", "-1")

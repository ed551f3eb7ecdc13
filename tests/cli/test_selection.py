import argparse
import json
from pathlib import Path

import pytest

from muntada.cli import selection

REQUESTS = """id,title,score,minutes,region,organisation
P/1,Rural access,4.2,60,africa,UNESCO
P/2,Fibre for islands,4,60,asia,ITU
P/3,\x1b[2JDigital skills,3.9,90,europe,ITU
"""
RULES = """
[[capacity]]
id = "rooms"
minutes = 150
[[rule]]
id = "one each"
type = "cap"
scheme = "organisation"
most = 1
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "requests.csv").write_text(REQUESTS, encoding="utf-8")
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    return tmp_path


def run(folder: Path, *more: str) -> int:
    parser = argparse.ArgumentParser()
    selection.add_arguments(parser)
    words = [str(folder / "requests.csv"), "--rules", str(folder / "rules.toml"), *more]
    return selection.run(parser.parse_args(words))


def test_choice_rules_and_waiting_list_are_printed(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(files) == 0
    page = capsys.readouterr().out
    assert "2 of 3 requests chosen, with a score of 8.2; nothing better exists." in page
    assert "4.2  Rural access (P/1)" in page
    assert "rooms: kept. 120 of 150 minutes of rooms are filled." in page
    assert "it would take the place of P/2." in page
    assert "\x1b" not in page


def test_json_holds_choice_proof_prices_and_reasons(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(files, "--json", "--seed", "3") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["status"], answer["chosen"], answer["seed"]) == ("optimal", ["P/1", "P/2"], 3)
    assert answer["score"] == answer["bound"] == 8.2
    assert {price["condition"]: price["points"] for price in answer["prices"]} == {
        "rooms": 0.0,
        "one each": 0.0,
    }
    assert answer["excluded"][0]["cost"] == 0.1
    assert answer["excluded"][0]["reasons"][-1]["text"].startswith("With a score of 4 instead of 3.9")


def test_rules_that_cannot_be_kept_are_told_and_exit_1(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / "rules.toml").write_text('pins = ["P/2", "P/3"]\n' + RULES, encoding="utf-8")
    assert run(files) == 1
    page = capsys.readouterr().out
    assert page.startswith("No choice keeps all rules.")
    assert "P/3 is pinned: it must be in." in page


def test_a_fault_in_a_file_is_one_sentence_and_exit_2(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (files / "rules.toml").write_text("rule = 3\n", encoding="utf-8")
    assert run(files) == 2
    output = capsys.readouterr()
    assert (output.out, output.err) == ("", "rules.toml: “rule” is to be a list of tables.\n")

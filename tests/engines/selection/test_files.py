import json
from pathlib import Path

import pytest

from muntada.engines.selection.files import parsed, read_problem, read_requests
from muntada.engines.selection.problem import (
    Alternatives,
    Apportionment,
    BalanceRule,
    Cap,
    Capacity,
    Headcount,
    PinnedRequest,
    RequestSpec,
    RuleState,
    SelectionMethod,
    SelectionProblem,
    Unit,
    Veto,
)
from muntada.engines.tables import TableFault

REQUESTS = """id,title,score,kind,minutes,region,person,number:speakers,number:women
P/1,Rural access,4.25,workshop,90,africa;arab,ana;ben,4,2
P/2,Open data,3,talk,,,,1,
"""
RULES = """
pins = ["P/1"]
vetoes = ["P/2"]
[[capacity]]
id = "workshops"
kinds = ["workshop"]
sessions = 3
minutes = 200
[[rule]]
id = "Africa"
type = "balance"
scheme = "region"
groups = ["africa"]
least = 1
unit = "number"
state = "warn"
[[rule]]
id = "women"
type = "headcount"
count = "women"
least = 40.5
[[rule]]
id = "people"
type = "cap"
scheme = "person"
most = 2
[[rule]]
id = "themes"
type = "apportionment"
scheme = "theme"
method = "sainte-lague"
demand = {M1 = 3, M2 = 1.5}
[[rule]]
id = "alike"
type = "alternatives"
requests = ["P/1", "P/2"]
state = "off"
"""
PROBLEM = SelectionProblem(
    requests=(
        RequestSpec(
            "P/1",
            4.25,
            "workshop",
            90,
            {"region": frozenset({"africa", "arab"}), "person": frozenset({"ana", "ben"})},
            {"speakers": 4, "women": 2},
        ),
        RequestSpec("P/2", 3.0, "talk", 60, {"region": frozenset(), "person": frozenset()}, {"speakers": 1}),
    ),
    capacities=(Capacity("workshops", frozenset({"workshop"}), 3, 200),),
    rules=(
        BalanceRule("Africa", "region", frozenset({"africa"}), 1, unit=Unit.NUMBER, state=RuleState.WARN),
        Headcount("women", "women", least=40.5),
        Cap("people", "person", 2),
        Apportionment("themes", "theme", {"M1": 3, "M2": 1.5}, method=SelectionMethod.SAINTE_LAGUE),
        Alternatives("alike", frozenset({"P/1", "P/2"}), RuleState.OFF),
    ),
    pins=(PinnedRequest("P/1"),),
    vetoes=(Veto("P/2"),),
)


def read(
    folder: Path, *, requests: str = REQUESTS, rules: str = RULES, name: str = "rules.toml"
) -> SelectionProblem:
    (folder / "requests.csv").write_text(requests, encoding="utf-8")
    (folder / name).write_text(rules, encoding="utf-8")
    return read_problem(read_requests(folder / "requests.csv").requests, folder / name)


def test_requests_and_all_types_of_rule_are_read(tmp_path: Path) -> None:
    assert read(tmp_path) == PROBLEM


def test_the_same_rules_are_read_from_json(tmp_path: Path) -> None:
    rules = {
        "pins": ["P/1"],
        "capacity": [{"id": "all", "sessions": 1}],
        "rule": [{"id": "people", "type": "cap", "scheme": "person", "most": 2}],
    }
    problem = read(tmp_path, rules=json.dumps(rules), name="rules.json")
    assert problem.capacities == (Capacity("all", sessions=1),)
    assert problem.rules == (Cap("people", "person", 2),)


@pytest.mark.parametrize(
    ("requests", "sentence"),
    [
        ("id,title\nP/1,A\n", "requests.csv, line 1: These columns are missing: score."),
        (
            "id,score\nP/1,high\n",
            "requests.csv, line 2: The score is “high”; a number such as 3.25 is expected.",
        ),
        ("id,score\nP/1,-1\n", "requests.csv, line 2: The score is “-1”"),
        ("id,score\nP/1,2\nP/1,3\n", "requests.csv, line 3: The request “P/1” is already on line 2."),
        ("id,score\n ,2\n", "requests.csv, line 2: The id is empty."),
        ("id,score,minutes\nP/1,2,0\n", "requests.csv, line 2: The request P/1 lasts 0 minutes"),
        ("id,score,number:women\nP/1,2,few\n", "requests.csv, line 2: The number:women is “few”"),
    ],
)
def test_a_fault_in_the_requests_is_one_sentence_with_its_line(
    tmp_path: Path, requests: str, sentence: str
) -> None:
    with pytest.raises(TableFault) as caught:
        read(tmp_path, requests=requests)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            "most = 2",
            "most =",
            "rules.toml, line 26: This is not TOML: it breaks off or is wrong at column 7.",
        ),
        ("most = 2", 'most = "two"', "rules.toml, line 23: “most” is “two”; a whole number of at least 0"),
        ("most = 2", "", "rules.toml, line 23: “most” is missing."),
        ("most = 2", "most = 2\nleats = 1", "rules.toml, line 23: There is no “leats” here. Known are: id,"),
        ('"cap"', '"cup"', "rules.toml, line 23: The rule has the type “cup”."),
        ("least = 40.5", "least = 140", "rules.toml, line 18: The rule women asks for 140 %;"),
        ("least = 40.5", "least = nan", "rules.toml, line 18: “least” is “nan”; a number is expected."),
        ('"off"', '"of"', "rules.toml, line 34: “state” is “of”; block, warn, off is expected."),
        ('["P/2"]', '["P/7"]', "rules.toml, line 3: “veto:P/7” names the request P/7, which is not there."),
        ("[[capacity]]", "[capacity]", "rules.toml: “capacity” is to be a list of tables."),
        ("[[rule]]", "[[rules]]", "rules.toml: There is no “rules” here."),
        ('id = "women"', 'id = "Africa"', "rules.toml, line 10: The rule Africa is given twice."),
    ],
)
def test_a_fault_in_the_rules_is_one_sentence_with_its_line(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    assert before in RULES
    with pytest.raises(TableFault) as caught:
        read(tmp_path, rules=RULES.replace(before, after))
    assert str(caught.value).startswith(sentence)


def test_rules_that_end_too_early_are_said_in_words_of_ours() -> None:
    with pytest.raises(TableFault) as caught:
        parsed(Path("rules.toml"), "x = [1")
    assert str(caught.value) == "rules.toml: This is not TOML: something that was begun is not ended."


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ('{\n"rule": [}', "rules.json, line 2: This is not JSON: it breaks off or is wrong at column 10."),
        ("[" * 100_000, "rules.json: A table with capacity"),
        ("[]", "rules.json: A table with capacity"),
        ('{"capacity": [{"id": "x", "sessions": 1e999}]}', "rules.json, line 1: “sessions” is “inf”"),
    ],
)
def test_json_that_is_none_is_one_sentence(tmp_path: Path, rules: str, sentence: str) -> None:
    with pytest.raises(TableFault) as caught:
        read(tmp_path, rules=rules, name="rules.json")
    assert str(caught.value).startswith(sentence)

"""Divides, trends, index and coverage from plain files, as an analyst calls them."""

import json
from pathlib import Path

import pytest

from muntada.cli.commands import main

SERIES = "series,area,year,value\n" + "".join(
    f"{series},{area},{year},{start + slope * (year - 2000) + (60 if area == 'AAA' and year > 2009 else 0)}\n"
    for series, shift in (("use", 0), ("reach", 10))
    for area, start, slope in (
        ("AAA", 5 + shift, 1),
        ("BBB", 2 + shift, 2),
        ("CCC", 1 + shift, 3),
        ("ALL", 9, 2),
    )
    for year in range(2000, 2020)
)
PEOPLE = "area,year,value\n" + "".join(
    f"{area},{year},{count}\n"
    for area, count in (("AAA", 50), ("BBB", 30), ("CCC", 20))
    for year in (2000, 2019)
)
GROUPS = "area,group\nAAA,north\nBBB,south\nCCC,south\nALL,\n"
PARTS = "part,parent,weight,direction\nindex,,,\nuse,index,2,1\nreach,index,,-1\n"
TARGETS = "target,series\naccess,use\naccess,reach\nprices,basket\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    texts = {"series": SERIES, "people": PEOPLE, "groups": GROUPS, "parts": PARTS, "targets": TARGETS}
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def told(capsys, *words: object) -> str:
    assert main([str(word) for word in words]) == 0
    return capsys.readouterr().out


def test_divides_stand_absolute_beside_relative_with_what_they_rest_on(files, capsys):
    words = (
        "divides",
        files / "series.csv",
        "--people",
        files / "people.csv",
        "--groups",
        files / "groups.csv",
    )
    page = told(capsys, *words, "--leader", "ALL")
    assert "use (weighted by people)" in page
    assert "lies between groups" in page
    assert "Years behind ALL" in page
    reach, use = json.loads(told(capsys, *words, "--leader", "ALL", "--json"))
    assert (use["series"], use["weighted"], use["leader"]) == ("use", True, "ALL")
    first, last = use["years"][0], use["years"][-1]
    assert (first["year"], first["spread"]["areas"], first["spread"]["share"]) == (2000, 3, 1)
    assert first["spread"]["mean"] == pytest.approx(0.5 * 5 + 0.3 * 2 + 0.2 * 1)
    assert last["between_groups"]["theil"] == pytest.approx(last["spread"]["theil"])
    assert use["years"][1]["spread"]["reason"] == "No area with a value has a weight."
    assert use["behind"]["BBB"]["years"] == pytest.approx(3.5)
    assert reach["behind"]["CCC"]["reason"] == "The series to compare with has not reached this value yet."


def test_a_divide_of_too_few_people_is_not_told(files, capsys):
    (files / "series.csv").write_text(
        "series,area,year,value\nuse,BBB,2000,1\nuse,CCC,2000,3\nuse,AAA,2000,\n"
    )
    words = ("divides", files / "series.csv", "--people", files / "people.csv", "--json")
    (only,) = json.loads(told(capsys, *words))
    assert only["years"][0]["spread"]["gini"] is None
    assert only["years"][0]["spread"]["share"] == 0.5
    (only,) = json.loads(told(capsys, *words, "--least-share", "0.4"))
    assert only["years"][0]["spread"]["gini"] == pytest.approx(0.24 / 0.9)


def test_trends_and_turns_are_told_of_every_series_and_area(files, capsys):
    page = told(capsys, "trends", files / "series.csv")
    assert "2009 (2009-2009)" in page
    found = {
        (one["series"], one["area"]): one
        for one in json.loads(told(capsys, "trends", files / "series.csv", "--json"))
    }
    assert len(found) == 8
    steady, turned = found["use", "BBB"], found["use", "AAA"]
    assert (steady["trend"]["slope"], steady["turning"]["turns"]) == (2, [])
    assert turned["turning"]["turns"][0]["year"] == 2009
    assert turned["turning"]["turns"][0]["jump"] == pytest.approx(60)


def test_an_index_says_between_which_ranks_and_the_seed_repeats_it(files, capsys):
    words = ("index", files / "series.csv", "--parts", files / "parts.csv", "--groups", files / "groups.csv")
    page = told(capsys, *words, "--draws", "20")
    assert "index, as of 2019" in page
    assert "90% between" in page
    (one,) = json.loads(told(capsys, *words, "--draws", "20", "--json", "--seed", "4"))
    assert [row["area"] for row in one["index"]["areas"]] != []
    assert {row["area"] for row in one["doubt"]["areas"]} == {"AAA", "BBB", "CCC"}
    assert [one] == json.loads(told(capsys, *words, "--draws", "20", "--json", "--seed", "4"))


def test_coverage_tells_what_is_known_of_each_target(files, capsys):
    words = (
        "coverage",
        files / "series.csv",
        "--targets",
        files / "targets.csv",
        "--people",
        files / "people.csv",
    )
    page = told(capsys, *words)
    assert "prices: no value at all of basket." in page
    access, prices = json.loads(told(capsys, *words, "--json"))
    assert (access["recent"], access["people_share"], prices["no_data"]) == (4, 1, 4)
    old, _ = json.loads(told(capsys, *words, "--json", "--year", "2030"))
    assert (old["recent"], old["too_old"]) == (0, 4)


def test_a_cell_with_two_values_is_left_out_and_said(files, capsys):
    (files / "series.csv").write_text(f"{SERIES}use,BBB,2019,77\n")
    assert main(["trends", str(files / "series.csv"), "--json"]) == 0
    said = capsys.readouterr()
    assert "Left out: use, BBB has two values for one year." in said.err
    found = {(one["series"], one["area"]): one for one in json.loads(said.out)}
    assert found["use", "BBB"]["trend"]["reason"] == "There is no value."


@pytest.mark.parametrize(
    ("words", "name", "text", "fault"),
    [
        (
            ["divides", "series.csv", "--people", "bad.csv"],
            "bad.csv",
            "area,year,value\nAAA,2000,-1\n",
            "line 2",
        ),
        (
            ["divides", "series.csv", "--people", "bad.csv"],
            "bad.csv",
            "area,year,value\nAAA,20,1\n",
            "line 2",
        ),
        (
            ["divides", "series.csv", "--people", "bad.csv"],
            "bad.csv",
            "area,year,value\n,2000,1\n",
            "column area",
        ),
        (["divides", "series.csv", "--groups", "bad.csv"], "bad.csv", "area,group\nA,x\nA,y\n", "on line 2"),
        (["divides", "series.csv", "--leader", "ZZZ"], "bad.csv", "", "no area of series.csv"),
        (["divides", "bad.csv"], "bad.csv", "series,area,year\nuse,AAA,2000\n", "columns are missing: value"),
        (["index", "series.csv", "--parts", "bad.csv"], "bad.csv", "part,parent\na,b\nb,a\n", "no tree"),
        (
            ["index", "series.csv", "--parts", "bad.csv"],
            "bad.csv",
            "part,parent\na,\nb,a\n",
            "no series of b",
        ),
        (
            ["index", "series.csv", "--parts", "bad.csv"],
            "bad.csv",
            "part,parent,direction\na,,\nuse,a,up\n",
            "no direction",
        ),
        (
            ["index", "series.csv", "--parts", "parts.csv", "--draws", "0"],
            "bad.csv",
            "",
            "--draws is between",
        ),
        (["coverage", "series.csv", "--targets", "bad.csv"], "bad.csv", "target,series\n", "no row below"),
        (["trends", "series.csv", "--least", "2"], "bad.csv", "", "--least is above"),
    ],
)
def test_a_fault_names_file_and_line_and_nothing_is_printed(files, capsys, words, name, text, fault):
    (files / name).write_text(text, encoding="utf-8")
    assert main([str(files / word) if word.endswith(".csv") else word for word in words]) == 2
    said = capsys.readouterr()
    assert fault in said.err
    assert said.out == ""


@pytest.mark.parametrize("word", ["divides", "trends", "coverage"])
def test_a_file_without_any_value_is_an_answer(files, capsys, word):
    (files / "series.csv").write_text("series,area,year,value\nuse,AAA,2000,\n")
    assert told(capsys, word, files / "series.csv")

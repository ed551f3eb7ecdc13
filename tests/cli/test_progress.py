import argparse
import json
from pathlib import Path

import pytest

from muntada.cli import progress

SERIES = """series,area,year,value,status
net,KEN,2023,60,measured
net,KEN,2015,30,estimated
net,NAM,2020,51,measured
net,NAM,2020,52,measured
phones,KEN,2015,20,measured
"""
TARGETS = """series,target,target_year,base_year,direction,limit,lower,optimum
net,95,2030,2015,1,100,,
schools,100,2030,2015,1,100,,
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "series.csv").write_text(SERIES, encoding="utf-8")
    (tmp_path / "targets.csv").write_text(TARGETS, encoding="utf-8")
    return tmp_path


def run(folder: Path, *more: str) -> int:
    parser = argparse.ArgumentParser()
    progress.add_arguments(parser)
    words = [str(folder / "series.csv"), "--targets", str(folder / "targets.csv"), *more]
    return progress.run(parser.parse_args(words))


def test_json_holds_a_row_for_each_series_area_and_method(files, capsys):
    assert run(files, "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 4 * 7
    row = rows[0]
    assert (row["series"], row["area"], row["method"]) == ("net", "KEN", "statcan")
    assert (row["verdict"], row["points"], row["share_estimated"]) == ("substantial_progress", 2, 0.5)
    assert (row["base_year"], row["base_value"], row["current_year"], row["current_value"]) == (
        2015,
        30,
        2023,
        60,
    )
    assert row["observed_rate"] == pytest.approx(2 ** (1 / 8) - 1)
    assert row["required_rate"] == pytest.approx((95 / 30) ** (1 / 15) - 1)
    codes = {(row["series"], row["area"], row["reason_code"]) for row in rows if row["method"] == "sdsn"}
    assert codes == {
        ("net", "KEN", None),
        ("net", "NAM", "doubled"),
        ("phones", "KEN", "no_target_row"),
        ("schools", None, "no_values"),
    }


def test_one_method_is_asked_for_alone(files, capsys):
    assert run(files, "--method", "logit", "--json") == 0
    assert {row["method"] for row in json.loads(capsys.readouterr().out)} == {"logit"}


def test_the_page_counts_verdicts_and_agreement(files, capsys):
    assert run(files) == 0
    page = capsys.readouterr().out
    assert "net, 95 by 2030: 2 areas" in page
    assert "statcan      1 on track   1 not_available, 1 substantial_progress" in page
    assert "all          0 on track by all, 1 by any" in page
    assert "No value at all: schools" in page


def test_the_page_says_why_there_is_no_verdict(files, capsys):
    assert run(files) == 0
    page = capsys.readouterr().out
    assert "phones: 1 area\n" in page
    assert "  No verdict by oecd, logit for KEN: There are fewer values than the method needs." in page
    every = "statcan, eurostat, unsd, escap, sdsn, oecd, logit"
    assert f"  No verdict by {every} for NAM: One year has two different values" in page


def test_of_many_areas_without_a_verdict_the_first_are_named(files, capsys):
    rows = "".join(f"net,A{area:02},2020,50\n" for area in range(11))
    (files / "series.csv").write_text("series,area,year,value\n" + rows, encoding="utf-8")
    assert run(files, "--method", "statcan") == 0
    assert "for A00, A01, A02, A03, A04, A05, A06, A07 and 3 more: There is one" in capsys.readouterr().out


def test_a_forecast_for_the_target_year_stands_in_each_row(files, capsys):
    values = [
        f"net,A{area},{year},{20 + area + 2 * (year - 2010)}\n"
        for area in range(9)
        for year in range(2010, 2025)
    ]
    (files / "series.csv").write_text("series,area,year,value\n" + "".join(values), encoding="utf-8")
    assert run(files, "--forecast", "--json", "--method", "sdsn") == 0
    row = json.loads(capsys.readouterr().out)[0]
    assert (row["forecast_year"], row["forecast_curve"]) == (2030, "logistic")
    assert 48 < row["forecast_low"] <= row["forecast"] <= row["forecast_high"] < 70
    assert run(files, "--forecast") == 0
    assert "net, logistic, 5 years ahead: 9 areas, mean error" in capsys.readouterr().out


def test_only_the_areas_of_a_group_are_judged(files, capsys):
    (files / "areas.csv").write_text("area,name\nKEN,Kenya\nTUV,Tuvalu\n", encoding="utf-8")
    assert run(files, "--areas", str(files / "areas.csv"), "--method", "sdsn", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["series"], row["area"], row["reason_code"]) for row in rows] == [
        ("net", "KEN", None),
        ("net", "TUV", "no_values"),
        ("phones", "KEN", "no_target_row"),
        ("phones", "TUV", "no_target_row"),
        ("schools", None, "no_values"),
    ]


@pytest.mark.long
def test_more_processes_print_the_same(files, capsys):
    run(files, "--json")
    alone = capsys.readouterr().out
    run(files, "--json", "--processes", "2")
    assert capsys.readouterr().out == alone


def test_a_fault_is_one_sentence_and_exit_2(files, capsys):
    (files / "series.csv").write_text("series,area,year,value\nnet,KEN,2020,many\n", encoding="utf-8")
    assert run(files) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("series.csv, line 2: “many” is not a number.")

"""Published assessments and figures, reproduced from their inputs."""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from muntada.engines.progress.assess import assess
from muntada.engines.progress.methods import METHODS
from muntada.engines.progress.panel import panel_of
from muntada.engines.progress.rows import agreement
from muntada.engines.progress.targets import SeriesTarget, TargetDirection

FIVE = ("statcan", "unsd", "escap", "sdsn", "logit")
INTERNET = "IT.NET.USER.ZS"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def number(told: str) -> float | None:
    return float(told) if told else None


@pytest.mark.shared_data
def test_every_assessment_of_statistics_canada_is_reproduced(shared_data):
    published = table(shared_data / "acceptance" / "statcan_progress.csv")
    assert len(published) == 379
    cells, targets = [], []
    for place, row in enumerate(published):
        name, base_year = f"{place:03}", int(float(row["base_year"]))
        cells.append((name, "CAN", base_year, float(row["base_value"] or "nan")))
        if row["current_year"]:
            cells.append((name, "CAN", int(float(row["current_year"])), float(row["current_value"] or "nan")))
        year, way = int(float(row["target_year"])), TargetDirection(int(row["direction"]))
        targets.append(SeriesTarget(name, number(row["target"]), year, base_year, way, number(row["limit"])))
    found = assess(panel_of(cells), targets, ["statcan"]).judged["statcan"]
    verdicts = [METHODS["statcan"].names[code] for code in found.verdict[:, 0]]
    assert verdicts == [row["status"] for row in published]
    for place, row in enumerate(published):
        if row["score"]:
            assert found.score[place, 0] == pytest.approx(float(row["score"]), abs=1e-9)
        if row["progress_value"]:
            rate = found.observed[place, 0] * int(row["direction"]) * np.sign(float(row["base_value"]) or 1)
            value = found.ratio[place, 0] if row["target"] else rate
            assert value == pytest.approx(float(row["progress_value"]), abs=1e-12)


@pytest.mark.shared_data
def test_five_methods_on_internet_use_in_158_economies(shared_data):
    folder = shared_data / "indicators"
    groups = {
        row["code"]
        for row in table(folder / "reference" / "wb_country_groups.csv")
        if row["is_aggregate"] == "True"
    }
    rows = [row for row in table(folder / "wdi" / f"{INTERNET}.csv") if row["code"] not in groups]
    latest = {row["code"]: (int(row["year"]), float(row["value"])) for row in rows}
    there_not_yet = {code for code, (year, value) in latest.items() if year >= 2022 and value < 95}
    assert len(there_not_yet) == 158
    panel = panel_of(
        (INTERNET, row["code"], int(row["year"]), float(row["value"]))
        for row in rows
        if row["code"] in there_not_yet
    )
    target = SeriesTarget(INTERNET, 95.0, limit=100.0)
    found = assess(panel, [target], FIVE)
    assert agreement(panel, found, FIVE)[INTERNET] == {
        "areas": 158,
        "by_statcan": 139,
        "by_unsd": 138,
        "by_escap": 100,
        "by_sdsn": 104,
        "by_logit": 59,
        "all": 58,
        "any": 142,
    }
    assert Counter(found.judged["escap"].verdict[0].tolist()) == {1: 100, 2: 58}

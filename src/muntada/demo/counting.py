"""Indicators of the demo: real series of the World Bank and ITU, imported."""

import csv
import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from muntada.demo.frame import DemoState
from muntada.demo.reading import DemoRow, read
from muntada.evidence.assessments import actions as assessing
from muntada.evidence.assessments.actions import NewTarget
from muntada.evidence.imports.actions.figures import import_indicators
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.indicators.rules.targets import BetterWhen
from muntada.record.rules import SYSTEM

USERS = "IT.NET.USER.ZS"
TARGET = NewTarget(
    value=95,
    year=2030,
    base_year=2015,
    direction=BetterWhen.UP,
    limit=100,
    agreed_in="A target of this demo, agreed nowhere",
)


def count_countries(stand: DemoState) -> None:
    """Import the series, population first since others are weighted by it; then set the target."""
    data = read("country_series.json")
    read_on = datetime.combine(date.fromisoformat(data["retrieved"]), time(), tzinfo=UTC).timestamp()
    with TemporaryDirectory() as folder:
        for code in sorted(data["series"], key=lambda one: one != "SP.POP.TOTL"):
            path = Path(folder) / f"{code}.csv"
            _write(path, data["series"][code])
            os.utime(path, (read_on, read_on))  # the date of the file is the retrieval date
            import_indicators(
                path=path,
                forum=stand.forum,
                actor=SYSTEM,
                now=stand.clock.tick(minutes=30),
                label=data["edition"],
            )
    users = Indicator.objects.get(forum=stand.forum, code=USERS)
    assessing.set_target(indicator=users, new=TARGET, actor=SYSTEM, now=stand.clock.tick(minutes=30))
    # The forum's clock is years before this edition, and a verdict cannot be older than its data.
    assessing.assess_indicator(indicator=users, now=datetime.now(UTC))


def _write(path: Path, series: DemoRow) -> None:
    """Write a series in the format of World Bank files: a row per area and year."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("code", "name", "year", "value"))
        for area, values in series["values"].items():
            for year, value in enumerate(values, start=series["first_year"]):
                if value is not None:
                    rows.writerow((area, area, year, value * series["times"]))

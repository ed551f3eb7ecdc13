"""What was counted country by country: true series of the World Bank and ITU, read in as an import is."""

import csv
import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from muntada.demo.frame import Stand
from muntada.demo.reading import Row, read
from muntada.evidence.assessments import actions as assessing
from muntada.evidence.assessments.actions import NewTarget
from muntada.evidence.imports.actions.figures import import_indicators
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.indicators.rules.targets import Direction
from muntada.record.rules import SYSTEM

USERS = "IT.NET.USER.ZS"
TARGET = NewTarget(
    value=95,
    year=2030,
    base_year=2015,
    direction=Direction.UP,
    limit=100,
    agreed_in="A target of this demo, agreed nowhere",
)


def count_countries(stand: Stand) -> None:
    """Read the series in, people first as others are weighted by them; then set the target of the demo."""
    data = read("country_series.json")
    read_on = datetime.combine(date.fromisoformat(data["retrieved"]), time(), tzinfo=UTC).timestamp()
    with TemporaryDirectory() as folder:
        for code in sorted(data["series"], key=lambda one: one != "SP.POP.TOTL"):
            path = Path(folder) / f"{code}.csv"
            _write(path, data["series"][code])
            os.utime(path, (read_on, read_on))  # the day of the file is the day of retrieval
            import_indicators(
                path=path,
                forum=stand.forum,
                actor=SYSTEM,
                now=stand.clock.tick(minutes=30),
                label=data["edition"],
            )
    users = Indicator.objects.get(forum=stand.forum, code=USERS)
    assessing.set_target(indicator=users, new=TARGET, actor=SYSTEM, now=stand.clock.tick(minutes=30))
    # The forum's own clock stands years before this edition: no verdict is older than its numbers.
    assessing.assess_indicator(indicator=users, now=datetime.now(UTC))


def _write(path: Path, series: Row) -> None:
    """Write a series as the files of the World Bank have it: a row for each area and year."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("code", "name", "year", "value"))
        for area, values in series["values"].items():
            for year, value in enumerate(values, start=series["first_year"]):
                if value is not None:
                    rows.writerow((area, area, year, value * series["times"]))

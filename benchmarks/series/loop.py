"""The peer: a loop over series with pandas and scipy, as it is mostly done, on the first SERIES of the file.

Prints the CPU seconds of the loop with the line, the growth rates and the verdict, and with Kendall's tau and
Sen's slope besides, without the start of Python and the reading of the file.
"""

import sys
import time
from pathlib import Path

import pandas as pd
from scipy import stats


def main(folder: Path, series: int) -> None:
    rows = pd.read_csv(folder / "series.csv", nrows=series * 6000, keep_default_na=False, na_values=[""])
    data = rows[rows["series"] < f"S{series:04}"]
    targets = pd.read_csv(folder / "targets.csv").set_index("series")
    start = time.process_time()
    count = sum(1 for _ in judged(data, targets))
    verdicts = time.process_time() - start
    start = time.process_time()
    for _, group in data.groupby(["series", "area"]):
        if len(group) > 1:
            stats.kendalltau(group["year"], group["value"])
            stats.theilslopes(group["value"], group["year"])
    print(count, verdicts, time.process_time() - start)


def judged(data: pd.DataFrame, targets: pd.DataFrame):  # noqa: ANN201
    for (name, area), group in data.groupby(["series", "area"]):
        points = group.dropna(subset=["value"]).sort_values("year")
        slope = stats.linregress(points["year"], points["value"]).slope if len(points) > 1 else None
        since = points[points["year"] >= 2015]  # noqa: PLR2004
        if len(since) < 2:  # noqa: PLR2004
            yield name, area, slope, "not_available"
            continue
        target, base, last = targets.loc[name], since.iloc[0], points.iloc[-1]
        way, value, aim = target["direction"], last["value"], target["target"]
        if way * (value - aim) >= 0:
            yield name, area, slope, "target_achieved"
            continue
        observed = (value / base["value"]) ** (1 / (last["year"] - base["year"])) - 1
        required = (aim / base["value"]) ** (1 / (target["target_year"] - base["year"])) - 1
        ratio = way * observed / abs(required)
        names = {0.95: "substantial", 0.6: "moderate", 0.0: "limited"}
        yield (
            name,
            area,
            slope,
            next((said for step, said in names.items() if ratio >= step), "deterioration"),
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

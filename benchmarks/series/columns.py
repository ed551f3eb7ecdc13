"""The peer: vectorised pandas, from the file to level, rate and verdict by the growth-rate method alone."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd


def main(folder: Path) -> None:
    data = pd.read_csv(folder / "series.csv", keep_default_na=False, na_values=[""])
    targets = pd.read_csv(folder / "targets.csv").set_index("series")
    data = data.dropna(subset=["value"]).sort_values(["series", "area", "year"])
    groups = data.groupby(["series", "area"], sort=False)
    centred = data["year"] - groups["year"].transform("mean")
    slope = (centred * data["value"]).groupby([data["series"], data["area"]], sort=False).sum()
    slope = slope / (centred**2).groupby([data["series"], data["area"]], sort=False).sum()
    base = data[data["year"] >= 2015].groupby(["series", "area"], sort=False).first()  # noqa: PLR2004
    last = groups.last()
    both = last.join(base.add_suffix("_base")).join(targets, on="series").join(slope.rename("slope"))
    span = both["year"] - both["year_base"]
    observed = (both["value"] / both["value_base"]) ** (1 / span) - 1
    required = (both["target"] / both["value_base"]) ** (1 / (both["target_year"] - both["year_base"])) - 1
    ratio = (both["direction"] * observed / required.abs()).where(span >= 1)
    met = both["direction"] * (both["value"] - both["target"]) >= 0
    steps = [met, ratio >= 0.95, ratio >= 0.6, ratio >= 0, ratio < 0]  # noqa: PLR2004
    names = ["target_achieved", "substantial", "moderate", "limited", "deterioration"]
    verdict = pd.Series(np.select(steps, names, "not_available"), index=both.index)
    print(verdict.value_counts().to_dict())


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Made-up indicator series: saturating shares, growing rates and wandering ones, with the gaps of real ones.

1,500 series x 217 areas x 25 years from 2000, of which 26 % are missing: most gaps are single years of a
series that a country reports now and then, some are whole countries, some the first years. Every series has a
target; a third of them fall where falling is better. Deterministic from the seed.

`python benchmarks/series/made.py FOLDER SERIES` writes series.csv and targets.csv.
"""

import sys
from pathlib import Path

import numpy as np

AREAS, YEARS, FIRST = 217, 25, 2000
FALLING, GROWING = 1, 2  # what a series does, by its number
SILENT, LATE = 0.03, 0.3  # shares of areas that never report, and that began later


def made(series: int, seed: int = 1) -> np.ndarray:
    """Return series x areas x years, NaN where there is no value, rounded as sources publish them."""
    dice = np.random.default_rng(seed)
    year = np.arange(YEARS, dtype=np.float64)
    values = np.empty((series, AREAS, YEARS))
    for number in range(series):
        start = dice.normal(-1.5, 1.5, (AREAS, 1))
        pace = dice.gamma(2.0, 0.06, (AREAS, 1))
        noise = dice.normal(0, 0.05, (AREAS, YEARS)).cumsum(axis=1)
        share = 100.0 / (1.0 + np.exp(-(start + pace * year + noise)))
        if number % 3 == FALLING:
            share = 100.0 - share
        elif number % 3 == GROWING:
            share = 50.0 * np.exp(start / 2 + pace * year / 4 + noise)
        values[number] = np.round(share, 4)
    seldom = dice.beta(1.2, 4.3, (series, AREAS, 1))
    values[dice.random(values.shape) < seldom] = np.nan
    values[dice.random((series, AREAS)) < SILENT] = np.nan
    late = dice.integers(0, 4, (series, AREAS, 1)) * (dice.random((series, AREAS, 1)) < LATE)
    values[np.broadcast_to(year, values.shape) < late] = np.nan
    return values


def targets(series: int) -> list[str]:
    """Return the lines of the table of targets."""
    kinds = ("95,2030,2015,1,100,0,100", "10,2030,2015,-1,100,100,0", "200,2030,2015,1,,0,300")
    head = "series,target,target_year,base_year,direction,limit,lower,optimum"
    return [head, *(f"S{number:04},{kinds[number % 3]}" for number in range(series))]


def write(folder: Path, series: int) -> None:
    """Write the series as CSV, once, and the targets."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "targets.csv").write_text("\n".join(targets(series)) + "\n", encoding="utf-8")
    values = made(series)
    with (folder / "series.csv").open("w", encoding="utf-8") as stream:
        stream.write("series,area,year,value\n")
        for number in range(series):
            for area in range(AREAS):
                head = f"S{number:04},A{area:03},"
                stream.writelines(
                    f"{head}{FIRST + year},{value:.10g}\n"
                    for year, value in enumerate(values[number, area].tolist())
                    if value == value  # noqa: PLR0124
                )


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))

"""Verdicts of every method and the trends of all series, from the file: what `bench progress` measures whole.

`python benchmarks/series/own.py FOLDER` prints how many verdicts are good, and how many trends are sure.
"""

import sys
from pathlib import Path

from muntada.engines.progress.assess import assess
from muntada.engines.progress.methods import METHODS
from muntada.engines.progress.panel_files import read_panel
from muntada.engines.progress.rows import is_good
from muntada.engines.progress.targets import read_targets
from muntada.engines.progress.trends import trends

SURE = 0.05


def main(folder: Path) -> None:
    panel, targets = read_panel(folder / "series.csv"), read_targets(folder / "targets.csv")
    found = assess(panel, targets)
    for name, judged in found.judged.items():
        print(name, int(is_good(METHODS[name], judged.verdict).sum()))
    slopes = trends(panel.years, panel.values)
    print("trends", int((slopes.chance < SURE).sum()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

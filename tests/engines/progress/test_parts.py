"""The same bytes wherever the work is done."""

import numpy as np
import pytest

from muntada.engines.progress.assess import BLOCK, assess
from muntada.engines.progress.methods import METHODS
from muntada.engines.progress.panel import SeriesPanel, panel_of
from muntada.engines.progress.parts import assess_in_processes
from muntada.engines.progress.rows import as_json, rows_of
from muntada.engines.progress.targets import SeriesTarget


@pytest.fixture(scope="module")
def panel() -> SeriesPanel:
    dice = np.random.default_rng(3)
    cells = [
        (f"S{series:03}", f"A{area}", year, float(value))
        for series in range(2 * BLOCK + 7)
        for area in range(5)
        for year, value in zip(range(2008, 2024), dice.uniform(0, 100, 16), strict=True)
        if dice.random() > 0.3
    ]
    return panel_of(cells)


@pytest.fixture(scope="module")
def targets(panel: SeriesPanel) -> list[SeriesTarget]:
    return [SeriesTarget(name, 80.0, limit=100.0) for name in panel.series]


def told(panel, targets, found) -> str:
    return "".join(as_json(rows_of(panel, targets, found, tuple(METHODS))))


@pytest.mark.long
def test_any_number_of_processes_gives_the_same_bytes(panel, targets):
    alone = told(panel, targets, assess(panel, targets))
    assert alone == told(panel, targets, assess_in_processes(3, panel, targets))

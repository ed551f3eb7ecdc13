"""Indicators by area and year: progress towards targets, trends, inequality, groups and indices.

    >>> from muntada.engines.progress import SeriesTarget, assess, panel_of, trend
    >>> cells = [("internet users", "CHE", year, 60.0 + 2 * (year - 2015)) for year in range(2015, 2025)]
    >>> panel = panel_of(cells)
    >>> assessed = assess(panel, [SeriesTarget("internet users", value=90.0, limit=100.0, unit="%")])
    >>> assessed.levels.current_value.tolist(), assessed.levels.yearly.tolist()
    ([[78.0]], [[2.0]])
    >>> round(trend(panel.years, panel.values[0, 0]).slope, 3)
    2.0

`assessed.judged` holds the verdict of each method. `spread` measures inequality, `index_of` builds
a composite index. The methods are described in docs/engines/progress.md and
docs/engines/progress-divides.md.
"""

import lazy_loader

# Names listed in __init__.pyi are loaded on first use, so importing one part does not load a solver.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

"""The assessment in parallel processes.

The blocks of `assess` are distributed and joined in order, so the same panel and targets give the
same bytes with any number of processes.
"""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from muntada.engines.progress.assess import Assessed, assess_block, blocks_of, joined
from muntada.engines.progress.methods import METHODS
from muntada.engines.progress.panel import SeriesPanel
from muntada.engines.progress.targets import SeriesTarget


def assess_in_processes(
    processes: int,
    panel: SeriesPanel,
    targets: Sequence[SeriesTarget],
    methods: Sequence[str] = tuple(METHODS),
) -> Assessed:
    """Assess as `assess` does, in this number of processes."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        work = partial(assess_block, methods=tuple(methods))
        return joined(list(pool.map(work, blocks_of(panel, targets))), panel, methods)

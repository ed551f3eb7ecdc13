"""The same assessment shared out over processes of this machine.

What is shared out are the blocks of `assess`, which are the same wherever they are worked off; they come back
in their order. So the same panel and targets give the same bytes on any number of processes.
"""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from muntada.engines.progress.assess import Assessed, assess_block, blocks_of, joined
from muntada.engines.progress.methods import METHODS
from muntada.engines.progress.panel import Panel
from muntada.engines.progress.targets import Target


def assess_in_processes(
    processes: int, panel: Panel, targets: Sequence[Target], methods: Sequence[str] = tuple(METHODS)
) -> Assessed:
    """Judge as `assess` does, in so many processes."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        work = partial(assess_block, methods=tuple(methods))
        return joined(list(pool.map(work, blocks_of(panel, targets))), panel, methods)

"""The same assessment shared out: over processes of this machine, or over the workers of a Dask cluster.

What is shared out are the blocks of `assess`, which are the same wherever they are worked off; they come back
in their order. So the same panel and targets give the same bytes on any number of processes.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any, Protocol

from muntada.engines.progress.assess import Assessed, assess_block, blocks_of, joined
from muntada.engines.progress.methods import METHODS
from muntada.engines.progress.panel import Panel
from muntada.engines.progress.targets import Target


class Shared(Protocol):
    """Somewhere a function can be applied to many things, the answers in their order."""

    def map(self, work: Callable[[Any], Any], things: Iterable[Any], /) -> Iterable[Any]:
        """Apply the function to each."""


class Gathered:
    """A Dask client (or what behaves like one), whose answers are futures that have to be gathered."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def map(self, work: Callable[[Any], Any], things: Iterable[Any], /) -> Iterable[Any]:
        gathered: Iterable[Any] = self.client.gather(self.client.map(work, list(things), pure=False))
        return gathered


def assess_on(
    shared: Shared, panel: Panel, targets: Sequence[Target], methods: Sequence[str] = tuple(METHODS)
) -> Assessed:
    """Judge as `assess` does, with the blocks worked off by `shared`."""
    work = partial(assess_block, methods=tuple(methods))
    return joined(list(shared.map(work, blocks_of(panel, targets))), panel, methods)


def assess_in_processes(
    processes: int, panel: Panel, targets: Sequence[Target], methods: Sequence[str] = tuple(METHODS)
) -> Assessed:
    """Judge as `assess` does, in so many processes."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return assess_on(pool, panel, targets, methods)

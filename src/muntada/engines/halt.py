"""Stop an engine from another thread; the engine returns its best result so far."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Solver(Protocol):
    def stop_search(self) -> None: ...


class Halt:
    """A handle to stop an engine early. Repeated calls are harmless and reach solvers started since."""

    def __init__(self) -> None:
        self.called = False
        self._solvers: set[Solver] = set()

    def stop(self) -> None:
        self.called = True
        for solver in tuple(self._solvers):
            solver.stop_search()

    @contextmanager
    def watching(self, solver: Solver) -> Iterator[None]:
        """Register this solver to be stopped while it runs."""
        self._solvers.add(solver)
        try:
            if self.called:
                solver.stop_search()
            yield
        finally:
            self._solvers.discard(solver)

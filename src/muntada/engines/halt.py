"""Ending the work of an engine from another thread: what was found so far is what comes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Solver(Protocol):
    def stop_search(self) -> None: ...


class Halt:
    """A handle to end the work early. Calling it again is harmless, and reaches a solver that began since."""

    def __init__(self) -> None:
        self.called = False
        self._solvers: set[Solver] = set()

    def stop(self) -> None:
        self.called = True
        for solver in tuple(self._solvers):
            solver.stop_search()

    @contextmanager
    def watching(self, solver: Solver) -> Iterator[None]:
        """Let this solver be stopped as long as it works."""
        self._solvers.add(solver)
        try:
            if self.called:
                solver.stop_search()
            yield
        finally:
            self._solvers.discard(solver)

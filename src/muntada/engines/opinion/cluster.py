"""Parts of the votes on a cluster of Dask workers. Needs the extra `cluster`.

Each part is a task that Dask can run again from its votes, which the scheduler stores. If a worker
is lost, the other workers rebuild its parts and answer the pending requests.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from itertools import batched
from typing import Any

import dask
from distributed import Client, Future, KilledWorker, wait
from distributed.client import ClosedClientError

from muntada import __version__
from muntada.engines.opinion.coded import CodedVotes
from muntada.engines.opinion.parts import Parts, PartsLost

CONNECTED_WITHIN = 10  # seconds in which the scheduler must answer
ANSWERED_WITHIN = 300  # seconds in which the parts asked together must answer
AT_ONCE = 64  # parts: their arguments and answers must fit in memory
# The tasks are many and small; moving them between workers would take longer than running them.
SETTINGS = {"distributed.scheduler.work-stealing": False}
AWAY = (OSError, CancelledError, ClosedClientError, KilledWorker, ImportError)  # a timeout is an OSError


class PartsOnCluster(Parts):
    """Parts as tasks on the workers of a cluster; Dask decides which worker holds which part."""

    def __init__(self, client: Client, patience: float = ANSWERED_WITHIN) -> None:
        self._client, self._patience = client, patience
        self._parts: list[Future[CodedVotes]] = []

    def add(self, votes: CodedVotes) -> None:
        part = self._client.submit(CodedVotes, votes.statements, votes.codes, votes.offsets, pure=False)
        self._parts.append(part)

    def ask[R](self, question: Callable[..., R], told: Iterable[tuple[Any, ...]]) -> Iterator[R]:
        for some in batched(zip(self._parts, told, strict=False), AT_ONCE):
            with _here_or_lost(), self._client.as_current():
                asked = [self._client.submit(question, part, *words, pure=False) for part, words in some]
                wait(asked, timeout=self._patience)
                answers = self._client.gather(asked)
            yield from answers


@contextmanager
def cluster_at(address: str) -> Iterator[PartsOnCluster]:
    """Connect to the cluster whose scheduler listens at this address, such as tcp://10.0.0.1:8786."""
    with dask.config.set(SETTINGS):
        with _here_or_lost():
            client = Client(address, timeout=CONNECTED_WITHIN, set_as_default=False)
        with client:
            with _here_or_lost():
                versions = set(client.run(_version).values())
            if versions != {__version__}:
                found = ", ".join(sorted(versions)) or "none"
                raise PartsLost(f"its workers need Muntada {__version__}, and have {found}")
            yield PartsOnCluster(client)


@contextmanager
def _here_or_lost() -> Iterator[None]:
    try:
        yield
    except AWAY as fault:
        raise PartsLost(str(fault) or type(fault).__name__) from fault


def _version() -> str:
    return __version__

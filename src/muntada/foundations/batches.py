"""Group commit: concurrent small writes share one transaction.

Requests that each write a small row would wait for each other's commit. Instead, the first of them
writes for all that are waiting, in one transaction; requests that arrive meanwhile form the next
batch. A request returns only when its batch is committed. There is no extra thread: a request that
finds no writer writes.
"""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

MOST_AT_ONCE = 128


@dataclass(eq=False)
class _Place[Item, Result]:
    """A waiting request: its item, and its result."""

    item: Item
    woken: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    result: Result | None = None
    fault: BaseException | None = None


class Batches[Item, Result]:
    """Collects items from all threads. `write` gets them in order of arrival and returns one result each.

    A result that is an exception is raised in its own request. Two items with the same `key` are never
    in one batch. If `write` fails, it fails for the whole batch, and nothing is written.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Item]], Sequence[Result | Exception]],
        key: Callable[[Item], Hashable],
        most: int = MOST_AT_ONCE,
    ) -> None:
        self._write = write
        self._key = key
        self._most = most
        self._lock = threading.Lock()
        self._waiting: deque[_Place[Item, Result]] = deque()
        self._is_led = False

    def take(self, item: Item) -> Result:
        """Return the result of the item once its batch is committed."""
        place: _Place[Item, Result] = _Place(item)
        with self._lock:
            self._waiting.append(place)
            place.leads, self._is_led = not self._is_led, True
        if not place.leads:
            place.woken.wait()
        if place.leads:
            self._lead()
        if place.fault is not None:
            raise place.fault
        return place.result  # type: ignore[return-value]

    def _lead(self) -> None:
        """Write one batch, starting with the own item, then hand over to the next waiting request."""
        with self._lock:
            batch = self._next_batch()
        try:
            results = self._write([place.item for place in batch])
        except BaseException as fault:  # noqa: BLE001 - whatever it is, each of the batch has to know
            for place in batch:
                place.fault = fault
        else:
            for place, result in zip(batch, results, strict=True):
                if isinstance(result, Exception):
                    place.fault = result
                else:
                    place.result = result
        finally:
            self._hand_on()
            for place in batch:
                place.woken.set()

    def _next_batch(self) -> list[_Place[Item, Result]]:
        batch: list[_Place[Item, Result]] = []
        later: list[_Place[Item, Result]] = []
        taken: set[Hashable] = set()
        while self._waiting and len(batch) < self._most:
            place = self._waiting.popleft()
            key = self._key(place.item)
            (later if key in taken else batch).append(place)
            taken.add(key)
        self._waiting.extendleft(reversed(later))
        return batch

    def _hand_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].woken.set()
            else:
                self._is_led = False

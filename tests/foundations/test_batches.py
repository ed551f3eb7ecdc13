"""What waits at one moment is written in one go, and nobody hears that it is done before it is."""

import threading
import time
from collections.abc import Callable, Sequence
from itertools import chain

import pytest

from muntada.foundations.batches import Batches


def at_once(count: int, do: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=do, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)


class Slow:
    """Writes slowly enough that others come meanwhile."""

    def __init__(self) -> None:
        self.written: list[list[int]] = []

    def __call__(self, items: Sequence[int]) -> list[int | Exception]:
        time.sleep(0.05)
        self.written.append(list(items))
        return [ValueError(str(item)) if item == 13 else item * 2 for item in items]


def test_those_who_wait_are_written_together_and_each_gets_its_own_result():
    write = Slow()
    batches = Batches(write, key=lambda item: item)
    got: dict[int, object] = {}

    def take(number: int) -> None:
        try:
            got[number] = batches.take(number)
        except ValueError as fault:
            got[number] = str(fault)

    at_once(20, take)
    assert got == {number: "13" if number == 13 else number * 2 for number in range(20)}
    assert sorted(chain.from_iterable(write.written)) == list(range(20))
    assert len(write.written) < 20


def test_the_same_key_never_stands_twice_in_one_batch_and_keeps_its_order():
    write = Slow()
    batches = Batches(write, key=lambda item: item % 2)
    at_once(8, batches.take)
    assert all(len({item % 2 for item in batch}) == len(batch) for batch in write.written)
    assert sorted(chain.from_iterable(write.written)) == list(range(8))


def test_a_batch_is_never_larger_than_it_may_be():
    write = Slow()
    batches = Batches(write, key=lambda item: item, most=3)
    at_once(13, lambda number: batches.take(number) if number != 13 else None)
    assert max(map(len, write.written)) <= 3


def test_where_writing_fails_it_failed_for_all_and_the_next_go_on():
    lost = threading.Event()
    batches: Batches[int, int] = Batches(lambda items: _write(items, lost), key=lambda item: item)
    lost.set()
    refused: list[int] = []

    def take(number: int) -> None:
        try:
            batches.take(number)
        except ConnectionError:
            refused.append(number)

    at_once(6, take)
    assert sorted(refused) == list(range(6))
    lost.clear()
    assert batches.take(7) == 7


def _write(items: Sequence[int], lost: threading.Event) -> list[int | Exception]:
    time.sleep(0.02)
    if lost.is_set():
        raise ConnectionError
    return list(items)


def test_nobody_is_told_before_it_is_written():
    begun, may_end = threading.Event(), threading.Event()

    def write(items: Sequence[int]) -> list[int | Exception]:
        begun.set()
        may_end.wait(5)
        return list(items)

    batches = Batches(write, key=lambda item: item)
    told: list[int] = []
    thread = threading.Thread(target=lambda: told.append(batches.take(1)))
    thread.start()
    assert begun.wait(5)
    assert told == []
    may_end.set()
    thread.join(5)
    assert told == [1]


def test_a_fault_of_one_reaches_that_one():
    batches = Batches(Slow(), key=lambda item: item)
    with pytest.raises(ValueError, match="13"):
        batches.take(13)

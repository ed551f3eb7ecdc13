"""Run what waits in a thread of its own: a browser test before it leaves a loop running in the main one."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_apart[Result](waiting: Coroutine[Any, Any, Result]) -> Result:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, waiting).result()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that gives no sign of its own."""
    while not is_so():  # noqa: ASYNC110
        await asyncio.sleep(0.01)

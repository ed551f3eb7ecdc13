"""Work off the queue in a process of its own, beside `./muntada serve --no-worker`, until it is stopped.

Any number of them may run, on any number of machines with the same DATABASE_URL.
"""

import argparse
import asyncio
import signal

from muntada.foundations.worker import worker_beside_the_web


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(_: argparse.Namespace) -> int:
    asyncio.run(work_until_stopped())
    return 0


async def work_until_stopped() -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stopped.set)
    async with worker_beside_the_web():
        print("Working off the queue (Ctrl-C stops it).", flush=True)
        await stopped.wait()

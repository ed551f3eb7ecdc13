"""Run a worker until it is stopped, beside `./muntada serve --no-worker` or a `serve` elsewhere.

Any number may run, on any number of machines with the same DATABASE_URL.
"""

import argparse
import asyncio
import signal
from typing import NoReturn

from muntada.cli.lifeline import add_lifeline, end_at_once, end_with_parent, say_ready
from muntada.foundations.worker import worker_beside_the_web


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_lifeline(parser)


def run(arguments: argparse.Namespace) -> int:
    if arguments.lifeline is not None:
        end_with_parent(arguments.lifeline)
    asyncio.run(work_until_stopped(arguments.ready, says_so=arguments.lifeline is None))


async def work_until_stopped(ready: int | None = None, *, says_so: bool = True) -> NoReturn:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stopped.set)
    async with worker_beside_the_web():
        say_ready(ready)
        if says_so:
            print("Working off the queue (Ctrl-C stops it).", flush=True)
        await stopped.wait()
    # The thread of a returned task ends only with the process.
    end_at_once()

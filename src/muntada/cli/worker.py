"""Work off the queue until it is stopped, beside `./muntada serve --no-worker` or a `serve` elsewhere.

Any number of them may run, on any number of machines with the same DATABASE_URL.
"""

import argparse
import asyncio
import os
import signal

from muntada.cli.lifeline import add_lifeline, end_with_parent
from muntada.foundations.worker import has_tasks_in_hand, worker_beside_the_web


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_lifeline(parser)


def run(arguments: argparse.Namespace) -> int:
    if arguments.lifeline is not None:
        end_with_parent(arguments.lifeline)
    asyncio.run(work_until_stopped(says_so=arguments.lifeline is None))
    return 0


async def work_until_stopped(*, says_so: bool = True) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stopped.set)
    async with worker_beside_the_web():
        if says_so:
            print("Working off the queue (Ctrl-C stops it).", flush=True)
        await stopped.wait()
    if has_tasks_in_hand():
        # Their threads cannot be ended, and the tasks are put back already.
        os._exit(0)

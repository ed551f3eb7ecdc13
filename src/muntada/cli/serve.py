"""Serve the platform: web processes for pages and live updates, and a worker for jobs.

A process that dies is restarted. Set DATABASE_URL to your own PostgreSQL; otherwise the embedded
one under ./var is used.
"""

import argparse
import errno
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from muntada.cli.connections import WORKER_THREADS, connections_wanted, threads_of_each
from muntada.cli.database import database, fallback_file
from muntada.cli.fallback import BACKLOG, Fallback
from muntada.cli.processes import Processes, ProcessOrder, allow_many_open_files, stopped_by_signals
from muntada.foundations import environment

MOST_WEB_PROCESSES = 64
# The C library gives each thread its own heap, which keeps the memory of a large upload.
SMALL_HEAPS = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "262144",
    "MALLOC_TRIM_THRESHOLD_": "262144",
}
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

type Ready = Callable[[], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--web", type=_number_of_web, default=1, help="how many web processes (default 1)")
    parser.add_argument("--no-worker", action="store_true", help="leave the jobs to workers elsewhere")


def _number_of_web(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_WEB_PROCESSES:
        raise argparse.ArgumentTypeError(f"{number} is not between 1 and {MOST_WEB_PROCESSES}")
    return number


def run(arguments: argparse.Namespace) -> int:
    listening = open_port(arguments.host, arguments.port)
    if listening is None:
        return 2
    with closing(listening):
        address = environment.address("MUNTADA_ADDRESS", f"http://localhost:{listening.getsockname()[1]}")
        os.environ["MUNTADA_ADDRESS"] = address
        worker = os.environ.get("MUNTADA_WORKER", "beside") == "beside" and not arguments.no_worker
        threads = environment.number("MUNTADA_THREADS", threads_of_each(arguments.web))
        os.environ["MUNTADA_THREADS"] = str(threads)
        wanted = connections_wanted(arguments.web, threads, worker=worker)
        print("Starting; the first time this takes a minute or two ...", flush=True)
        return serve(
            listening,
            first=ProcessOrder("the preparation", ["prepare", "--connections", str(wanted)]),
            ready=lambda: print(f"Muntada is served on {address} (Ctrl-C stops it).", flush=True),
            web=arguments.web,
            worker=worker,
        )


def open_port(host: str, port: int) -> socket.socket | None:
    """Reserve the port; if it is unavailable, say what to do."""
    found = _found(host, port)
    if found is None:
        sys.stderr.write(
            f"muntada: '{host}', port {port}, is no address: see --host and --port (1024 to 65535).\n"
        )
        return None
    kind, address = found
    opened = socket.socket(kind, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(address)
        opened.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        opened.close()
        reason = {
            errno.EADDRINUSE: "is in use, perhaps by a Muntada that is still starting",
            errno.EACCES: "may not be opened by this user",
        }.get(getattr(error, "errno", 0) or 0, f"cannot be opened ({error})")
        sys.stderr.write(f"muntada: port {port} {reason}. Choose another one with --port, below 65536.\n")
        return None
    return opened


def _found(host: str, port: int) -> tuple[socket.AddressFamily, Any] | None:
    # The operating system would wrap a number that is too high.
    if not 0 <= port <= environment.HIGHEST_PORT:
        return None
    try:
        kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        return None
    return kind, address


def serve(
    listening: socket.socket, *, first: ProcessOrder, ready: Ready, web: int = 1, worker: bool = True
) -> int:
    """Run `first` to its end, then serve until a signal; `ready` is called when pages are answered."""
    logging.basicConfig(format=LOG_FORMAT)
    allow_many_open_files()
    with (
        stopped_by_signals() as stopped,
        Fallback(listening, fallback_file()) as fallback,
        database() as holds,
    ):
        processes = Processes()
        try:
            code = processes.run_once(replace(first, handed_on=(*first.handed_on, *holds)), stopped)
            if code or stopped.is_set():
                return code
            for order in _orders(listening, holds, fallback, web=web, worker=worker):
                processes.keep_running(order)
            threading.Thread(target=_call_when_served, args=(fallback, ready), daemon=True).start()
            stopped.wait()
        finally:
            # New connections are refused instead of waiting.
            fallback.stop()
            listening.close()
            processes.stop()
    return 0


def _orders(
    listening: socket.socket, holds: Sequence[int], fallback: Fallback, *, web: int, worker: bool
) -> list[ProcessOrder]:
    """Return the web processes, all on one socket, and the worker; each holds the embedded database."""
    words = ["web", "--socket", str(listening.fileno())]
    names = ["the web process"] if web == 1 else [f"web process {number}" for number in range(1, web + 1)]
    handed_on = (listening.fileno(), *holds)
    orders = [
        ProcessOrder(name, words, environment=SMALL_HEAPS, handed_on=handed_on, while_ready=fallback.relieved)
        for name in names
    ]
    if worker:
        fewer = {"MUNTADA_THREADS": str(WORKER_THREADS)} | SMALL_HEAPS
        orders.append(ProcessOrder("the worker", ["worker"], environment=fewer, handed_on=holds))
    return orders


def _call_when_served(fallback: Fallback, ready: Ready) -> None:
    fallback.was_relieved.wait()
    ready()

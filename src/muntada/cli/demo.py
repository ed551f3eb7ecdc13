"""Set up, load and serve the demo forum, and print sign-in links for six roles.

The data are under ./var/demo, separate from those of `serve`, and are kept: the next start is
quick. `--fresh` starts over. A database with another forum is left unchanged.
"""

import argparse
import json
import os
from contextlib import closing
from pathlib import Path

from muntada.cli import serve
from muntada.cli.demo_folder import clear, demo_folder, enter
from muntada.cli.processes import ProcessOrder

# More than the links of six people need, and less than the capacity of a pipe.
MOST_BYTES = 32_768


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="port to serve on (default 8000)")
    parser.add_argument("--fresh", action="store_true", help="throw the demo's data away and start over")


def run(arguments: argparse.Namespace) -> int:
    listening = serve.open_port("127.0.0.1", arguments.port)
    if listening is None:
        return 2
    with closing(listening):
        address = f"http://localhost:{listening.getsockname()[1]}"
        os.environ["MUNTADA_ADDRESS"] = address
        folder = demo_folder()
        if arguments.fresh:
            clear(folder)
        enter(folder)
        links, writing = os.pipe()

        def ready() -> None:
            os.close(writing)
            announce(address, folder, json.loads(os.read(links, MOST_BYTES)))

        print("  Starting PostgreSQL ...", flush=True)
        order = ProcessOrder("the loading", ["load-demo", "--links", str(writing)], handed_on=(writing,))
        return serve.serve(listening, first=order, ready=ready)


def announce(address: str, folder: Path, links: list[tuple[str, str, str]]) -> None:
    width = max(len(role) for role, _, _ in links)
    print(f"\nMuntada is ready: {address}\n\nSign in as (links hold for 12 hours):", flush=True)
    for role, name, url in links:
        print(f"  {role:<{width}}  {url}  {name}")
    print(f"\nLetters go to this console and to {folder / 'mail'}. Ctrl-C stops everything.\n", flush=True)

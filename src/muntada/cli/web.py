"""A web process started by `serve`, on an open socket."""

import argparse
import socket

import uvicorn

from muntada.cli.lifeline import add_lifeline, end_at_once, end_with_parent, say_ready
from muntada.foundations.live_streams import end_streams

# seconds a running request may take at shutdown
GRACE_SECONDS = 3


class WebServer(uvicorn.Server):
    """Reports when it accepts connections.

    It ends event streams before waiting for running requests: streams would use the whole grace period.
    """

    def __init__(self, config: uvicorn.Config, ready: int | None) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and report it."""
        await super().startup(sockets)
        say_ready(self._ready)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, and end streams and requests."""
        end_streams()
        await super().shutdown(sockets)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--socket", type=int, required=True, help="number of the open socket to serve on")
    add_lifeline(parser)


def run(arguments: argparse.Namespace) -> int:
    if arguments.lifeline is not None:
        end_with_parent(arguments.lifeline)
    config = uvicorn.Config(
        "muntada.asgi:application",
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=True,
        server_header=False,
    )
    with socket.socket(fileno=arguments.socket) as listening:
        listening.set_inheritable(False)
        WebServer(config, arguments.ready).run(sockets=[listening])
    # Requests not answered in time still run in a thread; their transactions are rolled back.
    end_at_once()

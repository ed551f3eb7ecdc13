"""Serve the platform: pages, live updates and one worker in one process.

Set DATABASE_URL to a PostgreSQL of your own; without it the embedded one under ./var is used.
"""

import argparse
import errno
import os
import socket
import sys

import django
import uvicorn
from django.core.management import call_command

from muntada.cli.database import database
from muntada.cli.translations import compile_all

GRACE_SECONDS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument(
        "--no-worker", action="store_true", help="leave queued work to workers beside this process"
    )


def run(arguments: argparse.Namespace) -> int:
    os.environ.setdefault("MUNTADA_ADDRESS", f"http://localhost:{arguments.port}")
    if arguments.no_worker:
        os.environ["MUNTADA_WORKER"] = "elsewhere"
    if not port_is_free(arguments.host, arguments.port):
        return 2
    with database():
        prepare()
        print(f"Muntada is served on {os.environ['MUNTADA_ADDRESS']} (Ctrl-C stops it).", flush=True)
        serve(arguments.host, arguments.port)
    return 0


def port_is_free(host: str, port: int) -> bool:
    """Say in one sentence what to do when the port cannot be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = {
                errno.EADDRINUSE: "is in use",
                errno.EACCES: "may not be opened by this user",
            }.get(error.errno or 0, f"cannot be opened ({error.strerror})")
            sys.stderr.write(f"muntada: port {port} {reason}. Choose another one with --port {port + 1}.\n")
            return False
        except OverflowError:
            sys.stderr.write(f"muntada: {port} is no port. Choose one between 1024 and 65535 with --port.\n")
            return False
    return True


def prepare() -> None:
    """Bring database, translations and static files to this version; quick when nothing changed."""
    compile_all()
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def serve(host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; open event streams are closed after a short grace."""
    uvicorn.run(
        "muntada.asgi:application",
        host=host,
        port=port,
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=True,
        server_header=False,
    )

"""What requests cost the server and PostgreSQL, read from the system around many of them."""

import http.client
import os
import platform
from collections.abc import Mapping
from importlib.metadata import version

from load.served import cpu_seconds


def sum_of(spent: Mapping[str, float]) -> float:
    return spent["server"] + spent["PostgreSQL"]


def ask(port: int, path: str, headers: Mapping[str, str], times: int) -> tuple[str, int]:
    """Ask on one open line; return the edition and the size of the last answer."""
    line = http.client.HTTPConnection("localhost", port)
    tag, size = "", 0
    for _ in range(times):
        line.request("GET", path, headers=dict(headers))
        answer = line.getresponse()
        size = len(answer.read())
        if answer.status not in {200, 304}:
            raise SystemExit(f"{path} was answered with {answer.status}")
        tag = answer.headers.get("ETag", "")
    line.close()
    return tag, size


def spent(server: int, port: int, path: str, headers: Mapping[str, str], times: int) -> dict[str, float]:
    """Return the milliseconds of processor time for each request."""
    before = cpu_seconds(server)
    ask(port, path, headers, times)
    after = cpu_seconds(server)
    return {name: 1000 * (value - before[name]) / times for name, value in after.items()}


def machine() -> str:
    return (
        f"Python {platform.python_version()}, Django {version('Django')}, {os.cpu_count()} cores, "
        f"{platform.machine()}."
    )

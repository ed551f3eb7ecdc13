"""Votes under load: so many a second through real requests, how long each takes, and what is kept of them.

`python benchmarks/voting.py` serves a forum of its own on a port of its own (its own embedded PostgreSQL in a
temporary folder, or that of `--database`), lets people vote for a minute, and writes
benchmarks/results/votes.md; `--quick` takes ten seconds at most and writes nothing. Votes leave by a
timetable, not when the one before is answered: a vote that had to wait for a free connection counts its
waiting, too. Afterwards every vote that was acknowledged is looked for in the database, and the log is
checked.
"""

import argparse
import asyncio
import os
import platform
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from load.crowd import CHANGES, REPEATS, Outcome, Plan, cast, take_pages
from load.served import ROOT, cpu_seconds, make_forum, missing, served_database, serving, use

RESULTS = ROOT / "benchmarks" / "results" / "votes.md"
HEADING = """\
# Votes under load

`python benchmarks/voting.py`, or `./muntada bench voting`. One process of `muntada serve` with its worker,
one PostgreSQL that waits for the disk at each commit, and the client share the cores of the machine. Votes
leave by a timetable at %(rate)d a second for %(seconds)d seconds over %(connections)d connections that stay
open; the time of a vote runs from the moment it was due to the last byte of its answer. %(changes)d in a
hundred change an earlier vote, %(repeats)d repeat a request. %(voters)d people, %(statements)d statements;
every request carries a session and a CSRF token that came with a page.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ten seconds at most, nothing written")
    parser.add_argument("--rate", type=int, default=200, help="votes a second (default 200)")
    parser.add_argument("--seconds", type=int, default=60, help="for so long (default 60, at most 300)")
    parser.add_argument("--anonymous", action="store_true", help="voters without an account")
    parser.add_argument("--port", type=int, default=8791)
    parser.add_argument("--database", help="address of an empty PostgreSQL database to use instead")
    arguments = parser.parse_args()
    seconds = min(arguments.seconds, 10 if arguments.quick else 300)
    plan = Plan(arguments.rate, seconds, 400, 100, 64, arguments.anonymous)
    with tempfile.TemporaryDirectory() as folder, served_database(arguments.database, Path(folder)) as url:
        os.environ |= {
            "DATABASE_URL": url,
            "MUNTADA_VAR": folder,
            "MUNTADA_ADDRESS": f"http://localhost:{arguments.port}",
            "DJANGO_SETTINGS_MODULE": "muntada.settings",
        }
        lines = list(measure(plan, arguments.port, url))
    text = "\n".join([HEADING % heading(plan), machine(), "", *lines, ""])
    print("\n".join(lines))
    if not arguments.quick and not arguments.anonymous:
        RESULTS.write_text(text, encoding="utf-8")


def measure(plan: Plan, port: int, url: str) -> Iterator[str]:
    use(url)
    browsers, statements = make_forum(plan)
    with serving(port) as process:
        asyncio.run(take_pages(port, browsers))
        before, load = cpu_seconds(process.pid), os.getloadavg()[0]
        outcome = asyncio.run(cast(plan, port, browsers, statements))
        spent = {name: value - before[name] for name, value in cpu_seconds(process.pid).items()}
    faults = list(missing(plan, outcome))
    yield from figures(outcome, spent, load)
    yield ""
    yield from faults or ["Every acknowledged vote is in the database, each once; the log is whole."]


def figures(outcome: Outcome, spent: dict[str, float], load: float) -> Iterator[str]:
    times = sorted(1000 * one for one in outcome.seconds)
    at = {share: times[min(int(len(times) * share / 100), len(times) - 1)] for share in (50, 95, 99)}
    count = len(outcome.acknowledged)
    yield "| votes acknowledged | a second | p50 ms | p95 ms | p99 ms | slowest ms | other answers |"
    yield "|--:|--:|--:|--:|--:|--:|---|"
    others = ", ".join(f"{name}: {number}" for name, number in outcome.refused.items()) or "none"
    yield (
        f"| {count:,} | {count / outcome.took:.0f} | {at[50]:.0f} | {at[95]:.0f} | {at[99]:.0f}"
        f" | {times[-1]:.0f} | {others} |"
    )
    yield ""
    yield (
        "Processor time per vote: "
        + ", ".join(f"{name} {1000 * seconds / max(count, 1):.2f} ms" for name, seconds in spent.items())
        + f". Load of the machine when it began: {load:.1f}."
    )


def heading(plan: Plan) -> dict[str, int]:
    return {
        "rate": plan.rate,
        "seconds": plan.seconds,
        "connections": plan.connections,
        "voters": plan.voters,
        "statements": plan.statements,
        "changes": CHANGES,
        "repeats": REPEATS,
    }


def machine() -> str:
    parts = ", ".join(f"{name} {version(name)}" for name in ("Django", "uvicorn", "psycopg"))
    return f"Python {platform.python_version()}, {parts}, {os.cpu_count()} cores, {platform.machine()}."


if __name__ == "__main__":
    main()

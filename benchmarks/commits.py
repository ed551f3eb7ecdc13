"""Commits a second of 16 writers: without announcements, with NOTIFY in each transaction, and as we do.

The same where each transaction orders a task: with the trigger of procrastinate, and as we do.

`python benchmarks/commits.py` starts an embedded PostgreSQL of its own, which waits for the disk at each
commit, and writes benchmarks/results/commits.md. The ways take turns, so that other work on the machine
meets each of them alike; of each the median of its rounds is written. `--quick` writes nothing.
"""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from load.served import ROOT, served_database, use
from load.spent import machine

# isort: split
from django.core.management import call_command
from django.db import connection, transaction

from muntada.foundations import live
from muntada.foundations.task_notices import notices
from muntada.foundations.tasks import task

RESULTS = ROOT / "benchmarks" / "results" / "commits.md"
WRITERS, ROUNDS, SECONDS = 16, 5, 4.0
HEADING = f"""\
# Commits of many writers

`python benchmarks/commits.py`, or `./muntada bench commits`. {WRITERS} writers, each in a thread with a
connection of its own, write one row in one transaction again and again and announce one of four topics, or
order a task; PostgreSQL waits for the disk at each commit. {ROUNDS} rounds of {SECONDS:.0f} seconds of each
way, in turns; the median, and the slowest and the fastest round.

PostgreSQL lets one transaction at a time commit with a `NOTIFY` in it, and holds that lock while it waits for
the disk. `live.announce` sends after the commit, at most five times a second for each topic. The trigger of
procrastinate notifies in the transaction that orders a task; `task_notices` tell the workers after it.

"""

type Announce = Callable[[str], None]


def nothing(_topic: str) -> None:
    """Announce nothing."""


def notify_within(topic: str) -> None:
    """Announce as it was done before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [live.CHANNEL, topic])


@task()
def follow_up(*, topic: str) -> None:
    """Stand for what an action leaves to the queue."""


def order(topic: str) -> None:
    follow_up.order(topic=topic)


@dataclass(frozen=True)
class Way:
    """What each transaction says, and whether the trigger of procrastinate is there."""

    say: Announce
    has_trigger: bool = False


TRIGGER = "procrastinate_jobs_notify_queue_job_inserted_v1"
WAYS: Mapping[str, Way] = {
    "no announcement": Way(nothing),
    "`NOTIFY` in the transaction": Way(notify_within),
    "`live.announce`": Way(live.announce),
    "a task, told of by the trigger of procrastinate": Way(order, has_trigger=True),
    "a task, told of by `task_notices`": Way(order),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round, nothing written")
    arguments = parser.parse_args()
    rounds, seconds = (1, 1.0) if arguments.quick else (ROUNDS, SECONDS)
    with tempfile.TemporaryDirectory() as folder, served_database(None, Path(folder)) as url:
        use(url)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE written (id bigserial PRIMARY KEY, writer int NOT NULL)")
        call_command("migrate", "procrastinate", verbosity=0)
        found: dict[str, list[float]] = {name: [] for name in WAYS}
        for _ in range(rounds):
            for name, way in WAYS.items():
                have_trigger(is_wanted=way.has_trigger)
                found[name].append(commits_a_second(way.say, seconds))
                live.announcer.join()
                notices.join()
        table = HEADING + rows(found) + f"\n{machine()}\n"
        connection.close()
        connection.close_pool()
    print(table)
    if not arguments.quick:
        RESULTS.write_text(table)


def have_trigger(*, is_wanted: bool) -> None:
    with connection.cursor() as cursor:
        # What the round before ordered does not burden this one.
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
        word = "ENABLE" if is_wanted else "DISABLE"
        cursor.execute(f"ALTER TABLE procrastinate_jobs {word} TRIGGER {TRIGGER}")


def commits_a_second(announce: Announce, seconds: float) -> float:
    counts = [0] * WRITERS
    began = threading.Barrier(WRITERS + 1)
    until = [0.0]

    def write(writer: int) -> None:
        with connection.cursor() as cursor:
            began.wait()
            while time.monotonic() < until[0]:
                with transaction.atomic():
                    cursor.execute("INSERT INTO written (writer) VALUES (%s)", [writer])
                    announce(f"topic-{counts[writer] % 4}")
                counts[writer] += 1
        connection.close()

    threads = [threading.Thread(target=write, args=[writer]) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    until[0] = time.monotonic() + seconds
    began.wait()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def rows(found: Mapping[str, list[float]]) -> str:
    lines = ["| announcement | commits a second | slowest | fastest |", "|---|--:|--:|--:|"]
    lines += [
        f"| {way} | {statistics.median(rates):,.0f} | {min(rates):,.0f} | {max(rates):,.0f} |"
        for way, rates in found.items()
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

"""What the map of an indicator costs the server: the world, a part of it, and the map as a file.

`python benchmarks/maps.py` makes an indicator of all countries and thirty years in an embedded PostgreSQL of
its own, serves it as an operator does, and writes benchmarks/results/maps.md. Processor time is that of the
server and of PostgreSQL for each request. `--quick` asks a few times only and writes nothing.
"""

import argparse
import os
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from load.served import ROOT, served_database, serving, use
from load.spent import ask, machine, spent, sum_of

# isort: split
from django.core.management import call_command
from django.db import connection

from conftest import FRAMEWORK, a_forum
from muntada.evidence.areas.actions import load_areas
from muntada.evidence.areas.models import Area
from muntada.evidence.imports.actions.figures import import_indicators
from muntada.forums import actions as forums
from muntada.record.rules import SYSTEM

RESULTS = ROOT / "benchmarks" / "results" / "maps.md"
YEARS, OFTEN, SELDOM = range(1995, 2025), 30, 3
ASKED = ("", "?region=002", "?region=009", "?year=2005", ".svg", ".csv")
HEADING = f"""\
# What the map of an indicator costs the server

`python benchmarks/maps.py`, or `./muntada bench maps`. One indicator, all countries the platform knows,
{len(YEARS)} years, a fifth of the numbers missing. One process of `muntada serve`; milliseconds of
processor time for each request, the server's and that of PostgreSQL; nothing is kept. Asked of the platform:
a page under 60 kB, packed, and the server under 30 ms.

"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="asks a few times, nothing written")
    parser.add_argument("--port", type=int, default=8795)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served_database(None, Path(folder)) as url:
        os.environ |= {
            "DATABASE_URL": url,
            "MUNTADA_VAR": folder,
            "MUNTADA_WORKER": "none",
            "MUNTADA_ADDRESS": f"http://localhost:{arguments.port}",
        }
        use(url)
        make_indicator(Path(folder))
        with serving(arguments.port) as process:
            lines = list(measure(arguments.port, process.pid, SELDOM if arguments.quick else OFTEN))
    print("\n".join(lines))
    if not arguments.quick:
        RESULTS.write_text("\n".join([HEADING + machine(), "", *lines, ""]), encoding="utf-8")


def make_indicator(folder: Path) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    dice, now = random.Random(1), datetime(2025, 6, 1, tzinfo=UTC)  # noqa: S311 - no secret
    forum = a_forum(forums.load_framework(FRAMEWORK), now)
    load_areas()
    rows = [
        f"{code},,{year},{dice.uniform(0, 100):.2f}"
        for code in Area.objects.filter(kind="country").values_list("code", flat=True)
        for year in YEARS
        if dice.random() < 0.8  # noqa: PLR2004
    ]
    path = folder / "IT.NET.USER.ZS.csv"
    path.write_text("\n".join(["code,name,year,value", *rows, ""]), encoding="utf-8")
    import_indicators(path=path, forum=forum, actor=SYSTEM, now=now)
    # As the database does by itself some minutes after so many rows came in.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure(port: int, server: int, often: int) -> Iterator[str]:
    yield "| asked | size, packed kB | ms | of it PostgreSQL |"
    yield "|---|--:|--:|--:|"
    packed = {"Accept-Encoding": "gzip"}
    for query in ASKED:
        path = f"/wsis20/d/1/map{query}"
        _, size = ask(port, path, packed, 3)
        told = spent(server, port, path, packed, often)
        yield f"| `map{query}` | {size / 1000:.1f} | {sum_of(told):.1f} | {told['PostgreSQL']:.1f} |"


if __name__ == "__main__":
    main()

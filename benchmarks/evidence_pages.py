"""What the pages of an indicator cost the server: 217 countries and their groups over 25 years.

`python benchmarks/evidence_pages.py` makes eight indicators in an embedded PostgreSQL of its own, with a
target and an index, serves them as an operator does, and writes
benchmarks/results/evidence_pages.md. Processor time is that of the server and of PostgreSQL for each request.
`--quick` makes a third of the indicators and writes nothing.
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
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
from muntada.evidence.areas.rules import AreaKind
from muntada.evidence.assessments import actions as assessing
from muntada.evidence.assessments.actions import NewTarget
from muntada.evidence.imports.actions.figures import import_indicators
from muntada.evidence.indexes import actions as composing
from muntada.evidence.indexes.actions import NewIndex
from muntada.evidence.indexes.rules import PartOf, PillarOf
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.indicators.rules.targets import BetterWhen
from muntada.forums import actions as forums
from muntada.record.rules import SYSTEM

RESULTS = ROOT / "benchmarks" / "results" / "evidence_pages.md"
INDICATORS, FIRST_YEAR, YEARS, OFTEN = 8, 2000, 25, 30
MISSING = 0.26
PAGES = {
    "the indicator": "d/1",
    "verdicts of all methods on 217 countries, forecast": "d/1/progress/2030",
    "the same, of another area": "d/1/progress/2030?area=KEN",
    "divides": "d/1/divides",
    "trends of all areas": "d/1/trends",
    "trends, three series drawn": "d/1/trends?a=KEN&b=WLD&c=NOR&show=turned",
    "groups from their members": "d/1/groups",
    "what is known of an indicator": "d/1/coverage",
    "what is known, all indicators": "evidence/coverage",
    "a composite index": "evidence/indexes/1",
}
HEADING = f"""\
# What the pages of an indicator cost the server

`python benchmarks/evidence_pages.py`, or `./muntada bench evidence_pages`.
{INDICATORS} indicators of 217 countries and their groups over {YEARS} years,
{MISSING:.0%} of the numbers missing, a target, an index of five indicators.
One process of `muntada serve`; milliseconds of processor time for each request, the server's and that of
PostgreSQL, from results that are stored; no page is kept. Asked of the platform: under 50.

"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a third of the indicators, nothing written")
    parser.add_argument("--port", type=int, default=8796)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served_database(None, Path(folder)) as url:
        os.environ |= {
            "DATABASE_URL": url,
            "MUNTADA_VAR": folder,
            "MUNTADA_WORKER": "none",
            "MUNTADA_ADDRESS": f"http://localhost:{arguments.port}",
        }
        use(url)
        made = list(make_evidence(Path(folder), INDICATORS // 3 if arguments.quick else INDICATORS))
        with serving(arguments.port) as process:
            lines = [*measure(arguments.port, process.pid), "", *made]
    print("\n".join(lines))
    if not arguments.quick:
        load = (
            f"Others kept the processors busy, too: a load of {os.getloadavg()[2]:.1f} in these 15 minutes."
        )
        RESULTS.write_text("\n".join([HEADING + machine(), "", load, "", *lines, ""]), encoding="utf-8")


def make_evidence(folder: Path, count: int) -> Iterator[str]:
    """Make the forum, and say what it cost to compute what is stored."""
    call_command("migrate", verbosity=0, interactive=False)
    dice, now = random.Random(1), datetime(2025, 6, 1, tzinfo=UTC)  # noqa: S311 - no secret
    forum = a_forum(forums.load_framework(FRAMEWORK), now)
    load_areas()
    countries = list(
        Area.objects.filter(kind=AreaKind.COUNTRY)
        .exclude(region="")
        .order_by("code")
        .values_list("code", flat=True)
    )
    groups = list(Area.objects.filter(kind=AreaKind.AGGREGATE, is_main=True).values_list("code", flat=True))
    people = folder / "SP.POP.TOTL.csv"
    people.write_text(_table(countries, dice, missing=0.0, top=1e8), encoding="utf-8")
    import_indicators(path=people, forum=forum, actor=SYSTEM, now=now)
    spent_by = []
    for number in range(count):
        path = folder / f"MADE.{number}.csv"
        path.write_text(_table([*countries, *groups], dice, missing=MISSING), encoding="utf-8")
        begun = time.process_time()
        made = import_indicators(path=path, forum=forum, actor=SYSTEM, now=now)
        spent_by.append(time.process_time() - begun)
        Indicator.objects.filter(pk=made.indicator.pk).update(weighted_by="SP.POP.TOTL")
    first, *others = Indicator.objects.filter(code__startswith="MADE").order_by("symbol__number")
    target = NewTarget(
        value=95, year=2030, base_year=2015, direction=BetterWhen.UP, agreed_in="a benchmark", limit=100
    )
    begun = time.process_time()
    assessing.set_target(indicator=first, new=target, actor=SYSTEM, now=now)
    judged = time.process_time() - begun
    begun = time.process_time()
    _index(forum, [first, *others][:5], now)
    composed = time.process_time() - begun
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    yield f"An indicator taken in with all that is computed of it: {max(spent_by):.2f} s of processor time."
    yield f"A target set, all areas judged by seven methods and forecast: {judged:.2f} s."
    yield f"An index of five indicators, made 1,000 times over: {composed:.2f} s."


def _table(areas: Sequence[str], dice: random.Random, *, missing: float, top: float = 100.0) -> str:
    rows = ["code,name,year,value"]
    for area in areas:
        value, pace = dice.uniform(0, top / 3), dice.uniform(0, top / YEARS / 2)
        for year in range(FIRST_YEAR, FIRST_YEAR + YEARS):
            value = min(top, value + dice.uniform(0, 2) * pace)
            if dice.random() >= missing:
                rows.append(f"{area},{area},{year},{value:.3f}")
    return "\n".join(rows) + "\n"


def _index(forum: object, indicators: Sequence[Indicator], now: datetime) -> None:
    new = NewIndex(
        title="Made",
        about="A benchmark.",
        language="en",
        compares="country",
        year=FIRST_YEAR + YEARS - 1,
        oldest=5,
        pillars=(PillarOf("One", 1.0), PillarOf("Two", 1.0)),
        parts=tuple(PartOf(one.pk, at % 2, 1.0, True) for at, one in enumerate(indicators)),
    )
    composing.make_index(forum=forum, new=new, actor=SYSTEM, now=now)


def measure(port: int, server: int) -> Iterator[str]:
    yield "| page | size, packed kB | ms | of it PostgreSQL |"
    yield "|---|--:|--:|--:|"
    packed = {"Accept-Encoding": "gzip"}
    number = Indicator.objects.filter(code__startswith="MADE").order_by("symbol__number")[0].symbol.number
    for name, address in PAGES.items():
        path = f"/wsis20/{address.replace('d/1', f'd/{number}')}"
        _, size = ask(port, path, packed, 3)
        told = spent(server, port, path, packed, OFTEN)
        figures = f"{size / 1000:.1f} | {sum_of(told):.1f} | {told['PostgreSQL']:.1f}"
        yield f"| {name} | {figures} |"


if __name__ == "__main__":
    main()

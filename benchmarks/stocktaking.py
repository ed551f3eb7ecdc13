"""What a list of ten thousand initiatives costs the server: all of it, searched, narrowed, counted by facets.

`python benchmarks/stocktaking.py` makes the entries in an embedded PostgreSQL of its own, serves them as an
operator does, and writes benchmarks/results/stocktaking.md. Processor time is that of the server and of
PostgreSQL for each request. `--quick` makes a tenth of the entries and writes nothing.
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from load.served import ROOT, served_database, serving, use
from load.spent import ask, machine, spent, sum_of

# isort: split
from django.core.management import call_command
from django.db import connection

from conftest import FRAMEWORK, a_forum
from muntada.evidence.initiatives.adapter import cooperation, duplicates
from muntada.evidence.initiatives.adapter.cooperation import NetworkFilter
from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.rules import Activity, InitiativeProgress, InitiativeScope, PublicationState
from muntada.forums import actions as forums
from muntada.forums.models import Forum, Goal, Line
from muntada.people.actions import register_organisation
from muntada.people.rules import OrganisationKind
from muntada.record import actions as record
from muntada.record.actions import NewSymbol
from muntada.record.rules import SymbolKind

RESULTS = ROOT / "benchmarks" / "results" / "stocktaking.md"
ENTRIES, ORGANISATIONS, OFTEN = 10_000, 500, 30
WORDS = (
    *("village", "school", "clinic", "network", "mast", "cable", "teacher", "fisher", "farmer", "price"),
    *("licence", "spectrum", "market", "radio", "film", "script", "archive", "library", "device", "repair"),
    *("power", "solar", "women", "youth", "language", "sign", "caption", "map", "survey", "court", "vote"),
)
COUNTRIES = ("KE", "SN", "NP", "PE", "KZ", "VU", "JO", "CN", "ML", "MX", "CM", "CO", "KG", "IN", "BR", "FJ")
ASKED = (
    "",
    "page=500",
    "q=village",
    "q=solar+radio+licence",
    "q=nowhere",
    "line=C2",
    "country=KE&status=ongoing",
    "kind=government&activity=training&q=school",
    "order=title",
)
ON_THE_MAP = ("", "region=002", "status=ongoing", "q=village")
TOGETHER = (
    ("cooperation, kept", "/wsis20/evidence/cooperation"),
    ("cooperation of a line, kept", "/wsis20/evidence/cooperation?line=C2"),
    ("partners sought and offered", "/wsis20/evidence/partnering"),
)
HEADING = f"""\
# What the stocktaking costs the server

`python benchmarks/stocktaking.py`, or `./muntada bench stocktaking`. {ENTRIES:,} published initiatives of
{ORGANISATIONS} organizations, texts of 60 words, two lines and a goal each. One process of `muntada serve`;
milliseconds of processor time for each request, page of 20 entries with all its choices counted, or the
map of all that are chosen; the server's and that of PostgreSQL; nothing is kept. Asked of the platform:
under 100.

"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the entries, nothing written")
    parser.add_argument("--port", type=int, default=8794)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served_database(None, Path(folder)) as url:
        os.environ |= {
            "DATABASE_URL": url,
            "MUNTADA_VAR": folder,
            "MUNTADA_WORKER": "none",
            "MUNTADA_ADDRESS": f"http://localhost:{arguments.port}",
        }
        use(url)
        make_entries(ENTRIES // 10 if arguments.quick else ENTRIES)
        with serving(arguments.port) as process:
            lines = list(measure(arguments.port, process.pid))
        lines += measure_whole()
    print("\n".join(lines))
    if not arguments.quick:
        RESULTS.write_text("\n".join([HEADING + machine(), "", *lines, ""]), encoding="utf-8")


def make_entries(count: int) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    dice, now = random.Random(1), datetime(2025, 6, 1, tzinfo=UTC)  # noqa: S311 - no secret
    forum = a_forum(forums.load_framework(FRAMEWORK), now)
    kinds = list(OrganisationKind)
    organisations = [
        register_organisation(
            name=f"Organization {number}", kind=kinds[number % len(kinds)], country="KE", language="en"
        )
        for number in range(ORGANISATIONS)
    ]
    texts = [" ".join(dice.choices(WORDS, k=60)) for _ in range(count)]
    titles = [" ".join(dice.choices(WORDS, k=6)).capitalize() for _ in range(count)]
    named = [
        NewSymbol(title, "en", found_by=record.findable(title=title, language="en", text=text))
        for title, text in zip(titles, texts, strict=True)
    ]
    symbols = record.give_symbols(forum_id=forum.pk, kind=SymbolKind.INITIATIVE, named=named, now=now)
    entries = Initiative.objects.bulk_create(
        Initiative(
            symbol=symbol,
            title=title,
            language="en",
            organisation=dice.choice(organisations),
            partners="\n".join(one.name for one in dice.sample(organisations, dice.randint(0, 3))),
            description=text,
            activity=dice.choice(list(Activity)),
            scope=dice.choice(list(InitiativeScope)),
            status=dice.choice(list(InitiativeProgress)),
            country=dice.choice(COUNTRIES),
            standing=PublicationState.PUBLISHED,
            published_at=now,
            confirmed_at=now,
            registered_at=now + timedelta(minutes=number),
        )
        for number, (symbol, title, text) in enumerate(zip(symbols, titles, texts, strict=True))
    )
    lines, goals = list(Line.objects.all()), list(Goal.objects.all())
    in_lines, in_goals = Initiative.lines.through, Initiative.goals.through
    in_lines.objects.bulk_create(
        in_lines(initiative=one, line=line) for one in entries for line in dice.sample(lines, 2)
    )
    in_goals.objects.bulk_create(in_goals(initiative=one, goal=dice.choice(goals)) for one in entries)
    # As the database does by itself some minutes after so many rows came in.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure(port: int, server: int) -> Iterator[str]:
    yield "| asked | size, packed kB | ms | of it PostgreSQL |"
    yield "|---|--:|--:|--:|"
    packed = {"Accept-Encoding": "gzip"}
    asked = [("", query) for query in ASKED] + [("/map", query) for query in ON_THE_MAP]
    for page, query in asked:
        path = f"/wsis20/evidence/initiatives{page}?{query}"
        _, size = ask(port, path, packed, 3)
        told = spent(server, port, path, packed, OFTEN)
        figures = f"{size / 1000:.1f} | {sum_of(told):.1f} | {told['PostgreSQL']:.1f}"
        yield f"| {'map ' if page else ''}`{query or 'everything'}` | {figures} |"
    for name, path in TOGETHER:
        _, size = ask(port, path, packed, 3)
        told = spent(server, port, path, packed, OFTEN)
        yield f"| {name} | {size / 1000:.1f} | {sum_of(told):.1f} | {told['PostgreSQL']:.1f} |"


def measure_whole() -> Iterator[str]:
    """Say what is computed over all entries at once costs when nothing is kept, in this process."""
    forum = Forum.objects.get()
    yield ""
    yield "| computed anew over all entries | seconds |"
    yield "|---|--:|"
    for name, work in (
        (
            "who works with whom: read, tied, placed",
            lambda: cooperation.KeptCooperation().seen(forum, NetworkFilter()),
        ),
        ("entries that look the same", lambda: duplicates.pairs_in(forum)),
    ):
        began = time.process_time()
        work()
        yield f"| {name} | {time.process_time() - began:.2f} |"


if __name__ == "__main__":
    main()

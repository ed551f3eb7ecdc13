"""Analyse the votes of a Polis export: which people think alike, what stands for them, what unites all.

FOLDER holds comments.csv and votes.csv and, where there are, summary.csv, format.json and
participants-votes.csv. Nothing but these files is read, and nothing is written.
"""

import argparse
import json
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.polis import PolisExport, read_polis
from muntada.engines.opinion.report import as_plain_values
from muntada.engines.opinion.result import Agreement, Group, OpinionMap, StatementPlace
from muntada.engines.opinion.settings import Settings
from muntada.engines.tables import TableFault

NARROWEST = 40
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="the folder of the export")
    parser.add_argument(
        "--compat",
        choices=["polis", "red-dwarf"],
        default="",
        help="follow Polis, or its port red-dwarf, with their quirks (default: our own way)",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=_seed,
        default=0,
        help="the start of the dice (default: 0); the same votes and seed give the same map",
    )
    parser.add_argument("--json", action="store_true", help="print the whole map as JSON")


def run(arguments: argparse.Namespace) -> int:
    try:
        export = read_polis(arguments.folder)
    except TableFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    opinion = analyse(export.table(), Settings(compat=arguments.compat), seed=arguments.seed)
    if arguments.json:
        print(json.dumps(_as_json(export, opinion), ensure_ascii=False, allow_nan=False, indent=1))
    else:
        width = max(NARROWEST, shutil.get_terminal_size().columns)
        print("\n".join(_page(export, opinion, width)))
    return 0


def _seed(word: str) -> int:
    if not (word.isascii() and word.isdecimal()):
        raise argparse.ArgumentTypeError(f"'{word}' is not a whole number of at least 0")
    return int(word)


def _as_json(export: PolisExport, opinion: OpinionMap) -> dict[str, object]:
    report = as_plain_values(opinion)
    texts = _texts(export)
    statements = [{**statement, "text": texts[statement["id"]]} for statement in report["statements"]]
    return {"topic": export.topic} | report | {"statements": statements}


def _texts(export: PolisExport) -> dict[str, str]:
    return {statement.id: statement.text for statement in export.statements}


def _page(export: PolisExport, opinion: OpinionMap, width: int) -> Iterator[str]:
    texts, places = _texts(export), {statement.id: statement for statement in opinion.statements}
    left_out = sum(statement.left_out for statement in opinion.statements)
    votes = sum(participant.votes for participant in opinion.participants)
    yield _in_one_line(export.topic) or "A consultation without a title"
    yield (
        f"People {len(opinion.participants):,}, statements {len(opinion.statements):,}"
        f" ({left_out:,} of them left out), votes {votes:,}."
    )
    yield ""
    yield _outcome(opinion)
    if opinion.grouping.reason is not None:
        yield str(opinion.grouping.reason)
    for group in opinion.groups:
        if group.representative:
            yield ""
            yield f"Group {LETTERS[group.id]}, {group.size:,} people, stands out by"
            yield from _rows(group.representative, places, texts, opinion.groups, width)
    for words, agreements in (
        ("agree", opinion.consensus.agree),
        ("disagree", opinion.consensus.disagree),
    ):
        if agreements:
            yield ""
            yield f"What most people {words} with"
            yield from _rows(agreements, places, texts, opinion.groups, width)
    yield ""
    yield f"Seed {opinion.seed}. The numbers are the shares of people who agree; --json prints everything."


def _outcome(opinion: OpinionMap) -> str:
    grouped = sum(group.size for group in opinion.groups)
    if opinion.grouping.outcome == "too few":
        return "No groups."
    if opinion.grouping.outcome == "one group":
        return f"One group of {grouped:,} people."
    sizes = ", ".join(f"{LETTERS[group.id]} {group.size:,}" for group in opinion.groups)
    return f"{len(opinion.groups)} groups of {grouped:,} people who have voted on enough statements: {sizes}."


def _rows(
    agreements: Sequence[Agreement],
    places: Mapping[str, StatementPlace],
    texts: Mapping[str, str],
    groups: Sequence[Group],
    width: int,
) -> Iterator[str]:
    longest = max(len(one.statement) for one in agreements)
    for one in agreements:
        shares = _shares(places[one.statement], len(groups))
        start = f"  {one.direction:<8}  {shares}  {one.statement:>{longest}}  "
        yield start + _cut(_in_one_line(texts[one.statement]), width - len(start))


def _shares(statement: StatementPlace, groups: int) -> str:
    if groups < 2:  # noqa: PLR2004 - one group needs no comparison
        seen = statement.agree + statement.disagree + statement.passed
        return _percent(statement.agree, seen)
    return "  ".join(
        f"{LETTERS[number]} {_percent(votes.agree, votes.agree + votes.disagree + votes.passed)}"
        for number, votes in enumerate(statement.by_group)
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:3.0f} %" if whole else "  - %"


def _in_one_line(text: str) -> str:
    """Give a stranger's text without line ends and without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "�" for letter in " ".join(text.split()))


def _cut(text: str, room: int) -> str:
    """Cut a text so that it fits, counting wide characters as two columns."""
    used = 0
    for place, letter in enumerate(text):
        used += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > room - 1:
            return text[:place].rstrip() + ("" if place == len(text) - 1 and used <= room else "…")
    return text

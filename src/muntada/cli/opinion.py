"""Analyse the votes of a Polis export: groups of like-minded people, and what unites or divides them.

FOLDER holds comments.csv and votes.csv and, optionally, summary.csv, format.json and
participants-votes.csv. Without comments.csv the statements have no text; without votes.csv the
votes come from participants-votes.csv. Missing and skipped content is reported. --voices adds
results by group: a table with the column participant and one column per classification, such as
stakeholder or region (weight is an initial weight). --targets (dimension, category, share) weights
people to these shares. No other files are read, and nothing is written.
"""

import argparse
import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from muntada.cli.opinion_page import page, texts_of
from muntada.engines.opinion.analysis import OUR_WAY, analyse
from muntada.engines.opinion.polis import PolisExport, Wishes, read_polis
from muntada.engines.opinion.polis_sign import UNSURE_SIGN
from muntada.engines.opinion.report import as_plain_values
from muntada.engines.opinion.result import ComputedMap
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.voice_files import read_voices
from muntada.engines.opinion.voices import SMALLEST, Voices
from muntada.engines.opinion.votes import VoteTable
from muntada.engines.tables import TableFault

NARROWEST = 40
OWN_FILES = Wishes(lenient=True, max_bytes=10**11)  # the user of the command already has the files


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_export(parser)
    parser.add_argument(
        "--compat",
        choices=["polis", "red-dwarf"],
        default="",
        help="follow Polis, or its port red-dwarf, with their quirks (default: our own way)",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=whole_number,
        default=0,
        help="the start of the dice (default: 0); the same votes and seed give the same map",
    )
    parser.add_argument(
        "--voices", metavar="FILE", type=Path, help="the table of what participants say they are"
    )
    parser.add_argument("--targets", metavar="FILE", type=Path, help="the shares each category should have")
    parser.add_argument(
        "--smallest",
        metavar="N",
        type=whole_number,
        default=SMALLEST,
        help=f"votes of fewer people than this are not told apart (default: {SMALLEST})",
    )
    parser.add_argument(
        "--rounds",
        metavar="N",
        type=whole_number,
        default=OUR_WAY.redraw_rounds,
        help="how many times people are drawn anew to see what holds"
        f" (default: {OUR_WAY.redraw_rounds}; 0: not tried)",
    )
    parser.add_argument(
        "--without-tendency",
        action="store_true",
        help="take off each person's votes how readily that person agrees with anything",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="places, groups and counts only: nothing is compared with chance, drawn anew or scored",
    )
    parser.add_argument("--json", action="store_true", help="print the whole map as JSON")


def add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="the folder of the export")
    parser.add_argument(
        "--agree-is",
        metavar="{1,-1}",
        type=int,
        choices=[1, -1],
        help="what agreement is in the votes of the export (default: what it declares, and its counts show)",
    )


def read_export(arguments: argparse.Namespace) -> PolisExport:
    """Read the export, and report what is missing."""
    export = read_polis(arguments.folder, replace(OWN_FILES, agree_is=arguments.agree_is))
    sys.stderr.writelines(f"Note: {note}\n" for note in export.notes)
    return export


def explained(fault: TableFault) -> str:
    """Describe a fault, and what to do if the command line can help."""
    if fault.sentence in UNSURE_SIGN:
        return f"{fault} If you know it, say so with --agree-is 1 or --agree-is -1."
    return str(fault)


def run(arguments: argparse.Namespace) -> int:
    wrong = _wrong(arguments)
    if wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    try:
        export = read_export(arguments)
        table = export.table()
        voices = _voices(arguments, table)
    except TableFault as fault:
        sys.stderr.write(f"{explained(fault)}\n")
        return 2
    opinion = analyse(table, _settings(arguments), arguments.seed, voices)
    show(export, opinion, as_json=arguments.json)
    return 0


def show(export: PolisExport, opinion: ComputedMap, *, as_json: bool) -> None:
    """Print the map: complete as JSON, or a summary page."""
    if as_json:
        print(json.dumps(_as_json(export, opinion), ensure_ascii=False, allow_nan=False, indent=1))
    else:
        width = max(NARROWEST, shutil.get_terminal_size().columns)
        print("\n".join(page(export, opinion, width)))


def _wrong(arguments: argparse.Namespace) -> str:
    if arguments.targets is not None and arguments.voices is None:
        return "--targets needs --voices: without it nobody knows who is in which category."
    if arguments.compat and arguments.without_tendency:
        return f"--without-tendency is our own way; {arguments.compat} does not know it."
    if arguments.smallest < 1:
        return "--smallest is at least 1."
    return ""


def _settings(arguments: argparse.Namespace) -> OpinionSettings:
    quick = arguments.quick
    return OpinionSettings(
        compat=arguments.compat,
        chance_rounds=0 if quick else OUR_WAY.chance_rounds,
        redraw_rounds=0 if quick else arguments.rounds,
        without_tendency=arguments.without_tendency,
        scores=not quick,
    )


def _voices(arguments: argparse.Namespace, table: VoteTable) -> Voices | None:
    if arguments.voices is None:
        return None
    return read_voices(arguments.voices, arguments.targets, set(table.participants), arguments.smallest)


def whole_number(word: str) -> int:
    if not (word.isascii() and word.isdecimal()):
        raise argparse.ArgumentTypeError(f"'{word}' is not a whole number of at least 0")
    return int(word)


def _as_json(export: PolisExport, opinion: ComputedMap) -> dict[str, object]:
    report = as_plain_values(opinion)
    texts = texts_of(export)
    statements = [{**statement, "text": texts[statement["id"]]} for statement in report["statements"]]
    said = {"topic": export.topic, "notes": list(export.notes)}
    return said | report | {"statements": statements}

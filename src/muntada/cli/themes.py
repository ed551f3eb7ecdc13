"""Suggest themes of texts in several languages, and which texts say the same.

PATH is a table (.csv) with the columns id, language and text, or a folder of such tables. No other
files are read, and nothing is written. All output is suggestions, with the words behind them.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from muntada.engines.tables import TableFault
from muntada.engines.themes import suggest
from muntada.engines.themes.encoder import Encoder, installed_encoder
from muntada.engines.themes.files import read_descriptions, read_texts
from muntada.engines.themes.report import as_plain_values
from muntada.engines.themes.result import TextGrouping
from muntada.engines.themes.settings import ThemeSettings
from muntada.engines.themes.texts import Description, IdentifiedText

NO_ENCODER = "There is no sentence encoder: install the extra 'languages'.\n"
SHOWN = 3
LONGEST_LINE = 90


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", type=Path, help="the table, or the folder of tables")
    parser.add_argument(
        "--descriptions",
        metavar="FILE",
        type=Path,
        help="a table with the columns code, language and text: suggest for each text which it belongs to",
    )
    parser.add_argument(
        "--groups", metavar="N", type=_count, default=0, help="make so many themes (default: as many as fit)"
    )
    parser.add_argument(
        "--matches", action="store_true", help="also list pairs that say the same, across languages too"
    )
    parser.add_argument(
        "--encoder", action="store_true", help="use the sentence encoder of the extra 'languages': slower"
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=_count,
        default=0,
        help="the start of the dice (default: 0); the same texts and seed give the same suggestions",
    )
    parser.add_argument("--json", action="store_true", help="print all as JSON")


def run(arguments: argparse.Namespace) -> int:
    encoder = installed_encoder() if arguments.encoder else None
    if arguments.encoder and encoder is None:
        sys.stderr.write(NO_ENCODER)
        return 2
    try:
        texts = read_texts(arguments.path)
        described = read_descriptions(arguments.descriptions) if arguments.descriptions else []
    except TableFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    grouping = suggest.groups(
        texts,
        settings=ThemeSettings(groups=arguments.groups),
        seed=arguments.seed,
        encoder=encoder,
        progress=_told if sys.stderr.isatty() else _quietly,
    )
    if arguments.json:
        report = _report(arguments, texts, described, grouping, encoder)
        print(json.dumps(report, ensure_ascii=False, allow_nan=False, indent=1))
    else:
        print("\n".join(_page(texts, grouping)))
    return 0


def _count(word: str) -> int:
    if not (word.isascii() and word.isdecimal()):
        raise argparse.ArgumentTypeError(f"'{word}' is not a whole number of at least 0")
    return int(word)


def _told(share: float, step: str) -> None:
    sys.stderr.write(f"\r{step} {100 * share:3.0f} %" + ("\n" if share >= 1 else ""))


def _quietly(_share: float, _step: str) -> None:
    """Report nothing if nobody watches."""


def _report(
    arguments: argparse.Namespace,
    texts: Sequence[IdentifiedText],
    described: Sequence[Description],
    grouping: TextGrouping,
    encoder: Encoder | None,
) -> dict[str, object]:
    matches = suggest.matches(texts, encoder=encoder) if arguments.matches else ()
    suggestions = {text.id: suggest.lines(text, described, encoder=encoder) for text in texts if described}
    return as_plain_values(grouping, matches, suggestions)


def _page(texts: Sequence[IdentifiedText], grouping: TextGrouping) -> Iterator[str]:
    written = {text.id: text.text for text in texts}
    counts = len(texts), len(grouping.groups), len(grouping.ungrouped)
    yield "Texts {:,}, themes {:,}, without a theme {:,}.".format(*counts)
    for group in grouping.groups:
        yield ""
        yield f"Theme {group.id + 1}, {len(group.members):,} texts: {', '.join(group.names['en'])}"
        for member in group.members[:SHOWN]:
            yield f"  {member.id}  {_in_one_line(written[member.id])}"
    for campaign in grouping.campaigns:
        yield ""
        yield f"Campaign of {len(campaign.members):,} texts, {campaign.identical:,} of them the same:"
        yield f"  {campaign.sample}  {_in_one_line(written[campaign.sample])}"
    yield ""
    yield f"Seed {grouping.seed}. These are suggestions; --json prints everything, with the words behind it."


def _in_one_line(text: str) -> str:
    """Return the beginning of an untrusted text, without control characters."""
    line = " ".join(text.split())
    line = line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"
    return "".join(letter if letter.isprintable() else "�" for letter in line)

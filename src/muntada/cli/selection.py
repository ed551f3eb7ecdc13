"""Select session requests by scores, capacities and rules. Works on files, without a database.

REQUESTS.csv has the columns id and score and, optionally, title, kind, minutes; a column such as
number:speakers or number:women holds a number of people; each other column is a scheme, such as
region, stakeholder, organisation or person, with the groups of the request separated by ";".

RULES.toml (or .json) has tables of capacities and rules, and lists of requests that must be in or
out:

    pins = ["P/3"]
    vetoes = ["P/9"]
    [[capacity]]
    id = "workshops"
    kinds = ["workshop"]
    sessions = 40
    [[rule]]
    id = "Africa"
    type = "balance"
    scheme = "region"
    groups = ["africa"]
    least = 17

docs/engines/selection.md lists all types of rules and their fields.
"""

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from muntada.engines.reasons import Reason
from muntada.engines.selection.answer import ChoiceStatus, SelectionAnswer
from muntada.engines.selection.files import read_problem, read_requests
from muntada.engines.selection.problem import SelectionProblem
from muntada.engines.selection.select import EFFORT, select
from muntada.engines.tables import TableFault

MOST_WAITING = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("requests", metavar="REQUESTS.csv", type=Path, help="the session requests")
    parser.add_argument(
        "--rules", metavar="RULES.toml", type=Path, required=True, help="capacities and rules"
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=_seed,
        default=1,
        help="decides between choices of equal score (default: 1)",
    )
    parser.add_argument(
        "--effort",
        metavar="SECONDS",
        type=_seconds,
        default=EFFORT,
        help=f"how long to search for the choice, in seconds of a usual machine (default: {EFFORT:g})",
    )
    parser.add_argument(
        "--choice-only", action="store_true", help="leave out the prices and the reasons of the others"
    )
    parser.add_argument("--json", action="store_true", help="print everything as JSON")


def run(arguments: argparse.Namespace) -> int:
    try:
        asked = read_requests(arguments.requests)
        problem = read_problem(asked.requests, arguments.rules)
    except TableFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    whole = not arguments.choice_only
    selection = select(problem, seed=arguments.seed, effort=arguments.effort, prices=whole, exclusions=whole)
    if arguments.json:
        print(json.dumps(_as_json(selection), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_page(problem, asked.titles, selection)))
    return 1 if selection.score is None else 0


def _seed(word: str) -> int:
    if not (word.isascii() and word.isdecimal() and int(word) < 2**31):
        raise argparse.ArgumentTypeError(f"'{word}' is not a whole number from 0 to {2**31 - 1}")
    return int(word)


def _seconds(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"'{word}' is not a number of seconds above 0")
    return seconds


def _as_json(selection: SelectionAnswer) -> object:
    def plain(value: object) -> object:
        if isinstance(value, dict) and value.keys() == {"sentence", "params"}:
            reason = Reason(value["sentence"], value["params"])
            return {"text": str(reason), **value}
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [plain(one) for one in value]
        return value

    return plain(asdict(selection))


def _page(problem: SelectionProblem, titles: Mapping[str, str], selection: SelectionAnswer) -> Iterator[str]:
    requests = {one.id: one for one in problem.requests}

    def called(name: str) -> str:
        return _in_one_line(f"{titles[name]} ({name})" if titles.get(name) else name)

    yield _quality(selection, len(requests))
    for name in selection.chosen:
        yield f"  {requests[name].score:g}  {called(name)}"
    yield from _section("What counting shows", [_told(one.reason) for one in selection.findings])
    if selection.conflict is not None:
        yield from _section(
            "These cannot be kept together", [_told(one) for one in selection.conflict.reasons]
        )
    yield from _section(
        "Rules",
        [
            f"{_in_one_line(one.condition)}: {'kept' if one.met else 'broken'}."
            f" {' '.join(_told(line.said) for line in one.lines)}"
            for one in selection.standings
        ],
    )
    yield from _section(
        "Prices",
        [
            f"{_in_one_line(one.condition)}: {_told(one.said)}"
            for one in selection.prices
            if one.points != 0 or not one.possible
        ],
    )
    if selection.waiting:
        yield ""
        yield f"Waiting, the first of {len(selection.waiting)}"
        told = {one.request: one.reasons for one in selection.excluded}
        for name in selection.waiting[:MOST_WAITING]:
            yield f"  {requests[name].score:g}  {called(name)}"
            yield from (f"    {_told(reason)}" for reason in told[name])
    yield ""
    yield f"Seed {selection.seed}. --json prints everything, with the reasons of each request."


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        yield from (f"  {line}" for line in lines)


def _quality(selection: SelectionAnswer, requests: int) -> str:
    if selection.status is ChoiceStatus.INFEASIBLE:
        return "No choice keeps all rules."
    if selection.score is None:
        return "No choice was found; more may be possible with more --effort."
    chosen = f"{len(selection.chosen)} of {requests} requests chosen, with a score of {selection.score:g}"
    if selection.status is ChoiceStatus.OPTIMAL:
        return f"{chosen}; nothing better exists."
    return f"{chosen}; {selection.bound:g} is not ruled out."


def _told(reason: Reason) -> str:
    return _in_one_line(str(reason))


def _in_one_line(text: str) -> str:
    """Return an untrusted text on one line, without control characters."""
    return "".join(letter if letter.isprintable() else "�" for letter in " ".join(text.split()))

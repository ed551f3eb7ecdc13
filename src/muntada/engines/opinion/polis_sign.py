"""Finds out whether 1 or -1 means *agree* in an export.

Polis stores agreement as -1, its newer exports write it as 1 and declare so, and one server version exported
what it had stored. The sign is therefore never assumed: it is read where it is declared and compared with the
published counts, and an export in which both disagree, or in which nothing speaks for either, is refused.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from muntada.engines.opinion.polis_cells import shortened
from muntada.engines.opinion.polis_statements import Statement
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import TableFault, read_lines

type Sign = Literal[-1, 1]

DECLARATION = "vote-convention"
SIGNS: dict[str, Sign] = {"1": 1, "+1": 1, "-1": -1}
PAIR = re.compile(r"\s*([a-z]+)\s*=\s*([^;]*?)\s*", re.ASCII)

UNREADABLE = gettext_noop(
    "The declaration of the vote values cannot be read: “%(declaration)s”."
    " It is expected in the form agree=+1;disagree=-1;pass=0."
)
NOT_JSON = gettext_noop("This is not a JSON object.")
TWO_DECLARATIONS = gettext_noop("The declarations of the vote values contradict each other.")
COUNTS_CONTRADICT = gettext_noop(
    "Agreement is declared as %(declared)s, but the counts of the statement %(id)s fit only with %(counted)s."
    " It cannot be told which votes agree."
)
COUNTS_DIVIDED = gettext_noop(
    "The counts of the statement %(id)s fit only with agreement as %(here)s, those of the statement %(other)s"
    " (line %(line)s) only with %(there)s. It cannot be told which votes agree."
)
UNDECIDED = gettext_noop(
    "Nothing tells whether 1 or -1 means agree: no file declares it,"
    " and the counts of agreement in comments.csv fit both readings or neither."
)


def declared_in_summary(file: str, line: int, declaration: str) -> Sign:
    """Read a declaration such as `agree=+1;disagree=-1;pass=0;format=polis-export/1`."""
    pairs = [PAIR.fullmatch(part) for part in declaration.split(";") if part.strip()]
    values = {pair[1]: pair[2] for pair in pairs if pair}
    if len(values) != len(pairs):
        raise TableFault(file, line, UNREADABLE, {"declaration": shortened(declaration)})
    return _sign(file, line, declaration, values)


def declared_in_format(path: Path) -> Sign | None:
    """Read the declaration of `format.json`, which stands beside newer exports; None if it has none."""
    try:
        content = json.loads("".join(read_lines(path)))
    except json.JSONDecodeError as error:
        raise TableFault(path.name, error.lineno, NOT_JSON) from error
    except RecursionError as error:
        raise TableFault(path.name, None, NOT_JSON) from error
    if not isinstance(content, dict):
        raise TableFault(path.name, None, NOT_JSON)
    found: set[Sign] = set()
    if DECLARATION in content:
        found.add(declared_in_summary(path.name, 1, str(content[DECLARATION])))
    if "vote" in content:
        values = content["vote"] if isinstance(content["vote"], dict) else {}
        words = {str(key): str(value) for key, value in values.items()}
        found.add(_sign(path.name, 1, str(content["vote"]), words))
    if len(found) > 1:
        raise TableFault(path.name, None, TWO_DECLARATIONS)
    return next(iter(found), None)


def _sign(file: str, line: int, declaration: str, values: Mapping[str, str]) -> Sign:
    agree, disagree = SIGNS.get(values.get("agree", "")), SIGNS.get(values.get("disagree", ""))
    if agree is None or disagree != -agree or values.get("pass", "0") not in ("0", "+0", "-0"):
        raise TableFault(file, line, UNREADABLE, {"declaration": shortened(declaration)})
    return agree


def settled_sign(
    file: str, statements: Sequence[Statement], votes: Iterable[tuple[str, int]], declared: Sign | None
) -> Sign:
    """Settle the sign from what is declared and what the counts of `file` say of the events."""
    counted = _counted_sign(file, statements, Counter(votes))
    if counted is None:
        if declared is None:
            raise TableFault(file, None, UNDECIDED)
        return declared
    sign, witness = counted
    if declared is not None and declared != sign:
        params = {"declared": declared, "counted": sign, "id": shortened(witness.id)}
        raise TableFault(file, witness.line, COUNTS_CONTRADICT, params)
    return sign


def _counted_sign(
    file: str, statements: Sequence[Statement], counts: Mapping[tuple[str, int], int]
) -> tuple[Sign, Statement] | None:
    """Compare the published counts with the events, and name a statement that shows it.

    Counts that fit one reading exactly decide; where none do (an export that was still growing), the reading
    at less than half the distance of the other; else None.
    """
    exact: dict[Sign, Statement] = {}
    distance = {1: 0, -1: 0}
    for statement in statements:
        published = (statement.agrees, statement.disagrees)
        seen = (counts[statement.id, 1], counts[statement.id, -1])
        readings: tuple[tuple[Sign, tuple[int, int]], ...] = ((1, seen), (-1, seen[::-1]))
        for sign, events in readings:
            distance[sign] += abs(published[0] - events[0]) + abs(published[1] - events[1])
            if published == events and seen[0] != seen[1]:
                exact.setdefault(sign, statement)
    if len(exact) > 1:
        here, other = sorted(exact.items(), key=lambda item: item[1].line)
        params = {
            "here": other[0],
            "id": shortened(other[1].id),
            "there": here[0],
            "other": shortened(here[1].id),
            "line": here[1].line,
        }
        raise TableFault(file, other[1].line, COUNTS_DIVIDED, params)
    if exact:
        return next(iter(exact.items()))
    if 2 * distance[1] < distance[-1]:
        return 1, statements[0]
    if 2 * distance[-1] < distance[1]:
        return -1, statements[0]
    return None

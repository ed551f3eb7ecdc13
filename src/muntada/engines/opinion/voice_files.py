"""Read two tables about the voters: their declarations, and the target shares of the categories."""

import math
from collections.abc import Collection
from pathlib import Path

from muntada.engines.opinion.voices import Voices
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import TableFault, read_table

PERSON, WEIGHT = "participant", "weight"
DIMENSION, CATEGORY, SHARE = "dimension", "category", "share"
LONGEST = 100
SHOWN = 40

NO_DIMENSION = gettext_noop(
    "Beside %(person)s there is no column that says who people are, such as stakeholder or region."
)
NO_PERSON = gettext_noop("The participant is missing.")
TWICE = gettext_noop("The participant %(person)s stands there a second time.")
TOO_LONG = gettext_noop("The word in the column %(column)s is longer than %(longest)s letters.")
NO_WEIGHT = gettext_noop("The weight is '%(found)s'; a weight is a number above 0, or empty.")
STRANGERS = gettext_noop(
    "None of these participants has voted: their names are not those of the votes (such as %(person)s)."
)
NO_CATEGORY = gettext_noop("The dimension or the category is missing.")
UNKNOWN_DIMENSION = gettext_noop(
    "The dimension '%(found)s' is no column of the file of participants; it has %(known)s."
)
CATEGORY_TWICE = gettext_noop("The category %(category)s of %(dimension)s stands there a second time.")
NO_SHARE = gettext_noop(
    "The share is '%(found)s'; a share is a number above 0. Leave out a category that is to have none."
)


def read_voices(people: Path, targets: Path | None, voters: Collection[str], smallest: int) -> Voices:
    """Read both tables; `voters` are the ids in the votes. Raises `TableFault` with file, line and reason."""
    declared: dict[str, dict[str, str]] = {}
    weights: dict[str, float] = {}
    seen: set[str] = set()
    for row in read_table(people, required=(PERSON,)):
        person = row.values[PERSON].strip()
        if not person:
            raise TableFault(people.name, row.line, NO_PERSON)
        if person in seen:
            raise TableFault(people.name, row.line, TWICE, {"person": person[:SHOWN]})
        seen.add(person)
        for column, cell in row.values.items():
            word = cell.strip()
            if column == WEIGHT and word:
                weights[person] = _number(word, people.name, row.line, NO_WEIGHT)
            elif column not in {PERSON, WEIGHT}:
                _declare(declared, column, person, word, (people.name, row.line))
    if not declared and not weights:
        raise TableFault(people.name, None, NO_DIMENSION, {"person": PERSON})
    if seen.isdisjoint(voters):
        raise TableFault(people.name, None, STRANGERS, {"person": min(seen)[:SHOWN]})
    wanted = {} if targets is None else _targets(targets, list(declared))
    return Voices(declared=declared, targets=wanted, weights=weights, smallest=smallest)


def _declare(
    declared: dict[str, dict[str, str]], column: str, person: str, word: str, at: tuple[str, int]
) -> None:
    said = declared.setdefault(column, {})
    if len(word) > LONGEST:
        raise TableFault(*at, TOO_LONG, {"column": column[:SHOWN], "longest": LONGEST})
    if word:
        said[person] = word


def _targets(path: Path, known: list[str]) -> dict[str, dict[str, float]]:
    wanted: dict[str, dict[str, float]] = {}
    for row in read_table(path, required=(DIMENSION, CATEGORY, SHARE)):
        dimension, category = row.values[DIMENSION].strip(), row.values[CATEGORY].strip()
        if not dimension or not category:
            raise TableFault(path.name, row.line, NO_CATEGORY)
        if dimension not in known:
            params: dict[str, str | int] = {"found": dimension[:SHOWN], "known": ", ".join(known)}
            raise TableFault(path.name, row.line, UNKNOWN_DIMENSION, params)
        shares = wanted.setdefault(dimension, {})
        if category in shares:
            params = {"category": category[:SHOWN], "dimension": dimension}
            raise TableFault(path.name, row.line, CATEGORY_TWICE, params)
        shares[category] = _number(row.values[SHARE].strip(), path.name, row.line, NO_SHARE)
    return wanted


def _number(word: str, file: str, line: int, sentence: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number <= 0:
        raise TableFault(file, line, sentence, {"found": word[:SHOWN]})
    return number

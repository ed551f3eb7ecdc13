"""Parse single cells: year, value, breakdown, nature of the value.

Each function returns the parsed value or raises `CellFault`; nothing is guessed or skipped.
"""

import re
from collections.abc import Iterable, Mapping

from muntada.engines.readers.shape import ReadNature, shown
from muntada.engines.reasons import gettext_noop

FIRST_YEAR, LAST_YEAR = 1800, 2100
TOTAL = "total"
BREAKDOWN_LENGTH = 200

# 2010, 2010.0 (UNSD), YR2010 and 2010 [YR2010] (World Bank DataBank).
_YEAR = re.compile(r"(?:YR)?([0-9]{4})(?:\.0+)?(?: \[YR\1\])?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_BOUND = re.compile(r"[<>≤≥]=?\s*[0-9.,]+")
_AGES = re.compile(r"y?([0-9]{1,2})(?:t|-|_)([0-9]{1,3})", re.ASCII)
_AGE_FROM = re.compile(r"y?(?:_ge)?([0-9]{1,2})(?:\+|plus)?", re.ASCII)
_NOT_A_LETTER = re.compile(r"[^0-9a-z]+")

# How sources mark a missing value; zero is a value.
NO_VALUE = frozenset(
    {"", "..", "...", "…", "-", "–", "n", "na", "n/a", "nan", "null", "none", ":", "_z", "_o"}
)
TOTALS = frozenset(
    {"", "_t", "t", "total", "all", "bothsex", "both sexes", "both", "b", "sex0", "allage", "all age ranges"}
    | {"all ages", "allarea", "all areas", "_z", "notapplicable", "g", "none", "no breakdown", "national"}
)
MEMBERS: Mapping[str, Mapping[str, str]] = {
    "sex": {
        **dict.fromkeys(("f", "female", "women", "woman", "girls"), "female"),
        **dict.fromkeys(("m", "male", "men", "man", "boys"), "male"),
    },
    "location": {
        **dict.fromkeys(("u", "urb", "urban", "cities"), "urban"),
        **dict.fromkeys(("r", "rur", "rural"), "rural"),
    },
}
# The order in which a breakdown names its parts, so that each breakdown has one name.
DIMENSIONS = ("sex", "age", "location", "skill")

WRONG_YEAR = gettext_noop("%(year)s is no year between %(first)s and %(last)s; only yearly values are read.")
WRONG_NUMBER = gettext_noop(
    "%(value)s is not a number. Write it like 12.5, without signs between the digits."
)
NOT_FINITE = gettext_noop("%(value)s is not a number that can be shown; leave the cell empty instead.")
A_BOUND = gettext_noop("%(value)s is a bound and not a value, so it cannot be drawn or compared.")
LONG_BREAKDOWN = gettext_noop("The words that tell this row apart are too long: %(breakdown)s.")

_NATURES: Mapping[str, ReadNature] = {
    **dict.fromkeys(("c", "measured", "country data"), ReadNature.MEASURED),
    **dict.fromkeys(("e", "ca", "m", "g", "estimated", "estimate", "modelled"), ReadNature.ESTIMATED),
    **dict.fromkeys(("f", "projected", "forecast", "projection"), ReadNature.PROJECTED),
}


class CellFault(Exception):
    """A fault in one cell, as a sentence marked for translation with its parameters."""

    def __init__(self, sentence: str, params: Mapping[str, str | int]) -> None:
        super().__init__(sentence, params)
        self.sentence = sentence
        self.params = params


def year_in(cell: str) -> int:
    found = _YEAR.fullmatch(cell.strip())
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise CellFault(
            WRONG_YEAR, {"year": shown(cell.strip()), "first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        )
    return int(found[1])


def is_year(cell: str) -> bool:
    try:
        year_in(cell)
    except CellFault:
        return False
    return True


def value_in(cell: str) -> float | None:
    """Return the number, or None if the source states that there is none."""
    cell = cell.strip()
    if cell.lower() in NO_VALUE:
        return None
    if _BOUND.fullmatch(cell):
        raise CellFault(A_BOUND, {"value": shown(cell)})
    if cell.lower().lstrip("+-") in ("inf", "infinity"):
        raise CellFault(NOT_FINITE, {"value": shown(cell)})
    if not _NUMBER.fullmatch(cell):
        raise CellFault(WRONG_NUMBER, {"value": shown(cell)})
    number = float(cell)
    if number in (float("inf"), float("-inf")):
        raise CellFault(NOT_FINITE, {"value": shown(cell)})
    return number


def nature_in(flag: str, source: str = "") -> ReadNature:
    """Parse the flag of an observation, or its source note ("ITU estimate.")."""
    known = _NATURES.get(flag.strip().lower())
    if known is not None:
        return known
    return ReadNature.ESTIMATED if "estimate" in source.lower() else ReadNature.NOT_STATED


def breakdown_in(cells: Iterable[tuple[str, str]]) -> str:
    """Return the breakdown from pairs of dimension and member; totals add nothing."""
    parts = [(dimension, member(dimension, cell)) for dimension, cell in cells if not is_total(cell)]
    if not parts:
        return TOTAL
    breakdown = "+".join(word for _, word in sorted(parts, key=_place))
    if len(breakdown) > BREAKDOWN_LENGTH:
        raise CellFault(LONG_BREAKDOWN, {"breakdown": shown(breakdown)})
    return breakdown


# A column of this name holds complete breakdowns in our notation: `female+rural`.
BREAKDOWN = "breakdown"


def is_total(cell: str) -> bool:
    return cell.strip().lower() in TOTALS


def _place(part: tuple[str, str]) -> tuple[int, str]:
    dimension, word = part
    return (DIMENSIONS.index(dimension) if dimension in DIMENSIONS else len(DIMENSIONS)), word


def member(dimension: str, cell: str) -> str:
    """Return the word for one member: `female`, `rural`, `age-15-24`, `skill-email`, `quintile-q1`."""
    word = cell.strip().lower()
    known = MEMBERS.get(dimension, {}).get(word)
    if known:
        return known
    if dimension == "age":
        return _age(word)
    if dimension == BREAKDOWN:
        return "+".join(_NOT_A_LETTER.sub("-", part).strip("-") for part in word.split("+"))
    return f"{dimension}-{_NOT_A_LETTER.sub('-', word).strip('-')}"


def _age(word: str) -> str:
    plain = word.removeprefix("age").strip(" _-")
    ages = _AGES.fullmatch(plain)
    if ages:
        return f"age-{ages[1]}-{ages[2]}"
    since = _AGE_FROM.fullmatch(plain)
    return f"age-{since[1]}-up" if since else f"age-{_NOT_A_LETTER.sub('-', plain).strip('-')}"

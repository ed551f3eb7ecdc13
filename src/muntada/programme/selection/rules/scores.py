"""Scores that come in a table: which request each is for, and what is wrong in which row."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext

from muntada.foundations.errors import Refused

MOST_SCORE = 1_000_000
MOST_ROWS = 5_000
MOST_DIGITS = 9
SCORES_COLUMNS = REQUEST_COLUMN, TITLE_COLUMN, SCORE_COLUMN = "request", "title", "score"
FAULTS_SHOWN = 50


class ScoreTableRow(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def values(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class RequestScore:
    """A score for a request, and the row of the table in which it stands."""

    row: int
    symbol: str
    score: float


@dataclass(frozen=True)
class ScoreFault:
    """What is wrong in one row."""

    row: int
    sentence: str


def symbol_in(text: str) -> str | None:
    """Read the symbol of a session request, also written `12`, `p/12` or `WSIS20/P/12`."""
    kind, _between, number = text.strip().upper().rpartition("/")
    is_one = (
        number.isdecimal() and len(number) <= MOST_DIGITS and (not kind or kind.rpartition("/")[2] == "P")
    )
    return f"P/{int(number)}" if is_one else None


def score_in(text: str) -> float | None:
    try:
        score = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return score if 0 <= score <= MOST_SCORE else None


def read_scores(text: str) -> dict[str, float]:
    """Read lines such as `P/12; 4.5`; a line that says something else is refused and named."""
    found: dict[str, float] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, _between, value = line.replace("\t", ";").rpartition(";")
        symbol, score = symbol_in(name), score_in(value)
        if symbol is None or score is None:
            sentence = gettext("“%(line)s” is no score. Write one line each, such as P/12; 4.5.")
            raise Refused(sentence % {"line": line.strip()[:80]}, "selection-score", "scores")
        found[symbol] = score
    return found


def as_lines(scores: Mapping[str, float]) -> str:
    """Write scores as lines that can be read again."""
    return "\n".join(f"{symbol}; {score:.12g}" for symbol, score in scores.items())


def scores_in(
    rows: Iterable[ScoreTableRow], waiting: Collection[str]
) -> tuple[list[RequestScore], list[ScoreFault]]:
    """Read each row, or say what is wrong with it. A row whose score is left empty says nothing."""
    found: dict[str, RequestScore] = {}
    faults: list[ScoreFault] = []
    for row in rows:
        if SCORE_COLUMN not in row.values or REQUEST_COLUMN not in row.values:
            sentence = gettext(
                "The first row must name the columns: “%(request)s” and “%(score)s” are needed. "
                "The template has them."
            )
            known = {"request": REQUEST_COLUMN, "score": SCORE_COLUMN}
            raise Refused(sentence % known, "scores-columns", "file")
        if not row.values[SCORE_COLUMN].strip():
            continue
        said = _score_of(row, waiting, found)
        if isinstance(said, RequestScore):
            found[said.symbol] = said
        else:
            faults.append(ScoreFault(row.number, said))
    return list(found.values()), faults


def _score_of(
    row: ScoreTableRow, waiting: Collection[str], found: Mapping[str, RequestScore]
) -> RequestScore | str:
    name, value = row.values[REQUEST_COLUMN].strip()[:80], row.values[SCORE_COLUMN].strip()[:80]
    symbol, score = symbol_in(name), score_in(value)
    if symbol is None:
        return gettext("“%(value)s” is no symbol of a session request, such as P/12.") % {"value": name}
    if symbol not in waiting:
        return gettext("%(symbol)s is no session request that waits for a decision.") % {"symbol": symbol}
    if symbol in found:
        sentence = gettext("%(symbol)s has a score in row %(row)s already.")
        return sentence % {"symbol": symbol, "row": found[symbol].row}
    if score is None:
        sentence = gettext("“%(value)s” is no score: it is a number from 0 to %(most)s.")
        return sentence % {"value": value, "most": MOST_SCORE}
    return RequestScore(row.number, symbol, score)

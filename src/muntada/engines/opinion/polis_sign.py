"""Determine whether 1 or -1 means *agree* in an export.

Polis stores agreement as -1. Its newer exports write 1 and declare so, and one server version
exported the stored values. The sign is therefore taken from the declaration and compared with the
published counts of agreement. Counts need not match exactly: an export may have been written while
votes came in, rows may be repeated, and some exports contain wrong counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from muntada.engines.arrays import IntArray
from muntada.engines.opinion.polis_cells import shortened
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import TableFault

type Sign = Literal[-1, 1]

CLEARLY = 20  # a sign is clear if it has this many times the evidence of the other
MOSTLY = 3

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
NO_COUNTS = gettext_noop(
    "Nothing tells whether 1 or -1 means agree: no file declares it,"
    " and no counts of agreement stand beside the votes."
)
PEOPLE_CONTRADICT = (
    "Agreement is declared as %(declared)s, but n-agree and n-disagree of the participant %(id)s fit only"
    " with %(counted)s. It cannot be told which votes agree."
)
PEOPLE_UNDECIDED = (
    "Nothing tells whether 1 or -1 means agree: no file declares it,"
    " and n-agree and n-disagree fit both readings or neither."
)
UNSURE_SIGN = frozenset(
    {
        TWO_DECLARATIONS,
        COUNTS_CONTRADICT,
        COUNTS_DIVIDED,
        UNDECIDED,
        NO_COUNTS,
        PEOPLE_CONTRADICT,
        PEOPLE_UNDECIDED,
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class SignCounts:
    """Published agreements and disagreements, and numbers of 1 and -1, per statement or person."""

    file: str
    names: Sequence[str]
    lines: Sequence[int]
    published: IntArray
    seen: IntArray
    of_people: bool = False

    def __len__(self) -> int:
        return len(self.names)

    def witnesses(self, sign: Sign) -> NDArray[np.intp]:
        """Return the rows whose counts match the votes exactly with this sign and not with the other."""
        read = self.seen[:, ::sign]
        return np.flatnonzero((self.published == read).all(axis=1) & (read[:, 0] != read[:, 1]))

    def products(self) -> IntArray:
        """Multiply, per row, the published lead of agreement by the lead of 1."""
        ahead = [pairs[:, 0] - pairs[:, 1] for pairs in (self.published, self.seen)]
        return ahead[0] * ahead[1]


def settled_sign(declared: Sign | None, sources: Sequence[SignCounts]) -> Sign | None:
    """Determine the sign from the declaration and the counts; None if there are neither.

    Exact matches of any source take precedence over sums, which can mislead if the file holds few of
    many people. Columns that were never filled in (all 0) are ignored.
    """
    sources = [counts for counts in sources if counts.published.any()]
    if not sources:
        return declared
    if declared is not None:
        _check_declared(declared, sources[0])
        return declared
    found = [_by_witnesses(counts) for counts in sources] + [
        _by_products(counts, MOSTLY) for counts in sources
    ]
    sign = next((one for one in found if one is not None), None)
    if sign is None:
        raise _undecided(sources[0])
    return sign


def _by_witnesses(counts: SignCounts) -> Sign | None:
    return _ahead(len(counts.witnesses(1)), len(counts.witnesses(-1)), CLEARLY)


def _by_products(counts: SignCounts, times: int) -> Sign | None:
    products = counts.products()
    return _ahead(int(products[products > 0].sum()), -int(products[products < 0].sum()), times)


def _ahead(one: int, other: int, times: int) -> Sign | None:
    """Return the sign whose weight is at least `times` that of the other, if any."""
    if one > 0 and one >= times * other:
        return 1
    return -1 if other > 0 and other >= times * one else None


def _check_declared(declared: Sign, counts: SignCounts) -> None:
    """Raise if exact matches and products both clearly contradict the declaration."""
    other: Sign = 1 if declared < 0 else -1
    against = counts.witnesses(other)
    if _by_products(counts, CLEARLY) != other or len(against) < CLEARLY * len(counts.witnesses(declared)):
        return
    witness = int(against[0]) if len(against) else int(np.argmin(counts.products() * declared))
    name = shortened(counts.names[witness])
    params: dict[str, str | int] = {"declared": declared, "counted": other, "id": name}
    sentence = PEOPLE_CONTRADICT if counts.of_people else COUNTS_CONTRADICT
    raise TableFault(counts.file, counts.lines[witness], sentence, params)


def _undecided(counts: SignCounts) -> TableFault:
    if counts.of_people:
        return TableFault(counts.file, None, PEOPLE_UNDECIDED)
    firsts = [(int(rows[0]), sign) for sign in (1, -1) if len(rows := counts.witnesses(sign))]
    if len(firsts) < len((1, -1)):
        return TableFault(counts.file, None, UNDECIDED)
    (first, there), (second, here) = sorted(firsts)
    return TableFault(
        counts.file,
        counts.lines[second],
        COUNTS_DIVIDED,
        {
            "here": here,
            "id": shortened(counts.names[second]),
            "there": there,
            "other": shortened(counts.names[first]),
            "line": counts.lines[first],
        },
    )

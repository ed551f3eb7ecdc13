"""The law of the balance: how those heard are counted, which small numbers are kept back, who is missing.

What everybody can read anyway, who said what with their name, is counted as it is. What is not public is kept
back where it stands for fewer than five, and other numbers with it, so that nobody finds it by subtraction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor

from muntada.forums.rules.schemes import HEADQUARTERS, Facts, Scheme

SMALLEST_NUMBER_SHOWN = 5
# Who said nothing of themselves is counted too.
UNKNOWN = ""


@dataclass(frozen=True)
class Counted:
    """So many of the same facts: those anybody can read, and those nobody else knows of."""

    facts: Facts
    public: int = 0
    private: int = 0


@dataclass(frozen=True)
class Cell:
    """How many were heard from one group; `count` is none where it is kept back."""

    code: str
    count: int | None
    share: float | None = None
    reference: float | None = None
    short: int = 0

    @property
    def is_silent(self) -> bool:
        return self.count == 0


@dataclass(frozen=True)
class Standing:
    """One region: without the headquarters that stand there, with them, and how many these are."""

    code: str
    apart: int | None
    headquarters: int | None

    @property
    def together(self) -> int | None:
        if self.apart is None or self.headquarters is None:
            return None
        return self.apart + self.headquarters


@dataclass(frozen=True)
class Balance:
    """Those heard by the groups of a scheme, in its order; then the headquarters and who is not known."""

    cells: tuple[Cell, ...]
    total: int
    whole: int
    by_standing: tuple[Standing, ...] = field(default=())

    @property
    def missing(self) -> tuple[Cell, ...]:
        """The groups below their share, the one that lacks most first."""
        return tuple(sorted((cell for cell in self.cells if cell.short), key=lambda cell: -cell.short))

    @property
    def has_kept_back(self) -> bool:
        return any(cell.count is None for cell in self.cells)

    def cell(self, code: str) -> Cell:
        return next(cell for cell in self.cells if cell.code == code)


def balance_of(scheme: Scheme, heard: Iterable[Counted], reference: Mapping[str, float]) -> Balance:
    """Count those heard by group, keep back what would give somebody away, and compare with the reference.

    Headquarters of international bodies are a group of their own wherever countries are counted; beside it
    stands what the regions would be with them.
    """
    rows = tuple(heard)
    public, private = _by_group(scheme, rows)
    hidden = kept_back(private)
    total = sum(public.values()) + sum(private.values())
    unknown = public[UNKNOWN] + private[UNKNOWN]
    # If the number of those unknown is kept back, a share of all others would tell it.
    whole = total if UNKNOWN in hidden else total - unknown
    cells = tuple(
        _cell(code, None if code in hidden else public[code] + private[code], whole, reference.get(code))
        for code in private
    )
    standing = () if HEADQUARTERS not in private else _by_standing(scheme, rows, public, private, hidden)
    return Balance(cells, total, whole, standing)


def _cell(code: str, count: int | None, whole: int, reference: float | None) -> Cell:
    if code == UNKNOWN or count is None or not whole:
        return Cell(code, count, reference=reference)
    short = 0 if reference is None else max(0, floor(reference * whole / 100 - count + 0.5))
    return Cell(code, count, count / whole, reference, short)


def _by_group(scheme: Scheme, rows: Sequence[Counted]) -> tuple[dict[str, int], dict[str, int]]:
    public = {group.code: 0 for group in scheme.groups} | {UNKNOWN: 0}
    private = dict(public)
    for row in rows:
        code = scheme.group_of(row.facts, apart=True)
        public[code] += row.public
        private[code] += row.private
    return public, private


def _by_standing(
    scheme: Scheme,
    rows: Sequence[Counted],
    public: Mapping[str, int],
    private: Mapping[str, int],
    hidden: frozenset[str],
) -> tuple[Standing, ...]:
    """Say of each region how many headquarters stand in it, as far as that can be told."""
    seats = [row for row in rows if scheme.group_of(row.facts, apart=True) == HEADQUARTERS]
    codes = [*(group.code for group in scheme.own_groups), UNKNOWN]
    shown, secret = dict.fromkeys(codes, 0), dict.fromkeys(codes, 0)
    for row in seats:
        code = scheme.group_of(row.facts, apart=False)
        shown[code] += row.public
        secret[code] += row.private
    unsaid = frozenset(codes) if HEADQUARTERS in hidden else kept_back(secret)
    return tuple(
        Standing(
            code,
            None if code in hidden else public[code] + private[code],
            None if code in unsaid else shown[code] + secret[code],
        )
        for code in codes
        if code != UNKNOWN
    )


def kept_back(numbers: Mapping[str, int], smallest: int = SMALLEST_NUMBER_SHOWN) -> frozenset[str]:
    """Return which numbers are not shown, where all others and their total are.

    Each number from 1 up to `smallest` is kept back. One alone could be found by subtraction, and so could
    several that are as small as they can be: the groups that follow are kept back with them, whatever their
    size (to choose by size would give the size away), until each could be any number from 1 to `smallest`.
    If there are not enough of them, nothing is shown at all.
    """
    codes = list(numbers)
    small = [code for code in codes if 0 < numbers[code] < smallest]
    if not small:
        return frozenset()
    first = codes.index(small[0])
    following = [code for code in codes[first:] + codes[:first] if numbers[code] >= smallest]
    hidden = set(small)
    while not _is_safe([numbers[code] for code in hidden], smallest):
        if not following:
            return frozenset(codes)
        hidden.add(following.pop(0))
    return frozenset(hidden)


def _is_safe(hidden: Sequence[int], smallest: int) -> bool:
    return len(hidden) > 1 and sum(hidden) >= smallest + len(hidden) - 1

"""Rules of the balance: counting, withholding and comparing groups.

Contributions of organizations shown are public and counted exactly. Declarations of people are
counted only by few schemes: each table alone withholds small numbers, but the regions of one scheme
may be sums of those of another, and both tables together would reveal what each withholds. So
people are counted by one scheme of stakeholders and one of regions, per call; totals are sums of
what the calls show.

The opinion map withholds by the rule of its engine, which works without pages. Voters are counted
from the map, so that both pages agree; this is why there are two rules.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor

from django.utils.translation import gettext

from muntada.consultation.calls.rules.counts import SMALLEST_NUMBER_SHOWN, UNKNOWN, is_safe, withheld_count
from muntada.forums.rules.schemes import HEADQUARTERS, DeclaredFacts, Scheme
from muntada.foundations.errors import Refused

# Groups without a target share.
BESIDE = (UNKNOWN, HEADQUARTERS)


@dataclass(frozen=True)
class HeardCount:
    """Identical facts of one author and their count; `public` is the publicly countable part."""

    facts: DeclaredFacts
    speaker: str
    public: int = 0
    private: int = 0


@dataclass(frozen=True)
class GroupHeard:
    """The number from a group: exact, or a lower bound if some are withheld."""

    code: str
    count: int
    is_kept_back: bool = False

    def __add__(self, other: "GroupHeard") -> "GroupHeard":
        return GroupHeard(self.code, self.count + other.count, self.is_kept_back or other.is_kept_back)


@dataclass(frozen=True)
class Compared:
    """Share, target and shortfall of a group; None if withheld."""

    share: float | None
    reference: float | None
    short: int


@dataclass(frozen=True)
class RegionBalance:
    """A region without its headquarters, and their number."""

    code: str
    apart: int
    headquarters: int

    @property
    def together(self) -> int:
        return self.apart + self.headquarters


@dataclass(frozen=True)
class GroupBalance:
    """Participation by group in the order of the scheme, then headquarters and unknown.

    `total` counts everybody, `untold` those shown in no group.
    """

    cells: tuple[GroupHeard, ...]
    total: int
    untold: int = 0

    def __add__(self, other: "GroupBalance") -> "GroupBalance":
        cells = tuple(one + more for one, more in zip(self.cells, other.cells, strict=True))
        return GroupBalance(cells, self.total + other.total, self.untold + other.untold)

    @property
    def has_kept_back(self) -> bool:
        return any(cell.is_kept_back for cell in self.cells)

    @property
    def whole(self) -> int:
        """The number from groups with a target share."""
        return self.total - self.untold - sum(self.cell(code).count for code in BESIDE if self.has(code))

    def has(self, code: str) -> bool:
        return any(cell.code == code for cell in self.cells)

    def cell(self, code: str) -> GroupHeard:
        return next(cell for cell in self.cells if cell.code == code)

    def is_silent(self, cell: GroupHeard) -> bool:
        """Return whether nobody came from a group; unknown while some people are in no group."""
        return not (cell.count or cell.is_kept_back or self.untold or cell.code in BESIDE)


def balance_of(scheme: Scheme, heard: Iterable[HeardCount], *, everybody: bool) -> GroupBalance:
    """Count by group: everybody as far as it may be shown, or only what is public."""
    public, private = Counter[str](), Counter[str]()
    speakers: dict[str, set[str]] = defaultdict(set)
    for row in heard:
        code = scheme.group_of(row.facts, apart=True)
        public[code] += row.public
        private[code] += row.private
        if row.private:
            speakers[code].add(row.speaker)
    codes = [*(group.code for group in scheme.groups), UNKNOWN]
    total = public.total() + private.total()
    if not everybody:
        return GroupBalance(tuple(GroupHeard(code, public[code]) for code in codes), total, private.total())
    hidden = withheld_count({code: len(speakers[code]) for code in codes})
    cells = (
        GroupHeard(code, public[code] + (0 if code in hidden else private[code]), code in hidden)
        for code in codes
    )
    return GroupBalance(tuple(cells), total)


def compared(balance: GroupBalance, cell: GroupHeard, reference: Mapping[str, float]) -> Compared:
    """Return share and shortfall of a group; the groups add up to 100 percent without headquarters."""
    should = None if cell.code in BESIDE else reference.get(cell.code)
    if cell.code in BESIDE or cell.is_kept_back or not balance.whole:
        return Compared(None, should, 0)
    short = 0 if should is None else max(0, floor(should * balance.whole / 100 - cell.count + 0.5))
    return Compared(cell.count / balance.whole, should, short)


def shares_heard(balance: GroupBalance) -> dict[str, float]:
    """Return the share of each group; refuse if that would reveal a few people.

    Rounding does not help: three percent of 134 people are four.
    """
    own = [cell for cell in balance.cells if cell.code not in BESIDE]
    if any(cell.is_kept_back for cell in own):
        sentence = gettext(
            "Some groups of the forum before this one are too small to be told, and shares would tell them. "
            "Please type the shares in, or choose another reference."
        )
        raise Refused(sentence, "last-forum-kept-back", "basis")
    whole = sum(cell.count for cell in own)
    return {cell.code: round(100 * cell.count / whole, 2) for cell in own} if whole else {}


def standings(scheme: Scheme, heard: Iterable[HeardCount]) -> tuple[RegionBalance, ...]:
    """Return the number of headquarters by region, from public data."""
    apart, seats = Counter[str](), Counter[str]()
    for row in heard:
        at_seat = scheme.group_of(row.facts, apart=True) == HEADQUARTERS
        (seats if at_seat else apart)[scheme.group_of(row.facts, apart=False)] += row.public
    if not seats.total():
        return ()
    return tuple(
        RegionBalance(group.code, apart[group.code], seats[group.code]) for group in scheme.own_groups
    )


def voters_told(scheme: Scheme, told: Mapping[str, int | None], everybody: int) -> GroupBalance:
    """Return voters by group as shown on an opinion map; empty if a group would be revealed."""
    codes = [*(group.code for group in scheme.groups), UNKNOWN]
    hidden = {code for code in codes if told.get(code, 0) is None}
    shown = sum(told.get(code) or 0 for code in codes)
    if hidden and not is_safe(len(hidden), everybody - shown, SMALLEST_NUMBER_SHOWN):
        hidden = set(codes)
    cells = (GroupHeard(code, 0 if code in hidden else told.get(code) or 0, code in hidden) for code in codes)
    return GroupBalance(tuple(cells), everybody)

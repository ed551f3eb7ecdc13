"""The law of the balance: how those heard are counted, what of it is kept back, who is missing.

What an organization says under its name anybody can count, so it is counted as it is. What people declare of
themselves is counted too, but told by few schemes only. Each table alone keeps back what is small, yet the
regions of one scheme are the sums of those of another, and two such tables side by side give back what each
keeps. So everybody is counted by one scheme of stakeholders and one of regions, as they say nothing of each
other, and in each call; a whole consultation is summed from what its calls tell.

The opinion map keeps back by a rule of its engine, which computes on plain files and knows no page. Voters
are counted here from the map, so that both pages tell the same of them; that is why there are two rules.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor

from django.utils.translation import gettext

from muntada.consultation.calls.rules.counts import SMALLEST_NUMBER_SHOWN, UNKNOWN, is_safe, kept_back
from muntada.forums.rules.schemes import HEADQUARTERS, DeclaredFacts, Scheme
from muntada.foundations.errors import Refused

# What is no group a share could be asked of.
BESIDE = (UNKNOWN, HEADQUARTERS)


@dataclass(frozen=True)
class HeardCount:
    """So often the same was said of themselves by one speaker; `public` is what anybody can count."""

    facts: DeclaredFacts
    speaker: str
    public: int = 0
    private: int = 0


@dataclass(frozen=True)
class GroupHeard:
    """How many were heard from one group: all of them, or where some are kept back, at least so many."""

    code: str
    count: int
    is_kept_back: bool = False

    def __add__(self, other: "GroupHeard") -> "GroupHeard":
        return GroupHeard(self.code, self.count + other.count, self.is_kept_back or other.is_kept_back)


@dataclass(frozen=True)
class Compared:
    """The share a group has, the one it should have, and how many it lacks; None is not told."""

    share: float | None
    reference: float | None
    short: int


@dataclass(frozen=True)
class RegionBalance:
    """One region: without the headquarters that stand there, and how many these are."""

    code: str
    apart: int
    headquarters: int

    @property
    def together(self) -> int:
        return self.apart + self.headquarters


@dataclass(frozen=True)
class GroupBalance:
    """Those heard by the groups of a scheme, in its order; then the headquarters and who is not known.

    `total` is of everybody, `untold` of those who are told in no group.
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
        """How many were heard from the groups that have a share; what is known to be beside them is not."""
        return self.total - self.untold - sum(self.cell(code).count for code in BESIDE if self.has(code))

    def has(self, code: str) -> bool:
        return any(cell.code == code for cell in self.cells)

    def cell(self, code: str) -> GroupHeard:
        return next(cell for cell in self.cells if cell.code == code)

    def is_silent(self, cell: GroupHeard) -> bool:
        """Say whether nobody came from a group, which is not known while somebody is in no group."""
        return not (cell.count or cell.is_kept_back or self.untold or cell.code in BESIDE)


def balance_of(scheme: Scheme, heard: Iterable[HeardCount], *, everybody: bool) -> GroupBalance:
    """Count those heard by group: everybody as far as it can be told, or only what anybody can count."""
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
    hidden = kept_back({code: len(speakers[code]) for code in codes})
    cells = (
        GroupHeard(code, public[code] + (0 if code in hidden else private[code]), code in hidden)
        for code in codes
    )
    return GroupBalance(tuple(cells), total)


def compared(balance: GroupBalance, cell: GroupHeard, reference: Mapping[str, float]) -> Compared:
    """Say what share a group has and lacks; headquarters have none, the groups make 100 percent."""
    should = None if cell.code in BESIDE else reference.get(cell.code)
    if cell.code in BESIDE or cell.is_kept_back or not balance.whole:
        return Compared(None, should, 0)
    short = 0 if should is None else max(0, floor(should * balance.whole / 100 - cell.count + 0.5))
    return Compared(cell.count / balance.whole, should, short)


def shares_heard(balance: GroupBalance) -> dict[str, float]:
    """Return the percent each group had, nothing if nobody came from any; refuse where that would tell a few.

    Rounding does not help: of 134 people three percent are four.
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
    """Say of each region how many headquarters stand there, of what anybody can count; nothing if none."""
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
    """Return how many voted by group as an opinion map tells it; nothing if that would give a group away."""
    codes = [*(group.code for group in scheme.groups), UNKNOWN]
    hidden = {code for code in codes if told.get(code, 0) is None}
    shown = sum(told.get(code) or 0 for code in codes)
    if hidden and not is_safe(len(hidden), everybody - shown, SMALLEST_NUMBER_SHOWN):
        hidden = set(codes)
    cells = (GroupHeard(code, 0 if code in hidden else told.get(code) or 0, code in hidden) for code in codes)
    return GroupBalance(tuple(cells), everybody)

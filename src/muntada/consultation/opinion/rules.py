"""Rules of opinion maps: privacy, weights, stored maps.

A position is computed from a person's votes, so exact positions reveal votes. Instead, several
people close together are shown as one crowd at their rounded mean.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import ceil, floor, log2, sqrt
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.rules.counts import counted_by
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.consultation.statements.rules.groups import SMALLEST_GROUP_SHOWN
from muntada.forums.rules.schemes import Scheme, schemes
from muntada.foundations.charts.canvas import XY
from muntada.foundations.errors import NotThere, Refused

# With fewer voters, rows are never published.
FEWEST_FOR_OPEN_DATA = 10
WHOLE = Decimal(100)
# The rounding error allowed for the sum of percentages.
ROUNDING = Decimal("0.1")
# Two-sided 95 %.
Z_95 = 1.959963984540054
type GroupedXY = tuple[float, float, int | None]

# More marks add nothing; crowds grow instead.
MOST_CROWDS = 300
# Grid steps, fine enough to be invisible.
STEPS = 32


class Basis(StrEnum):
    """The source of the target shares."""

    NONE = "none"
    EQUAL = "equal"
    TYPED = "typed"
    LAST_FORUM = "last-forum"


BASIS_WORDS: Mapping[Basis, Promise] = {
    Basis.NONE: _("No shares"),
    Basis.EQUAL: _("The same share for each group"),
    Basis.TYPED: _("Shares typed in, with their source"),
    Basis.LAST_FORUM: _("The shares of the forum before this one"),
}


def require_rows(gives_out: str, voters: int) -> None:
    """Refuse rows if a call publishes breakdowns, or has too few voters."""
    if gives_out != GivesOut.ROWS:
        sentence = gettext(
            "This call tells how groups voted, so it does not give out the votes of single people: "
            "with both, anybody could find out who said what of themselves. "
            "Please take the map as JSON; it holds all counts."
        )
        raise NotThere(sentence, "rows-kept-back")
    require_enough(voters)


def require_enough(voters: int) -> None:
    """Refuse open data with too few voters."""
    if voters < FEWEST_FOR_OPEN_DATA:
        sentence = gettext(
            "So few people have voted that each could be told apart, so their votes are not given out. "
            "They are from %(fewest)s voters on."
        )
        raise NotThere(sentence % {"fewest": FEWEST_FOR_OPEN_DATA}, "too-few-voters")


def schemes_spoken_for(margins: Mapping[str, Any]) -> tuple[Scheme, ...]:
    """Return the schemes of a map: those it shows, and those with weights."""
    told = counted_by()
    return tuple(scheme for scheme in schemes() if scheme in told or scheme.key in margins)


def is_told(scheme_key: str) -> bool:
    """Return whether a map shows this scheme: one per kind, as on the pages of the balance.

    Two schemes of a kind (such as regions and incomes of the same countries) would together reveal what
    each withholds; so would two used one after the other in a call.
    """
    return any(scheme.key == scheme_key for scheme in counted_by())


def target_shares(margins: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return the positive target shares by scheme."""
    return {
        scheme: {group: float(share) for group, share in chosen["shares"].items() if float(share) > 0}
        for scheme, chosen in margins.items()
    }


def equal_shares(scheme: Scheme) -> dict[str, float]:
    """Return equal shares for the groups of a scheme, without headquarters."""
    return {group.code: round(100 / len(scheme.own_groups), 6) for group in scheme.own_groups}


@dataclass(frozen=True)
class ChosenShares:
    """Target shares in percent, and their source."""

    basis: Basis
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    source: str = ""


def settled_shares(scheme: Scheme, chosen: ChosenShares) -> dict[str, float]:
    """Return the share of each group; refuse shares that do not add up or have no source."""
    if chosen.basis is Basis.EQUAL:
        return equal_shares(scheme)
    own = {group.code for group in scheme.own_groups}
    shares = {code: share for code, share in chosen.shares.items() if code in own and share}
    _require_whole(shares)
    if not chosen.source.strip():
        sentence = gettext("Please say where the shares come from, so that everybody can check them.")
        raise Refused(sentence, "source-missing", "source")
    return {code: float(share) for code, share in shares.items()}


def _require_whole(shares: Mapping[str, Decimal]) -> None:
    if any(not share.is_finite() or share < 0 for share in shares.values()):
        raise Refused(gettext("A share is a number from 0 to 100. Please correct it."), "share-below-nothing")
    total = sum(shares.values(), Decimal(0))
    if abs(total - WHOLE) > ROUNDING:
        sentence = gettext(
            "The shares add up to %(total)s percent. Please correct them so that they make 100 percent."
        )
        raise Refused(sentence % {"total": f"{total.normalize():f}"}, "shares-not-whole")


def interval(count: int, seen: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927); 0 to 1 without votes."""
    if not seen:
        return 0.0, 1.0
    share, z = count / seen, Z_95
    middle = (share + z * z / (2 * seen)) / (1 + z * z / seen)
    reach = z * sqrt(share * (1 - share) / seen + z * z / (4 * seen * seen)) / (1 + z * z / seen)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def superseded(drawn: Sequence[tuple[int, date]]) -> list[int]:
    """Return the ids of maps to delete, given newest first: all but the last of each day."""
    seen: set[date] = set()
    gone = []
    for pk, day in drawn:
        if day in seen:
            gone.append(pk)
        seen.add(day)
    return gone


@dataclass(frozen=True)
class MapCrowd:
    """Several people of one group, and their position."""

    x: float
    y: float
    people: int
    group: int | None


def crowds(points: Sequence[GroupedXY], smallest: int = SMALLEST_GROUP_SHOWN) -> list[MapCrowd]:
    """Halve each group repeatedly while both halves have at least `smallest` people.

    If fewer than `smallest` people are in no group, they are not shown.
    """
    size = max(smallest, ceil(len(points) / MOST_CROWDS))
    step = _step(points)
    by_group: dict[int | None, list[XY]] = defaultdict(list)
    for x, y, group in points:
        by_group[group].append((x, y))
    found = [
        MapCrowd(_middle(part, 0, step), _middle(part, 1, step), len(part), group)
        for group, places in by_group.items()
        if len(places) >= smallest
        for part in _halved(places, size)
    ]
    return sorted(found, key=lambda one: (-1 if one.group is None else one.group, one.x, one.y, one.people))


def _halved(places: list[XY], size: int) -> list[list[XY]]:
    """Split at the median of the longer side."""
    if len(places) < 2 * size:
        return [places]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    turned = max(ys) - min(ys) > max(xs) - min(xs)
    row = sorted(places, key=lambda place: place[::-1] if turned else place)
    half = len(row) // 2
    return _halved(row[:half], size) + _halved(row[half:], size)


def _middle(places: Sequence[XY], axis: int, step: float) -> float:
    return step * round(sum(place[axis] for place in places) / len(places) / step)


def _step(points: Sequence[GroupedXY]) -> float:
    """Return the grid distance: a power of two, which reveals little about outliers."""
    farthest = max((max(abs(x), abs(y)) for x, y, _ in points), default=0.0)
    return 2.0 ** floor(log2(farthest / STEPS)) if farthest > 0 else 1.0

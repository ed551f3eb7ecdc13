"""The law of opinion maps: who may be told apart, what groups weigh, which maps are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import sqrt
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.forums.rules.schemes import SHOWN_FIRST, Scheme, schemes
from muntada.foundations.errors import Refused

# A group of fewer people is not shown: its members could be told apart.
SMALLEST_GROUP_SHOWN = 5
# Votes of fewer people in all are given to nobody row by row.
FEWEST_FOR_OPEN_DATA = 10
WHOLE = Decimal(100)
# Percents typed with two decimals may miss the whole by as much as their last digits do.
ROUNDING = Decimal("0.1")
# Two-sided 95 %.
Z_95 = 1.959963984540054


class Basis(StrEnum):
    """Where the share of each group comes from."""

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


def schemes_spoken_for(margins: Mapping[str, Any]) -> tuple[Scheme, ...]:
    """Return the schemes a map is broken down by: those always shown, and those that are weighted by."""
    return tuple(scheme for scheme in schemes() if scheme.key in SHOWN_FIRST or scheme.key in margins)


def target_shares(margins: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return by scheme the shares above nothing, as the weighting wants them."""
    return {
        scheme: {group: float(share) for group, share in chosen["shares"].items() if float(share) > 0}
        for scheme, chosen in margins.items()
    }


def equal_shares(scheme: Scheme) -> dict[str, float]:
    """Return the same share for each group of a scheme; headquarters are no group of it."""
    return {group.code: round(100 / len(scheme.own_groups), 6) for group in scheme.own_groups}


@dataclass(frozen=True)
class ChosenShares:
    """The percent each group of a scheme should have, and where that comes from."""

    basis: Basis
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    source: str = ""


def settled_shares(scheme: Scheme, chosen: ChosenShares) -> dict[str, float]:
    """Return the percent of each group, or refuse shares that are no parts of one whole or have no source."""
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
    """Return the ends of the 95 % interval of a share (Wilson 1927); of no votes, 0 and 1."""
    if not seen:
        return 0.0, 1.0
    share, z = count / seen, Z_95
    middle = (share + z * z / (2 * seen)) / (1 + z * z / seen)
    reach = z * sqrt(share * (1 - share) / seen + z * z / (4 * seen * seen)) / (1 + z * z / seen)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def superseded(drawn: Sequence[tuple[int, date]]) -> list[int]:
    """Return which maps, newest first, give way: of each day the last one stays."""
    seen: set[date] = set()
    gone = []
    for pk, day in drawn:
        if day in seen:
            gone.append(pk)
        seen.add(day)
    return gone

"""Match needs with offers of support, ranked by one rule that anybody can recompute."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

KIND_POINTS, LINE_POINTS, COUNTRY_POINTS, REGION_POINTS, LANGUAGE_POINTS = 3, 2, 2, 1, 1
MOST_KINDS, MOST_LINES = 2, 2
MOST_POINTS = KIND_POINTS * MOST_KINDS + LINE_POINTS * MOST_LINES + COUNTRY_POINTS + LANGUAGE_POINTS


@dataclass(frozen=True, slots=True)
class PartnerWish:
    """What an organization seeks or offers; empty lines or places mean all.

    `regions` are named regions, `within` the regions of the named countries; `until` is a day as a
    number; all ids are opaque.
    """

    id: int
    is_offered: bool
    kinds: frozenset[str]
    by: int
    language: str
    until: int
    lines: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PartnerMatch:
    """A need and an offer that fit, with everything in which they fit."""

    sought: int
    offered: int
    points: int
    until: int
    kinds: tuple[str, ...]
    lines: tuple[str, ...]
    countries: tuple[str, ...]
    regions: tuple[str, ...]
    is_language: bool


def match(sought: PartnerWish, offered: PartnerWish) -> PartnerMatch | None:
    """Return in what a need and an offer fit, or None.

    They fit if they share a kind of support, belong to two organizations, and have lines and places in
    common. A region fits the countries within it.
    """
    kinds = sought.kinds & offered.kinds
    if not kinds or sought.by == offered.by:
        return None
    lines = sought.lines & offered.lines
    if sought.lines and offered.lines and not lines:
        return None
    countries = sought.countries & offered.countries
    regions = (
        (sought.regions & offered.regions)
        | (sought.regions & offered.within)
        | (sought.within & offered.regions)
    )
    if _names_places(sought) and _names_places(offered) and not countries and not regions:
        return None
    is_language = sought.language == offered.language
    points = (
        KIND_POINTS * min(len(kinds), MOST_KINDS)
        + LINE_POINTS * min(len(lines), MOST_LINES)
        + (COUNTRY_POINTS if countries else REGION_POINTS if regions else 0)
        + LANGUAGE_POINTS * is_language
    )
    return PartnerMatch(
        sought.id,
        offered.id,
        points,
        min(sought.until, offered.until),
        tuple(sorted(kinds)),
        tuple(sorted(lines)),
        tuple(sorted(countries)),
        () if countries else tuple(sorted(regions)),
        is_language,
    )


def matches(wishes: Iterable[PartnerWish], *, of: int | None = None) -> tuple[PartnerMatch, ...]:
    """Return all matches, or those of one wish: by points, then by the earliest end."""
    found = (match(sought, offered) for sought, offered in _pairs(tuple(wishes), of))
    return tuple(
        sorted(
            (one for one in found if one is not None),
            key=lambda one: (-one.points, one.until, one.sought, one.offered),
        )
    )


def _pairs(wishes: Sequence[PartnerWish], of: int | None) -> Iterator[tuple[PartnerWish, PartnerWish]]:
    """Yield every pair that shares a kind of support, once."""
    offers: dict[str, list[PartnerWish]] = defaultdict(list)
    for wish in wishes:
        if wish.is_offered:
            for kind in wish.kinds:
                offers[kind].append(wish)
    for sought in wishes:
        if sought.is_offered:
            continue
        near = {offered.id: offered for kind in sought.kinds for offered in offers[kind]}
        for offered in near.values():
            if of is None or of in (sought.id, offered.id):
                yield sought, offered


def _names_places(wish: PartnerWish) -> bool:
    return bool(wish.countries or wish.regions)

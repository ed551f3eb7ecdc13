"""Adapter for matching needs with offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext

from muntada.engines.stocktaking.matching import MOST_POINTS, PartnerMatch, PartnerWish, matches
from muntada.evidence.initiatives.queries.cooperation import scheme_of_regions
from muntada.evidence.partnering.models import Partnering
from muntada.evidence.partnering.rules import SUPPORT_NAMES, PartnerSupport
from muntada.forums.models import Line
from muntada.forums.templatetags.forum_text import country

LONGEST_CHOICE = 40


@dataclass(frozen=True)
class PartneringFilter:
    """The requested filters; empty means all."""

    line: str = ""
    region: str = ""
    support: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Self:
        return cls(*(asked.get(name, "").strip()[:LONGEST_CHOICE] for name in ("line", "region", "support")))

    @property
    def is_everything(self) -> bool:
        return self == PartneringFilter()

    def chooses(self, entry: Partnering) -> bool:
        """Return whether an entry matches line, region and kind; empty fields match all."""
        lines = {one.code for one in entry.lines.all()}
        regions = {*entry.regions, *_within(entry)}
        return (
            (not self.support or self.support in entry.kinds)
            and (not self.line or not lines or self.line in lines)
            and (not self.region or not regions or self.region in regions)
        )


@dataclass(frozen=True)
class Fit:
    """A need and an offer that fit, with the reasons."""

    sought: Partnering
    offered: Partnering
    points: int
    most: int
    kinds: tuple[str, ...]
    lines: tuple[Line, ...]
    countries: tuple[str, ...]
    regions: tuple[str, ...]
    is_language: bool

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons in the language of the page."""
        places = (*map(country, self.countries), *self.regions)
        return (
            ", ".join(self.kinds),
            *(gettext("line %(code)s") % {"code": line.code} for line in self.lines),
            *(places or (gettext("no place named by one side or both"),)),
            *((gettext("one language"),) if self.is_language else ()),
        )


def fits_of(entries: Sequence[Partnering], *, of: int | None = None) -> list[Fit]:
    """Return matches, best first: among all entries, or with one."""
    by_pk = {one.pk: one for one in entries}
    return [_fit(one, by_pk) for one in matches((_wish(entry) for entry in entries), of=of)]


def _wish(entry: Partnering) -> PartnerWish:
    return PartnerWish(
        id=entry.pk,
        is_offered=entry.side == "offered",
        kinds=frozenset(entry.kinds),
        by=entry.organisation_id,
        language=entry.language,
        until=entry.until_date.toordinal(),
        lines=frozenset(one.code for one in entry.lines.all()),
        countries=frozenset(entry.countries),
        regions=frozenset(entry.regions),
        within=_within(entry),
    )


def _within(entry: Partnering) -> frozenset[str]:
    members = scheme_of_regions().members
    return frozenset(members[code] for code in entry.countries if code in members)


def _fit(found: PartnerMatch, by_pk: Mapping[int, Partnering]) -> Fit:
    sought, scheme = by_pk[found.sought], scheme_of_regions()
    return Fit(
        sought=sought,
        offered=by_pk[found.offered],
        points=found.points,
        most=MOST_POINTS,
        kinds=tuple(str(SUPPORT_NAMES[PartnerSupport(kind)]) for kind in found.kinds),
        lines=tuple(one for one in sought.lines.all() if one.code in found.lines),
        countries=found.countries,
        regions=tuple(scheme.title_of(code) for code in found.regions),
        is_language=found.is_language,
    )

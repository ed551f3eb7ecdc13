"""Obstacles to an import: the same file, or another file of the same edition."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext

from muntada.evidence.indicators.actions import source_key_of_form, source_name_of
from muntada.evidence.indicators.models import Import, Indicator, Source, Vintage
from muntada.foundations.errors import Refused

# The number of indicators named, of a file with thousands.
MOST_NAMED = 8
# The World Bank names the source of each series.
NAMES_NO_SOURCE = "wdi"


@dataclass(frozen=True)
class NewEdition:
    """A series of the import: the code of its indicator, and the dimension of its breakdown."""

    code: str
    dimension: str


@dataclass(frozen=True)
class InTheWay:
    sentence: str
    is_same_file: bool


def edition_of(one: Import) -> str:
    return one.edition or one.begun_at.date().isoformat()


def dimension_of(parts: Iterable[str]) -> str:
    """Return the dimension of an edition without totals."""
    if "total" in parts:
        return ""
    known = {"female": "sex", "male": "sex", "urban": "location", "rural": "location"}
    words = {known.get(word, word.partition("-")[0]) for part in parts for word in part.split("+")}
    return "+".join(sorted(words))[:64]


def coming_in(one: Import) -> list[NewEdition]:
    """Return the series found in the preview."""
    return [NewEdition(told["code"], told.get("dimension", "")) for told in one.preview.get("series", [])]


def editions_in_the_way(one: Import, coming: Iterable[NewEdition], edition: str) -> list[InTheWay]:
    """Yield a sentence for each indicator that already has this file or edition."""
    dimensions = {each.code: each.dimension for each in coming}
    standing = Vintage.objects.filter(
        Q(file_digest=one.digest) | Q(label=edition),
        indicator__forum=one.forum_id,
        indicator__code__in=dimensions,
        withdrawn_at=None,
    ).select_related("indicator__symbol__forum", "indicator__source", "source")
    found: dict[int, InTheWay] = {}
    for vintage in standing.order_by("indicator__symbol__number", "pk"):
        indicator = vintage.indicator
        if vintage.file_digest == one.digest:
            sentence = gettext("%(title)s was taken in from exactly this file before. Nothing was changed.")
            found[indicator.pk] = InTheWay(sentence % {"title": indicator.title_here}, is_same_file=True)
        elif _is_same_edition(one, vintage, dimensions[indicator.code]):
            sentence = gettext(
                "There is an edition %(label)s of %(indicator)s already, from another file, and numbers are "
                "never overwritten. Please give this one a name of its own."
            )
            params = {"label": edition, "indicator": indicator.symbol.short}
            found.setdefault(indicator.pk, InTheWay(sentence % params, is_same_file=False))
    return list(found.values())


def require_new_editions(one: Import, coming: Iterable[NewEdition], edition: str) -> None:
    found = editions_in_the_way(one, coming, edition)
    if found:
        code = "file-known" if any(each.is_same_file for each in found) else "edition-known"
        raise Refused(" ".join(each.sentence for each in found[:MOST_NAMED]), code, "edition")


def _is_same_edition(one: Import, vintage: Vintage, dimension: str) -> bool:
    return vintage.dimension == dimension and _name(vintage.source) == _source_name(one, vintage.indicator)


def _source_name(one: Import, indicator: Indicator) -> str:
    """Return the publisher: as stated, from the format, or of the indicator."""
    key = source_key_of_form(one.form)
    if one.source is None and key and key != NAMES_NO_SOURCE:
        return source_name_of(key)
    return _name(one.source or indicator.source)


def _name(source: Source | None) -> str:
    return source.name if source else ""

"""The map of the stocktaking: a circle per country, sized by its initiatives."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext, ngettext

from muntada.evidence.initiatives.queries.maps import InCountry
from muntada.foundations.charts.maps.drawing import CircleCount, MapWords, circles
from muntada.foundations.charts.maps.world import WORLD, AreaShape, MapView, World

NAME = "initiatives-map"


@dataclass(frozen=True)
class CountryInitiatives:
    """A country with its number of initiatives, its position if any, and the link to their list."""

    found: InCountry
    shape: AreaShape | None
    url: str


@dataclass(frozen=True)
class InitiativeMap:
    """The page of the map. `asked` are the filters kept in links."""

    world: World
    view: MapView
    found: Sequence[InCountry]
    list_url: str
    asked: QueryDict

    @cached_property
    def rows(self) -> list[CountryInitiatives]:
        """The countries of the view, the one with the most initiatives first."""
        places = self.world.by_alpha2
        rows = (CountryInitiatives(one, places.get(one.alpha2), self._url(one)) for one in self.found)
        return [row for row in rows if self._is_shown(row)]

    @property
    def not_drawn(self) -> list[CountryInitiatives]:
        return [row for row in self.rows if row.shape is None]

    def _is_shown(self, row: CountryInitiatives) -> bool:
        return self.view.name == WORLD or bool(row.shape and row.shape.code in self.view.members)

    def _url(self, one: InCountry) -> str:
        filters = self.asked.copy()
        filters["country"] = one.alpha2
        return f"{self.list_url}?{filters.urlencode()}"

    @cached_property
    def svg(self) -> str:
        """The drawing in the language of the page."""
        counted = {
            row.shape.code: CircleCount(row.found.count, row.url, words_of(row.found))
            for row in self.rows
            if row.shape
        }
        words = MapWords(
            language=translation.get_language() or "en",
            title=gettext("Initiatives by country"),
            description=gettext(
                "A circle on each country that initiatives name; the table has the same counts."
            ),
            nobodys="",
        )
        return circles(self.world, self.view, counted, words=words, name=NAME)


def words_of(one: InCountry) -> str:
    said = {"country": one.name, "count": one.count}
    return (
        ngettext("%(country)s: %(count)s initiative", "%(country)s: %(count)s initiatives", one.count) % said
    )

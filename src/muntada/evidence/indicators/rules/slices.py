"""The choices of a slice: areas, breakdowns, years, edition, measure and chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from muntada.evidence.areas.rules import asked_year
from muntada.evidence.indicators.rules.observations import Breakdown, ValueNature
from muntada.foundations.whole_numbers import whole_number

# More lines cannot be distinguished in one chart.
MOST_LINES = 12
LONGEST_CODE = 64
NO_BAND = "none"
WORLD = "WLD"


class SliceForm(StrEnum):
    """The kinds of charts."""

    LINES = "lines"
    SLOPE = "slope"
    DOTS = "dots"
    PANELS = "panels"


FORM_NAMES: Mapping[SliceForm, Promise] = {
    SliceForm.LINES: _("Lines over the years"),
    SliceForm.SLOPE: _("First and latest year, joined"),
    SliceForm.DOTS: _("First and latest year, ranked"),
    SliceForm.PANELS: _("A small chart for each"),
}


class ValueMeasure(StrEnum):
    """How values are shown: as published, relative to the first year, or to the world."""

    VALUE = "value"
    INDEX = "index"
    TO_WORLD = "world"


MEASURE_NAMES: Mapping[ValueMeasure, Promise] = {
    ValueMeasure.VALUE: _("Absolute: as published"),
    ValueMeasure.INDEX: _("Relative: first year is 100"),
    ValueMeasure.TO_WORLD: _("Relative: the world is 100"),
}

# Breakdowns shown together if an edition has no totals.
TOGETHER: tuple[tuple[Breakdown, ...], ...] = (
    (Breakdown.FEMALE, Breakdown.MALE),
    (Breakdown.URBAN, Breakdown.RURAL),
    (Breakdown.AGE_15_24, Breakdown.AGE_OTHER),
)


# The names of the URL parameters.
CHOICES = ("form", "measure", "area", "part", "from", "to", "edition", "band")


@dataclass(frozen=True)
class SliceChoices:
    """The requested choices; empty ones get defaults."""

    form: SliceForm = SliceForm.LINES
    measure: ValueMeasure = ValueMeasure.VALUE
    areas: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    edition: int | None = None
    band: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, Sequence[str]]) -> "SliceChoices":
        """Read the choices from URL parameters; unknown values are ignored."""
        said = {name: values[-1].strip() for name, values in asked.items() if values}
        edition = said.get("edition", "")
        return cls(
            form=_word(SliceForm, said.get("form", ""), SliceForm.LINES),
            measure=_word(ValueMeasure, said.get("measure", ""), ValueMeasure.VALUE),
            areas=_codes(asked.get("area", ())),
            parts=_codes(asked.get("part", ())),
            first=asked_year(said.get("from", "")),
            last=asked_year(said.get("to", "")),
            edition=whole_number(edition),
            band=said.get("band", "")[:LONGEST_CODE],
        )

    def with_(self, **changed: object) -> "SliceChoices":
        return replace(self, **changed)  # type: ignore[arg-type]

    @property
    def query(self) -> str:
        """Return the query string in a fixed order, without defaults."""
        said: list[tuple[str, object]] = []
        if self.form is not SliceForm.LINES:
            said.append(("form", self.form))
        said += [("area", code) for code in self.areas]
        # Totals are the default.
        if self.parts != (Breakdown.TOTAL,):
            said += [("part", part) for part in self.parts]
        if self.measure is not ValueMeasure.VALUE:
            said.append(("measure", self.measure))
        for name, value in (("from", self.first), ("to", self.last), ("edition", self.edition)):
            if value is not None:
                said.append((name, value))
        if self.band:
            said.append(("band", self.band))
        return urlencode(said)


def _word[Word: StrEnum](words: type[Word], asked: str, otherwise: Word) -> Word:
    return next((word for word in words if word == asked), otherwise)


def _codes(asked: Sequence[str]) -> tuple[str, ...]:
    said = (code.strip() for code in asked)
    return tuple(dict.fromkeys(code for code in said if code and len(code) <= LONGEST_CODE))


def parts_together(present: Sequence[str]) -> tuple[str, ...]:
    """Return the default breakdowns: totals, else parts that belong together."""
    if Breakdown.TOTAL in present:
        return (Breakdown.TOTAL,)
    for together in TOGETHER:
        found = tuple(part for part in together if part in present)
        if len(found) > 1:
            return found
    return tuple(present[: len(TOGETHER)])


ESTIMATED, PROJECTED, UNVERIFIED = "e", "p", "?"
MARK_NAMES: Mapping[str, Promise] = {
    ESTIMATED: _("estimated"),
    PROJECTED: _("projected"),
    UNVERIFIED: _("not verified"),
}


@dataclass(frozen=True)
class ShownValue:
    """An observation in the chosen measure, with its published value."""

    year: int
    value: float
    published: float
    nature: str = ""
    status: str = ""
    note: str = ""

    @property
    def mark(self) -> str:
        """Return the mark of a value that is not simply measured."""
        if self.status == "unverified":
            return UNVERIFIED
        return {ValueNature.ESTIMATED.value: ESTIMATED, ValueNature.PROJECTED.value: PROJECTED}.get(
            self.nature, ""
        )

    @property
    def mark_name(self) -> str:
        return str(MARK_NAMES[self.mark]) if self.mark else ""


def in_measure(
    cells: Sequence[ShownValue], measure: ValueMeasure, world: Mapping[int, float]
) -> tuple[ShownValue, ...]:
    """Return the cells in a measure, without those for which it is undefined."""
    if measure is ValueMeasure.VALUE:
        return tuple(cells)
    return tuple(
        replace(cell, value=cell.published / base * 100)
        for cell in cells
        if (base := base_of(cells, measure, world, cell.year))
    )


def base_of(
    cells: Sequence[ShownValue], measure: ValueMeasure, world: Mapping[int, float], year: int
) -> float | None:
    """Return the base of 100 in a year; None if it is not positive."""
    if measure is ValueMeasure.VALUE:
        return 100.0
    base = world.get(year) if measure is ValueMeasure.TO_WORLD else (cells[0].published if cells else None)
    return base if base is not None and base > 0 else None


def areas_found(words: str, *languages: Mapping[str, str]) -> list[str]:
    """Return the codes of areas that match: an exact name, else all that contain the words.

    `languages` are names by code, the page's own first; later ones are used if earlier ones match
    nothing.
    """
    wanted = words.casefold()
    for names in languages:
        exact = [code for code, name in names.items() if wanted in (code.casefold(), name.casefold())]
        if exact:
            return exact[:1]
        found = [code for code, name in names.items() if wanted in name.casefold()]
        if found:
            return found
    return []

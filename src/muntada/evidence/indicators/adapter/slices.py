"""A slice of an indicator: the common basis of its chart, table and files."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from muntada.engines.progress.series import SeriesChange, SeriesPoint, change
from muntada.evidence.areas.models import Area
from muntada.evidence.indicators.models import Indicator, Observation
from muntada.evidence.indicators.queries import slices as queries
from muntada.evidence.indicators.queries.slices import BreakdownPart, Edition
from muntada.evidence.indicators.rules.observations import Breakdown, breakdown_name
from muntada.evidence.indicators.rules.slices import (
    MOST_LINES,
    NO_BAND,
    WORLD,
    ShownValue,
    SliceChoices,
    SliceForm,
    ValueMeasure,
    base_of,
    in_measure,
    parts_together,
)
from muntada.foundations.charts.palette import LETTERS, WORLD_LETTER


@dataclass(frozen=True)
class SliceOptions:
    """The options that an edition offers."""

    edition: Edition
    areas: tuple[Area, ...]
    parts: tuple[BreakdownPart, ...]

    @property
    def years(self) -> tuple[int, int]:
        return min(part.first for part in self.parts), max(part.last for part in self.parts)


@dataclass(frozen=True)
class SliceLine:
    """An area and breakdown: letter, slot, cells and change."""

    area: Area
    part: str
    name: str
    letter: str
    slot: int
    cells: tuple[ShownValue, ...]

    @property
    def first(self) -> ShownValue:
        return self.cells[0]

    @property
    def last(self) -> ShownValue:
        return self.cells[-1]

    @property
    def change(self) -> SeriesChange | None:
        return change(SeriesPoint(cell.year, cell.value) for cell in self.cells)

    def at(self, year: int) -> ShownValue | None:
        return next((cell for cell in self.cells if cell.year == year), None)


@dataclass(frozen=True)
class BandYear:
    """The quartiles of a group's countries in a year, in the measure of the slice."""

    year: int
    lower: float
    upper: float
    counted: int


@dataclass(frozen=True)
class SliceBand:
    line: SliceLine
    years: tuple[BandYear, ...]


@dataclass(frozen=True)
class ShownSlice:
    """The content of the slice; `lacking` names lines without values, `too_many` marks omitted lines."""

    indicator: Indicator
    edition: Edition
    choices: SliceChoices
    lines: tuple[SliceLine, ...]
    lacking: tuple[str, ...]
    band: SliceBand | None
    too_many: bool

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({cell.year for line in self.lines for cell in line.cells}))

    @property
    def unit(self) -> str:
        """Return the unit of the values: that of the indicator, or the base of 100."""
        if self.choices.measure is ValueMeasure.INDEX:
            return gettext("first year = 100")
        if self.choices.measure is ValueMeasure.TO_WORLD:
            return gettext("world = 100")
        return self.indicator.unit_here or self.edition.first.unit


def options_of_slice(edition: Edition) -> SliceOptions:
    return SliceOptions(edition, tuple(queries.areas_in(edition)), tuple(queries.parts_in(edition)))


def settled(choices: SliceChoices, ground: SliceOptions) -> SliceChoices:
    """Fill in defaults, and drop options this edition does not have."""
    codes = {area.code for area in ground.areas}
    present = [part.code for part in ground.parts]
    areas = tuple(code for code in choices.areas if code in codes)
    parts = tuple(part for part in choices.parts if part in present) or parts_together(present)
    if not areas:
        areas = tuple(area.code for area in queries.areas_together(ground.areas))
        if len(parts) > 1:
            areas = areas[: MOST_LINES // len(parts)]
    first, last = choices.first, choices.last
    if first is not None and last is not None and first > last:
        first, last = last, first
    return choices.with_(areas=areas, parts=parts, first=first, last=last, edition=ground.edition.pk)


def slice_of(indicator: Indicator, ground: SliceOptions, choices: SliceChoices) -> ShownSlice:
    """Return the slice of an edition for complete choices."""
    by_code = {area.code: area for area in ground.areas}
    areas = [by_code[code] for code in choices.areas]
    wanted = [(area, part) for area in areas for part in choices.parts]
    known = queries.cells_of(
        ground.edition, _with_world(areas, by_code), choices.parts, choices.first, choices.last
    )
    world = _world_of(known, by_code, choices.parts)
    lines: list[SliceLine] = []
    lacking = []
    for area, part in wanted[:MOST_LINES]:
        cells = _cells(known.get((area.pk, part), ()))
        shown = in_measure(cells, choices.measure, world.get(part, {}))
        if shown:
            lines.append(_line(area, part, choices.parts, shown, lines))
        else:
            lacking.append(_name(area, part, choices.parts))
    ordered = tuple(sorted(lines, key=lambda line: (-line.last.value, line.name)))
    return ShownSlice(
        indicator=indicator,
        edition=ground.edition,
        choices=choices,
        lines=ordered,
        lacking=tuple(lacking),
        band=_band(ground.edition, choices, lines, world),
        too_many=len(wanted) > MOST_LINES,
    )


def _with_world(areas: Sequence[Area], by_code: Mapping[str, Area]) -> list[Area]:
    world = by_code.get(WORLD)
    return [*areas, world] if world is not None and world not in areas else [*areas]


def _world_of(
    known: Mapping[tuple[int, str], Sequence[Observation]],
    by_code: Mapping[str, Area],
    parts: Collection[str],
) -> dict[str, dict[int, float]]:
    world = by_code.get(WORLD)
    if world is None:
        return {}
    return {part: {one.year: one.value for one in known.get((world.pk, part), ())} for part in parts}


def _cells(rows: Sequence[Observation]) -> list[ShownValue]:
    return [ShownValue(one.year, one.value, one.value, one.nature, one.status, one.note) for one in rows]


def _line(
    area: Area, part: str, parts: Sequence[str], cells: tuple[ShownValue, ...], before: Sequence[SliceLine]
) -> SliceLine:
    """Assign the next letter and slot to a line; the first line of the world has its own."""
    is_world = area.code == WORLD and not any(line.slot == 0 for line in before)
    slot = 0 if is_world else 1 + sum(line.slot > 0 for line in before)
    letter = WORLD_LETTER if is_world else LETTERS[slot - 1]
    return SliceLine(area, part, _name(area, part, parts), letter, slot, cells)


def _name(area: Area, part: str, parts: Sequence[str]) -> str:
    if part == Breakdown.TOTAL and len(parts) == 1:
        return area.name_here
    return gettext("%(area)s: %(part)s") % {"area": area.name_here, "part": breakdown_name(part)}


def groups_with_band(lines: Sequence[SliceLine]) -> list[SliceLine]:
    """Return the lines of groups that can have a band."""
    return [line for line in lines if line.area.grouping]


def _band(
    edition: Edition,
    choices: SliceChoices,
    lines: Sequence[SliceLine],
    world: Mapping[str, Mapping[int, float]],
) -> SliceBand | None:
    """Return the band of the requested group, else of the first; None if it has few countries."""
    if choices.form is not SliceForm.LINES or choices.band == NO_BAND:
        return None
    groups = groups_with_band(lines)
    line = next((one for one in groups if one.area.code == choices.band), groups[0] if groups else None)
    if line is None:
        return None
    years = []
    for one in queries.quartiles_of(edition, line.area, line.part, choices.first, choices.last):
        base = base_of(line.cells, choices.measure, world.get(line.part, {}), one.year)
        if base is not None:
            share = 100 / base
            years.append(BandYear(one.year, one.lower * share, one.upper * share, one.counted))
    return SliceBand(line, tuple(years)) if years else None

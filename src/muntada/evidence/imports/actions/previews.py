"""The preview of an import: its observations compared with existing values."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop

from muntada.evidence.areas.models import Area, Membership
from muntada.evidence.areas.queries import area_codes
from muntada.evidence.imports import adapter
from muntada.evidence.imports.actions.areas import enter_areas
from muntada.evidence.imports.actions.editions import dimension_of
from muntada.evidence.imports.adapter import ReadObservation, RowRefusal, SourcePart
from muntada.evidence.imports.queries import CurrentValue, ImportCell, standing_of
from muntada.evidence.indicators.actions import facts_of
from muntada.evidence.indicators.models import Import, Indicator
from muntada.evidence.indicators.rules.imports import FAULTS_SHOWN, ROWS_SHOWN
from muntada.foundations.jobs.running import TellProgress

SERIES_LENGTH = 64
AREA_LENGTH = 16
TELL_EVERY_ROWS = 500

LONG_SERIES = gettext_noop("The code of the series has more than %(limit)s characters.")
LONG_AREA = gettext_noop(
    "The area %(code)s is not known here, and its code has more than %(limit)s characters."
)
OTHER_UNIT = gettext_noop("The unit %(unit)s differs from %(first)s, in which this series begins.")
TWO_CODES = gettext_noop(
    "%(area)s stands here under two codes, %(first)s and %(code)s, both with a value for %(year)s."
)


@dataclass(frozen=True, slots=True)
class PlacedObservation:
    """An observation with its area, or None if the code is unknown."""

    seen: ReadObservation
    area: Area | None

    @property
    def area_code(self) -> str:
        return self.area.code if self.area else self.seen.area


def placed_in(one: Import, parts: Iterable[SourcePart]) -> Iterator[PlacedObservation | RowRefusal]:
    """Read an import; observations that cannot be stored are rejected with their line."""
    if not Membership.objects.exists():
        enter_areas()
    codes = area_codes()
    units: dict[str, str] = {}
    under: dict[tuple[str, str, int, str], str] = {}
    sight = adapter.sight_again(one.form, one.header, one.says, one.series)
    for found in adapter.found_in(parts, sight, sight.columns):
        if isinstance(found, RowRefusal):
            yield found
            continue
        area = codes.area(found.area)
        fault = _fault(found, area, units.setdefault(found.series, found.unit))
        if fault is None and found.value is not None:
            placed = PlacedObservation(found, area)
            cell = (found.series, placed.area_code, found.year, found.breakdown)
            first = under.setdefault(cell, found.area)
            if first != found.area:
                params = {
                    "area": area.name_here if area else found.area,
                    "first": first,
                    "code": found.area,
                    "year": str(found.year),
                }
                fault = RowRefusal(found.line, TWO_CODES, params, found.file)
        yield fault or PlacedObservation(found, area)


def _fault(found: ReadObservation, area: Area | None, unit: str) -> RowRefusal | None:
    if len(found.series) > SERIES_LENGTH:
        return RowRefusal(found.line, LONG_SERIES, {"limit": SERIES_LENGTH}, found.file)
    if area is None and len(found.area) > AREA_LENGTH:
        return RowRefusal(found.line, LONG_AREA, {"code": found.area, "limit": AREA_LENGTH}, found.file)
    if found.unit != unit:
        params = {"unit": found.unit or "–", "first": unit or "–"}
        return RowRefusal(found.line, OTHER_UNIT, params, found.file)
    return None


@dataclass
class _Series:
    """A series of an import, compared with the current values of its indicator."""

    code: str
    title: str
    unit: str
    indicator: Indicator | None
    standing: Mapping[ImportCell, CurrentValue]
    counts: Counter[str] = field(default_factory=Counter)
    dimensions: set[str] = field(default_factory=set)

    def compare(self, placed: PlacedObservation) -> tuple[str, CurrentValue | None]:
        seen = placed.seen
        before = (
            self.standing.get((placed.area.pk, seen.year, seen.breakdown))
            if placed.area is not None
            else None
        )
        word = "new" if before is None else "same" if before.value == seen.value else "changed"
        self.counts[word] += 1
        self.dimensions.add(seen.breakdown)
        return word, before

    def told(self) -> dict[str, object]:
        return {
            "code": self.code,
            "title": self.title,
            "unit": self.unit,
            "is_new": self.indicator is None,
            "symbol": self.indicator.symbol.short if self.indicator else "",
            "is_whole": "total" in self.dimensions,
            "dimension": dimension_of(self.dimensions),
            **{word: self.counts[word] for word in ("new", "changed", "same")},
        }


def look_through(
    one: Import, parts: Iterable[SourcePart], tell: TellProgress, rows: int
) -> dict[str, object]:
    """Return the preview of an import; `rows` estimates the number of lines, for progress."""
    series: dict[str, _Series] = {}
    counts: Counter[str] = Counter()
    faults: list[dict[str, object]] = []
    mapped: dict[str, tuple[str, str]] = {}
    unknown: dict[str, str] = {}
    examples: dict[str, list[dict[str, object]]] = {"new": [], "changed": []}
    for number, placed in enumerate(placed_in(one, parts), start=1):
        if number % TELL_EVERY_ROWS == 0:
            line = placed.line if isinstance(placed, RowRefusal) else placed.seen.line
            tell(line / max(rows, line))
        if isinstance(placed, RowRefusal):
            counts["refused"] += 1
            if len(faults) < FAULTS_SHOWN:
                faults.append(_told(placed))
            continue
        if placed.seen.value is None:
            counts["gaps"] += 1
            continue
        _note_code(placed, mapped, unknown)
        seen = placed.seen
        if seen.series not in series:
            series[seen.series] = _series(one, seen)
        word, before = series[seen.series].compare(placed)
        counts[word] += 1
        if word in examples and len(examples[word]) < ROWS_SHOWN:
            examples[word].append(_example(placed, before))
    return {
        "numbers": counts["new"] + counts["changed"] + counts["same"],
        **{word: counts[word] for word in ("new", "changed", "same", "refused", "gaps")},
        "series": [one.told() for one in series.values()],
        "examples": examples,
        "faults": faults,
        "mapped": [[code, *here] for code, here in sorted(mapped.items())],
        "unknown": sorted(unknown.items()),
        "left_out": [name for name, word in one.says.items() if word == adapter.Says.NOTHING],
    }


def _series(one: Import, seen: ReadObservation) -> _Series:
    facts = facts_of(seen.series)
    indicator = (
        Indicator.objects.select_related("symbol__forum")
        .filter(forum=one.forum_id, code=facts["code"])
        .first()
    )
    return _Series(
        code=facts["code"],
        title=seen.series_name or facts["titles"]["en"],
        unit=seen.unit,
        indicator=indicator,
        standing=standing_of(indicator) if indicator else {},
    )


def _note_code(
    placed: PlacedObservation, mapped: dict[str, tuple[str, str]], unknown: dict[str, str]
) -> None:
    if placed.area is None:
        unknown.setdefault(placed.seen.area, placed.seen.area_name)
    elif placed.area.code != placed.seen.area:
        mapped.setdefault(placed.seen.area, (placed.area.code, placed.seen.area_name))


def _told(fault: RowRefusal) -> dict[str, object]:
    return {
        "line": fault.line,
        "file": fault.file,
        "sentence": fault.sentence,
        "params": {name: str(value) for name, value in fault.params.items()},
    }


def _example(placed: PlacedObservation, before: CurrentValue | None) -> dict[str, object]:
    seen = placed.seen
    return {
        "line": seen.line,
        "series": seen.series,
        "area": placed.area_code,
        "name": seen.area_name,
        "year": seen.year,
        "breakdown": seen.breakdown,
        "value": seen.value,
        "before": before.value if before else None,
        "edition": before.edition if before else "",
    }

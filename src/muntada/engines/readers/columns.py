"""The role of each column of a table: guessed from its name, or chosen by a person."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from muntada.engines.readers.cells import (
    CellFault,
    breakdown_in,
    is_year,
    nature_in,
    value_in,
    year_in,
)
from muntada.engines.readers.shape import ReadItem, ReadObservation, Record, RowRefusal
from muntada.engines.reasons import gettext_noop

CODE_LENGTH = 64

NO_AREA = gettext_noop("There is no code of an area in this row, so nobody knows what the value is about.")
LONG_AREA = gettext_noop("The code of the area has more than %(limit)s characters.")
NO_SERIES = gettext_noop("This row names no series, so nobody knows what was measured.")


class Says(StrEnum):
    """The role of a column. Those in `TELLS_APART` divide people or things."""

    AREA = "area"
    AREA_NAME = "area-name"
    YEAR = "year"
    VALUE = "value"
    SERIES = "series"
    SERIES_NAME = "series-name"
    UNIT = "unit"
    NATURE = "nature"
    NOTE = "note"
    SOURCE = "source"
    SEX = "sex"
    AGE = "age"
    LOCATION = "location"
    SKILL = "skill"
    OTHER_PART = "part"
    NOTHING = "nothing"


TELLS_APART = (Says.SEX, Says.AGE, Says.LOCATION, Says.SKILL, Says.OTHER_PART)
# Roles that several columns may have; all others belong to at most one.
MANY = (*TELLS_APART, Says.NOTE, Says.SOURCE, Says.NOTHING)

# Column names without punctuation: "GeoAreaCode", "geo_area" and "[Sex]" match these.
_NAMES: Mapping[Says, tuple[str, ...]] = {
    Says.AREA: (
        *(
            "code",
            "area",
            "areacode",
            "countrycode",
            "geoareacode",
            "geoarea",
            "countryiso3code",
            "iso3",
            "isocode",
        ),
        *("entityiso", "refarea", "location", "geo", "economycode", "m49", "m49code", "iso"),
    ),
    Says.AREA_NAME: ("name", "areaname", "countryname", "geoareaname", "entityname", "entity", "country"),
    Says.YEAR: ("year", "timeperiod", "datayear", "timeperiodstart", "date", "time"),
    Says.VALUE: ("value", "obsvalue", "datavalue"),
    Says.SERIES: ("seriescode", "indicatorcode", "series", "indicator"),
    Says.SERIES_NAME: ("seriesname", "seriesdescription", "indicatorname"),
    Says.UNIT: ("unit", "units", "seriesunits", "unitmeasure"),
    Says.NATURE: ("nature", "obsstatus"),
    Says.NOTE: ("note", "notes", "footnote", "footnotes", "datanote", "obscomment", "commentobs"),
    Says.SOURCE: ("source", "datasource", "sourcedetail"),
    Says.SEX: ("sex", "gender"),
    Says.AGE: ("age", "agegroup"),
    Says.LOCATION: ("urbanisation", "urbanization", "urbanrural", "residence"),
    Says.SKILL: ("skill", "typeofskill", "skills"),
    Says.OTHER_PART: ("breakdown",),
}
_BY_NAME = {name: says for says, names in _NAMES.items() for name in names}
_SIGNS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class SourceColumns:
    """The role of each column; in a wide table `years` are the columns with the values of one year.

    `series` names the measure if no column does.
    """

    says: Mapping[str, Says]
    years: tuple[str, ...] = ()
    series: str = ""

    def of(self, says: Says) -> tuple[str, ...]:
        return tuple(column for column, word in self.says.items() if word is says)

    @property
    def is_complete(self) -> bool:
        """Whether an area, a year and a value can be read from each row."""
        return bool(self.of(Says.AREA)) and bool(self.years or (self.of(Says.YEAR) and self.of(Says.VALUE)))

    @property
    def left_out(self) -> tuple[str, ...]:
        return tuple(column for column in self.of(Says.NOTHING) if column)


def plain(name: str) -> str:
    return _SIGNS.sub("", name.lower())


def guess(header: Sequence[str]) -> SourceColumns:
    """Guess the roles of columns; an unknown name has no role until a person chooses one."""
    names = [column.strip() for column in header if column.strip()]
    years = tuple(name for name in names if is_year(name))
    says: dict[str, Says] = {}
    ranks: dict[Says, tuple[int, str]] = {}
    for name in names:
        if name in years:
            continue
        word = _BY_NAME.get(plain(name), Says.NOTHING)
        says[name] = word
        if word in MANY:
            continue
        # If two columns fit one role, the name that comes first in the list wins.
        rank = _NAMES[word].index(plain(name))
        before = ranks.get(word)
        if before and before[0] <= rank:
            says[name] = _second(word)
        else:
            if before:
                says[before[1]] = _second(word)
            ranks[word] = rank, name
    if "series" in (plain(name) for name in says) and Says.SERIES_NAME not in says.values():
        _rename_series(says)
    if not years and Says.VALUE not in says.values():
        return _with_named_value(says)
    return SourceColumns(says, years if Says.VALUE not in says.values() else ())


def _with_named_value(says: dict[str, Says]) -> SourceColumns:
    """If only one column is unknown and all else is known, it is the value and names the series."""
    unknown = [name for name, word in says.items() if word is Says.NOTHING]
    if len(unknown) != 1 or not {Says.AREA, Says.YEAR} <= set(says.values()):
        return SourceColumns(says)
    return SourceColumns(says | {unknown[0]: Says.VALUE}, series=unknown[0].upper())


def _second(word: Says) -> Says:
    return Says.AREA_NAME if word is Says.AREA else Says.NOTHING


def _rename_series(says: dict[str, Says]) -> None:
    """If another column holds the code, a column called Series is the name."""
    for name, word in says.items():
        if plain(name) == "series" and word is Says.NOTHING:
            says[name] = Says.SERIES_NAME


def observations(records: Iterator[Record | RowRefusal], columns: SourceColumns) -> Iterator[ReadItem]:
    """Yield each record as one observation, or one per year of a wide table."""
    for record in records:
        if isinstance(record, RowRefusal):
            yield record
        elif columns.years:
            for year in columns.years:
                yield _one(record, columns, year, record.values.get(year, ""))
        else:
            yield _one(record, columns, _cell(record, columns, Says.YEAR), _cell(record, columns, Says.VALUE))


def _one(record: Record, columns: SourceColumns, year: str, value: str) -> ReadItem:
    area = _cell(record, columns, Says.AREA)
    series = _cell(record, columns, Says.SERIES) or columns.series
    if not area:
        return RowRefusal(record.line, NO_AREA)
    if len(area) > CODE_LENGTH:
        return RowRefusal(record.line, LONG_AREA, {"limit": CODE_LENGTH})
    if not series:
        return RowRefusal(record.line, NO_SERIES)
    source = " ".join(_cells(record, columns, Says.SOURCE))
    try:
        return ReadObservation(
            line=record.line,
            series=series,
            series_name=_cell(record, columns, Says.SERIES_NAME),
            unit=_cell(record, columns, Says.UNIT),
            area=area,
            area_name=_cell(record, columns, Says.AREA_NAME),
            year=year_in(year),
            breakdown=breakdown_in(_parts(record, columns)),
            value=value_in(value),
            nature=nature_in(_cell(record, columns, Says.NATURE), source),
            note=" · ".join(filter(None, (*_cells(record, columns, Says.NOTE), source))),
        )
    except CellFault as fault:
        return RowRefusal(record.line, fault.sentence, fault.params)


def _parts(record: Record, columns: SourceColumns) -> Iterator[tuple[str, str]]:
    for word in TELLS_APART:
        for column in columns.of(word):
            dimension = plain(column)[:24] if word is Says.OTHER_PART else word.value
            yield dimension, record.values.get(column, "")


def _cell(record: Record, columns: SourceColumns, says: Says) -> str:
    return next(iter(_cells(record, columns, says)), "")


def _cells(record: Record, columns: SourceColumns, says: Says) -> list[str]:
    return [record.values.get(column, "").strip() for column in columns.of(says)]

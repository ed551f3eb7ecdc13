"""Convert the results of readers to JSON values and back."""

from collections.abc import Sequence
from typing import Any

from muntada.engines.readers.columns import Says, SourceColumns
from muntada.engines.readers.forms import Sight, SourceFormat
from muntada.engines.readers.shape import ReadItem, ReadNature, ReadObservation, RowRefusal


def columns_as(columns: SourceColumns) -> list[Any]:
    return [{name: word.value for name, word in columns.says.items()}, list(columns.years), columns.series]


def columns_from(plain: Sequence[Any]) -> SourceColumns:
    says, years, series = plain
    return SourceColumns({name: Says(word) for name, word in says.items()}, tuple(years), series)


def sight_as(sight: Sight) -> list[Any]:
    return [sight.form.value, list(sight.header), columns_as(sight.columns), sight.edition, sight.licence]


def sight_from(plain: Sequence[Any]) -> Sight:
    form, header, columns, edition, licence = plain
    return Sight(SourceFormat(form), tuple(header), columns_from(columns), edition, licence)


def found_as(found: ReadItem) -> list[Any]:
    if isinstance(found, RowRefusal):
        return [found.line, found.sentence, dict(found.params), found.file]
    return [
        *(found.line, found.series, found.series_name, found.unit, found.area, found.area_name, found.year),
        *(found.breakdown, found.value, found.nature.value, found.note, found.file),
    ]


FAULT_LENGTH = 4
NATURE = 9  # the index of nature among the values


def found_from(plain: Sequence[Any]) -> ReadItem:
    if len(plain) == FAULT_LENGTH:
        return RowRefusal(*plain)
    facts: list[Any] = list(plain)
    facts[NATURE] = ReadNature(facts[NATURE])
    return ReadObservation(*facts)

"""UNSD SDG API: pages of JSON; values are text, areas M49 codes without leading zeros."""

from collections.abc import Iterator
from typing import Any

from muntada.engines.readers.columns import Says, SourceColumns, plain
from muntada.engines.readers.documents import list_in, mapping_in, text_in
from muntada.engines.readers.shape import Record

_FIXED = {
    "series": Says.SERIES,
    "seriesDescription": Says.SERIES_NAME,
    "geoAreaCode": Says.AREA,
    "geoAreaName": Says.AREA_NAME,
    "timePeriodStart": Says.YEAR,
    "value": Says.VALUE,
    "Units": Says.UNIT,
    "Nature": Says.NATURE,
    "footnotes": Says.NOTE,
    "source": Says.SOURCE,
}
_KNOWN_PARTS = {
    "sex": Says.SEX,
    "age": Says.AGE,
    "location": Says.LOCATION,
    "typeofskill": Says.SKILL,
    # G(lobal) or N(ational): the reporter, not the subject.
    "reportingtype": Says.NOTHING,
}


def is_answer(document: Any) -> bool:
    return {"totalPages", "data"} <= mapping_in(document).keys()


def pages_of(document: Any) -> int:
    pages = text_in(mapping_in(document).get("totalPages"))
    return int(pages) if pages.isascii() and pages.isdigit() else 0


def columns_of(document: Any) -> SourceColumns:
    says = dict(_FIXED)
    for one in list_in(mapping_in(document).get("dimensions")):
        name = text_in(mapping_in(one).get("id"))
        if name:
            says[name] = _KNOWN_PARTS.get(plain(name), Says.OTHER_PART)
    return SourceColumns(says)


def records(document: Any, first: int = 1) -> Iterator[Record]:
    for line, row in enumerate(list_in(mapping_in(document).get("data")), start=first):
        one = mapping_in(row)
        flat = {**one, **mapping_in(one.get("attributes")), **mapping_in(one.get("dimensions"))}
        yield Record(line, {name: text_in(cell) for name, cell in flat.items()})

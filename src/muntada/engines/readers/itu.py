"""ITU DataHub API, version 2: a list of years; the area is only in the address (`byiso/KEN`)."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from muntada.engines.readers.columns import Says, SourceColumns
from muntada.engines.readers.documents import list_in, mapping_in, text_in
from muntada.engines.readers.shape import Record

COLUMNS = SourceColumns(
    {
        "code": Says.SERIES,
        "area": Says.AREA,
        "dataYear": Says.YEAR,
        "value": Says.VALUE,
        "dataNote": Says.NOTE,
        "dataSource": Says.SOURCE,
    }
)


def is_answer(document: Any) -> bool:
    first = mapping_in(next(iter(list_in(document)), None))
    return {"codeID", "dataYear", "answer"} <= first.keys()


def records(document: Any, name: str, first: int = 1) -> Iterator[Record]:
    """Yield each value; `name` is the last part of the address, or the file name `KEN.json`."""
    area = PurePath(name).stem
    for line, row in enumerate(list_in(document), start=first):
        one = mapping_in(row)
        answer = mapping_in(next(iter(list_in(one.get("answer"))), None))
        cells = {column: text_in(one.get(column)) for column in COLUMNS.says}
        yield Record(line, cells | {"area": area, "value": text_in(answer.get("value"))})

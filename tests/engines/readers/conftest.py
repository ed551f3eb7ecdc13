"""Reading a small source from its text, and what was found in it."""

from collections.abc import Iterable

from muntada.engines.readers.columns import SourceColumns
from muntada.engines.readers.read import read, sight_of
from muntada.engines.readers.shape import ReadItem, ReadObservation, RowRefusal, SourcePart


def a_part(content: str | bytes, name: str = "figures.csv") -> SourcePart:
    return SourcePart(name, content if isinstance(content, bytes) else content.encode())


def found_in(
    *contents: str | bytes, name: str = "figures.csv", columns: SourceColumns | None = None
) -> list[ReadItem]:
    parts = [a_part(content, name) for content in contents]
    sight = sight_of(parts[0])
    return list(read(parts, sight, columns or sight.columns))


def values(found: Iterable[ReadItem]) -> list[tuple[str, int, str, float | None]]:
    return [
        (one.area, one.year, one.breakdown, one.value) for one in found if isinstance(one, ReadObservation)
    ]


def faults(found: Iterable[ReadItem]) -> list[tuple[int, str]]:
    return [(one.line, str(one)) for one in found if isinstance(one, RowRefusal)]

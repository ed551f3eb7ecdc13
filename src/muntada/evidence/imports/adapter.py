"""Adapter of the readers: parts of a source in, observations and rejected rows out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from muntada.engines.readers.columns import MANY, Says, SourceColumns
from muntada.engines.readers.forms import Sight, SourceFormat, first_page
from muntada.engines.readers.serialization import columns_as, found_from, sight_from
from muntada.engines.readers.shape import ReadItem, ReadObservation, RowRefusal, SourcePart
from muntada.foundations.bounded import SOURCE, read_files
from muntada.foundations.errors import Refused

__all__ = [
    "MANY",
    "ReadItem",
    "ReadObservation",
    "RowRefusal",
    "Says",
    "Sight",
    "SourceColumns",
    "SourceFormat",
    "SourcePart",
    "first_page",
    "page_after",
]


LINES = "muntada.engines.readers.lines"


def read_for_preview(part: SourcePart) -> Sight:
    """Recognize a source, or refuse it with the reason."""
    (said,) = _read("sight", [part])
    return sight_from(said["sight"])


def page_after(address: str, part: SourcePart, number: int) -> str | None:
    """Return the address of the next page, or refuse an error answer."""
    (said,) = _read("next_page", [part], address=address, number=number)
    found: str | None = said["address"]
    return found


def found_in(parts: Iterable[SourcePart], sight: Sight, columns: SourceColumns) -> Iterator[ReadItem]:
    """Yield observations and rejected rows of a source."""
    told = {"form": sight.form.value, "header": list(sight.header), "columns": columns_as(columns)}
    for said in _read("found", parts, **told):
        yield from map(found_from, said["found"])


def _read(reader: str, parts: Iterable[SourcePart], **arguments: object) -> Iterator[dict[str, Any]]:
    """Run a reader in a separate process; its faults become refusals."""
    names: list[str] = []

    def contents() -> Iterator[bytes]:
        for part in parts:
            names.append(part.name)
            yield part.content

    for said in read_files(
        f"{LINES}:{reader}", contents(), bounds=SOURCE, field="file", names=names, **arguments
    ):
        if "refused" in said:
            raise _refusal(*said["refused"])
        yield said


SAMPLED_ROWS = 3


def sample_of(part: SourcePart, form: str) -> list[dict[str, str]]:
    """Return the first rows of a table; empty if the source is no table."""
    is_table = form in (
        SourceFormat.TABLE,
        SourceFormat.UNSD_TABLE,
        SourceFormat.WORLD_BANK_TABLE,
        SourceFormat.ITU_TABLE,
        SourceFormat.SDMX_CSV,
    )
    if not is_table:
        return []
    (said,) = _read("sample", [part], count=SAMPLED_ROWS)
    rows: list[dict[str, str]] = said["rows"]
    return rows


def _refusal(sentence: str, params: Mapping[str, str | int], line: int | None) -> Refused:
    said = gettext(sentence) % params
    if line is None:
        return Refused(said, "source-fault", "file")
    where = gettext("Line %(line)s: %(fault)s") % {"line": line, "fault": said}
    return Refused(where, "source-fault", "file")


def sight_again(form: str, header: Sequence[str], says: Mapping[str, str], series: str) -> Sight:
    """Restore a stored description of a source."""
    return Sight(SourceFormat(form), tuple(header), columns_again(header, says, series))


def columns_again(header: Sequence[str], says: Mapping[str, str], series: str) -> SourceColumns:
    """Restore stored column roles; a column of a year has the role `year-column`."""
    return SourceColumns(
        {name: Says(word) for name, word in says.items() if word != YEAR_COLUMN},
        tuple(name for name in header if says.get(name) == YEAR_COLUMN),
        series,
    )


def columns_stored(columns: SourceColumns) -> dict[str, str]:
    return {name: word.value for name, word in columns.says.items()} | dict.fromkeys(
        columns.years, YEAR_COLUMN
    )


YEAR_COLUMN = "year-column"

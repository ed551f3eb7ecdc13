"""The entry point of the readers: recognize a source, assign roles to its columns, and read it.

`sight_of` inspects the first part; `read` streams all parts. Both raise `SourceFault` if a source
cannot be read at all; a bad row is yielded as a `RowRefusal` among the observations.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import PurePath

from muntada.engines.readers import itu, package, sdmx, sdmx_json, sdmx_ml, unsd, worldbank
from muntada.engines.readers.columns import Says, SourceColumns, guess, observations, plain
from muntada.engines.readers.documents import document_in
from muntada.engines.readers.forms import Sight, SourceFormat, first_page, with_parameter
from muntada.engines.readers.grids import grid_of
from muntada.engines.readers.shape import ReadItem, Record, RowRefusal, SourceFault, SourcePart, shown
from muntada.engines.reasons import gettext_noop

__all__ = ["Sight", "SourceFormat", "first_page", "next_page", "read", "sample", "sight_of", "with_parameter"]

NOT_KNOWN = gettext_noop(
    "This is none of the forms that are read here: tables (CSV, XLSX), SDMX, answers of the World Bank and"
    " UNSD interfaces, data packages."
)
NOT_CHOSEN = gettext_noop("Please say first which column holds the area, the year and the value.")
DOUBLED = gettext_noop("%(area)s already has a value for %(year)s on line %(line)s.")


JSON = (SourceFormat.WORLD_BANK_API, SourceFormat.UNSD_API, SourceFormat.ITU_API, SourceFormat.SDMX_JSON)


def sight_of(part: SourcePart) -> Sight:
    """Recognize a source by its content; its name is used only to name a series without another name."""
    content = part.content.lstrip(b"\xef\xbb\xbf \r\n\t")
    if package.is_package(part.content):
        return _sight_of_package(part)
    if sdmx_ml.is_message(content):
        first = next(sdmx_ml.records(part))
        return Sight(SourceFormat.SDMX_ML, tuple(first.values), _columns_of_message(first))
    if content.startswith((b"{", b"[")):
        return _sight_of_document(part)
    if content.startswith(b"<"):
        raise SourceFault(NOT_KNOWN)
    return _sight_of_table(part)


def _columns_of_message(first: Record) -> SourceColumns:
    # Attributes follow the dimensions; only known ones have a role.
    names = list(first.values)
    return sdmx.columns_of(names, {}, _attributes(names))


def sample(part: SourcePart, count: int) -> list[dict[str, str]]:
    """Return the first rows of a table, for a person who assigns roles to its columns."""
    records = (found for found in grid_of(part).records if isinstance(found, Record))
    return [dict(record.values) for record in islice(records, count)]


def _attributes(names: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that describe an observation without identifying it, by their usual ids."""
    marks = ("STATUS", "DECIMALS", "TITLE", "COLL", "UNIT", "FORMAT", "COMMENT", "MULT", "METHOD", "SOURCE")
    return tuple(name for name in names if any(mark in name for mark in marks))


def _sight_of_document(part: SourcePart) -> Sight:
    document = document_in(part)
    if worldbank.is_answer(document):
        edition = worldbank.edition_of(document)
        return Sight(SourceFormat.WORLD_BANK_API, tuple(worldbank.COLUMNS.says), worldbank.COLUMNS, edition)
    if unsd.is_answer(document):
        columns = unsd.columns_of(document)
        return Sight(SourceFormat.UNSD_API, tuple(columns.says), columns)
    if itu.is_answer(document):
        return Sight(SourceFormat.ITU_API, tuple(itu.COLUMNS.says), itu.COLUMNS)
    if sdmx_json.is_answer(document):
        names = sdmx_json.dimensions_of(document)
        attributes = names[names.index("OBS_VALUE") + 1 :]
        columns = sdmx.columns_of(names, sdmx_json.roles_of(document), attributes)
        return Sight(SourceFormat.SDMX_JSON, names, columns)
    raise SourceFault(NOT_KNOWN)


def _sight_of_package(part: SourcePart) -> Sight:
    document = package.descriptor_of(part)
    first = _sight_of_table(next(package.tables_of(part)))
    return Sight(
        SourceFormat.PACKAGE,
        first.header,
        first.columns,
        package.edition_of(document),
        package.licence_of(document),
    )


def _sight_of_table(part: SourcePart) -> Sight:
    grid = grid_of(part)
    names = {plain(name) for name in grid.header}
    named = PurePath(part.name).stem[:64]
    if {"structure", "structureid"} <= names or {"dataflow", "timeperiod", "obsvalue"} <= names:
        attributes = grid.header[grid.header.index("OBS_VALUE") + 1 :] if "OBS_VALUE" in grid.header else ()
        return Sight(SourceFormat.SDMX_CSV, grid.header, sdmx.columns_of(grid.header, {}, attributes, named))
    columns = guess(grid.header)
    if not columns.series and not columns.of(Says.SERIES):
        columns = SourceColumns(columns.says, columns.years, named)
    if {"seriesid", "seriescode"} <= names:
        return Sight(SourceFormat.ITU_TABLE, grid.header, columns)
    if "geoareacode" in names or "geoarea" in names:
        return Sight(SourceFormat.UNSD_TABLE, grid.header, columns)
    if {"countryname", "countrycode", "indicatorcode"} <= names:
        return Sight(SourceFormat.WORLD_BANK_TABLE, grid.header, columns, _last_updated(grid.above))
    return Sight(SourceFormat.TABLE, grid.header, columns)


def _last_updated(above: Iterable[tuple[str, ...]]) -> str:
    """Find the date that the World Bank writes above its tables."""
    for cells in above:
        if plain(cells[0]) == "lastupdateddate" and len(cells) > 1:
            return cells[1].strip()
    return ""


def read(parts: Iterable[SourcePart], sight: Sight, columns: SourceColumns) -> Iterator[ReadItem]:
    """Yield the observations of a source; a second value for the same cell is a `RowRefusal`."""
    before: dict[tuple[str, str, int, str], int] = {}
    for found in _read(parts, sight, columns):
        if isinstance(found, RowRefusal):
            yield found
            continue
        cell = (found.series, found.area, found.year, found.breakdown)
        line = before.setdefault(cell, found.line)
        if line != found.line:
            yield RowRefusal(
                found.line,
                DOUBLED,
                {"area": shown(found.area), "year": str(found.year), "line": line},
            )
        else:
            yield found


def _read(parts: Iterable[SourcePart], sight: Sight, columns: SourceColumns) -> Iterator[ReadItem]:
    line = 0  # lines are counted across the pages of an answer, so that a number identifies one row
    for part in parts:
        if sight.form is SourceFormat.PACKAGE:
            for table in package.tables_of(part):
                own = _sight_of_table(table)
                is_like_the_first = own.header == sight.header
                found_in = _table(table, columns if is_like_the_first else own.columns)
                yield from (replace(found, file=table.name) for found in found_in)
        elif sight.form in JSON:
            for record in _records(part, sight.form, line + 1):
                line = max(line, record.line)
                yield from observations(iter([record]), columns)
        elif sight.form is SourceFormat.SDMX_ML:
            yield from observations(sdmx_ml.records(part), columns)
        else:
            yield from _table(part, columns)


def _records(part: SourcePart, form: SourceFormat, first: int) -> Iterator[Record | RowRefusal]:
    document = document_in(part)
    if form is SourceFormat.WORLD_BANK_API:
        return iter(worldbank.records(document, first))
    if form is SourceFormat.UNSD_API:
        return iter(unsd.records(document, first))
    if form is SourceFormat.ITU_API:
        return iter(itu.records(document, part.name, first))
    return sdmx_json.records(document)


def _table(part: SourcePart, columns: SourceColumns) -> Iterator[ReadItem]:
    if not columns.is_complete:
        raise SourceFault(NOT_CHOSEN)
    return observations(grid_of(part).records, columns)


def next_page(address: str, part: SourcePart, number: int) -> str | None:
    """Return the address of the page after page `number`, if there is one."""
    if not part.content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[")):
        return None
    document = document_in(part)
    if worldbank.is_answer(document):
        pages = worldbank.pages_of(document)
    elif unsd.is_answer(document):
        pages = unsd.pages_of(document)
    else:
        return None
    return with_parameter(address, "page", str(number + 1)) if number < pages else None

"""The entry point of the readers: recognize a source, assign roles to its columns, and read it.

`sight_of` inspects the first part; `read` streams all parts. Both raise `SourceFault` if a source
cannot be read at all; a bad row is yielded as a `Fault` among the observations.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import PurePath

from muntada.engines.readers import itu, package, sdmx, sdmx_json, sdmx_ml, unsd, worldbank
from muntada.engines.readers.columns import Columns, Says, guess, observations, plain
from muntada.engines.readers.documents import document_in
from muntada.engines.readers.forms import Form, Sight, first_page, with_parameter
from muntada.engines.readers.grids import grid_of
from muntada.engines.readers.shape import Fault, Found, Part, Record, SourceFault, shown
from muntada.engines.reasons import gettext_noop

__all__ = ["Form", "Sight", "first_page", "next_page", "read", "sample", "sight_of", "with_parameter"]

NOT_KNOWN = gettext_noop(
    "This is none of the forms that are read here: tables (CSV, XLSX), SDMX, answers of the World Bank and"
    " UNSD interfaces, data packages."
)
NOT_CHOSEN = gettext_noop("Please say first which column holds the area, the year and the value.")
DOUBLED = gettext_noop("%(area)s already has a value for %(year)s on line %(line)s.")


JSON = (Form.WORLD_BANK_API, Form.UNSD_API, Form.ITU_API, Form.SDMX_JSON)


def sight_of(part: Part) -> Sight:
    """Recognize a source by its content; its name is used only to name a series without another name."""
    content = part.content.lstrip(b"\xef\xbb\xbf \r\n\t")
    if package.is_package(part.content):
        return _sight_of_package(part)
    if sdmx_ml.is_message(content):
        first = next(sdmx_ml.records(part))
        return Sight(Form.SDMX_ML, tuple(first.values), _columns_of_message(first))
    if content.startswith((b"{", b"[")):
        return _sight_of_document(part)
    if content.startswith(b"<"):
        raise SourceFault(NOT_KNOWN)
    return _sight_of_table(part)


def _columns_of_message(first: Record) -> Columns:
    # Attributes follow the dimensions; only known ones have a role.
    names = list(first.values)
    return sdmx.columns_of(names, {}, _attributes(names))


def sample(part: Part, count: int) -> list[dict[str, str]]:
    """Return the first rows of a table, for a person who assigns roles to its columns."""
    records = (found for found in grid_of(part).records if isinstance(found, Record))
    return [dict(record.values) for record in islice(records, count)]


def _attributes(names: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that describe an observation without identifying it, by their usual ids."""
    marks = ("STATUS", "DECIMALS", "TITLE", "COLL", "UNIT", "FORMAT", "COMMENT", "MULT", "METHOD", "SOURCE")
    return tuple(name for name in names if any(mark in name for mark in marks))


def _sight_of_document(part: Part) -> Sight:
    document = document_in(part)
    if worldbank.is_answer(document):
        edition = worldbank.edition_of(document)
        return Sight(Form.WORLD_BANK_API, tuple(worldbank.COLUMNS.says), worldbank.COLUMNS, edition)
    if unsd.is_answer(document):
        columns = unsd.columns_of(document)
        return Sight(Form.UNSD_API, tuple(columns.says), columns)
    if itu.is_answer(document):
        return Sight(Form.ITU_API, tuple(itu.COLUMNS.says), itu.COLUMNS)
    if sdmx_json.is_answer(document):
        names = sdmx_json.dimensions_of(document)
        attributes = names[names.index("OBS_VALUE") + 1 :]
        columns = sdmx.columns_of(names, sdmx_json.roles_of(document), attributes)
        return Sight(Form.SDMX_JSON, names, columns)
    raise SourceFault(NOT_KNOWN)


def _sight_of_package(part: Part) -> Sight:
    document = package.descriptor_of(part)
    first = _sight_of_table(next(package.tables_of(part)))
    return Sight(
        Form.PACKAGE, first.header, first.columns, package.edition_of(document), package.licence_of(document)
    )


def _sight_of_table(part: Part) -> Sight:
    grid = grid_of(part)
    names = {plain(name) for name in grid.header}
    named = PurePath(part.name).stem[:64]
    if {"structure", "structureid"} <= names or {"dataflow", "timeperiod", "obsvalue"} <= names:
        attributes = grid.header[grid.header.index("OBS_VALUE") + 1 :] if "OBS_VALUE" in grid.header else ()
        return Sight(Form.SDMX_CSV, grid.header, sdmx.columns_of(grid.header, {}, attributes, named))
    columns = guess(grid.header)
    if not columns.series and not columns.of(Says.SERIES):
        columns = Columns(columns.says, columns.years, named)
    if {"seriesid", "seriescode"} <= names:
        return Sight(Form.ITU_TABLE, grid.header, columns)
    if "geoareacode" in names or "geoarea" in names:
        return Sight(Form.UNSD_TABLE, grid.header, columns)
    if {"countryname", "countrycode", "indicatorcode"} <= names:
        return Sight(Form.WORLD_BANK_TABLE, grid.header, columns, _last_updated(grid.above))
    return Sight(Form.TABLE, grid.header, columns)


def _last_updated(above: Iterable[tuple[str, ...]]) -> str:
    """Find the date that the World Bank writes above its tables."""
    for cells in above:
        if plain(cells[0]) == "lastupdateddate" and len(cells) > 1:
            return cells[1].strip()
    return ""


def read(parts: Iterable[Part], sight: Sight, columns: Columns) -> Iterator[Found]:
    """Yield the observations of a source; a second value for the same cell is a `Fault`."""
    before: dict[tuple[str, str, int, str], int] = {}
    for found in _read(parts, sight, columns):
        if isinstance(found, Fault):
            yield found
            continue
        cell = (found.series, found.area, found.year, found.breakdown)
        line = before.setdefault(cell, found.line)
        if line != found.line:
            yield Fault(
                found.line,
                DOUBLED,
                {"area": shown(found.area), "year": str(found.year), "line": line},
            )
        else:
            yield found


def _read(parts: Iterable[Part], sight: Sight, columns: Columns) -> Iterator[Found]:
    line = 0  # lines are counted across the pages of an answer, so that a number identifies one row
    for part in parts:
        if sight.form is Form.PACKAGE:
            for table in package.tables_of(part):
                own = _sight_of_table(table)
                is_like_the_first = own.header == sight.header
                found_in = _table(table, columns if is_like_the_first else own.columns)
                yield from (replace(found, file=table.name) for found in found_in)
        elif sight.form in JSON:
            for record in _records(part, sight.form, line + 1):
                line = max(line, record.line)
                yield from observations(iter([record]), columns)
        elif sight.form is Form.SDMX_ML:
            yield from observations(sdmx_ml.records(part), columns)
        else:
            yield from _table(part, columns)


def _records(part: Part, form: Form, first: int) -> Iterator[Record | Fault]:
    document = document_in(part)
    if form is Form.WORLD_BANK_API:
        return iter(worldbank.records(document, first))
    if form is Form.UNSD_API:
        return iter(unsd.records(document, first))
    if form is Form.ITU_API:
        return iter(itu.records(document, part.name, first))
    return sdmx_json.records(document)


def _table(part: Part, columns: Columns) -> Iterator[Found]:
    if not columns.is_complete:
        raise SourceFault(NOT_CHOSEN)
    return observations(grid_of(part).records, columns)


def next_page(address: str, part: Part, number: int) -> str | None:
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

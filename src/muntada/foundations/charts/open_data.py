"""Tables as open data: CSV with a CSV on the Web description, and Frictionless data packages.

CSV on the Web (W3C, 2015): the description is at the address of the table plus `-metadata.json`.
Data package (Frictionless, version 1): a ZIP of the table and its `datapackage.json`.
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from muntada.foundations.sheets import SpreadsheetRow, csv_parts

TABLE = "data.csv"
# The earliest date of a ZIP entry, so that the same table gives the same bytes; the edition is in the
# description.
ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)
_NOT_IN_NAMES = re.compile(r"[^a-z0-9._-]+")
_LICENCES: Mapping[str, str] = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY 3.0 IGO": "https://creativecommons.org/licenses/by/3.0/igo/",
    "CC BY-NC-SA 3.0 IGO": "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/",
}


@dataclass(frozen=True)
class Column:
    """A column by its name in the file, its kind (`string`, `integer`, `number`, `date`) and its meaning."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True)
class TableSource:
    """The source and licence of rows of a table."""

    title: str
    address: str
    licence: str


@dataclass(frozen=True)
class About:
    """The metadata of a table. With several sources, each row names its own."""

    name: str
    title: str
    citation: str
    address: str
    language: str
    edition: str
    retrieved: date | None
    sources: tuple[TableSource, ...]

    @property
    def licences(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.licence for one in self.sources if one.licence))


def csv_of(columns: Sequence[Column], rows: Iterable[SpreadsheetRow]) -> bytes:
    return b"".join(csv_parts([column.name for column in columns], rows))


def description_of(about: About, columns: Sequence[Column], key: Sequence[str], table_address: str) -> str:
    """Describe a table by CSV on the Web."""
    said: dict[str, object] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": about.language}],
        "url": table_address,
        "dc:title": about.title,
        "dc:bibliographicCitation": about.citation,
        "dc:isPartOf": about.address,
    }
    more = {
        "dc:source": _one_or_all([one.title for one in about.sources]),
        "dc:license": _one_or_all([_LICENCES.get(one, one) for one in about.licences]),
        "dc:hasVersion": about.edition,
        "dc:created": about.retrieved.isoformat() if about.retrieved else "",
    }
    said |= {name: value for name, value in more.items() if value}
    said["dialect"] = {"encoding": "utf-8", "header": True, "delimiter": ","}
    said["tableSchema"] = {
        "columns": [
            {
                "name": column.name,
                "titles": column.name,
                "datatype": column.kind,
                "dc:description": column.meaning,
                "required": column.name in key,
            }
            for column in columns
        ],
        "primaryKey": list(key),
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _one_or_all(said: Sequence[str]) -> str | Sequence[str]:
    return said[0] if len(said) == 1 else said


def package_of(about: About, columns: Sequence[Column], key: Sequence[str], table: bytes) -> bytes:
    """Pack a table with its description; the same table gives the same bytes."""
    plain = table.removeprefix("\ufeff".encode())
    described = json.dumps(_package(about, columns, key, plain), ensure_ascii=False, indent=2) + "\n"
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("datapackage.json", described.encode()), (TABLE, plain)):
            place = zipfile.ZipInfo(name, ZIP_MOMENT)
            place.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(place, content)
    return written.getvalue()


def _package(about: About, columns: Sequence[Column], key: Sequence[str], table: bytes) -> dict[str, object]:
    said: dict[str, object] = {
        "profile": "tabular-data-package",
        "name": name_in_package(about.name),
        "title": about.title,
        "description": about.citation,
        "homepage": about.address,
    }
    if about.edition:
        said["version"] = about.edition
    if about.sources:
        said["sources"] = [_source_in_package(one) for one in about.sources]
    licences = [_licence_in_package(one) for one in about.licences if one in _LICENCES]
    if licences:
        said["licenses"] = licences
    said["resources"] = [
        {
            "profile": "tabular-data-resource",
            "name": "data",
            "path": TABLE,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": len(table),
            "hash": f"sha256:{hashlib.sha256(table).hexdigest()}",
            "schema": {
                "fields": [
                    {"name": column.name, "type": column.kind, "description": column.meaning}
                    for column in columns
                ],
                "missingValues": [""],
                "primaryKey": list(key),
            },
        }
    ]
    return said


def _source_in_package(source: TableSource) -> dict[str, object]:
    said: dict[str, object] = {"title": source.title}
    if source.address:
        said["path"] = source.address
    if source.licence in _LICENCES:
        # Addition to the standard: several sources may have several licences.
        said["licenses"] = [_licence_in_package(source.licence)]
    return said


def _licence_in_package(licence: str) -> dict[str, str]:
    return {"name": licence.replace(" ", "-"), "title": licence, "path": _LICENCES[licence]}


def name_in_package(words: str) -> str:
    """Return a name made of the letters allowed in a package name."""
    return _NOT_IN_NAMES.sub("-", words.lower()).strip("-._") or "data"

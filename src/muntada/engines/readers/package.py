"""Frictionless data package: a ZIP with `datapackage.json` and its tables, or that file alone.

Parsed with the standard library. Of the specification (version 1), only what figures need is
supported: `resources` with `path`, `format` and `schema.fields`, and the `title`, `version`,
`licenses` and `sources` of the package.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

from muntada.engines.readers.documents import document_in, list_in, mapping_in, text_in
from muntada.engines.readers.shape import SourceFault, SourcePart
from muntada.engines.reasons import gettext_noop
from muntada.parsers import archives
from muntada.parsers.faults import Unreadable

DESCRIPTOR = "datapackage.json"
MOST_UNPACKED_BYTES = 200_000_000

NO_TABLE = gettext_noop("The data package names no table that comes with it.")
MISSING = gettext_noop("The data package names the file %(name)s, which is not in it.")
OUTSIDE = gettext_noop("The data package names the file %(name)s outside of itself; such files are not read.")


def is_package(content: bytes) -> bool:
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(PurePosixPath(name).name == DESCRIPTOR for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def descriptor_of(part: SourcePart) -> Any:
    with _opened(part) as archive:
        return document_in(SourcePart(DESCRIPTOR, archive.read(_place(archive))))


def tables_of(part: SourcePart) -> Iterator[SourcePart]:
    """Yield each table of the package, in order."""
    with _opened(part) as archive:
        place = _place(archive)
        document = document_in(SourcePart(DESCRIPTOR, archive.read(place)))
        names = [
            text_in(path)
            for resource in map(mapping_in, list_in(mapping_in(document).get("resources")))
            for path in (
                list_in(resource.get("path")) or ([resource["path"]] if resource.get("path") else [])
            )
        ]
        if not names:
            raise SourceFault(NO_TABLE)
        for name in names:
            # The specification also allows web addresses; an untrusted file must not cause requests.
            if "://" in name or name.startswith("/") or ".." in PurePosixPath(name).parts:
                raise SourceFault(OUTSIDE, {"name": name[:80]})
            inside = str(PurePosixPath(place).parent / name)
            try:
                yield SourcePart(name, archive.read(inside))
            except KeyError as error:
                raise SourceFault(MISSING, {"name": name[:80]}) from error


def edition_of(document: Any) -> str:
    facts = mapping_in(document)
    return text_in(facts.get("version")) or text_in(facts.get("created"))[:10]


def licence_of(document: Any) -> str:
    one = mapping_in(next(iter(list_in(mapping_in(document).get("licenses"))), None))
    return text_in(one.get("name")) or text_in(one.get("title"))


@contextmanager
def _opened(part: SourcePart) -> Iterator[zipfile.ZipFile]:
    try:
        with archives.opened(part.content, most_bytes=MOST_UNPACKED_BYTES) as archive:
            yield archive
    except Unreadable as fault:
        raise SourceFault(fault.sentence, fault.params) from fault


def _place(archive: zipfile.ZipFile) -> str:
    found = [name for name in archive.namelist() if PurePosixPath(name).name == DESCRIPTOR]
    if not found:
        raise SourceFault(NO_TABLE)
    return min(found, key=len)

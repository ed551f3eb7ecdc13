"""Adapter of the engine's file reader: faults become sentences with row and column."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from muntada.engines.timetable import files
from muntada.foundations.bounded import read_file
from muntada.foundations.errors import Refused
from muntada.programme.imports.adapter.file_kinds import csv_at
from muntada.programme.imports.rules import ImportFault

type FileRequest = files.RequestRow

EXAMPLE = files.EXAMPLE
MOST_FAULTS = files.MOST_FAULTS
COLUMNS = ("id", *files.REQUIRED, *(name for name in files.OPTIONAL if name != "id"))


def read_requests(path: Path) -> tuple[tuple[FileRequest, ...], list[ImportFault]]:
    """Return the readable requests of a CSV file or workbook, and all faults."""
    requests, faults = [], []
    reader = "muntada.engines.timetable.reading:requests"
    with csv_at(path) as table:
        for found in read_file(reader, b"", field="file", path=str(table)):
            if "unreadable" in found:
                faults.append(_unreadable(*found["unreadable"]))
            elif "fault" in found:
                line, sentence, params = found["fault"]
                column = str(params.get("column", ""))
                faults.append(ImportFault(gettext(sentence) % params, row=line, column=column))
            else:
                requests.append(_request(found["request"]))
    return tuple(requests), faults


def _unreadable(line: int | None, sentence: str, params: dict[str, Any]) -> ImportFault:
    """Say why a whole file cannot be read. It has no row: no cell is at fault."""
    reason = gettext(sentence) % params
    if line is None:
        return ImportFault(gettext("The file could not be read. %(reason)s") % {"reason": reason})
    told = gettext("The file could not be read (line %(line)s). %(reason)s")
    return ImportFault(told % {"line": line, "reason": reason})


def _request(values: dict[str, Any]) -> FileRequest:
    several = {name: tuple(values[name]) for name in ("people", "lines", "goals")}
    return files.RequestRow(**values | several | {"needs": frozenset(values["needs"])})


def at_line(file: str, line: int | None, sentence: str) -> Refused:
    """Return a refusal with file and line."""
    params = {"file": file, "line": line, "sentence": sentence}
    where = gettext("%(file)s, line %(line)s: %(sentence)s") if line else gettext("%(file)s: %(sentence)s")
    return Refused(where % params, "file")

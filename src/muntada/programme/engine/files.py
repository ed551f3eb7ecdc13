"""The door to the engine's reading of files: a fault becomes a refusal with file and line."""

from pathlib import Path

from django.utils.translation import gettext

from muntada.engines.tables import TableFault
from muntada.engines.timetable import files
from muntada.foundations.errors import Refused

type FileRequest = files.Request


def read_requests(path: Path) -> tuple[FileRequest, ...]:
    """Read a file of session requests, or refuse its first fault with file and line."""
    try:
        return files.read_requests(path)
    except TableFault as fault:
        raise at_line(fault.file, fault.line, gettext(fault.sentence) % fault.params) from fault


def at_line(file: str, line: int | None, sentence: str) -> Refused:
    """Refuse a file, and say where its fault is."""
    params = {"file": file, "line": line, "sentence": sentence}
    where = gettext("%(file)s, line %(line)s: %(sentence)s") if line else gettext("%(file)s: %(sentence)s")
    return Refused(where % params, "file")

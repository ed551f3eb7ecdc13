"""The door to the engine's reading of files: a fault becomes a refusal with file and line."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from muntada.engines.timetable import files
from muntada.foundations.bounded import read_file
from muntada.foundations.errors import Refused

type FileRequest = files.Request


def read_requests(path: Path) -> tuple[FileRequest, ...]:
    """Read a file of session requests, or refuse its first fault with file and line."""
    reader = "muntada.engines.timetable.reading:requests"
    requests = []
    for found in read_file(reader, b"", field="file", path=str(path)):
        if "fault" in found:
            file, line, sentence, params = found["fault"]
            raise at_line(file, line, gettext(sentence) % params)
        requests.append(_request(found["request"]))
    return tuple(requests)


def _request(values: dict[str, Any]) -> FileRequest:
    several = {name: tuple(values[name]) for name in ("people", "lines", "goals")}
    return files.Request(**values | several | {"needs": frozenset(values["needs"])})


def at_line(file: str, line: int | None, sentence: str) -> Refused:
    """Refuse a file, and say where its fault is."""
    params = {"file": file, "line": line, "sentence": sentence}
    where = gettext("%(file)s, line %(line)s: %(sentence)s") if line else gettext("%(file)s: %(sentence)s")
    return Refused(where % params, "file")

"""Read a table of session requests as plain values, in another process."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from muntada.engines.tables import TableFault
from muntada.engines.timetable.files import check_requests


def requests(_contents: Iterable[bytes], *, path: str) -> Iterator[dict[str, Any]]:
    """Yield each valid request, and each fault of a row; or why the file cannot be read."""
    try:
        found, faults = check_requests(Path(path))
    except TableFault as fault:
        yield {"unreadable": [fault.line, fault.sentence, fault.params]}
        return
    for request in found:
        yield {"request": asdict(request) | {"needs": sorted(request.needs)}}
    for one in faults:
        yield {"fault": [one.line, one.sentence, one.params]}

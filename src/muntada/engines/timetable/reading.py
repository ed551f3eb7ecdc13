"""A table of session requests as plain values, for whoever has it read in another process."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from muntada.engines.tables import TableFault
from muntada.engines.timetable.files import read_requests


def requests(_contents: Iterable[bytes], *, path: str) -> Iterator[dict[str, Any]]:
    """Give each request, or what is wrong with the file."""
    try:
        for one in read_requests(Path(path)):
            yield {"request": asdict(one) | {"needs": sorted(one.needs)}}
    except TableFault as fault:
        yield {"fault": [fault.file, fault.line, fault.sentence, fault.params]}

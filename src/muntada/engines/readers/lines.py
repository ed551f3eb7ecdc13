"""The readers as functions that run in another process.

Each function takes the contents of the parts and yields JSON values; `plain` converts them back.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Any

from muntada.engines.readers.forms import Sight, SourceFormat
from muntada.engines.readers.read import next_page as page_after
from muntada.engines.readers.read import read, sight_of
from muntada.engines.readers.read import sample as rows_of
from muntada.engines.readers.serialization import columns_from, found_as, sight_as
from muntada.engines.readers.shape import SourceFault, SourcePart

ROWS_AT_ONCE = 500


def sight(contents: Iterable[bytes], *, names: Sequence[str]) -> Iterator[Any]:
    """Return what the first part reveals."""
    try:
        yield {"sight": sight_as(sight_of(next(_parts(contents, names))))}
    except SourceFault as fault:
        yield _refused(fault)


def sample(contents: Iterable[bytes], *, names: Sequence[str], count: int) -> Iterator[Any]:
    """Yield the first rows of a table."""
    try:
        yield {"rows": rows_of(next(_parts(contents, names)), count)}
    except SourceFault as fault:
        yield _refused(fault)


def next_page(contents: Iterable[bytes], *, names: Sequence[str], address: str, number: int) -> Iterator[Any]:
    """Return the address of the next page of an answer, if any."""
    try:
        yield {"address": page_after(address, next(_parts(contents, names)), number)}
    except SourceFault as fault:
        yield _refused(fault)


def found(
    contents: Iterable[bytes], *, names: Sequence[str], form: str, header: Sequence[str], columns: Any
) -> Iterator[Any]:
    """Yield all observations and rejected rows, in batches."""
    said = columns_from(columns)
    known = Sight(SourceFormat(form), tuple(header), said)
    try:
        for some in batched(read(_parts(contents, names), known, said), ROWS_AT_ONCE):
            yield {"found": [found_as(one) for one in some]}
    except SourceFault as fault:
        yield _refused(fault)


def _parts(contents: Iterable[bytes], names: Sequence[str]) -> Iterator[SourcePart]:
    return (SourcePart(name, content) for name, content in zip(names, contents, strict=False))


def _refused(fault: SourceFault) -> dict[str, Any]:
    return {"refused": [fault.sentence, fault.params, fault.line]}

"""SDMX-ML 2.1 and 3.0, read by `sdmx1` (Apache-2.0) where the extra `sdmx` is installed."""

import io
import logging
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from muntada.engines.readers.shape import Record, SourceFault, SourcePart
from muntada.engines.reasons import gettext_noop

PACKAGE = "sdmx"
ENCODINGS = (b"utf-8", b"us-ascii", b"iso-8859-1")
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")

NOT_INSTALLED = gettext_noop(
    "SDMX-ML is read with the extra “sdmx”, which is not installed here. Please send SDMX-CSV or SDMX-JSON."
)
DECLARES = gettext_noop("This XML document declares entities of its own, which no message of SDMX needs.")
OTHER_ENCODING = gettext_noop("This message is not written in UTF-8. Please save it so.")
BROKEN = gettext_noop(
    "This SDMX message cannot be read. Please check that it is whole, or send SDMX-CSV or SDMX-JSON."
)
NO_DATA = gettext_noop("There are no data in this SDMX message; it may describe a structure only.")


def is_message(content: bytes) -> bool:
    beginning = content[:4000].lstrip(b"\xef\xbb\xbf \r\n\t")
    return beginning.startswith(b"<") and b"sdmx.org" in beginning


def records(part: SourcePart) -> Iterator[Record]:
    """Yield each observation with its dimensions and attributes as text."""
    # A document type can fetch files and expand to gigabytes, so it is rejected before parsing.
    if b"<!DOCTYPE" in part.content or b"<!ENTITY" in part.content:
        raise SourceFault(DECLARES)
    # In another encoding the same characters have other bytes.
    encoding = _ENCODING.match(part.content.lstrip(b"\xef\xbb\xbf \r\n\t"))
    if encoding and encoding[1].lower() not in ENCODINGS:
        raise SourceFault(OTHER_ENCODING)
    if find_spec(PACKAGE) is None:
        raise SourceFault(NOT_INSTALLED)
    message = _message(part)
    line = 0
    for data in getattr(message, "data", ()):
        for one in data.obs:
            line += 1
            yield Record(line, _cells(one))
    if not line:
        raise SourceFault(NO_DATA)


def _message(part: SourcePart) -> Any:
    # sdmx1 warns about every message without its structure; no action is needed.
    logging.getLogger(PACKAGE).setLevel(logging.ERROR)
    try:
        return import_module(PACKAGE).read_sdmx(io.BytesIO(part.content))
    except Exception as error:  # the library reports unknown messages with many exceptions
        raise SourceFault(BROKEN) from error


def _cells(one: Any) -> dict[str, str]:
    cells = {name: str(key.value) for name, key in one.key.values.items()}
    for name, value in one.attrib.items():
        cells.setdefault(name, str(value.value))
    return cells | {"OBS_VALUE": "" if one.value is None else str(one.value)}

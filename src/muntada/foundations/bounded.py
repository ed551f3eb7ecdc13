"""Read an untrusted file in a separate process with limits of memory and time.

The reader is a function of `muntada.parsers` or an engine, named `module:function`. It gets the
contents and plain arguments, and yields plain values, returned as JSON lines. Invisible characters
are removed from all texts here, in one place. The process starts without Django and site packages,
so it starts fast.
"""

import json
import logging
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.translation import gettext

from muntada.foundations.cleaning import seen_text
from muntada.foundations.errors import Refused
from muntada.foundations.storage import refused_when_full, temporary_folder

log = logging.getLogger("muntada.foundations")

MEGABYTE = 1_000_000
# Files read at once by one process of the platform; others wait briefly.
AT_ONCE = 3
WAIT_SECONDS = 10.0
PIECE_BYTES = 65_536
BEGIN = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop()); "
    "from muntada.parsers import child; child.main()"
)

_free = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Bounds:
    """Limits for reading one file."""

    memory_bytes: int = 280 * MEGABYTE
    cpu_seconds: int = 30
    # The total time the platform waits; time in which the platform itself is busy does not count.
    seconds: float = 90.0
    answer_bytes: int = 60 * MEGABYTE


# A person waits for the page, and few files can be read at once: 10,000 valid rows take two seconds.
UPLOAD = Bounds(cpu_seconds=8, seconds=30.0)
DOCUMENT = Bounds(cpu_seconds=60)
# Figures of all countries and years, read by a worker.
SOURCE = Bounds(memory_bytes=1_500 * MEGABYTE, cpu_seconds=300, seconds=600.0, answer_bytes=600 * MEGABYTE)


class FileFault(Refused):
    """A fault in the file, reported by its reader."""


def read_file(
    reader: str, content: bytes, *, bounds: Bounds = UPLOAD, field: str | None = None, **arguments: object
) -> Iterator[Any]:
    """Read one file; yields what its reader yields, or refuses the file with the reason."""
    return read_files(reader, [content], bounds=bounds, field=field, **arguments)


def read_files(
    reader: str,
    contents: Iterable[bytes],
    *,
    bounds: Bounds = UPLOAD,
    field: str | None = None,
    **arguments: object,
) -> Iterator[Any]:
    """Read a file in several parts, such as the pages of an answer."""
    with _turn(field), refused_when_full(field), TemporaryFile(dir=temporary_folder()) as sent:
        sizes = [sent.write(content) for content in contents]
        sent.seek(0)
        order = {
            "reader": reader,
            "sizes": sizes,
            "arguments": arguments,
            "memory_bytes": bounds.memory_bytes,
            "cpu_seconds": bounds.cpu_seconds,
        }
        process = subprocess.Popen(  # noqa: S603 - code of ours; what was sent goes in as bytes
            [sys.executable, "-I", "-S", "-c", BEGIN, json.dumps(order), json.dumps(sys.path)],
            stdin=sent,
            stdout=subprocess.PIPE,
            bufsize=0,
            stderr=subprocess.DEVNULL,
            env={"OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"},
        )
        try:
            yield from _values(process, bounds, field)
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


@contextmanager
def _turn(field: str | None) -> Iterator[None]:
    if not _free.acquire(timeout=WAIT_SECONDS):
        sentence = gettext("Many files are being read just now. Please send this one again in a minute.")
        raise Refused(sentence, "files-busy", field)
    try:
        yield
    finally:
        _free.release()


def _values(process: "subprocess.Popen[bytes]", bounds: Bounds, field: str | None) -> Iterator[Any]:
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    for line in _lines(process.stdout, bounds, field):
        kind, said = line[:1], line[1:]
        if kind == b"v":
            yield _seen(json.loads(said))
        elif kind == b"f":
            code, sentence, params = json.loads(said)
            raise FileFault(gettext(sentence) % params, code, field)
        elif kind == b"m":
            raise _memory(bounds, field)
        elif kind == b"b":
            log.error("a file could not be read: %s", json.loads(said))
            raise _broken(field)
        elif kind == b"e":
            return
    raise _ended(process.wait(), bounds, field)


def _seen(value: Any) -> Any:
    """Remove invisible characters from all texts; in place, since the value may be large."""
    match value:
        case str():
            return seen_text(value)
        case list():
            for place, one in enumerate(value):
                value[place] = _seen(one)
        case dict():
            for name, one in value.items():
                value[name] = _seen(one)
            if any(name != seen_text(name) for name in value):
                return {seen_text(name): one for name, one in value.items()}
    return value


def _lines(out: IO[bytes], bounds: Bounds, field: str | None) -> Iterator[bytes]:
    ready = select.poll()
    ready.register(out, select.POLLIN | select.POLLHUP)
    left, size, begun = bounds.seconds, 0, bytearray()
    while True:
        before = time.monotonic()
        if not ready.poll(left * 1000):
            raise _time(round(bounds.seconds), field)
        left = max(0.0, left - (time.monotonic() - before))
        piece = out.read(PIECE_BYTES)
        if not piece:
            return
        size += len(piece)
        if size > bounds.answer_bytes:
            sentence = gettext("This file holds more than can be read at once. Please split it.")
            raise Refused(sentence, "file-too-much", field)
        begun += piece
        if b"\n" in piece:
            *lines, rest = bytes(begun).split(b"\n")
            begun = bytearray(rest)
            yield from lines


def _ended(code: int, bounds: Bounds, field: str | None) -> Refused:
    """Return the refusal for a process that ended without a reason."""
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return _time(bounds.cpu_seconds, field)
    if code == -signal.SIGABRT:
        # Libraries exit this way when memory is denied.
        return _memory(bounds, field)
    log.error("a process that read a file ended with %s", code)
    return _broken(field)


def _broken(field: str | None) -> Refused:
    sentence = gettext("This file is damaged and cannot be read. Please save it anew and send it again.")
    return Refused(sentence, "file-broken", field)


def _memory(bounds: Bounds, field: str | None) -> Refused:
    sentence = gettext(
        "This file needs more memory than the %(limit)s MB there are for one file. "
        "Please save it as CSV, or split it and send the parts."
    )
    return Refused(sentence % {"limit": bounds.memory_bytes // MEGABYTE}, "file-memory", field)


def _time(seconds: int, field: str | None) -> Refused:
    sentence = gettext(
        "This file takes longer to read than the %(limit)s seconds there are for one file. "
        "Please save it as CSV, or split it and send the parts."
    )
    return Refused(sentence % {"limit": seconds}, "file-time", field)

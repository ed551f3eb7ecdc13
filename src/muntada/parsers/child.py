"""What runs in the process of its own: reads what was sent in, and writes what it found, a line for each.

A line begins with a letter: `v` a value, `f` why the file is refused, `m` memory was not enough, `b` a
library broke, `e` the end.
What has no end was broken off.
"""

import errno
import json
import os
import resource
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from muntada.parsers.faults import Unreadable

MOST_OPEN_FILES = 32


def main() -> None:
    order: dict[str, Any] = json.loads(sys.argv[1])
    module, _, name = order["reader"].partition(":")
    # Brought in before the bounds: this is code of ours, and may be compiled and stored.
    reader = getattr(import_module(module), name)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        # What a library prints is no part of the answer.
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    _bound(order["memory_bytes"], order["cpu_seconds"])
    _run(reader, _contents(order["sizes"]), order["arguments"], out)


def _bound(memory_bytes: int, cpu_seconds: int) -> None:
    """Bound what this process may take; what a system does not know as a bound is left to the others.

    Memory that is written to is bounded (`RLIMIT_DATA`), whoever asks for it and by whichever call; libraries
    mapped from the disk do not count. All of it together is bounded too (`RLIMIT_AS`), with room for those.
    """
    for limit, most in (
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_AS, memory_bytes + 1_000_000_000),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, MOST_OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))


def _contents(sizes: list[int]) -> Iterator[bytes]:
    for size in sizes:
        yield sys.stdin.buffer.read(size)


def _run(
    reader: Callable[..., Iterator[Any]], contents: Iterator[bytes], arguments: dict[str, Any], out: BinaryIO
) -> None:
    try:
        values = reader(contents, **arguments)
        out.writelines(b"v" + json.dumps(value, separators=(",", ":")).encode() + b"\n" for value in values)
        out.write(b"e\n")
    except Unreadable as fault:
        out.write(b"f" + json.dumps([fault.code, fault.sentence, fault.params]).encode() + b"\n")
    except MemoryError:
        out.write(b"m\n")
    except OSError as error:
        out.write(b"m\n" if error.errno == errno.ENOMEM else _trouble())
    except Exception:  # noqa: BLE001 - whatever a library raises, the platform is told and logs it
        out.write(_trouble())
    out.flush()


def _trouble() -> bytes:
    return b"b" + json.dumps(traceback.format_exc()[-2_000:]).encode() + b"\n"


if __name__ == "__main__":
    main()

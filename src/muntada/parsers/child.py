"""The main module of the reader process: reads input and writes results, one per line.

The first letter of a line is its kind: `v` a value, `f` why the file is refused, `m` out of memory,
`b` a library failed, `e` the end. Output without an end was interrupted.
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
    # Imported before the limits apply: this is our code, and may be compiled and cached.
    reader = getattr(import_module(module), name)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        # Output printed by libraries is not part of the result.
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    _bound(order["memory_bytes"], order["cpu_seconds"])
    _run(reader, _contents(order["sizes"]), order["arguments"], out)


def _bound(memory_bytes: int, cpu_seconds: int) -> None:
    """Set resource limits; limits unknown to a system are skipped.

    `RLIMIT_DATA` limits written memory by any allocation, excluding libraries mapped from disk.
    `RLIMIT_AS` limits the total, with room for those.
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

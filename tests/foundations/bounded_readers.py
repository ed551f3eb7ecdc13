"""Readers that do what no reader should, run in the process that bounds them."""

import ctypes
import mmap
import os
import sys
import time
from pathlib import Path

from muntada.parsers.faults import Unreadable


def echoes(contents, *, said):
    yield {"said": said, "sizes": [len(content) for content in contents]}


def takes_memory(_contents):
    yield len(b"x" * 2_000_000_000)


def maps_memory(_contents):
    taken = mmap.mmap(-1, 2_000_000_000, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    taken[:] = b"x" * len(taken)
    yield len(taken)


def goes_on(_contents):
    while True:
        pass
    yield


def sleeps(_contents):
    time.sleep(600)
    yield


def floods(_contents):
    while True:
        yield "x" * 100_000


def one_long_line(_contents):
    yield "x" * 5_000_000


def breaks(_contents):
    yield 1
    raise ZeroDivisionError


def crashes(_contents):
    yield 1
    ctypes.string_at(0)


def is_killed(_contents):
    os.abort()
    yield


def refuses(_contents):
    yield 1
    raise Unreadable("table-broken", "This is no table. Please send a CSV or XLSX file.")


def writes_a_file(_contents, *, path):
    with Path(path).open("wb") as file:
        file.write(b"x")
    yield


def opens_many(_contents):
    yield len([Path(os.devnull).open("rb") for _ in range(1_000)])  # noqa: SIM115 - kept open


def prints(_contents):
    os.write(1, b"v[]\n")
    yield "answer"


def modules(_contents):
    yield sorted(sys.modules)

"""Sending every hostile file to a page, and what the platform says and takes meanwhile."""

import atexit
import gc
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hostile.archives import few_archives
from hostile.spreadsheets import few_workbooks
from hostile.texts import few_texts

FEW = frozenset(name for name, _ in chain(few_workbooks(), few_archives(), few_texts()))
ALL_OR_FEW = pytest.mark.parametrize(
    "few", [pytest.param(True, id="few"), pytest.param(False, id="all", marks=pytest.mark.slow)]
)
# The client that sends a file is in this process too and copies it some times, as does what reads it from the
# database. A web process holds about 150 MB; with so much more it stays under 300.
MOST_GROWTH_BYTES = 150_000_000
LARGE = b"\0" * 9_500_000


def corpus(*, few: bool = False) -> Iterator[tuple[str, bytes]]:
    return few_files() if few else all_files()


def all_files() -> Iterator[tuple[str, bytes]]:
    """Give each file as another process made it: what making them takes is not counted here."""
    for path in sorted(made_elsewhere().iterdir()):
        yield path.name, path.read_bytes()


@cache
def made_elsewhere() -> Path:
    folder = Path(mkdtemp(prefix="hostile-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    tests = str(Path(__file__).parent.parent)
    subprocess.run([sys.executable, "-W", "ignore", "-m", "hostile", str(folder)], cwd=tests, check=True)
    return folder


def few_files() -> Iterator[tuple[str, bytes]]:
    return chain(few_workbooks(), few_archives(), few_texts())


def resident_bytes() -> int:
    """Return how much memory this process holds, without what only waits to be collected."""
    gc.collect()
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) * 1_000


def send_all(client, address, field, *, few, **typed) -> set[str]:
    """Send each file; return which were refused. A page that breaks raises here."""
    # What the first request loads and what any large file takes here is not what a hostile one takes.
    client.post(address, {field: SimpleUploadedFile("first.bin", LARGE)} | typed)
    before, refused = resident_bytes(), set()
    for name, content in corpus(few=few):
        answer = client.post(address, {field: SimpleUploadedFile(name, content)} | typed)
        assert answer.status_code in {200, 302, 422}, name
        if answer.status_code == 422:
            assert 'class="notice refusal"' in answer.text, name
            refused.add(name)
        del answer
        assert resident_bytes() < before + MOST_GROWTH_BYTES, name
    assert client.get(address).status_code == 200
    return refused

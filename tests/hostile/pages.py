"""Sending every hostile file to a page, and what the platform says and takes meanwhile."""

from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hostile.archives import archives
from hostile.spreadsheets import workbooks
from hostile.texts import pdfs, pictures, texts

FEW = frozenset(
    {"corners.xlsx", "far-right.xlsx", "overlap.docx", "deep-objects.json", "laughs.xml", "nul.csv"}
)
ALL_OR_FEW = pytest.mark.parametrize(
    "few", [pytest.param(True, id="few"), pytest.param(False, id="all", marks=pytest.mark.slow)]
)
# A page may keep so much more than before: the answers of readers come back through this process.
MOST_GROWTH_BYTES = 60_000_000


def corpus(*, few: bool = False) -> Iterator[tuple[str, bytes]]:
    return iter(few_files()) if few else all_files()


def all_files() -> Iterator[tuple[str, bytes]]:
    return chain(workbooks(), archives(), pdfs(), pictures(), texts())


@cache
def few_files() -> tuple[tuple[str, bytes], ...]:
    """Make the few once: making all of them takes seconds."""
    return tuple((name, content) for name, content in all_files() if name in FEW)


def resident_bytes() -> int:
    """Return how much memory this process holds."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) * 1_000


def send_all(client, address, field, *, few, **typed) -> set[str]:
    """Send each file; return which were refused. A page that breaks raises here."""
    # What is made and loaded at the first request is not what a file takes.
    client.post(address, {field: SimpleUploadedFile("first.csv", b"a\nb\n")} | typed)
    before, refused = resident_bytes(), set()
    for name, content in corpus(few=few):
        answer = client.post(address, {field: SimpleUploadedFile(name, content)} | typed)
        assert answer.status_code in {200, 302, 422}, name
        if answer.status_code == 422:
            assert 'class="notice refusal"' in answer.text, name
            refused.add(name)
        assert resident_bytes() < before + MOST_GROWTH_BYTES, name
    assert client.get(address).status_code == 200
    return refused

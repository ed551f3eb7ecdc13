"""Write files atomically, whatever interrupts the writing."""

import fcntl
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

# The folder for unfinished files, beside their destination.
UNFINISHED = ".unfinished"
# A file is unlocked for a moment after creation and must not be taken for a leftover then.
YOUNG_SECONDS = 60


def write_whole(path: Path, pieces: Iterable[bytes], *, mode: int = 0o600, replaces: bool = False) -> None:
    """Write a temporary file, sync it, and rename it.

    An existing file is replaced, or `FileExistsError` is raised. Leftovers of killed processes are
    deleted by the next writer.
    """
    aside = path.parent / UNFINISHED
    _make_folder(aside)
    _drop_left_behind(aside)
    part = aside / token_hex(16)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            os.fchmod(descriptor, mode)
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(descriptor)
            if replaces:
                part.replace(path)
            else:
                path.hardlink_to(part)
    finally:
        part.unlink(missing_ok=True)
    _confirm(path.parent)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _confirm(folder.parent)


def _confirm(folder: Path) -> None:
    """Sync a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _drop_left_behind(aside: Path) -> None:
    for part in aside.iterdir():
        with suppress(FileNotFoundError, BlockingIOError), part.open("rb") as file:
            if time.time() - part.stat().st_mtime > YOUNG_SECONDS:
                # Its writer holds the lock; a dead process holds none.
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                part.unlink()

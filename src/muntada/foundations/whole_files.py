"""Files that are there whole or not at all, whatever ends the writing."""

import fcntl
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

# What is being written stands in a folder of this name, beside the place it is for.
UNFINISHED = ".unfinished"
# Between making a file and locking it nobody else may take it for one that was left behind.
YOUNG_SECONDS = 60


def write_whole(path: Path, pieces: Iterable[bytes], *, mode: int = 0o600, replaces: bool = False) -> None:
    """Write a file aside, have the disk confirm it, and only then give it its name.

    A file that is there already is replaced, or `FileExistsError` is raised. What a process that was killed
    left behind is deleted by whoever writes next.
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
    """Have the disk confirm the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _drop_left_behind(aside: Path) -> None:
    for part in aside.iterdir():
        with suppress(FileNotFoundError, BlockingIOError), part.open("rb") as file:
            if time.time() - part.stat().st_mtime > YOUNG_SECONDS:
                # Whoever still writes it holds the lock; a process that ended holds none.
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                part.unlink()

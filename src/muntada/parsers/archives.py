"""ZIP archives, checked completely before unpacking."""

import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from muntada.parsers.faults import Unreadable, gettext_noop

MEGABYTE = 1_000_000
MOST_UNPACKED_BYTES = 100 * MEGABYTE
MOST_MEMBERS = 5_000
# Text compresses to a tenth, a table of zeros to a hundredth; more is a zip bomb.
MOST_RATIO = 250
RATIO_COUNTS_FROM = 5 * MEGABYTE
ENCRYPTED = 1
PIECE_BYTES = 65_536

BROKEN = gettext_noop("This ZIP file cannot be read. Please pack it anew.")
TOO_LARGE = gettext_noop("What is packed in this file is larger than %(limit)s MB.")
BOMB = gettext_noop("This file is packed so that it could unfold without end. Please save it anew.")
NAMES = gettext_noop("This file holds names that lead outside of it. Please pack it anew.")
LOCKED = gettext_noop(
    "This file is protected by a password, so nobody could read it. "
    "Please save it without one and send it again."
)

# Exceptions of Python for archives that are damaged, encrypted or of an unknown compression.
BROKEN_ARCHIVE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError),
    *(OSError, RuntimeError, ValueError, OverflowError, KeyError, NotImplementedError),
)


@contextmanager
def opened(content: bytes, *, most_bytes: int = MOST_UNPACKED_BYTES) -> Iterator[zipfile.ZipFile]:
    """Open an archive within the limits, or refuse it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive.infolist(), len(content), most_bytes)
            yield archive
    except BROKEN_ARCHIVE as error:
        raise Unreadable("archive-broken", BROKEN) from error


def _check(members: list[zipfile.ZipInfo], size: int, most_bytes: int) -> None:
    unpacked = sum(member.file_size for member in members)
    if unpacked > most_bytes:
        raise Unreadable("archive-too-large", TOO_LARGE, {"limit": most_bytes // MEGABYTE})
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise Unreadable("file-locked", LOCKED)
    if any(map(_leads_outside, members)):
        raise Unreadable("archive-names", NAMES)
    # Overlapping members are together larger than the file.
    is_bomb = (
        len(members) > MOST_MEMBERS
        or sum(member.compress_size for member in members) > size
        or (unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * size)
        or len({member.filename for member in members}) < len(members)
    )
    if is_bomb:
        raise Unreadable("archive-bomb", BOMB)


def _leads_outside(member: zipfile.ZipInfo) -> bool:
    name = member.filename
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or stat.S_ISLNK(member.external_attr >> 16)


def repacked(archive: zipfile.ZipFile) -> bytes:
    """Return the members in a plain archive, so that another reader finds only what was checked."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as plain:
        for member in archive.infolist():
            if not member.is_dir():
                plain.writestr(member.filename, archive.read(member))
    return written.getvalue()

"""File storage: files are complete or absent, and a full disk is reported to the sender."""

import errno
import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext

from muntada.foundations.errors import Refused
from muntada.foundations.whole_files import write_whole

log = logging.getLogger("muntada.foundations")

# No space on the disk, in the quota, or within the file size limit.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
READABLE = 0o644


@contextmanager
def refused_when_full(field: str | None = None) -> Iterator[None]:
    """Report a full disk as such, to the person and in the log."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        log.exception("a file could not be written because there is no room left on the disk")
        sentence = gettext(
            "This could not be saved because the server has no room left for files. "
            "Please try again later, and tell the people who run this site."
        )
        raise Refused(sentence, "disk-full", field) from error


def temporary_folder() -> Path:
    """Return the folder for files needed only during a request or job."""
    folder = Path(str(settings.FILE_UPLOAD_TEMP_DIR))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class WholeFileStorage(FileSystemStorage):
    """Django's file storage with atomic writes."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        mode = self.file_permissions_mode or READABLE
        while True:
            path = Path(self.path(name))
            try:
                with refused_when_full():
                    write_whole(path, _pieces(content), mode=mode)
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return os.path.relpath(path, self.location)


def _pieces(content: "File[bytes]") -> Iterator[bytes]:
    for piece in content.chunks():
        yield piece.encode() if isinstance(piece, str) else piece


def store_under_digest(place: str, content: bytes, *, digest: str, field: str | None = None) -> None:
    """Store a file once under a name derived from its digest; a damaged one is replaced."""
    path = Path(default_storage.path(place))
    if not _holds(path, len(content), digest):
        with refused_when_full(field):
            write_whole(path, [content], mode=READABLE, replaces=True)


def _holds(path: Path, size: int, digest: str) -> bool:
    try:
        if path.stat().st_size != size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except FileNotFoundError:
        return False

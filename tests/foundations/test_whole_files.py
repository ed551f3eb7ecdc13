"""A file is there whole or not at all: full disks, killed processes, two at once."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from muntada.foundations.whole_files import UNFINISHED, write_whole

WRITES_AND_WAITS = """
import sys, time
from pathlib import Path
from muntada.foundations.whole_files import write_whole

def pieces():
    yield b"x" * 4_000_000
    print("half", flush=True)
    time.sleep(600)

write_whole(Path(sys.argv[1]), pieces(), replaces=True)
"""


@contextmanager
def room_for(size):
    """Play a full disk: no file of this process grows beyond a size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def names_in(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_is_written_with_its_folders_and_for_its_owner_alone(tmp_path):
    write_whole(tmp_path / "a" / "b" / "file", [b"one ", b"two"])
    assert (tmp_path / "a" / "b" / "file").read_bytes() == b"one two"
    assert (tmp_path / "a" / "b" / "file").stat().st_mode & 0o777 == 0o600
    assert names_in(tmp_path) == ["file"]


def test_what_is_there_is_replaced_only_where_that_is_meant(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"before")
    with pytest.raises(FileExistsError):
        write_whole(path, [b"after"])
    assert path.read_bytes() == b"before"
    write_whole(path, [b"after"], replaces=True)
    assert path.read_bytes() == b"after"
    assert names_in(tmp_path) == ["file"]


def test_on_a_full_disk_nothing_is_left_and_what_was_there_stays(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"before")
    with room_for(1_000_000), pytest.raises(OSError, match="too large"):
        write_whole(path, [b"x" * 900_000, b"y" * 900_000], replaces=True)
    assert path.read_bytes() == b"before"
    assert names_in(tmp_path) == ["file"]


def test_a_process_killed_in_the_middle_leaves_no_half_file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"before")
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITES_AND_WAITS, str(path)],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert writer.stdout.readline() == b"half\n"
    (left,) = (tmp_path / UNFINISHED).iterdir()
    # As old as may be: somebody still writes it, so it stays.
    os.utime(left, (0, 0))
    write_whole(tmp_path / "other", [b"other"])
    assert left.exists()
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    assert path.read_bytes() == b"before"
    os.utime(left, (0, 0))
    write_whole(path, [b"after"], replaces=True)
    assert path.read_bytes() == b"after"
    assert names_in(tmp_path) == ["file", "other"]


def test_what_was_begun_a_moment_ago_is_not_taken_for_left_behind(tmp_path):
    young = tmp_path / UNFINISHED / "young"
    young.parent.mkdir()
    young.touch()
    write_whole(tmp_path / "file", [b"x"])
    assert young.exists()
    assert time.time() - young.stat().st_mtime < 60


def test_of_many_who_make_one_file_one_makes_it(tmp_path):
    path, made, refused = tmp_path / "file", [], []

    def make(number):
        try:
            write_whole(path, [b"%d" % number] * 1000)
            made.append(number)
        except FileExistsError:
            refused.append(number)

    threads = [threading.Thread(target=make, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len(refused) == 7
    assert path.read_bytes() == b"%d" % made[0] * 1000

"""`./muntada backup` beside a server, and `restore` where nothing is, as an operator does it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .served import OF_ITS_OWN, ROOT, serve

pytestmark = pytest.mark.slow


def started(var: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "muntada", *words],
        env={name: value for name, value in os.environ.items() if name not in OF_ITS_OWN}
        | {"MUNTADA_VAR": str(var), "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
    )


def run(var: Path, *words: str) -> tuple[int, str]:
    process = started(var, *words)
    said, _ = process.communicate()
    return process.returncode, said


def test_an_installation_is_backed_up_while_it_serves_and_serves_again_elsewhere(tmp_path):
    old, new, backup = tmp_path / "old", tmp_path / "new", tmp_path / "one.backup"
    served = serve(old, "--no-worker")
    try:
        assert run(old, "person", "kept@example.org", "--name", "Kept")[0] == 0
        code, said = run(old, "backup", str(backup))
        assert code == 0, said
        assert run(old, "backup", str(backup))[0] == 2
    finally:
        served.end()
    code, said = run(new, "restore", str(backup), "--drill")
    assert code == 0, said
    assert not (new / "secret-key").exists()
    code, said = run(new, "restore", str(backup))
    assert code == 0, said
    assert (new / "secret-key").read_bytes() == (old / "secret-key").read_bytes()
    assert run(new, "restore", str(backup))[0] == 2
    again = serve(new, "--no-worker")
    try:
        assert again.get("/")[0] == 200
        # Known already, so they get no second account and no name.
        link = run(new, "person", "kept@example.org", "--link")[1].strip().splitlines()[0]
        assert "Kept" in again.get("/account/link/" + link.rsplit("/", 1)[1])[1]
    finally:
        again.end()


def test_a_backup_that_is_killed_leaves_no_file_of_that_name(tmp_path):
    served = serve(tmp_path / "var", "--no-worker")
    try:
        for seconds in (0.3, 0.8, 1.2, 1.6):
            backup = tmp_path / f"{seconds}.backup"
            process = started(tmp_path / "var", "backup", str(backup))
            time.sleep(seconds)
            is_over = process.poll() is not None
            process.kill()
            process.communicate()
            if backup.exists():
                # Nothing stands there by half.
                assert run(tmp_path / "scratch", "restore", str(backup), "--drill")[0] == 0
            else:
                assert not is_over
    finally:
        served.end()

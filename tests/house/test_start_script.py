"""The start script sets up a small project here, from wheels that lie beside it: no network is asked."""

import base64
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120.0
MAIN = """
import json, os, sys, time
from importlib.util import find_spec
if sys.argv[1:] == ["linger"]:
    print("lingering", flush=True)
    time.sleep(600)
print(json.dumps(sys.argv[1:]), os.getpid(), os.environ["MUNTADA_VAR"], os.getcwd())
print("pebble" if find_spec("pebble") else "-", "boulder" if find_spec("boulder") else "-")
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


@dataclass(frozen=True)
class Project:
    """A project with the start script of this one, and the wheels that its locks name."""

    folder: Path
    environment: dict[str, str]

    def open(self, *words: str, **options: object) -> "subprocess.Popen[str]":
        process: subprocess.Popen[str] = subprocess.Popen(
            [str(self.folder / "muntada"), *words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **options,  # type: ignore[call-overload]
        )
        return process

    def start(self, *words: str, **options: object) -> "subprocess.CompletedProcess[str]":
        process = self.open(*words, **options)
        said, told = process.communicate(timeout=PATIENCE_SECONDS)
        return subprocess.CompletedProcess(process.args, process.returncode, said, told)

    @property
    def python(self) -> Path:
        return self.folder / ".venv" / "bin" / "python"

    @property
    def stamps(self) -> list[str]:
        return sorted(path.name for path in (self.folder / ".venv").glob("*.stamp"))


def wheel(folder: Path, name: str) -> str:
    """Make a wheel with one empty module, and return its line for a lock."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    information = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": b"",
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{information}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    with zipfile.ZipFile(path, "w") as archive:
        for file, content in files.items():
            archive.writestr(file, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
            record += f"{file},sha256={digest},{len(content)}\n"
        archive.writestr(f"{information}/RECORD", f"{record}{information}/RECORD,,\n")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    folder = tmp_path / "a forum's folder"
    package = folder / "src" / "muntada"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(MAIN)
    shutil.copy2(ROOT / "muntada", folder / "muntada")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (folder / "requirements.lock").write_text(wheel(wheels, "pebble"))
    (folder / "requirements-dev.lock").write_text(wheel(wheels, "pebble") + wheel(wheels, "boulder"))
    tools = tmp_path / "bin"
    tools.mkdir()
    # The real set-up leaves a uv in .venv where the machine has none; with it each set-up here is quick.
    uv = shutil.which("uv") or shutil.which("uv", path=Path(sys.executable).parent)
    if uv:
        (tools / "uv").symlink_to(uv)
    environment = {
        "PATH": f"{tools}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "MUNTADA_PYTHON": sys.executable,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
    }
    return Project(folder, environment)


@pytest.fixture
def ready(project: Project) -> Project:
    """Return a project as it stands after its set-up."""
    assert project.start().returncode == 0
    return project


@pytest.fixture
def holder() -> Iterator[list["subprocess.Popen[str]"]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.long
def test_the_first_start_sets_up_and_hands_over_and_the_second_says_nothing(
    project: Project, tmp_path: Path
) -> None:
    link = tmp_path / "elsewhere" / "forum"
    link.parent.mkdir()
    link.symlink_to(project.folder / "muntada")
    process = subprocess.run(
        [str(link), "import", "two words"],
        env=project.environment,
        cwd=link.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    arguments, packages = process.stdout.splitlines()
    assert arguments.startswith('["import", "two words"]')
    assert arguments.endswith(f"{project.folder / 'var'} {link.parent}")
    assert packages == "pebble -"
    assert "installing 1 packages" in process.stderr
    assert "set up in" in process.stderr
    again = project.start()
    assert again.stderr == ""
    assert again.stdout.endswith("pebble -\n")
    assert project.stamps == ["muntada-run.stamp"]


@pytest.mark.slow
def test_the_script_becomes_the_python_so_that_signals_reach_it(
    ready: Project, holder: list["subprocess.Popen[str]"]
) -> None:
    process = ready.open("linger")
    holder.append(process)
    assert process.stdout
    assert process.stdout.readline() == "lingering\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == -signal.SIGINT


@pytest.mark.slow
def test_a_word_for_developers_brings_their_packages(ready: Project) -> None:
    assert ready.start("test").stdout.endswith("pebble boulder\n")
    assert ready.start("test").stderr == ""
    assert ready.start("demo").stderr == ""


@pytest.mark.slow
def test_a_changed_lock_is_installed(ready: Project) -> None:
    shutil.copy(ready.folder / "requirements-dev.lock", ready.folder / "requirements.lock")
    again = ready.start()
    assert "installing 2 packages" in again.stderr
    assert again.stdout.endswith("pebble boulder\n")


@pytest.mark.slow
def test_a_package_that_is_not_the_locked_one_is_refused(project: Project) -> None:
    lock = project.folder / "requirements.lock"
    text = lock.read_text()
    lock.write_text(text[:-9] + ("0" * 8 if text[-9:-1] != "0" * 8 else "1" * 8) + "\n")
    refused = project.start()
    assert refused.returncode == 2
    assert "is not the one that is locked" in refused.stderr
    assert project.stamps == []


@pytest.mark.slow
def test_packages_that_cannot_be_had_are_one_sentence(project: Project) -> None:
    (project.folder / "requirements.lock").write_text(f"gravel==1.0 --hash=sha256:{'0' * 64}\n")
    refused = project.start()
    assert refused.returncode == 2
    assert "the packages could not be installed. Look into" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.slow
def test_without_uv_the_packages_come_by_pip(project: Project, tmp_path: Path) -> None:
    (tmp_path / "bin" / "uv").unlink(missing_ok=True)
    first = project.start("check")
    assert "installing 2 packages with pip" in first.stderr
    assert first.stdout.endswith("pebble boulder\n")


@pytest.mark.slow
def test_a_broken_environment_is_made_anew(ready: Project) -> None:
    ready.python.unlink()
    ready.python.symlink_to("/nonexistent/python")
    again = ready.start()
    assert "making .venv" in again.stderr
    assert again.stdout.endswith("pebble -\n")


@pytest.mark.slow
def test_a_moved_project_is_set_up_anew(ready: Project) -> None:
    moved = Project(ready.folder.with_name("moved"), ready.environment)
    ready.folder.rename(moved.folder)
    again = moved.start()
    assert "this folder was moved" in again.stderr
    assert again.stdout.endswith("pebble -\n")


@pytest.mark.slow
def test_an_environment_made_by_hand_is_kept(project: Project) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(project.folder / ".venv")], check=True)
    (project.folder / ".venv" / "mine").touch()
    assert project.start().stdout.endswith("pebble -\n")
    assert (project.folder / ".venv" / "mine").exists()


@pytest.mark.slow
def test_a_set_up_that_was_killed_is_gone_on_with(project: Project) -> None:
    process = project.open()
    while not project.python.exists():
        time.sleep(0.01)
    process.kill()
    process.wait()
    # Nothing that could hold these pipes outlives the script for long.
    process.communicate(timeout=10)
    assert project.stamps == []
    assert project.start().stdout.endswith("pebble -\n")


@pytest.mark.slow
def test_ctrl_c_during_the_set_up_is_a_sentence(project: Project) -> None:
    process = project.open()
    while not project.python.exists():
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    assert "stopped; the next start goes on from here" in told


@pytest.mark.slow
def test_two_starts_at_once_set_up_once(project: Project) -> None:
    processes = [project.open() for _ in range(2)]
    told = [process.communicate(timeout=PATIENCE_SECONDS) for process in processes]
    assert all(said.endswith("pebble -\n") for said, _ in told)
    assert sum("making .venv" in words for _, words in told) == 1


def test_a_python_that_is_too_old_is_named(project: Project, tmp_path: Path) -> None:
    old = tmp_path / "old python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    refused = Project(project.folder, project.environment | {"MUNTADA_PYTHON": str(old)}).start()
    assert refused.returncode == 2
    assert refused.stderr == (
        f"muntada: MUNTADA_PYTHON is {old}, which is no Python 3.12 or newer: name another one.\n"
    )


@as_root
@pytest.mark.slow
def test_a_folder_that_may_not_be_written_is_a_sentence(project: Project) -> None:
    with tempfile.TemporaryDirectory() as base:
        # Unlike pytest's own, this folder is open to others.
        Path(base).chmod(0o755)
        reachable = Project(Path(base) / "forum", project.environment)
        shutil.copytree(project.folder, reachable.folder)
        nobody = pwd.getpwnam("nobody")
        refused = reachable.start(user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[], cwd="/")
    assert refused.returncode == 2
    assert "cannot be written by this user" in refused.stderr


@pytest.mark.parametrize(
    "name", ["muntada", ".ci/run", "requirements.lock", "requirements-dev.lock", "requirements-uv.lock"]
)
def test_no_place_of_packages_is_written_down(name: str) -> None:
    assert "://" not in (ROOT / name).read_text()
    assert "--index" not in (ROOT / name).read_text()

"""The locks are what `uv pip compile` made of pyproject.toml, whole; how: docs/dependencies.md."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>\S+)(?P<rest>.*(?:\n +.*)*)", re.MULTILINE)


def declared(lock: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rows = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["platform"]
    rows += project["dependency-groups"]["dev"] if lock == DEVELOPMENT else []
    return {canonicalize_name(Requirement(row).name) for row in rows}


def pins(lock: str) -> dict[str, re.Match[str]]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {pin["name"]: pin for pin in PIN.finditer(text)}


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT])
def test_a_lock_holds_what_the_project_asks_for_and_nothing_it_no_longer_asks_for(lock: str) -> None:
    asked = {name for name, pin in pins(lock).items() if "muntada (pyproject.toml" in pin["rest"]}
    assert asked == declared(lock)


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT])
def test_every_package_is_there_for_another_that_is_there(lock: str) -> None:
    locked = pins(lock)
    for name, pin in locked.items():
        reasons = re.findall(r"^ +#(?: via)? +(\S+)", pin["rest"].replace("# via\n", "\n"), re.MULTILINE)
        known = {reason for reason in reasons if reason == "muntada" or reason in locked}
        assert known, f"{name} stands in {lock} for nothing"
        assert set(reasons) - known <= {"-c"}


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT])
def test_every_package_is_held_by_hashes_and_by_no_address(lock: str) -> None:
    locked = pins(lock)
    assert [name for name, pin in locked.items() if "--hash=sha256:" not in pin["rest"]] == []
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_what_is_developed_with_is_what_is_served_with() -> None:
    served, developed = pins(RUNTIME), pins(DEVELOPMENT)
    other = {
        name
        for name, pin in served.items()
        if name not in developed or pin["version"] != developed[name]["version"]
    }
    assert other == set()

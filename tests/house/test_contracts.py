"""The contracts on imports name what they mean: no pattern, nothing forgotten, nothing out of date."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
CONTRACTS = {
    one["id"]: one
    for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
DOORS = [one for one in CONTRACTS.values() if one["type"] == "protected"]


def files_of(module: str) -> list[Path]:
    place = SOURCE.joinpath(*module.split("."))
    return sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


def uses(module: str, engine: str) -> bool:
    """Say whether a module, or one within it, imports an engine or names it as a text to be loaded later."""
    package, _, name = engine.rpartition(".")
    written = re.compile(rf"{re.escape(engine)}\b|from {re.escape(package)} import .*\b{name}\b")
    return any(written.search(path.read_text(encoding="utf-8")) for path in files_of(module))


def test_no_contract_has_a_pattern():
    written = {name: str(one) for name, one in CONTRACTS.items()}
    assert [name for name, text in written.items() if "*" in text] == []


def test_no_contract_is_silent_about_what_it_does_not_find():
    assert [name for name, one in CONTRACTS.items() if "unmatched_ignore_imports_alerting" in one] == []


def test_each_engine_has_a_contract_on_its_doors():
    engines = {
        f"muntada.engines.{path.stem}"
        for path in (SOURCE / "muntada" / "engines").iterdir()
        if path.name != "__init__.py" and (path.suffix == ".py" or (path / "__init__.py").exists())
    }
    assert {name for one in DOORS for name in one["protected_modules"]} == engines


@pytest.mark.parametrize(
    ("contract", "door"), [(one["id"], door) for one in DOORS for door in one["allowed_importers"]]
)
def test_each_door_leads_somewhere(contract: str, door: str):
    assert any(uses(door, engine) for engine in CONTRACTS[contract]["protected_modules"])


def test_the_web_process_is_looked_at_from_all_its_addresses():
    tree = ast.parse((SOURCE / "muntada" / "urls.py").read_text(encoding="utf-8"))
    named = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and str(node.value).startswith("muntada.")
    }
    listed = CONTRACTS["light-web"]["source_modules"]
    missing = {name for name in named if not any(f"{name}.".startswith(f"{one}.") for one in listed)}
    assert named
    assert missing == set()

"""A feature is an app of its own: label, templates, styles and tag libraries bear its name."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps

from muntada.cli.features import STAGES, feature_map, features_of, uses_of

SOURCE = Path(__file__).resolve().parents[2] / "src" / "muntada"
FEATURES = [(stage, feature) for stage in STAGES for feature in features_of(stage)]


# What a template includes, extends, or loads.
TAKEN = re.compile(r"{% (?:include|extends) \"([^\"]+)\"")
# The frame of every page, and what stands below the forums, say moments and languages as the forums do.
BELOW_FORUMS = ("foundations", "people")
LOADED = re.compile(r"{% load ([^%]*) %}")


def ranks() -> dict[str, int]:
    """Return how high each stage and feature stands by the contracts; neighbours are equally high."""
    project = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    found = {}
    for contract in project["tool"]["importlinter"]["contracts"]:
        if contract["id"] == "stages" or contract["id"] in STAGES:
            package = contract["containers"][0].removeprefix("muntada").removeprefix(".")
            for height, layer in enumerate(reversed(contract["layers"])):
                for name in layer.split("|"):
                    found[f"{package}.{name.strip()}".removeprefix(".")] = height
    return found


RANKS = ranks()


def owner_of(path: Path) -> str:
    """Return the stage and feature a file belongs to, such as `evidence.prizes`."""
    parts = path.relative_to(SOURCE).parts
    is_feature = len(parts) > 2 and ".".join(parts[:2]) in RANKS
    return ".".join(parts[:2]) if is_feature else parts[0]


def is_above(one: str, other: str) -> bool:
    """Say whether one feature stands above another, or beside it: it may not be used by it."""
    stages = RANKS.get(one.partition(".")[0], -1) - RANKS.get(other.partition(".")[0], -1)
    if stages:
        return stages > 0
    return one != other and RANKS.get(one, -1) >= RANKS.get(other, -1)


def files_of(owner: str) -> list[Path]:
    """Return the code and templates of a feature, or of a stage without those of its features."""
    folder = SOURCE.joinpath(*owner.split("."))
    return [
        path
        for kind in ("*.py", "*.html")
        for path in sorted(folder.rglob(kind))
        if "migrations" not in path.parts and owner_of(path) == owner
    ]


def test_there_are_features_to_look_at():
    assert len(FEATURES) > 10


@pytest.mark.parametrize(("stage", "feature"), FEATURES)
def test_the_label_is_that_of_the_stage_and_the_feature(stage: str, feature: str):
    assert apps.get_app_config(f"{stage}_{feature}").name == f"muntada.{stage}.{feature}"


@pytest.mark.parametrize("kind", ["templates", "static"])
@pytest.mark.parametrize(("stage", "feature"), FEATURES)
def test_templates_and_styles_stand_in_a_folder_of_the_feature(stage: str, feature: str, kind: str):
    folder = SOURCE / stage / feature / kind
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path for path in files if path.relative_to(folder).parts[:2] != (stage, feature)] == []


def test_a_tag_library_has_a_name_of_its_own():
    names = Counter(path.stem for path in SOURCE.rglob("templatetags/*.py") if path.stem != "__init__")
    assert [name for name, count in names.items() if count > 1] == []


def test_a_feature_is_listed_with_what_it_uses():
    assert uses_of("evidence", "prizes") == {"initiatives"}


def test_the_map_counts_nothing_that_a_small_change_alters():
    rows = [row for row in feature_map().splitlines() if row.startswith("| `")]
    assert rows
    assert [row for row in rows if re.search(r"\d", row)] == []


TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
# The head of every page of a call counts what came in, of kinds that calls know by name alone.
COUNTED = {"consultation.calls": {"contributions", "statements", "voters"}}
# Where a lower feature asks for the rows of a higher one by the name of a reference.
ASKING = re.compile(
    r"(?:prefetch_related|select_related|Prefetch|Count|Sum|Max|Min|F|OuterRef|values|values_list|order_by"
    r"|_count_of|Exists)\((?P<texts>[^()]*)\)",
    re.DOTALL,
)
MANAGER = r"\.{name}\.(?:all|filter|exclude|first|last|count|exists|create|add|select_related|order_by)\b"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_template_takes_nothing_from_a_higher_feature(path: Path):
    owner = owner_of(path)
    text = path.read_text(encoding="utf-8")
    taken = [owner_of(place) for name in TAKEN.findall(text) for place in SOURCE.rglob(f"templates/{name}")]
    for loaded in LOADED.findall(text):
        taken += [owner_of(p) for name in loaded.split() for p in SOURCE.rglob(f"templatetags/{name}.py")]
    if owner in BELOW_FORUMS:
        taken = [name for name in taken if name != "forums"]
    assert [name for name in taken if is_above(name, owner)] == []


def references_from_above() -> list[tuple[str, str, str]]:
    """Return each reference from above: the feature referred to, its name there, the feature that refers."""
    found = set()
    for model in apps.get_models():
        owner = model._meta.app_config.name.removeprefix("muntada.")
        for relation in model._meta.related_objects:
            higher = relation.related_model._meta.app_config.name.removeprefix("muntada.")
            if relation.get_accessor_name() and is_above(higher, owner):
                found.add((owner, relation.get_accessor_name(), higher))
    return sorted(found)


@pytest.mark.parametrize(("owner", "name", "higher"), references_from_above())
def test_a_feature_asks_for_nothing_that_a_higher_one_stores(owner: str, name: str, higher: str):
    asked = re.compile(rf"[\"']{name}(?:__\w+)?[\"']|\b{name}__\w+")
    direct = re.compile(MANAGER.format(name=name))
    found = []
    for path in files_of(owner):
        text = path.read_text(encoding="utf-8")
        if direct.search(text) or any(asked.search(one["texts"]) for one in ASKING.finditer(text)):
            found.append(str(path.relative_to(SOURCE)))
    if name in COUNTED.get(owner, ()):
        assert found, "nothing is counted any more: take the exception away"
    else:
        assert found == []

"""The map of the features: purpose, size, and use of other features."""

import ast
import inspect
from collections import Counter
from importlib import import_module
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
# Lines are rounded to this step.
STEP = 50
# The folders of features: the forums, and the stages that stand on them.
STAGES = ("forums", "evidence", "consultation", "programme", "meeting", "review", "outcome")


def feature_map() -> str:
    """Return a table for each stage with features."""
    sections = []
    for stage in STAGES:
        features = features_of(stage)
        if not features:
            continue
        arrows = {feature: uses_of(stage, feature) for feature in features}
        count = sum(len(uses) for uses in arrows.values())
        imports = sum(sum(uses.values()) for uses in arrows.values())
        sections.append(f"## {stage.capitalize()}\n")
        sections.append(
            f"Features: {len(features)}. Arrows between them: {count}, made of {imports} imports.\n"
        )
        sections.append("| feature | what it is | lines | uses (imports) |")
        sections.append("|---|---|---:|---|")
        for feature in sorted(features):
            uses = ", ".join(f"{name} ({number})" for name, number in sorted(arrows[feature].items()))
            says = inspect.cleandoc(import_module(f"muntada.{stage}.{feature}").__doc__ or "")
            sections.append(f"| `{feature}` | {says} | {lines_of(stage, feature)} | {uses} |")
        sections.append("")
    return "\n".join(sections)


def features_of(stage: str) -> list[str]:
    """Return the features of a stage: its folders that are apps."""
    return sorted(path.parent.name for path in (SOURCE / stage).glob("*/apps.py"))


def lines_of(stage: str, feature: str) -> int:
    """Return the Python lines of a feature without migrations, to the nearest fifty.

    Exact numbers would make the page out of date with every change.
    """
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in _files(stage, feature))
    return max(STEP, round(lines / STEP) * STEP)


def uses_of(stage: str, feature: str) -> Counter[str]:
    """Count the imports of a feature from other features of its stage."""
    others = set(features_of(stage)) - {feature}
    found: Counter[str] = Counter()
    for path in _files(stage, feature):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                package, _, rest = node.module.removeprefix("muntada.").partition(".")
                other = rest.partition(".")[0]
                if package == stage and other in others:
                    found[other] += 1
    return found


def _files(stage: str, feature: str) -> list[Path]:
    folder = SOURCE / stage / feature
    return [path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]

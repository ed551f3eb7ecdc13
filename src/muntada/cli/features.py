"""The map of the features: their purpose, and which uses which.

It holds no counts of lines or imports: they would make the page out of date with every change.
"""

import ast
import inspect
from importlib import import_module
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
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
        sections.append(f"## {stage.capitalize()}\n")
        sections.append(f"Features: {len(features)}. Arrows between them: {count}.\n")
        sections.append("| feature | what it is | uses |")
        sections.append("|---|---|---|")
        for feature in sorted(features):
            uses = ", ".join(sorted(arrows[feature]))
            says = inspect.cleandoc(import_module(f"muntada.{stage}.{feature}").__doc__ or "")
            sections.append(f"| `{feature}` | {says} | {uses} |")
        sections.append("")
    return "\n".join(sections)


def features_of(stage: str) -> list[str]:
    """Return the features of a stage: its folders that are apps."""
    return sorted(path.parent.name for path in (SOURCE / stage).glob("*/apps.py"))


def uses_of(stage: str, feature: str) -> set[str]:
    """Return the features of the same stage that a feature imports."""
    others = set(features_of(stage)) - {feature}
    found: set[str] = set()
    for path in _files(stage, feature):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                package, _, rest = node.module.removeprefix("muntada.").partition(".")
                other = rest.partition(".")[0]
                if package == stage and other in others:
                    found.add(other)
    return found


def _files(stage: str, feature: str) -> list[Path]:
    folder = SOURCE / stage / feature
    return [path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]

"""A feature is an app of its own: label, templates, styles and tag libraries bear its name."""

from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps

from muntada.cli.features import STAGES, features_of, lines_of, uses_of

SOURCE = Path(__file__).resolve().parents[2] / "src" / "muntada"
FEATURES = [(stage, feature) for stage in STAGES for feature in features_of(stage)]


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


def test_a_feature_is_counted_with_what_it_uses():
    assert lines_of("evidence", "prizes") > 1000
    assert uses_of("evidence", "prizes").keys() == {"initiatives"}

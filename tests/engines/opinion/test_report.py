import json

import pytest

from engines.opinion.random_votes import camps, table_of
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.report import as_plain_values
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.voices import Voices


def test_the_report_has_the_documented_fields() -> None:
    report = as_plain_values(analyse(table_of(camps(30, 12)), seed=4))
    assert report["seed"] == 4
    assert report["compat"] == ""
    assert set(report["participants"][0]) == {"id", "x", "y", "votes", "group", "support"}
    assert {"id", "x", "y", "extremity", "agree", "disagree", "pass"} <= set(report["statements"][0])
    assert set(report["groups"][0]) == {"id", "size", "x", "y", "support", "representative"}
    shown = report["groups"][0]["representative"][0]
    assert {"statement", "direction", "score", "count", "seen", "support"} <= set(shown)
    assert set(report["consensus"]) == {"agree", "disagree"}
    assert set(report["grouping"]) == {"outcome", "reason", "silhouettes", "support", "steadiness"}
    assert report["grouping"]["steadiness"]["rounds"] == 60
    assert report["grouping"]["steadiness"]["reasons"][0].startswith("When people were drawn anew 60 times")
    assert report["voices"] is None
    assert set(report["findings"]) == {"enough_seen", "unites", "divides", "unsure"}
    assert set(report["statements"][0]["scores"]) == {
        "agree",
        "disagree",
        "neutral",
        "divides",
        "spread",
        "pass",
    }


@pytest.mark.long
def test_the_report_agrees_with_the_map_and_is_plain_json() -> None:
    opinion = analyse(table_of(camps(30, 12)))
    report = json.loads(json.dumps(as_plain_values(opinion), allow_nan=False))
    for one, plain in zip(opinion.participants, report["participants"], strict=True):
        assert abs(one.x - plain["x"]) < 1e-11
        assert (one.id, one.group) == (plain["id"], plain["group"])
    for one, plain in zip(opinion.statements, report["statements"], strict=True):
        assert (one.agree, one.disagree, one.passed) == (plain["agree"], plain["disagree"], plain["pass"])
        assert sum(votes["agree"] for votes in plain["by_group"]) <= one.agree


def test_no_zero_has_a_minus() -> None:
    assert "-0.0," not in json.dumps(as_plain_values(analyse(table_of([[1, 1], [1, -1]]))))


def test_a_reason_is_a_sentence() -> None:
    report = as_plain_values(analyse(table_of(camps(5, 4))))
    assert report["grouping"]["reason"].startswith("Too few people have voted on enough statements: 5.")
    assert report["groups"] == []


def test_voices_are_written_field_by_field_with_reasons_as_sentences() -> None:
    voices = Voices(
        declared={"kind": {str(person): "ab"[person % 2] for person in range(30)}},
        targets={"kind": {"a": 1, "b": 2, "c": 1}},
    )
    opinion = analyse(table_of(camps(30, 12)), voices=voices)
    report = json.loads(json.dumps(as_plain_values(opinion), allow_nan=False))["voices"]
    assert opinion.voices is not None
    assert opinion.voices.weighting is not None
    assert report["weighting"]["effective_size"] == pytest.approx(opinion.voices.weighting.effective_size)
    assert report["weighting"]["reasons"][0].startswith("kind, not heard: c.")
    first = report["statements"][0]
    assert set(first["raw"]) == {"agree", "disagree", "pass", "votes"}
    assert set(first["raw"]["pass"]) == {"share", "low", "high"}
    groups = first["by_dimension"][0]["groups"]
    assert [group["standing"] for group in groups] == ["shown", "shown", "not heard"]
    assert groups[2]["agree"] is None


def test_following_another_programme_nothing_of_our_own_is_written() -> None:
    report = as_plain_values(analyse(table_of(camps(30, 12)), OpinionSettings(compat="polis")))
    assert (report["findings"], report["grouping"]["steadiness"]) == (None, None)
    assert report["statements"][0]["scores"] is None
    assert report["participants"][0]["support"] is None

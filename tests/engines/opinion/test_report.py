import json

from engines.opinion.random_votes import camps, table_of
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.report import as_plain_values


def test_the_report_has_the_documented_fields() -> None:
    report = as_plain_values(analyse(table_of(camps(30, 12)), seed=4))
    assert report["seed"] == 4
    assert report["compat"] == ""
    assert set(report["participants"][0]) == {"id", "x", "y", "votes", "group"}
    assert {"id", "x", "y", "extremity", "agree", "disagree", "pass"} <= set(report["statements"][0])
    assert set(report["groups"][0]) == {"id", "size", "x", "y", "representative"}
    shown = report["groups"][0]["representative"][0]
    assert {"statement", "direction", "score", "count", "seen"} <= set(shown)
    assert set(report["consensus"]) == {"agree", "disagree"}
    assert set(report["grouping"]) == {"outcome", "reason", "silhouettes", "support"}


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

"""The four real consultations, analysed by red-dwarf 0.4 with its exact solver and by us in its way."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reddwarf.implementations.base import run_pipeline
from sklearn.metrics import adjusted_rand_score

from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.polis import read_polis
from muntada.engines.opinion.result import ComputedMap, GroupAgreement
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.votes import VoteTable

CONVERSATIONS = (
    "15-per-hour-seattle",
    "canadian-electoral-reform",
    "scoop-hivemind.biodiversity",
    "vtaiwan.uberx",
)
pytestmark = [pytest.mark.shared_data, pytest.mark.slow]


@dataclass(frozen=True)
class Both:
    table: VoteTable
    ours: ComputedMap
    theirs: Any


@pytest.fixture(scope="module", params=CONVERSATIONS)
def both(request: pytest.FixtureRequest) -> Both:
    folder = Path(__file__).resolve().parents[4] / "shared" / "data" / "polis" / request.param
    table = read_polis(folder).table()
    votes = [
        {
            "participant_id": int(table.participants[person]),
            "statement_id": int(table.statements[text]),
            "vote": float(value),
        }
        for person, text, value in zip(table.participant, table.statement, table.value, strict=True)
    ]
    theirs = run_pipeline(
        votes=votes,
        reducer_kwargs={"svd_solver": "full"},
        mod_out_statement_ids=sorted(map(int, table.moderated_out)),
        random_state=0,
    )
    return Both(table, analyse(table, OpinionSettings(compat="red-dwarf")), theirs)


def signs(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    return np.sign((ours * theirs).sum(axis=0))


def test_people_lie_where_red_dwarf_puts_them(both: Both) -> None:
    theirs = both.theirs.participants_df
    ours = {one.id: (one.x, one.y) for one in both.ours.participants}
    mine = np.array([ours[str(name)] for name in theirs.index])
    reference = theirs[["x", "y"]].to_numpy()
    assert np.abs(mine * signs(mine, reference) - reference).max() < 1e-8


def test_statements_lie_where_red_dwarf_puts_them(both: Both) -> None:
    theirs = both.theirs.statements_df
    ours = {one.id: one for one in both.ours.statements}
    mine = np.array([(ours[str(name)].x, ours[str(name)].y) for name in theirs.index])
    reference = theirs[["x", "y"]].to_numpy()
    assert np.abs(mine * signs(mine, reference) - reference).max() < 1e-8
    extremity = np.array([ours[str(name)].extremity for name in theirs.index])
    assert np.abs(extremity - theirs["extremity"].to_numpy()).max() < 1e-8


def test_the_groups_from_the_same_start_are_the_same(both: Both) -> None:
    clustered = both.theirs.participants_df.dropna(subset="cluster_id")
    ours = {one.id: one.group for one in both.ours.participants}
    mine = [ours[str(name)] for name in clustered.index]
    assert None not in mine
    assert sum(group is not None for group in ours.values()) == len(clustered)
    assert adjusted_rand_score(mine, clustered["cluster_id"].astype(int)) == 1.0


def group_names(both: Both) -> dict[int, int]:
    """Say which of our groups is which of theirs."""
    theirs = both.theirs.participants_df["cluster_id"].dropna().astype(int)
    ours = {one.id: one.group for one in both.ours.participants}
    return {int(label): int(ours[str(name)] or 0) for name, label in theirs.items()}


def test_statement_counts_consensus_across_groups_and_priorities_are_the_same(both: Both) -> None:
    names, ours = group_names(both), {one.id: one for one in both.ours.statements}
    for (group, statement), row in both.theirs.group_comment_stats.iterrows():
        votes = ours[str(statement)].by_group[names[group]]
        assert (votes.agree, votes.disagree) == (row["na"], row["nd"])
        assert votes.agree + votes.disagree + votes.passed == row["ns"]
    for statement, row in both.theirs.statements_df.iterrows():
        mine = ours[str(statement)]
        assert mine.unites == pytest.approx(row["group-aware-consensus-agree"], abs=1e-15)
        assert mine.unites_against == pytest.approx(row["group-aware-consensus-disagree"], abs=1e-15)
        assert mine.priority == pytest.approx(row["priority"], rel=1e-8)


def listed(agreements: Iterable[GroupAgreement]) -> list[tuple[int, str, float]]:
    return [(int(one.statement), one.direction, one.score) for one in agreements]


def same_but_for_ties(mine: list[tuple[int, str, float]], theirs: list[tuple[int, str, float]]) -> bool:
    """The same statements in the same order; where two have exactly the same score they may change places."""
    scores = [round(score, 9) for *_, score in mine] == [round(score, 9) for *_, score in theirs]
    mine_untied = [one[:2] for one in mine if tied(mine, one) == 1]
    theirs_untied = [one[:2] for one in theirs if tied(theirs, one) == 1]
    return scores and mine_untied == theirs_untied


def tied(row: list[tuple[int, str, float]], one: tuple[int, str, float]) -> int:
    return sum(abs(other[2] - one[2]) < 1e-12 for other in row)


def test_the_same_statements_stand_for_each_group(both: Both) -> None:
    names = group_names(both)
    for group, statements in both.theirs.repness.items():
        theirs = [
            (
                one["tid"],
                one["repful-for"],
                one["repness"] * one["repness-test"] * one["p-success"] * one["p-test"],
            )
            for one in statements
        ]
        representative = both.ours.groups[names[group]].representative
        assert same_but_for_ties(listed(representative), theirs)
        assert [one.statement for one in representative if one.best_agree] == [
            str(one["tid"]) for one in statements if "best-agree" in one
        ]


def test_the_same_statements_unite_all(both: Both) -> None:
    for mine, theirs in (
        (both.ours.consensus.agree, both.theirs.consensus["agree"]),
        (both.ours.consensus.disagree, both.theirs.consensus["disagree"]),
    ):
        reference = [(one["tid"], mine[0].direction, one["p-success"] * one["p-test"]) for one in theirs]
        assert same_but_for_ties(listed(mine), reference)

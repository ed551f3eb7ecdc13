from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from engines.opinion.random_votes import Cells, camps, table_of
from kinds import rounds
from muntada.engines.opinion import bootstrap
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.bootstrap import adjusted_rand, jaccard
from muntada.engines.opinion.polis import read_polis
from muntada.engines.opinion.result import ComputedMap
from muntada.engines.opinion.settings import OpinionSettings

REDRAWN = OpinionSettings(chance_rounds=0, redraw_rounds=20, scores=False)


def without_pattern(people: int, statements: int, seed: int) -> Cells:
    chance = np.random.default_rng(seed)
    return [[int(vote) for vote in row] for row in chance.integers(-1, 2, (people, statements))]


def supports(opinion: ComputedMap) -> list[float]:
    return [one.support for one in opinion.participants if one.support is not None]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
@rounds(200)
def test_the_likeness_of_two_divisions_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    one, other = (np.array(side, dtype=np.intp) for side in zip(*pairs, strict=True))
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other))


def test_the_jaccard_index_is_those_in_both_of_those_in_either() -> None:
    overlaps = jaccard(np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 2]), 2, 3)
    assert overlaps.tolist() == [[2 / 3, 1 / 4, 0], [0, 1 / 3, 1 / 2]]


def test_camps_that_are_far_apart_hold() -> None:
    opinion = analyse(table_of(camps(60, 16, noise=0.1)), replace(REDRAWN, chance_rounds=19))
    steady = opinion.grouping.steadiness
    assert steady is not None
    assert (steady.rounds, steady.people, steady.verdict) == (20, 60, "steady")
    assert steady.likeness > 0.95
    assert steady.same_number > 0.9
    assert [group.support is not None and group.support > 0.95 for group in opinion.groups] == [True, True]
    assert min(supports(opinion)) > 0.8
    assert len(supports(opinion)) == 60
    listed = [one.support for group in opinion.groups for one in group.representative]
    assert all(support is not None and 0 <= support <= 1 for support in listed)
    assert max(support for support in listed if support is not None) > 0.8
    assert [str(reason) for reason in steady.reasons] == [
        (
            "When people were drawn anew 20 times, they were divided alike"
            " (likeness 1.00; 1 is the same, 0 is chance)."
        ),
        "The number of groups was the same in 100% of the draws.",
        "The groups are more clearly apart than in any of 19 copies of the votes that were shuffled.",
    ]


def test_groups_read_into_noise_do_not_hold() -> None:
    opinion = analyse(table_of(without_pattern(80, 12, seed=4)), REDRAWN)
    steady = opinion.grouping.steadiness
    assert steady is not None
    assert steady.verdict == "not steady"
    assert steady.likeness < 0.6
    assert "quite differently" in str(steady.reasons[0])
    assert np.mean(supports(opinion)) < 0.9


def test_somebody_between_the_camps_holds_less_than_their_middle() -> None:
    cells = camps(60, 16, noise=0.1)
    cells.append([1 if place % 4 < 2 else -1 for place in range(16)])
    opinion = analyse(table_of(cells), REDRAWN)
    between = opinion.participants[60].support
    assert between is not None
    assert between < np.median(supports(opinion))


def test_the_same_seed_draws_the_same_people_and_another_seed_others() -> None:
    table = table_of(without_pattern(50, 10, seed=1))
    one, again = analyse(table, REDRAWN, 3), analyse(table, REDRAWN, 3)
    assert one.grouping.steadiness == again.grouping.steadiness
    assert supports(one) == supports(again)
    assert supports(analyse(table, REDRAWN, 4)) != supports(one)


def test_redrawing_changes_nothing_of_the_map() -> None:
    table = table_of(camps(40, 12))
    with_rounds, without = analyse(table, REDRAWN), analyse(table, replace(REDRAWN, redraw_rounds=0))
    assert [one.group for one in with_rounds.participants] == [one.group for one in without.participants]
    assert without.grouping.steadiness is None
    assert supports(without) == []
    assert [group.support for group in without.groups] == [None, None]


def test_where_there_is_one_group_or_another_programme_is_followed_nothing_is_drawn() -> None:
    assert analyse(table_of([[1, 1, -1]] * 20), REDRAWN).grouping.steadiness is None
    assert analyse(table_of(camps(40, 12)), replace(REDRAWN, compat="polis")).grouping.steadiness is None


def test_of_a_crowd_some_are_drawn_by_lot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "MOST_DRAWN", 30)
    opinion = analyse(table_of(camps(80, 16, noise=0.1)), REDRAWN)
    assert opinion.grouping.steadiness is not None
    assert opinion.grouping.steadiness.people == 30
    assert opinion.grouping.steadiness.likeness > 0.9
    assert len(supports(opinion)) == 30


def test_people_in_no_group_have_no_support() -> None:
    cells = camps(40, 12)
    cells.append([1, *[None] * 11])
    opinion = analyse(table_of(cells), REDRAWN)
    assert (opinion.participants[40].group, opinion.participants[40].support) == (None, None)


@pytest.mark.parametrize("rounds", [1, 2])
def test_one_round_is_enough_to_say_something(rounds: int) -> None:
    opinion = analyse(table_of(camps(30, 8)), replace(REDRAWN, redraw_rounds=rounds))
    assert opinion.grouping.steadiness is not None
    assert {support * rounds for support in supports(opinion)} <= set(range(rounds + 1))


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "verdicts"),
    [
        ("15-per-hour-seattle", {"not steady"}),
        ("canadian-electoral-reform", {"steady", "partly steady"}),
        pytest.param("scoop-hivemind.biodiversity", {"steady", "partly steady"}, marks=pytest.mark.slow),
        pytest.param("vtaiwan.uberx", {"steady", "partly steady"}, marks=pytest.mark.slow),
    ],
)
@pytest.mark.long
def test_of_real_consultations_three_have_groups_that_hold_and_one_has_none(
    shared_data: Path, name: str, verdicts: set[str]
) -> None:
    table = read_polis(shared_data / "polis" / name).table()
    steady = analyse(table, OpinionSettings(scores=False)).grouping.steadiness
    assert steady is not None
    assert steady.verdict in verdicts

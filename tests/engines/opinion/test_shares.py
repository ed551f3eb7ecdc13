import json
from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.opinion.random_votes import Cells, camps, matrices, table_of
from kinds import rounds
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.heard import WeightedHearing
from muntada.engines.opinion.intervals import wilson
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.voices import Voices

QUICK = OpinionSettings(chance_rounds=0, redraw_rounds=0)


def said(words: Sequence[str]) -> dict[str, str]:
    return {str(person): word for person, word in enumerate(words) if word}


def heard(cells: Cells, voices: Voices) -> WeightedHearing:
    found = analyse(table_of(cells), QUICK, voices=voices).voices
    assert found is not None
    return found


def column(*votes: int | None) -> Cells:
    return [[vote] for vote in votes]


def test_without_voices_nothing_is_said_of_them() -> None:
    assert analyse(table_of(camps(12, 4)), QUICK).voices is None


def test_the_map_does_not_depend_on_who_speaks() -> None:
    table = table_of(camps(30, 8))
    voices = Voices(declared={"kind": said(["a"] * 20 + ["b"] * 10)}, targets={"kind": {"a": 1, "b": 1}})
    plain, known = analyse(table, QUICK), analyse(table, QUICK, voices=voices)
    assert known.participants == plain.participants
    assert known.groups == plain.groups


def test_raw_and_weighted_shares_stand_side_by_side_with_their_intervals() -> None:
    """Thirty of one kind agree, ten of the other disagree; each kind is half of the whole."""
    cells = column(*[1] * 30, *[-1] * 10)
    voices = Voices(declared={"kind": said(["a"] * 30 + ["b"] * 10)}, targets={"kind": {"a": 0.5, "b": 0.5}})
    found = heard(cells, voices)
    one = found.statements[0]
    assert (one.raw.agree.share, one.raw.votes) == (0.75, 40)
    low, high = wilson(0.75, 40)
    assert (one.raw.agree.low, one.raw.agree.high) == (pytest.approx(float(low)), pytest.approx(float(high)))
    assert one.weighted is not None
    assert one.weighted.agree.share == pytest.approx(0.5)
    assert one.weighted.votes == pytest.approx(40**2 / (30 * (2 / 3) ** 2 + 10 * 2**2))
    assert found.weighting is not None
    assert found.weighting.design_effect == pytest.approx(40 / one.weighted.votes)
    assert one.weighted.agree.high - one.weighted.agree.low > one.raw.agree.high - one.raw.agree.low


def test_who_did_not_vote_has_no_weight_and_no_place_in_the_margins() -> None:
    cells = column(1, 1, -1, -1, None, None)
    voices = Voices(declared={"kind": said("aabbbb")}, targets={"kind": {"a": 1, "b": 1}})
    found = heard(cells, voices)
    assert found.weighting is not None
    assert found.weighting.people == 4
    assert found.weighting.design_effect == pytest.approx(1)


def test_weights_given_are_used_and_held_as_well() -> None:
    cells = column(*[1] * 9, -1)
    weights = {str(person): 1.0 for person in range(9)} | {"9": 1000.0}
    found = heard(cells, Voices(weights=weights))
    assert found.weighting is not None
    assert found.weighting.capped == 1
    one = found.statements[0].weighted
    assert one is not None
    assert one.disagree.share == pytest.approx(5 / 14)


def test_each_declared_group_has_its_votes_and_a_share_that_leans_on_the_others() -> None:
    cells = [[1, 0]] * 30 + [[-1, 1]] * 6
    voices = Voices(declared={"kind": said(["a"] * 30 + ["b"] * 6)}, targets={"kind": {"a": 1, "b": 1}})
    votes = heard(cells, voices).statements[0].by_dimension[0]
    large, small = votes.groups
    assert (large.agree, large.disagree, large.passed, large.standing) == (30, 0, 0, "shown")
    assert (small.agree, small.disagree, small.passed) == (0, 6, 0)
    assert small.pooled is not None
    assert large.pooled is not None
    assert 0 < small.pooled.share < 0.2
    assert 0.8 < large.pooled.share < 1
    assert votes.population is not None
    assert votes.population.share == pytest.approx((small.pooled.share + large.pooled.share) / 2)
    assert votes.least is not None
    assert votes.least.share == pytest.approx(1 / 8)
    assert votes.together == pytest.approx((31 / 32 * 1 / 8) ** 0.5)
    assert votes.together_against == pytest.approx((1 / 32 * 7 / 8) ** 0.5)


def test_what_unites_without_groups_is_scored_with_each_declared_group_counting_alike() -> None:
    """Ninety of one kind agree with the first statement, ten of the other deny it; all like the second."""
    chance = np.random.default_rng(3)
    rest = np.where(chance.random((100, 6)) < 0.5, 1, -1).tolist()
    cells = [[1 if person < 90 else -1, 1, *row] for person, row in enumerate(rest)]
    table = table_of(cells)
    plain = analyse(table, QUICK, voices=Voices(declared={"kind": said(["a"] * 90 + ["b"] * 10)}))
    assert plain.voices is not None
    contested, liked = (one.by_dimension[0] for one in plain.voices.statements[:2])
    raw = plain.statements[0].scores
    assert raw is not None
    assert contested.kernel is not None
    assert contested.neutral is not None
    assert contested.kernel < raw.agree.kernel - 0.1
    assert contested.neutral < raw.neutral - 0.1
    assert liked.kernel is not None
    assert liked.kernel > 0.9
    unscored = analyse(table, replace(QUICK, scores=False), voices=Voices(declared={"kind": said("ab" * 50)}))
    assert unscored.voices is not None
    assert unscored.voices.statements[0].by_dimension[0].kernel is None


def test_a_group_of_few_is_withheld_with_another_and_its_margin_too() -> None:
    kinds = ["a"] * 12 + ["b"] * 3 + ["c"] * 8
    cells = column(*[1] * 12, *[-1] * 3, *[1] * 8)
    voices = Voices(declared={"kind": said(kinds)}, targets={"kind": {"a": 1, "b": 1, "c": 1}})
    found = heard(cells, voices)
    groups = found.dimensions[0].groups
    assert [(one.standing, one.people) for one in groups] == [
        ("shown", 12),
        ("withheld", None),
        ("withheld", None),
    ]
    votes = found.statements[0].by_dimension[0]
    assert [one.agree for one in votes.groups] == [12, None, None]
    assert (votes.together, votes.least) == (None, None)
    assert found.weighting is not None
    assert [(one.people, one.raw is None) for one in found.weighting.margins] == [
        (12, False),
        (None, True),
        (None, True),
    ]
    assert all(one.achieved == pytest.approx(1 / 3) for one in found.weighting.margins)


def test_few_votes_of_a_large_group_on_one_statement_are_withheld_there() -> None:
    cells: Cells = [[1, 1]] * 20 + [[-1, -1]] * 8 + [[0, None]] * 10 + [[0, -1]] * 2
    kinds = ["a"] * 20 + ["b"] * 8 + ["c"] * 12
    first, second = heard(cells, Voices(declared={"kind": said(kinds)})).statements
    assert [one.standing for one in first.by_dimension[0].groups] == ["shown"] * 3
    assert [one.standing for one in second.by_dimension[0].groups] == ["shown", "withheld", "withheld"]
    assert second.by_dimension[0].population is None


def test_a_group_with_nobody_in_it_reads_not_heard() -> None:
    cells = column(*[1] * 20, *[-1] * 20)
    voices = Voices(
        declared={"kind": said(["a"] * 20 + ["b"] * 20)}, targets={"kind": {"a": 1, "b": 1, "z": 2}}
    )
    found = heard(cells, voices)
    silent = found.dimensions[0].groups[2]
    assert (silent.category, silent.standing, silent.people, silent.target) == ("z", "not heard", None, None)
    assert [one.target for one in found.dimensions[0].groups[:2]] == [0.5, 0.5]
    assert found.statements[0].by_dimension[0].groups[2].standing == "not heard"
    assert found.weighting is not None
    assert "kind, not heard: z." in str(found.weighting.reasons[0])


def test_who_said_nothing_is_counted_apart() -> None:
    cells = column(*[1] * 30)
    found = heard(cells, Voices(declared={"kind": said(["a"] * 20)}))
    assert found.dimensions[0].undeclared == 10
    few = heard(cells, Voices(declared={"kind": said(["a"] * 20 + ["b"] * 8)}))
    assert few.dimensions[0].undeclared is None
    assert [one.standing for one in few.dimensions[0].groups] == ["shown", "withheld"]


def test_each_dimension_is_told_by_itself() -> None:
    cells = camps(40, 6)
    voices = Voices(
        declared={"region": said("xy" * 20), "kind": said("a" * 20 + "b" * 20)},
        targets={"kind": {"a": 0.3, "b": 0.7}, "region": {"x": 0.5, "y": 0.5}},
    )
    found = heard(cells, voices)
    assert [one.name for one in found.dimensions] == ["kind", "region"]
    assert [one.dimension for one in found.statements[0].by_dimension] == ["kind", "region"]
    assert found.weighting is not None
    assert found.weighting.largest_error < 1e-8


def test_the_answer_is_plain_values() -> None:
    voices = Voices(declared={"kind": said("ab" * 20)}, targets={"kind": {"a": 1, "b": 3}})
    json.dumps(asdict(heard(camps(40, 6), voices)), allow_nan=False)


@pytest.mark.parametrize("cells", [[[None, None]] * 3, [[1]], [[None]]])
def test_hardly_any_votes_are_no_error(cells: Cells) -> None:
    voices = Voices(declared={"kind": said(["a"]), "empty": {}}, targets={"kind": {"a": 1, "b": 1}})
    found = heard(cells, voices)
    assert len(found.statements) == len(cells[0])
    assert np.isfinite(found.statements[0].raw.agree.high)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody declared anything in these dimensions: region"):
        Voices(declared={"kind": {}}, targets={"region": {"x": 1}})
    with pytest.raises(ValueError, match="a weight is a number above 0"):
        Voices(weights={"1": 0.0})
    with pytest.raises(ValueError, match="the cap is above 1"):
        Voices(cap=1.0)


kinds = st.sampled_from(["a", "b", "c", ""])


@given(matrices(), st.data())
@rounds(60)
def test_any_votes_of_anybody_give_shares_with_their_intervals(cells: Cells, data: st.DataObject) -> None:
    words = [data.draw(kinds) for _ in cells]
    voices = Voices(declared={"kind": said(words)}, targets={"kind": {"a": 1, "b": 2}}, smallest=2)
    found = heard(cells, voices)
    for one in found.statements:
        for shares in filter(None, (one.raw, one.weighted)):
            parts = (shares.agree, shares.disagree, shares.passed)
            assert all(0 <= part.low <= part.share <= part.high <= 1 for part in parts)
            assert sum(part.share for part in parts) == pytest.approx(1 if shares.votes else 0)
        assert one.weighted is not None
        assert one.weighted.votes <= one.raw.votes + 1e-9
        for group in one.by_dimension[0].groups:
            told = (group.agree, group.disagree, group.passed)
            assert (group.standing == "shown") == all(count is not None for count in told)
            if group.standing == "shown":
                assert sum(filter(None, told)) >= 2
                assert group.pooled is not None
                assert 0 <= group.pooled.low <= group.pooled.share <= group.pooled.high <= 1


def test_the_order_in_which_things_were_declared_changes_nothing() -> None:
    table = table_of(camps(40, 8))
    people = said("ab" * 20)
    turned = dict(reversed(people.items()))
    one = Voices(declared={"kind": people, "area": people}, targets={"kind": {"a": 1, "b": 2}})
    other = Voices(declared={"area": turned, "kind": turned}, targets={"kind": {"b": 2, "a": 1}})
    assert analyse(table, QUICK, voices=one).voices == analyse(table, QUICK, voices=other).voices


def test_who_is_not_in_the_votes_is_passed_over() -> None:
    known = said("ab" * 20)
    voices = Voices(declared={"kind": known | {"stranger": "z"}}, weights={"stranger": 3.0})
    found = heard(camps(40, 8), voices)
    assert [group.category for group in found.dimensions[0].groups] == ["a", "b"]
    assert found.weighting is not None
    assert found.weighting.design_effect == pytest.approx(1)


def test_following_another_programme_it_is_still_told_who_speaks() -> None:
    voices = Voices(declared={"kind": said("ab" * 20)}, targets={"kind": {"a": 1, "b": 2}})
    found = analyse(table_of(camps(40, 8)), replace(QUICK, compat="polis"), voices=voices).voices
    assert found is not None
    assert found.weighting is not None
    assert found.statements[0].by_dimension[0].kernel is None


def one_vote_each(people: int) -> Cells:
    return column(*[1, -1] * (people // 2), *[1] * (people % 2))


def test_a_small_group_cannot_be_found_by_taking_off_the_others_and_who_said_nothing() -> None:
    words = ["gov"] * 20 + ["civil"] * 15 + ["tech"] * 2 + [""] * 9
    found = heard(one_vote_each(46), Voices(declared={"kind": said(words)}))
    kind = found.dimensions[0]
    assert [group.people for group in kind.groups] == [15, 20, None]
    assert kind.undeclared is None


def test_a_weighting_does_not_give_away_the_size_of_a_small_group() -> None:
    """The weight of two people in a group that should be a tenth would be a tenth of all, halved."""
    words = ["gov"] * 20 + ["civil"] * 15 + ["tech"] * 2 + [""] * 9
    targets = {"kind": {"gov": 0.45, "civil": 0.45, "tech": 0.1}}
    found = heard(one_vote_each(46), Voices(declared={"kind": said(words)}, targets=targets))
    assert found.weighting is not None
    assert found.weighting.largest_weight is None
    assert found.weighting.capped is None
    assert found.weighting.effective_size == round(found.weighting.effective_size)
    assert found.weighting.reasons
    for reason in found.weighting.reasons:
        assert "people" not in reason.params
        assert str(reason)


@given(
    st.lists(st.integers(0, 12), min_size=1, max_size=5),
    st.integers(0, 12),
    st.integers(2, 6),
)
@rounds(60)
def test_whoever_knows_all_that_is_told_finds_no_small_group(
    sizes: list[int], silent: int, smallest: int
) -> None:
    words = [f"g{place}" for place, size in enumerate(sizes) for _ in range(size)] + [""] * silent
    if not words or not any(words):
        return
    found = heard(
        one_vote_each(len(words)), Voices(declared={"kind": said(words)}, smallest=smallest)
    ).dimensions[0]
    told = [group.people for group in found.groups if group.people is not None]
    assert all(people >= smallest for people in told)
    hidden = [group for group in found.groups if group.standing == "withheld"]
    others = len(hidden) + (found.undeclared is None)
    rest = len(words) - sum(told) - (found.undeclared or 0)
    if told or found.undeclared:
        assert rest == 0 or (rest >= smallest and others > 1)

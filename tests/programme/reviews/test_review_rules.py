"""What reviewers may judge, and what their marks say together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.programme.reviews.rules import (
    Criterion,
    ReviewerConflict,
    ReviewerTies,
    ReviewRules,
    conflict_of,
    mark_of,
    require_marks,
    require_same_ground,
    require_terms,
    share_out,
    verdict_of,
)

FIT = Criterion("k1", {"en": "Fits the forum"}, 2)
MIX = Criterion("k2", {"en": "Mix of speakers"}, 1)
TERMS = ReviewRules((FIT, MIX))


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (ReviewRules(()), "criteria"),
        (ReviewRules((FIT, FIT)), "criteria-twice"),
        (ReviewRules((Criterion("k1", {"en": "x"}, 0),)), "criteria-weight"),
        (ReviewRules((FIT,), lowest=5, highest=5), "scale"),
        (ReviewRules((FIT,), highest=11), "scale"),
        (ReviewRules((FIT,), reviewers=0), "reviewers"),
    ],
)
def test_terms_by_which_nobody_could_judge_are_refused(refuses, terms, code):
    with refuses(code):
        require_terms(terms)


def test_once_a_review_is_given_only_names_can_change(refuses):
    renamed = ReviewRules((Criterion("k1", {"en": "Relevance"}, 2), MIX))
    require_same_ground(TERMS, renamed, is_used=True)
    require_same_ground(TERMS, ReviewRules((FIT,)), is_used=False)
    for other in (ReviewRules((FIT,)), ReviewRules((FIT, MIX), highest=6)):
        with refuses("terms-used"):
            require_same_ground(TERMS, other, is_used=True)


def test_a_mark_is_on_the_scale_and_a_whole_review_leaves_none_out(refuses):
    require_marks(TERMS, {"k1": 5}, is_whole=False)
    with refuses("mark"):
        require_marks(TERMS, {"k1": 6}, is_whole=False)
    with refuses("mark-missing"):
        require_marks(TERMS, {"k1": 5}, is_whole=True)


def test_marks_count_by_their_weight():
    assert mark_of(TERMS, {"k1": 5, "k2": 2}) == pytest.approx(4)


def test_spread_is_the_standard_deviation_and_who_is_far_from_the_others_is_named():
    said = verdict_of(TERMS, {1: 4.0, 2: 4.5, 3: 1.0})
    assert said.mean == pytest.approx(3.1667, abs=1e-4)
    assert said.spread == pytest.approx(1.8930, abs=1e-4)
    assert said.apart == {2, 3}


def test_of_two_nobody_is_apart_and_of_one_there_is_no_spread():
    assert verdict_of(TERMS, {1: 1.0, 2: 5.0}).apart == frozenset()
    assert verdict_of(TERMS, {1: 1.0}).spread is None
    assert verdict_of(TERMS, {}).mean is None


@pytest.mark.parametrize(
    ("reviewer", "request_ties", "expected"),
    [
        (ReviewerTies(authors=frozenset({1})), ReviewerTies(authors=frozenset({1})), ReviewerConflict.OWN),
        (
            ReviewerTies(authors=frozenset({1})),
            ReviewerTies(people=frozenset({1})),
            ReviewerConflict.TAKES_PART,
        ),
        (
            ReviewerTies(names=frozenset({"ada"})),
            ReviewerTies(names=frozenset({"ada"})),
            ReviewerConflict.TAKES_PART,
        ),
        (
            ReviewerTies(organisations=frozenset({7})),
            ReviewerTies(organisations=frozenset({7})),
            ReviewerConflict.ORGANISATION,
        ),
        (ReviewerTies(authors=frozenset({1})), ReviewerTies(authors=frozenset({2})), None),
    ],
)
def test_a_conflict_is_seen(reviewer, request_ties, expected):
    assert conflict_of(reviewer, request_ties) is expected


pairs = st.sets(st.tuples(st.integers(1, 12), st.integers(1, 6)), max_size=20)


@given(st.integers(0, 12), st.integers(0, 6), pairs, pairs, st.integers(1, 4))
def test_nobody_reads_against_a_conflict_nobody_twice_and_what_is_short_is_said(
    requests, reviewers, barred, given, each
):
    numbers, people = list(range(1, requests + 1)), list(range(1, reviewers + 1))
    given = {pair for pair in given if pair not in barred and pair[0] <= requests and pair[1] <= reviewers}
    shared = share_out(numbers, people, barred=barred, given=given, each=each)
    assert not set(shared.pairs) & (barred | given)
    assert len(set(shared.pairs)) == len(shared.pairs)
    for number in numbers:
        readers = {one for request, one in [*shared.pairs, *given] if request == number}
        possible = {one for one in people if (number, one) not in barred}
        assert readers <= possible
        assert len(readers) == max(min(each, len(possible)), len({o for r, o in given if r == number}))
        assert shared.short.get(number, 0) == max(0, each - len(readers))


def test_work_is_shared_evenly_and_the_same_each_time():
    shared = share_out(range(1, 31), range(1, 7), barred=(), given=(), each=2)
    loads = [sum(reviewer == one for _, reviewer in shared.pairs) for one in range(1, 7)]
    assert loads == [10] * 6
    assert shared == share_out(range(1, 31), range(1, 7), barred=(), given=(), each=2)

from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engines.processes import said_elsewhere
from engines.selection.instances import call
from engines.selection.small import asked, best_by_trying_all, keeps, problems
from kinds import rounds
from muntada.engines.halt import Halt
from muntada.engines.selection import exclusions
from muntada.engines.selection.answer import Advance, ChoiceStatus, PriceCause, SelectionAnswer
from muntada.engines.selection.further import Later
from muntada.engines.selection.prices import NOT_WORKED_OUT, held, prices_of
from muntada.engines.selection.problem import (
    Alternatives,
    Apportionment,
    BalanceRule,
    Cap,
    Capacity,
    PinnedRequest,
    RuleState,
    SelectionProblem,
    Unit,
    Veto,
)
from muntada.engines.selection.search import SelectionSearch, in_order
from muntada.engines.selection.select import select, why_not

THREE = (
    asked("a", 3.0, organisation="x"),
    asked("b", 2.0, organisation="x"),
    asked("c", 1.0, organisation="y"),
)
TWO_PLACES = (Capacity("places", sessions=2),)


def chosen(problem: SelectionProblem) -> SelectionAnswer:
    return select(problem, prices=False, exclusions=False)


def told(selection: SelectionAnswer, request: str) -> list[str]:
    return next([str(one) for one in out.reasons] for out in selection.excluded if out.request == request)


@rounds(40)
@given(problems())
def test_what_is_called_optimal_is_the_best_of_all_choices(problem: SelectionProblem) -> None:
    selection = chosen(problem)
    best = best_by_trying_all(problem)
    if best is None:
        assert selection.status is ChoiceStatus.INFEASIBLE
        return
    assert selection.status is ChoiceStatus.OPTIMAL
    assert selection.score is not None
    assert round(selection.score * 1000) == best
    assert selection.bound == selection.score
    assert keeps(problem, tuple(one for one in problem.requests if one.id in selection.chosen))


@rounds(15)
@given(problems(requests=8))
def test_a_price_is_the_difference_of_two_best_scores(problem: SelectionProblem) -> None:
    best = best_by_trying_all(problem)
    assume(best is not None)
    for price in select(problem, exclusions=False).prices:
        if price.change is PriceCause.LIFTED:
            without = best_by_trying_all(problem, without=price.condition)
            assert price.points is not None
            assert round(price.points * 1000) == without - best
            assert price.points >= 0


@rounds(15)
@given(problems(requests=8))
def test_what_it_costs_to_take_one_in_is_exact(problem: SelectionProblem) -> None:
    best = best_by_trying_all(problem)
    assume(best is not None)
    for out in select(problem, prices=False).excluded:
        forced = best_by_trying_all(replace(problem, pins=(*set(problem.pins), PinnedRequest(out.request))))
        if forced is None:
            assert not out.possible
        else:
            assert out.cost is not None
            assert round(out.cost * 1000) == best - forced
            assert out.reasons


@rounds(15)
@given(problems(), st.integers(0, 100))
def test_the_order_of_requests_and_rules_changes_nothing(problem: SelectionProblem, seed: int) -> None:
    mixed = Random(seed)  # noqa: S311 - made-up requests
    other = replace(
        problem,
        requests=tuple(mixed.sample(problem.requests, len(problem.requests))),
        rules=tuple(mixed.sample(problem.rules, len(problem.rules))),
    )
    assert select(other) == select(problem)


@rounds(15)
@given(problems())
def test_a_request_nobody_can_take_changes_no_score(problem: SelectionProblem) -> None:
    useless = replace(
        problem, requests=(*problem.requests, asked("zero", 5.0)), vetoes=(*problem.vetoes, Veto("zero"))
    )
    assert chosen(useless).score == chosen(problem).score


@rounds(15)
@given(problems())
def test_a_rule_less_never_lowers_the_best_score(problem: SelectionProblem) -> None:
    before = chosen(problem).score
    for rule in problem.rules:
        after = chosen(replace(problem, rules=tuple(one for one in problem.rules if one is not rule))).score
        assert before is None or (after is not None and after >= before)


@rounds(25)
@given(problems(requests=6))
@pytest.mark.long
def test_a_conflict_is_impossible_and_no_smaller_set_of_its_rules_is(problem: SelectionProblem) -> None:
    problem = replace(problem, pins=tuple(PinnedRequest(one.id) for one in problem.requests))
    assume(best_by_trying_all(problem) is None)
    conflict = chosen(problem).conflict
    assert conflict is not None
    assert conflict.smallest
    assert conflict.reasons
    alone = kept_only(problem, set(conflict.conditions))
    assert best_by_trying_all(alone) is None
    for name in conflict.conditions:
        assert best_by_trying_all(kept_only(problem, set(conflict.conditions) - {name})) is not None


def kept_only(problem: SelectionProblem, names: set[str]) -> SelectionProblem:
    return SelectionProblem(
        problem.requests,
        tuple(one for one in problem.capacities if one.id in names),
        tuple(one for one in problem.rules if one.id in names),
        tuple(one for one in problem.pins if one.id in names),
        tuple(one for one in problem.vetoes if one.id in names),
    )


@pytest.mark.long
def test_another_process_gives_the_same_selection() -> None:
    """Sets are ordered differently in each process, which must not show."""
    script = (
        "from engines.selection.instances import call\n"
        "from muntada.engines.selection.select import select\n"
        "print(select(call(100, seed=1), seed=5, effort=0.3, exclusions=False))"
    )
    outputs = said_elsewhere(script)
    assert len(outputs) == 1
    assert "Status.OPTIMAL" in outputs.pop()


def test_equal_scores_are_decided_by_the_seed_and_not_by_the_order() -> None:
    requests = tuple(asked(name, 2.0) for name in "abcdefgh")
    problem = SelectionProblem(requests, TWO_PLACES)
    draws = {seed: chosen_with(problem, seed) for seed in range(12)}
    turned = replace(problem, requests=requests[::-1])
    assert {seed: chosen_with(turned, seed) for seed in range(12)} == draws
    assert len(set(draws.values())) > 6


def chosen_with(problem: SelectionProblem, seed: int) -> frozenset[str]:
    return frozenset(select(problem, seed=seed, prices=False, exclusions=False).chosen)


def test_a_cap_costs_what_the_better_request_brings_and_is_named_to_it() -> None:
    selection = select(SelectionProblem(THREE, TWO_PLACES, (Cap("one each", "organisation", 1),)))
    assert selection.chosen == ("a", "c")
    cap = next(price for price in selection.prices if price.condition == "one each")
    assert (cap.points, cap.enter, cap.leave) == (1.0, ("b",), ("c",))
    assert str(cap.said) == "It costs 1 points: without it the score would be 5."
    assert told(selection, "b") == [
        "“places” is full: 2 of 2 places are taken.",
        "Sessions of its organisation x already in: 1; the cap is 1.",
        "Taking it in would cost 1 points: it would take the place of a.",
        "With a score of 3 instead of 2 it would stand equal.",
        "Without “one each” it would be in.",
    ]


def test_one_more_place_and_one_more_hour_have_a_price() -> None:
    capacities = (Capacity("places", sessions=1), Capacity("rooms", minutes=60))
    prices = {one.change: one.points for one in select(SelectionProblem(THREE, capacities)).prices}
    assert prices == {PriceCause.ONE_SESSION_MORE: 0.0, PriceCause.ONE_HOUR_MORE: 0.0}
    prices = {one.change: one.points for one in select(SelectionProblem(THREE, capacities[:1])).prices}
    assert prices == {PriceCause.ONE_SESSION_MORE: 2.0}


def test_a_rule_that_warns_binds_nobody_and_says_what_it_would_cost() -> None:
    rule = BalanceRule("y", "organisation", frozenset({"y"}), least=50, state=RuleState.WARN)
    selection = select(SelectionProblem(THREE, TWO_PLACES, (rule,)))
    assert selection.chosen == ("a", "b")
    standing = next(one for one in selection.standings if one.condition == "y")
    assert not standing.met
    price = next(one for one in selection.prices if one.condition == "y")
    assert (price.change, price.points) == (PriceCause.ENFORCED, 1.0)
    off = replace(rule, state=RuleState.OFF)
    assert [one.condition for one in select(SelectionProblem(THREE, TWO_PLACES, (off,))).standings] == [
        "places"
    ]


def test_a_rule_that_cannot_be_enforced_says_so() -> None:
    rule = BalanceRule("z", "organisation", frozenset({"z"}), least=1, unit=Unit.NUMBER, state=RuleState.WARN)
    price = select(SelectionProblem(THREE, TWO_PLACES, (rule,))).prices[-1]
    assert (price.possible, price.points) == (False, None)
    assert str(price.said) == "It cannot be enforced: no choice keeps it together with all other rules."


def test_rules_that_cannot_be_kept_are_told_in_words_with_numbers() -> None:
    rules = (
        BalanceRule("z", "organisation", frozenset({"z"}), least=1, unit=Unit.NUMBER),
        BalanceRule("y", "organisation", frozenset({"y"}), most=90),
    )
    selection = select(SelectionProblem(THREE, TWO_PLACES, rules))
    assert selection.status is ChoiceStatus.INFEASIBLE
    assert selection.conflict is not None
    assert selection.conflict.conditions == ("z",)
    assert [str(one) for one in selection.conflict.reasons] == [
        "At least 1 chosen sessions belong to z (organisation)."
    ]
    assert [str(one.reason) for one in selection.findings] == [
        "“z” asks for at least 1; all requests that may be in have 0."
    ]


def test_pins_and_vetoes_at_odds_are_found_by_counting() -> None:
    alike = Alternatives("alike", frozenset({"a", "b"}))
    problem = SelectionProblem(
        THREE,
        (Capacity("places", sessions=1),),
        (alike, Cap("one each", "organisation", 1)),
        (PinnedRequest("a"), PinnedRequest("b")),
        (Veto("b"),),
    )
    said = {str(one.reason) for one in select(problem).findings}
    assert said == {
        "b is pinned and vetoed.",
        "2 requests are pinned for the 1 places of “places”.",
        "2 requests of x (organisation) are pinned: a, b; the cap of “one each” is 1.",
        "a, b are pinned, and of “alike” at most one can be in.",
    }


def test_what_no_choice_can_have_is_told_which_rules_stand_against_it() -> None:
    alike = Alternatives("alike", frozenset({"a", "b"}))
    selection = select(SelectionProblem(THREE, TWO_PLACES, (alike,), (PinnedRequest("b"),)))
    assert told(selection, "a") == [
        "No choice that keeps all rules has it. These cannot be kept with it: alike, pin:b.",
        "At most one of these is chosen: a, b.",
        "b is pinned: it must be in.",
        "Without “pin:b” it would be in.",
        "Without “alike” it would be in.",
    ]
    assert selection.waiting == ()


def test_places_follow_the_demand_and_a_group_without_requests_leaves_its_own() -> None:
    requests = tuple(
        asked(f"{theme}{number}", 5 - number, theme=theme) for theme in "ab" for number in range(4)
    )
    rule = Apportionment("themes", "theme", {"a": 1, "b": 1, "c": 2}, tolerance=0)
    selection = select(SelectionProblem(requests, (Capacity("places", sessions=4),), (rule,)))
    assert sorted(selection.chosen) == ["a0", "a1", "b0", "b1"]
    assert [str(one.reason) for one in selection.findings] == [
        "By demand c is due 2 sessions; there are requests for 0 (“themes”)."
    ]


def test_a_request_with_two_themes_counts_half_for_each() -> None:
    requests = (asked("both", 2.5, theme="a b"), asked("a", 3.0, theme="a"), asked("b", 2.0, theme="b"))
    rule = Apportionment("themes", "theme", {"a": 1, "b": 1}, tolerance=0.5)
    assert set(chosen(SelectionProblem(requests, TWO_PLACES, (rule,))).chosen) == {"both", "a"}
    assert set(chosen(SelectionProblem(requests, TWO_PLACES, (replace(rule, tolerance=0),))).chosen) == {
        "a",
        "b",
    }


@rounds(10)
@given(problems())
def test_one_request_is_explained_by_itself_as_with_all_others(problem: SelectionProblem) -> None:
    selection = select(problem, prices=False)
    for out in selection.excluded:
        assert why_not(problem, out.request) == out
    assert all(why_not(problem, name) is None for name in selection.chosen)


def test_with_no_effort_nothing_is_claimed() -> None:
    selection = select(call(300, seed=1), effort=0.0)
    assert selection.status is ChoiceStatus.UNKNOWN
    assert selection.chosen == ()


def test_without_requests_nothing_is_chosen() -> None:
    selection = select(
        SelectionProblem((), TWO_PLACES, (BalanceRule("x", "region", frozenset({"a"}), least=50),))
    )
    assert (selection.status, selection.chosen, selection.score) == (ChoiceStatus.OPTIMAL, (), 0)
    one = BalanceRule("x", "region", frozenset({"a"}), least=1, unit=Unit.NUMBER)
    assert select(SelectionProblem((), TWO_PLACES, (one,))).status is ChoiceStatus.INFEASIBLE


@pytest.mark.slow
def test_a_price_without_proof_is_enclosed_narrowly_by_two_that_are_proved() -> None:
    """The turns of a price end in the same number, wherever between them the effort ends."""
    problem = call(100, seed=3)
    exact = {one.condition + one.change: one.points for one in select(problem, exclusions=False).prices}
    search = SelectionSearch(in_order(problem), held(in_order(problem)), seed=1)
    found = search.best(effort=60.0)
    short = prices_of(in_order(problem), found, seed=1, effort=0.05, whole=1.0)
    assert None not in exact.values()
    assert any(one.price.points is None for one in short)
    for one in short:
        points = exact[one.price.condition + one.price.change]
        assert one.price.most is not None
        assert one.price.least <= points <= one.price.most


@pytest.mark.long
def test_a_halt_keeps_the_choice_and_says_what_was_not_worked_out() -> None:
    halt = Halt()

    def stop(step: str) -> None:
        if step == "prices":
            halt.stop()

    problem = call(100, seed=1)
    selection = select(problem, report=stop, halt=halt)
    assert selection.halted
    assert selection.status is ChoiceStatus.OPTIMAL
    assert selection.chosen == select(problem, prices=False, exclusions=False).chosen
    assert {one.said.sentence for one in selection.prices} == {NOT_WORKED_OUT}
    assert all(one.most is None and one.least is not None for one in selection.excluded if one.possible)


def test_a_halt_before_anything_was_found_claims_nothing() -> None:
    halt = Halt()
    halt.stop()
    selection = select(call(100, seed=1), halt=halt)
    assert (selection.status, selection.halted, selection.conflict) == (ChoiceStatus.UNKNOWN, True, None)


@pytest.mark.slow
def test_what_goes_on_later_settles_every_cost_and_price_and_changes_no_choice() -> None:
    """What is said first is what would be said without going on; then it only ever gets narrower."""
    problem = call(100, seed=1)
    heard: list[tuple[SelectionAnswer, Advance]] = []
    later = Later(effort=400.0, tell=lambda *news: heard.append(news))
    plain = select(problem, effort=1.0)
    final = select(problem, effort=1.0, later=later)
    first, start = heard[0]
    assert first == plain
    assert start.requests == len(first.excluded)
    assert final.chosen == first.chosen
    assert heard[-1][1].is_complete
    assert all(one.points is not None or not one.possible for one in final.prices)
    assert all(one.cost is not None or not one.possible for one in final.excluded)
    costs = [one.cost for one in final.excluded if one.possible]
    assert costs == sorted(costs)
    for before, after in pairwise([one for one, _ in heard]):
        narrower(before, after)
    assert [one.requests_exact for _, one in heard] == sorted(one.requests_exact for _, one in heard)


def narrower(before: SelectionAnswer, after: SelectionAnswer) -> None:
    known = {one.request: one for one in before.excluded}
    for one in after.excluded:
        assert not one.possible or one.least >= known[one.request].least
    prices = {(one.condition, one.change): one for one in before.prices}
    for price in after.prices:
        assert price.least >= prices[price.condition, price.change].least


@pytest.mark.slow
def test_requests_beyond_the_nearest_are_worked_out_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exclusions, "NEAREST", 3)
    problem = call(100, seed=1)
    plain = select(problem, prices=False)
    assert any(one.cost is None and one.possible for one in plain.excluded)
    final = select(problem, prices=False, later=Later(400.0, lambda *_: None))
    exact = {one.request: one.cost for one in final.excluded}
    far = plain.excluded[-1].request
    assert exact[far] == why_not(problem, far).cost


@pytest.mark.slow
def test_a_halt_that_comes_later_leaves_the_selection_whole() -> None:
    halt = Halt()
    problem = call(100, seed=1)
    first: list[SelectionAnswer] = []

    def stop(selection: SelectionAnswer, _advance: Advance) -> None:
        first.append(selection)
        halt.stop()

    ended = select(problem, halt=halt, later=Later(400.0, stop))
    assert len(first) == 1
    assert ended.chosen == first[0].chosen
    assert ended.prices == first[0].prices
    assert not ended.halted

"""The local search weighs what the evaluator weighs, move by move, and never breaks what it keeps."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.timetable.instances import forum, with_favourites
from engines.timetable.small import problems
from kinds import rounds
from muntada.engines.timetable.anneal import Annealer
from muntada.engines.timetable.deltas import FORBIDDEN, Deltas
from muntada.engines.timetable.draft import draft
from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.options import Options
from muntada.engines.timetable.plan import Tier
from muntada.engines.timetable.problem import TimetableProblem
from muntada.engines.timetable.solve import first_sets

ROOMS_MATTER = {"room-clash", "room-open", "person-pause"}  # the local search chooses no rooms


def begun(problem: TimetableProblem) -> tuple[Options, Deltas]:
    options = Options(problem)
    stands = {number: position for number, (position, _) in draft(options, {}).items()}
    return options, Deltas(options, stands, sorted(first_sets(options)), {})


def judged(options: Options, deltas: Deltas) -> tuple[int, set[str]]:
    """What the evaluator says about the times, each session in the last room that suits it."""
    placements = [
        options.placement(number, int(place), options.starts[number][int(place)].rooms.bit_length() - 1)
        for number, place in enumerate(deltas.place)
        if place >= 0
    ]
    assessment = evaluate(options.problem, placements)
    wishes = sum(violation.cost for violation in assessment.violations if violation.tier is Tier.WISH)
    return wishes, {violation.rule for violation in assessment.hard} - ROOMS_MATTER


@rounds(60)
@given(problems(), st.integers(0, 10**6))
def test_each_move_costs_what_the_evaluator_says(problem: TimetableProblem, seed: int) -> None:
    options, deltas = begun(problem)
    random = Random(seed)  # noqa: S311 - made-up moves
    assert deltas.total == judged(options, deltas)[0]
    standing = [number for number, place in enumerate(deltas.place) if place >= 0]
    for _ in range(12 if standing else 0):
        number = random.choice(standing)
        costs = deltas.costs(number)
        free = np.flatnonzero(~deltas.barred(number) & (costs < FORBIDDEN))
        chosen = int(random.choice(list(free)))
        deltas.move(number, chosen, float(costs[chosen] - costs[deltas.place[number]]))
        assert judged(options, deltas) == (deltas.total, set())


@rounds(60)
@given(problems(), st.integers(0, 10**6))
def test_each_exchange_costs_what_the_evaluator_says(problem: TimetableProblem, seed: int) -> None:
    options, deltas = begun(problem)
    random = Random(seed)  # noqa: S311 - made-up moves
    standing = [number for number, place in enumerate(deltas.place) if place >= 0]
    for _ in range(12 if standing else 0):
        number = random.choice(standing)
        alike = [
            other for other in standing if options.sessions[other].minutes == options.sessions[number].minutes
        ]
        others = np.array(alike, np.intp)
        costs, relief = deltas.exchanges(number, others)
        for at, other in enumerate(alike):
            if costs[at] < FORBIDDEN and deltas.fits_exchanged(number, other):
                delta = float(costs[at]) - deltas.relief(number, other)
                assert delta >= float(costs[at] - relief[at])
                deltas.exchange(number, other, delta)
                assert judged(options, deltas) == (deltas.total, set())
                break


@pytest.mark.long
def test_a_forum_with_favourites_is_weighed_exactly_after_thousands_of_moves() -> None:
    options, deltas = begun(with_favourites(forum(60, 6, 3), 200))
    before = deltas.total
    settled = Annealer(deltas, range(60), seed=1).run(4000, lambda _: False)
    assert judged(options, deltas) == (deltas.total, set())
    assert settled.cost < before / 2


def test_pairs_and_days_are_weighed_together_with_favourites() -> None:
    problem = with_favourites(forum(40, 6, 2), 100)
    pairs = {(f"s{number}", f"s{number + 1}"): number for number in range(0, 38, 2)}
    options, deltas = begun(replace(problem, pairs=pairs))
    Annealer(deltas, range(40), seed=2).run(2000, lambda _: False)
    assert judged(options, deltas) == (deltas.total, set())

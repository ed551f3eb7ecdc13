import zipfile
from itertools import count, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbook_solvers.books import Budget
from workbook_solvers.conference.chain import Chain, draft
from workbook_solvers.conference.costs import costs_of
from workbook_solvers.conference.evaluate import evaluate
from workbook_solvers.conference.problem import Conference, Score
from workbook_solvers.conference.solve import solve, solve_book
from workbook_solvers.conference.workbook import read_conference

from benchmarks.peer_workbooks.conference.books import SHARED, make
from kinds import rounds

MOVES = 3000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made") / "made.xlsx")


@pytest.fixture(scope="module")
def conference(made: Path) -> Conference:
    return read_conference(made)


def number(conference: Conference, score: Score) -> float:
    """What the solver makes small, from the evaluator's score."""
    return -(score.hard + score.medium) * costs_of(conference).tier - score.soft


@rounds(40)
@given(data=st.data(), seed=st.integers(0, 2**20))
def test_what_each_swap_would_change_is_what_the_evaluator_says(
    conference: Conference, data: st.DataObject, seed: int
) -> None:
    costs = costs_of(conference)
    chain = Chain(costs, draft(costs, np.random.default_rng(seed)))

    def judged() -> float:
        return number(conference, evaluate(conference, [costs.at[seat] for seat in chain.seats]).score)

    assert chain.total == judged()
    for _ in range(6):
        talk = data.draw(st.sampled_from(chain.movable.tolist()))
        differences = chain.differences(talk)
        allowed = np.flatnonzero(np.abs(differences) < 2**45).tolist()
        choice = data.draw(st.sampled_from(allowed))
        chain.swap(talk, chain.spans[talk][0] + choice, differences[choice])
        assert chain.total == judged()


def test_no_two_talks_moved_make_it_better(conference: Conference) -> None:
    # No two talks moved to any two places make it better: the search has nothing left to find nearby.
    solution = solve(conference, seed=1, moves=MOVES)
    assert solution.places[4] == conference.talks[4].pinned
    for first, second in ((0, 1), (2, 3), (1, 6), (3, 5)):
        talks = conference.talks
        for one, other in product(conference.places(talks[first]), conference.places(talks[second])):
            places = list(solution.places)
            places[first], places[second] = one, other
            assert evaluate(conference, places).score <= solution.assessment.score


def test_the_same_seed_and_moves_give_the_same_timetable(conference: Conference) -> None:
    first, again = (solve(conference, seed=3, moves=MOVES) for _ in range(2))
    assert first == again


def test_without_any_budget_there_is_still_a_whole_timetable(conference: Conference) -> None:
    solution = solve(conference, seed=1, moves=0)
    assert len(solution.places) == len(conference.talks)
    for talk, place in zip(conference.talks, solution.places, strict=True):
        assert place in conference.places(talk)


def test_more_talks_than_places_share_them_and_the_score_says_so(tmp_path: Path) -> None:
    only = {("Rooms", row, 2): "Lab" for row in (2, 3)} | {("Talks", 5, 22): False}
    crowded = read_conference(make(tmp_path / "made.xlsx", only))
    assert len(crowded.places(crowded.talks[0])) == 3  # for six talks
    assert solve(crowded, seed=1, moves=500).assessment.score.hard < 0


@pytest.mark.parametrize("keeps_pins", [True, False])
def test_a_pinned_talk_that_moved_is_named_and_with_keep_pins_none_moves(
    made: Path, *, keeps_pins: bool
) -> None:
    clock = count()
    budget = Budget(60.0, lambda: float(next(clock)))
    plan = solve_book(made, seed=1, budget=budget, keeps_pins=keeps_pins)
    pinned = {talk.code for talk in read_conference(made).talks if talk.pinned}
    assert pinned
    assert set(plan.unpinned) <= (set() if keeps_pins else pinned)


def test_a_solution_is_written_into_the_workbook_and_nothing_else_changes(made: Path, tmp_path: Path) -> None:
    clock = count()
    plan = solve_book(made, seed=1, budget=Budget(60.0, lambda: float(next(clock))))
    out = tmp_path / "out.xlsx"
    out.write_bytes(plan.solution)
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(out) as after:
        assert before.namelist() == after.namelist()
        changed = [name for name in before.namelist() if before.read(name) != after.read(name)]
    assert changed == ["xl/worksheets/sheet5.xml"]
    # A reader of the format pins what stands there: read so, the solution judges itself.
    read = read_conference(make_pinned(out, tmp_path))
    places = [talk.pinned for talk in read.talks if talk.pinned]
    assert len(places) == len(read.talks)
    assert evaluate(read, places).score._asdict() == plan.score


def make_pinned(solution: Path, folder: Path) -> Path:
    """The same workbook with every talk pinned where it stands."""
    target = folder / "pinned.xlsx"
    with zipfile.ZipFile(solution) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "xl/worksheets/sheet5.xml":
                content = content.replace(b't="b"><v>0</v>', b't="b"><v>1</v>')
            new.writestr(entry, content)
    return target


@pytest.mark.shared_data
@pytest.mark.long
def test_the_smallest_given_conference_is_solved_as_well_as_by_the_peer() -> None:
    path = SHARED / "18talks-6timeslots-5rooms.xlsx"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the project")
    solution = solve(read_conference(path), seed=1, moves=60_000)
    assert solution.assessment.score >= Score(0, 0, -34_245)

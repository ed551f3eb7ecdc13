"""What the solver promises, judged by the evaluator alone."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from workbook_solvers.books import BookProgress, Budget
from workbook_solvers.cosplib.evaluate import evaluate
from workbook_solvers.cosplib.problem import Conference, Place, Submission, Weights
from workbook_solvers.cosplib.read import read_conference
from workbook_solvers.cosplib.search import Incumbent
from workbook_solvers.cosplib.solve import solve
from workbook_solvers.cosplib.write import solution_book

from benchmarks.peer_workbooks.cosplib.made import sheets, write_book
from benchmarks.peer_workbooks.cosplib.test_evaluate import shared
from kinds import rounds


class Ticking:
    """A clock that goes on by a tick each time somebody looks at it."""

    def __init__(self, tick: float = 0.001) -> None:
        self.now = 0.0
        self.tick = tick

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


@st.composite
def conferences(draw: st.DrawFn) -> Conference:
    """Two tracks of four short submissions, two sessions of two slots, two rooms, and any penalties."""

    def some(count: int) -> tuple[int, ...]:
        return tuple(draw(st.lists(st.integers(0, 2), min_size=count, max_size=count)))

    pairs = st.frozensets(st.sampled_from(list(itertools.combinations(range(4), 2))), max_size=2)
    weights = draw(st.lists(st.integers(0, 3), min_size=14, max_size=14))
    return Conference(
        submissions=tuple(
            Submission(f"s{number}", number % 2, 1, 0, some(2), some(2), some(2)) for number in range(4)
        ),
        tracks=("a", "b"),
        sessions=("m", "n"),
        slots=(2, 2),
        rooms=("x", "y"),
        weights=Weights(*[*weights, 0, 0])._replace(parallel_tracks=50),
        track_session=(some(2), some(2)),
        track_room=(some(2), some(2)),
        session_room=(some(2), some(2)),
        similar=((0, 2), (2, 0)),
        presenter_pairs=draw(pairs),
        attendee_pairs=draw(pairs),
        chair_pairs=draw(st.sampled_from([frozenset(), frozenset({(0, 1)})])),
    )


def best_by_trying_all(conference: Conference) -> int:
    cells = list(itertools.product(range(2), range(2)))
    costs = []
    for chosen in itertools.product(cells, repeat=4):
        filled: dict[tuple[int, int], int] = {}
        places = []
        for cell in chosen:
            places.append(Place(*cell, filled.get(cell, 0)))
            filled[cell] = filled.get(cell, 0) + 1
        verdict = evaluate(conference, places)
        if not verdict.broken:
            costs.append(verdict.cost)
    return min(costs)


@rounds(12)
@given(conferences())
def test_small_conferences_are_solved_to_the_best_of_all_their_timetables(conference: Conference) -> None:
    best = solve(conference, seed=1, budget=Budget(20.0, Ticking(0.01)))
    assert best.complete
    assert best.cost == best_by_trying_all(conference)
    assert best.proved


def test_the_budget_ends_the_search_and_the_draft_stays(tmp_path: Path) -> None:
    conference = read_conference(write_book(tmp_path / "made.xlsx"))
    best = solve(conference, seed=1, budget=Budget(0.0, Ticking()))
    assert best.complete
    assert not evaluate(conference, best.places).broken


def test_what_does_not_fit_is_left_out_and_the_rest_placed(tmp_path: Path) -> None:
    tables = sheets()
    for number in range(20):
        tables["submissions"].append([f"x{number}", "Energy", 1, 0, "GMT+2", "", "", "", "", "", ""])
    conference = read_conference(write_book(tmp_path / "full.xlsx", tables))
    best = solve(conference, seed=1, budget=Budget(2.0, Ticking()))
    assert not best.verdict.broken
    assert 0 < len(best.verdict.unplaced) < 25


def test_progress_only_gets_better_and_a_halt_keeps_the_best(tmp_path: Path) -> None:
    conference = read_conference(write_book(tmp_path / "made.xlsx"))
    budget = Budget(20.0, Ticking(0.01))
    told: list[BookProgress] = []

    def report(progress: BookProgress) -> None:
        told.append(progress)
        budget.halt.stop()

    best = solve(conference, seed=1, budget=budget, report=report)
    assert told
    assert best.verdict == evaluate(conference, best.places)


def test_the_solution_book_is_laid_out_as_the_peers_checker_reads_it(tmp_path: Path) -> None:
    conference = read_conference(write_book(tmp_path / "made.xlsx"))
    places = [Place(0, 0, 0), Place(0, 0, 1), Place(1, 1, 0), Place(0, 1, 2), Place(1, 0, 1)]
    out = tmp_path / "solution.xlsx"
    out.write_bytes(solution_book(conference, places))
    rows = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert rows == [
        ["", "Hall", "Den"],
        ["Mon1", "Optimisation", "Health"],
        ["Mon2", "Energy", "Health"],
        ["", "", ""],
        ["Mon1", "s1", ""],
        ["Mon1", "s2", ""],
        ["Mon1", "", 404],
        ["Mon2", "", "s3"],
        ["Mon2", "s5", "s3"],
    ]


def test_nothing_worse_or_broken_is_taken(tmp_path: Path) -> None:
    conference = read_conference(write_book(tmp_path / "made.xlsx"))
    best = Incumbent(conference, Budget(1.0, Ticking()), None)
    good = [Place(0, 0, 0), Place(0, 0, 1), Place(1, 1, 0), Place(0, 1, 2), Place(1, 0, 1)]
    assert best.offer_places(good, "a")
    assert not best.offer_places([*good[:4], None], "b")
    assert not best.offer_places([*good[:4], Place(1, 1, 0)], "c")
    assert list(best.places) == good


@pytest.mark.shared_data
@pytest.mark.slow
def test_n2or_is_solved_to_its_optimum() -> None:
    conference = shared("N2OR")
    best = solve(conference, seed=1, budget=Budget(20.0, Ticking(0.01)))
    assert (best.cost, best.proved) == (1, True)

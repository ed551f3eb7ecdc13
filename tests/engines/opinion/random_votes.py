"""Vote tables for property tests: sparse, often degenerate."""

import numpy as np
from hypothesis import strategies as st

from muntada.engines.opinion.coded import CodedVotes
from muntada.engines.opinion.votes import VoteTable

type Cells = list[list[int | None]]


@st.composite
def matrices(draw: st.DrawFn, most_people: int = 14, most_statements: int = 8) -> Cells:
    """A matrix of votes with gaps: people without votes, one statement and rank one come up often."""
    people, statements = draw(st.integers(1, most_people)), draw(st.integers(1, most_statements))
    vote = st.sampled_from([None, None, 1, 1, 0, -1])
    row = st.lists(vote, min_size=statements, max_size=statements)
    if draw(st.booleans()):
        pattern = draw(row)
        opposite = [None if value is None else -value for value in pattern]
        return [draw(st.sampled_from([pattern, opposite, [None] * statements])) for _ in range(people)]
    return draw(st.lists(row, min_size=people, max_size=people))


def cells_of(cells: Cells) -> tuple[int, int, list[tuple[int, int, int]]]:
    """Give the number of people, of statements, and the votes as (person, statement, vote)."""
    votes = [(person, place, vote) for person, row in enumerate(cells) for place, vote in enumerate(row)]
    return (
        len(cells),
        len(cells[0]),
        [(person, place, vote) for person, place, vote in votes if vote is not None],
    )


def coded_of(cells: Cells) -> CodedVotes:
    people, statements, votes = cells_of(cells)
    person, place, vote = np.array(votes, dtype=int).reshape(-1, 3).T
    return CodedVotes.of_cells(people, statements, person, place, vote)


def table_of(cells: Cells, moderated_out: tuple[str, ...] = ()) -> VoteTable:
    """People and statements are named by their places."""
    votes = [(person, place, vote) for person, row in enumerate(cells) for place, vote in enumerate(row)]
    given = [(person, place, vote) for person, place, vote in votes if vote is not None]
    person, place, vote = zip(*given, strict=True) if given else ((), (), ())
    return VoteTable.from_arrays(
        [str(number) for number in range(len(cells))],
        [str(number) for number in range(len(cells[0]))],
        participant=person,
        statement=place,
        value=vote,
        moderated_out=moderated_out,
    )


def camps(people: int, statements: int, seed: int = 0, noise: float = 0.15) -> Cells:
    """Two camps, three to two, that say the opposite of each other on all but the first statements."""
    chance = np.random.default_rng(seed)
    first = people * 3 // 5
    truth = np.where(np.arange(people)[:, None] < first, 1, -1) * np.ones((people, statements), dtype=int)
    truth[:, : statements // 4] = 1
    truth[:, statements // 4 :: 2] *= -1
    turned = chance.random(truth.shape) < noise
    truth = np.where(turned, chance.integers(-1, 2, truth.shape), truth)
    seen = chance.random(truth.shape) < 0.7
    return [
        [int(vote) if there else None for vote, there in zip(row, shown, strict=True)]
        for row, shown in zip(truth, seen, strict=True)
    ]


def one_crowd(people: int, statements: int, seed: int = 0) -> Cells:
    """Return one crowd without camps: where people stand is drawn from one normal distribution on a line."""
    chance = np.random.default_rng(seed)
    stands, pulls = chance.normal(size=(people, 1)), chance.normal(size=(1, statements))
    leaning = stands @ pulls + chance.normal(scale=0.5, size=(people, statements))
    return [[int(vote) for vote in row] for row in np.sign(leaning)]

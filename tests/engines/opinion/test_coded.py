from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.opinion.random_votes import Cells, cells_of, matrices
from kinds import rounds
from muntada.engines.opinion import coded as coded_module
from muntada.engines.opinion.coded import CodedVotes


@given(
    cells=matrices(),
    dice=st.randoms(use_true_random=False),
    by_person=st.booleans(),
    chunk=st.sampled_from([1, 3, 1 << 20]),
)
@rounds(120)
def test_votes_are_coded_and_read_back_in_whatever_order_they_came(
    *, cells: Cells, dice: Random, by_person: bool, chunk: int
) -> None:
    people, statements, given_votes = cells_of(cells)
    shuffled = list(given_votes)
    dice.shuffle(shuffled)
    if by_person:
        shuffled.sort(key=lambda vote: vote[0])
    columns = list(zip(*shuffled, strict=True)) or [(), (), ()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coded_module, "CHUNK", chunk)
        coded = CodedVotes.of_cells(people, statements, *(np.array(column, dtype=int) for column in columns))
    read = list(
        zip(coded.participant().tolist(), coded.statement().tolist(), coded.value().tolist(), strict=True)
    )
    assert read == given_votes
    assert len(coded) == len(given_votes)
    assert coded.participants == people
    assert coded.counts.tolist() == [sum(vote is not None for vote in row) for row in cells]


def test_more_statements_than_two_bytes_hold_take_four() -> None:
    assert CodedVotes.of_cells(1, 21_845, [0], [21_844], [1]).codes.dtype == np.uint16
    coded = CodedVotes.of_cells(1, 21_846, [0], [21_845], [1])
    assert coded.codes.dtype == np.uint32
    assert (coded.statement().tolist(), coded.value().tolist()) == ([21_845], [1])


def test_two_votes_on_the_same_cell_are_refused() -> None:
    with pytest.raises(ValueError, match="more than one vote"):
        CodedVotes.of_cells(2, 2, [0, 1, 1], [0, 1, 1], [1, 0, 1])


@pytest.mark.parametrize(("person", "statement"), [(2, 0), (-1, 0), (0, 3), (0, -1)])
def test_a_vote_outside_the_table_is_refused(person: int, statement: int) -> None:
    with pytest.raises(ValueError, match="not in the table"):
        CodedVotes.of_cells(2, 3, [person], [statement], [1])

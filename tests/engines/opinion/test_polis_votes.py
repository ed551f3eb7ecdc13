from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.opinion import polis_blocks
from muntada.engines.opinion.polis_integers import PlainRows
from muntada.engines.opinion.polis_votes import VoteEvents, read_votes
from muntada.engines.tables import TableFault

HEADER = "timestamp,datetime,comment-id,voter-id,vote\n"

ids = st.integers(0, 10**12) | st.integers(0, 30)
rows = st.tuples(st.integers(10**11, 10**14 - 1), ids, ids, st.sampled_from([-1, 0, 1]))


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def as_rows(votes: VoteEvents) -> list[tuple[int, str, str, int]]:
    assert votes.moments is not None
    return [
        (int(moment), vote.statement, vote.participant, vote.value)
        for moment, vote in zip(votes.moments, votes, strict=True)
    ]


@given(some=st.lists(rows, min_size=1, max_size=40), first=st.integers(0, 40))
def test_blocks_and_cells_are_read_alike(
    tmp_path_factory: pytest.TempPathFactory, some: list[tuple[int, int, int, int]], first: int
) -> None:
    """From the row `first` on the votes are quoted, so that they are read cell by cell."""
    lines = [
        f"{at},Wed,{text},{person},{vote}\n" if number < first else f'"{at}",Wed,"{text}",{person},{vote}\n'
        for number, (at, text, person, vote) in enumerate(some)
    ]
    path = written(tmp_path_factory.mktemp("votes") / "votes.csv", HEADER + "".join(lines))
    assert as_rows(read_votes(path)) == [(at, str(text), str(who), vote) for at, text, who, vote in some]


@pytest.mark.parametrize("size", [45, 58, 64, 100])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "4000,x,9,7,0", '4000,"x\ny",9,"7",0\n'])
def test_it_is_all_the_same_where_a_block_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, end: str, last: str
) -> None:
    text = (HEADER + "1000,x,1,2,1\n2000,x,3,2,-1\n\n3000,x,1,4,0\n" + last).replace("\n", end)
    monkeypatch.setattr(polis_blocks, "BLOCK", size)
    expected = [(1000, "1", "2", 1), (2000, "3", "2", -1), (3000, "1", "4", 0), (4000, "9", "7", 0)]
    assert as_rows(read_votes(written(tmp_path / "votes.csv", text))) == expected[: 4 if last else 3]


@pytest.mark.parametrize("size", [16, 1 << 20])
@pytest.mark.parametrize("row", ["1000,x,1,2,7", "1000,x,1,2", "1,x,1,,1", "1000,x,,2,1", "-1,x,1,2,1"])
def test_the_line_of_a_fault_is_told_whatever_stood_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, row: str
) -> None:
    monkeypatch.setattr(polis_blocks, "BLOCK", size)
    path = written(tmp_path / "votes.csv", "\n" + HEADER + "1000,x,1,2,1\n" * 5 + f"{row}\n")
    with pytest.raises(TableFault) as caught:
        read_votes(path)
    assert caught.value.line == 8


@pytest.mark.parametrize("cell", ["1.0", " 1", "+1", "1."])
def test_a_vote_may_be_written_in_several_ways(tmp_path: Path, cell: str) -> None:
    assert read_votes(written(tmp_path / "votes.csv", HEADER + f"1000,x,1,2,{cell}\n"))[0].value == 1


def test_ids_with_zeros_before_them_are_other_ids(tmp_path: Path) -> None:
    votes = read_votes(
        written(tmp_path / "votes.csv", HEADER + "1000,x,1,7,1\n1000,x,1,007,1\n1000,x,1,a,1\n")
    )
    assert votes.participants == ("7", "007", "a")


def test_the_same_id_is_one_whether_read_in_a_block_or_in_a_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polis_blocks, "BLOCK", 64)
    text = HEADER + "1000,x,1,7,1\n1000,x,2,8,1\n" + '1000,x,"1", 7 ,-1\n1000,x,2,7,0\n'
    votes = read_votes(written(tmp_path / "votes.csv", text))
    assert (votes.participants, votes.statements) == (("7", "8"), ("1", "2"))
    assert votes.person.tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize(
    "block", [b"1,2\n3\n", b"1\n2,3\n", b'1,"2"\n', b"1,\xff\n", b"1,2\n\n3,4\n", b"1,\x002\n", b"1,2\r\n"]
)
def test_a_block_that_is_not_plain_is_left_to_others(block: bytes) -> None:
    assert PlainRows.of(block, 2) is None


@pytest.mark.parametrize(
    "cells", [["1", ""], ["-1"], ["a"], ["1.0"], ["01"], ["00"], ["1" * 16], [" 1"], ["/"]]
)
def test_a_cell_that_is_no_plain_number_is_left_to_others(cells: list[str]) -> None:
    read = PlainRows.of("".join(f"{cell},x\n" for cell in cells).encode(), 2)
    assert read is not None
    assert read.numbers(0) is None


@pytest.mark.parametrize("cell", ["2", "-0", "+1", "11", "-", "", "1.0", "-11"])
def test_a_cell_that_is_no_plain_vote_is_left_to_others(cell: str) -> None:
    read = PlainRows.of(f"1,x\n{cell},x\n".encode(), 2)
    assert read is not None
    assert read.votes(0) is None


def test_plain_numbers_of_different_lengths_are_read(tmp_path: Path) -> None:
    read = PlainRows.of(b"0,1\n123456789012345,-1\n90,0", 2)
    assert read is not None
    numbers, votes = read.numbers(0), read.votes(1)
    assert numbers is not None
    assert votes is not None
    assert (numbers.tolist(), votes.tolist()) == ([0, 123456789012345, 90], [1, -1, 0])
    assert votes.dtype == np.int8

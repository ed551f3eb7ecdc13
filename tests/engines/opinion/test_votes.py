from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from muntada.engines.opinion.coded import CodedVotes
from muntada.engines.opinion.votes import VoteEvent, VoteTable, canonical_order

START = datetime(2025, 7, 7, tzinfo=UTC)


def event(participant: str, statement: str, value: int, minute: int = 0) -> VoteEvent:
    return VoteEvent(participant, statement, value, START + timedelta(minutes=minute))


def cells_of(table: VoteTable) -> dict[tuple[str, str], int]:
    return {
        (table.participants[person], table.statements[text]): int(value)
        for person, text, value in zip(table.participant, table.statement, table.value, strict=True)
    }


def test_the_last_vote_by_time_counts_wherever_its_row_stands() -> None:
    events = [event("a", "1", -1, 9), event("a", "1", 1, 2), event("b", "1", 0, 1)]
    assert cells_of(VoteTable.from_events(events)) == {("a", "1"): -1, ("b", "1"): 0}
    assert cells_of(VoteTable.from_events(events[::-1])) == {("a", "1"): -1, ("b", "1"): 0}


def test_of_two_votes_at_the_same_moment_the_later_row_counts() -> None:
    assert cells_of(VoteTable.from_events([event("a", "1", 1), event("a", "1", -1)])) == {("a", "1"): -1}


def test_ids_that_are_numbers_are_ordered_by_value_and_others_as_text() -> None:
    assert canonical_order(["b", "10", "9", "a", "9" * 5000]) == ["9", "10", "9" * 5000, "a", "b"]


def test_people_and_statements_without_votes_can_be_named() -> None:
    table = VoteTable.from_events(
        [event("2", "7", 1)], participants=["1"], statements=["3"], moderated_out=["9"], meta=["3"]
    )
    assert table.participants == ("1", "2")
    assert table.statements == ("3", "7", "9")
    assert table.left_out().tolist() == [True, False, True]


def test_arrival_is_the_order_of_first_votes() -> None:
    events = [event("a", "1", 1, 5), event("a", "2", 1, 9), event("b", "1", 1, 3), event("a", "1", 0, 11)]
    assert VoteTable.from_events(events, participants=["0"]).arrival.tolist() == [2, 1, 0]


def test_of_people_at_the_same_moment_the_one_whose_row_stands_first_comes_first() -> None:
    events = [event("b", "1", 1, 5), event("c", "1", 1, 5), event("a", "1", 1, 5), event("c", "2", 1, 2)]
    assert VoteTable.from_events(events).arrival.tolist() == [2, 1, 0]
    assert VoteTable.from_events(events[::-1]).arrival.tolist() == [1, 2, 0]


def test_without_moments_nobody_came_before_anybody_else() -> None:
    columns = {"participant": [3, 1, 3, 0], "statement": [0, 0, 1, 0], "value": [1, 1, 1, 1]}
    assert VoteTable.from_arrays("0123", "01", **columns).arrival.tolist() == [0, 1, 3, 2]


def test_a_table_without_votes_is_a_table() -> None:
    table = VoteTable.from_events([])
    assert table.participants == table.statements == ()
    assert table.value.size == 0


def test_arrays_may_come_with_ids_in_any_order() -> None:
    table = VoteTable.from_arrays(
        ["10", "9"],
        ["b", "a"],
        participant=[0, 1, 0],
        statement=[0, 0, 0],
        value=[1, -1, 0],
        moment=[1, 1, 2],
    )
    assert cells_of(table) == {("10", "b"): 0, ("9", "b"): -1}


def test_nobody_can_write_into_a_table() -> None:
    table = VoteTable.from_events([event("a", "1", 1)])
    with pytest.raises(ValueError, match="read-only"):
        table.coded.codes[0] = 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"value": [7]}, "a vote is 1"),
        ({"participant": [1]}, "not in the table"),
        ({"statement": [-1]}, "not in the table"),
        ({"value": [1, 1]}, "each vote needs"),
    ],
)
def test_arrays_that_make_no_sense_are_refused(wrong: dict[str, list[int]], sentence: str) -> None:
    right = {"participant": [0], "statement": [0], "value": [1]}
    with pytest.raises(ValueError, match=sentence):
        VoteTable.from_arrays(["a"], ["1"], **(right | wrong))


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        VoteTable.from_events([VoteEvent("a", "1", 1, datetime(2025, 7, 7))])  # noqa: DTZ001 - the fault itself


def test_ids_out_of_order_or_twice_and_votes_of_others_are_refused() -> None:
    coded = CodedVotes.of_cells(2, 1, [0], [0], [1])
    for ids in (("b", "a"), ("10", "9"), ("a", "a")):
        with pytest.raises(ValueError, match="canonical order"):
            VoteTable(ids, ("1",), coded, np.arange(2))
    with pytest.raises(ValueError, match="not on so many"):
        VoteTable(("a",), ("1",), coded, np.arange(1))


def test_people_without_names_are_numbered_in_little_room() -> None:
    table = VoteTable.of_coded(CodedVotes.of_cells(3, 2, [2, 0], [1, 0], [1, -1]))
    assert (list(table.participants), table.statements) == (["0", "1", "2"], ("0", "1"))
    assert (table.participants[-1], table.participants[1:]) == ("2", ["1", "2"])
    assert cells_of(table) == {("0", "0"): -1, ("2", "1"): 1}

"""Parts of the votes against all votes in one place."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.opinion.random_votes import Cells, camps, matrices, table_of
from kinds import rounds
from muntada.engines.opinion import part
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.coded import CodedVotes
from muntada.engines.opinion.part_files import part_of, read_names, read_part, split, write_parts
from muntada.engines.opinion.partitions import SUMS_ALONE, Combined, Here, combine, described
from muntada.engines.opinion.polis import read_polis
from muntada.engines.opinion.report import as_plain_values
from muntada.engines.opinion.result import OpinionMap
from muntada.engines.opinion.settings import Settings
from muntada.engines.opinion.votes import VoteTable

SMALL = replace(SUMS_ALONE, enough_votes=2, fill_up_to=4, fewest_people=3, smallest_group=1)


def in_parts(table: VoteTable, parts: int) -> Here[CodedVotes]:
    return Here([one.votes for one in split(table, parts)])


def without_votes(table: VoteTable) -> VoteTable:
    return VoteTable.from_arrays(
        (),
        table.statements,
        participant=(),
        statement=(),
        value=(),
        moderated_out=table.moderated_out,
        meta=table.meta,
    )


def numbers(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """All values of a report with their paths."""
    if isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        yield path, len(value)
        for key, one in inside:
            yield from numbers(one, f"{path}/{key}")
    else:
        yield path, value


def same(found: OpinionMap, whole: OpinionMap) -> None:
    ours, theirs = as_plain_values(found), as_plain_values(whole)
    if not found.participants:
        theirs["participants"] = []
    ours, theirs = dict(numbers(ours)), dict(numbers(theirs))
    assert ours.keys() == theirs.keys()
    for path, value in theirs.items():
        if isinstance(value, float):
            assert ours[path] == pytest.approx(value, abs=1e-9), path
        else:
            assert ours[path] == value, path


def same_bytes(one: Combined, other: Combined) -> None:
    for name in ("counts", "statements", "sizes", "middles", "tallies"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()
    assert one.axes.directions.tobytes() == other.axes.directions.tobytes()
    assert one.silhouettes == other.silhouettes
    assert one.tendencies == other.tendencies


@given(cells=matrices(), parts=st.integers(1, 5), out=st.sets(st.integers(0, 7)))
@rounds(60)
def test_parts_together_are_the_whole_in_any_consultation(cells: Cells, parts: int, out: set[int]) -> None:
    table = table_of(cells, tuple(str(place) for place in out if place < len(cells[0])))
    found = combine(in_parts(table, parts), table.left_out(), SMALL)
    whole = analyse(table, SMALL)
    assert found.counts.tolist() == analysed_counts(whole)
    # Where two eigenvalues are equal, any axes of their plane are as good: the spectrum is compared.
    assert found.axes.shares == pytest.approx([axis.share for axis in whole.axes], abs=1e-9)
    assert found.grouped == sum(group.size for group in whole.groups) or not whole.groups


def analysed_counts(whole: OpinionMap) -> list[list[int]]:
    return [[one.disagree, one.passed, one.agree] for one in whole.statements]


@pytest.mark.parametrize("parts", [1, 2, 3, 7])
def test_parts_of_two_camps_give_the_map_of_the_whole(parts: int) -> None:
    table = table_of(camps(300, 30), ("3", "4"))
    found = combine(in_parts(table, parts), table.left_out(), SUMS_ALONE)
    whole = analyse(table, SUMS_ALONE)
    assert len(whole.groups) == 2
    same(described(found, without_votes(table)), whole)


def test_more_places_than_are_listed_are_gathered_in_squares(monkeypatch: pytest.MonkeyPatch) -> None:
    """With more than 1,000 places for the number of groups, with more than the crowd for the division too."""
    table = table_of(camps(2_500, 20))
    whole = analyse(table, SUMS_ALONE)
    same(described(combine(in_parts(table, 3), table.left_out(), SUMS_ALONE), without_votes(table)), whole)
    for module in ("groups", "partitions"):
        monkeypatch.setattr(f"muntada.engines.opinion.{module}.CROWD", 2_000)
    whole = analyse(table, SUMS_ALONE)
    same(described(combine(in_parts(table, 3), table.left_out(), SUMS_ALONE), without_votes(table)), whole)


def test_people_have_the_same_places_and_groups_in_their_parts() -> None:
    table = table_of(camps(300, 30))
    found = combine(in_parts(table, 4), table.left_out(), SUMS_ALONE)
    names = [one.names for one in split(table, 4)]
    told = described(found, without_votes(table), names=names)
    assert [one.id for one in told.participants] == [str(number) for number in range(300)]
    same(told, analyse(table, SUMS_ALONE))


@pytest.mark.parametrize("parts", [1, 3])
def test_too_few_people_nobody_and_all_alike_are_named(parts: int) -> None:
    nobody = [[None, None]] * 4
    alike = [[1, -1, 0, 1]] * 20
    few = camps(6, 10)
    for cells in (nobody, alike, few):
        table = table_of(cells)
        found = combine(in_parts(table, parts), table.left_out(), SUMS_ALONE)
        names = [one.names for one in split(table, parts)]
        same(described(found, without_votes(table), names=names), analyse(table, SUMS_ALONE))


def test_a_part_may_be_empty() -> None:
    table = table_of(camps(40, 12))
    more = [*in_parts(table, 2).parts, CodedVotes.of_cells(0, 12, (), (), ())]
    found = combine(Here(more), table.left_out(), SUMS_ALONE)
    same(described(found, without_votes(table)), analyse(table, SUMS_ALONE))


def test_the_same_parts_give_the_same_bytes() -> None:
    table = table_of(camps(200, 20))
    once, again = (combine(in_parts(table, 3), table.left_out(), SUMS_ALONE, seed=4) for _ in range(2))
    same_bytes(once, again)


def test_only_three_numbers_a_statement_travel_in_a_pass() -> None:
    statements, people = 30, 400
    travelled: dict[str, set[int]] = {}

    class Watched:
        def __init__(self, inner: Here[Any]) -> None:
            self.inner = inner

        def made(self, make: Any, *told: Any) -> "Watched":
            return Watched(self.inner.made(make, *told))

        def asked(self, ask: Any, *told: Any) -> list[Any]:
            answers = self.inner.asked(ask, *told)
            sizes = {array.size for array in (*told, *answers) if isinstance(array, np.ndarray)}
            travelled.setdefault(ask.__name__, set()).update(sizes)
            return answers

    table = table_of(camps(people, statements))
    combine(Watched(in_parts(table, 3)), table.left_out(), SUMS_ALONE)
    assert travelled["passed"] == {3 * statements}
    assert max(size for sizes in travelled.values() for size in sizes) <= 3 * statements * 2  # groups


@pytest.mark.parametrize("way", [Settings(compat="polis"), Settings(without_tendency=True)])
def test_other_ways_than_the_plain_one_are_not_followed_in_parts(way: Settings) -> None:
    table = table_of(camps(20, 10))
    with pytest.raises(ValueError, match="the plain way"):
        combine(in_parts(table, 2), table.left_out(), way)


def test_a_part_is_kept_in_a_file_and_read_again(tmp_path: Path) -> None:
    table = table_of(camps(50, 12))
    parts = split(table, 3)
    paths = write_parts(tmp_path, parts)
    assert sorted(tmp_path.iterdir()) == paths
    for path, one in zip(paths, parts, strict=True):
        kept = read_part(path)
        assert kept.statements == one.votes.statements
        assert (kept.codes.tolist(), kept.offsets.tolist()) == (
            one.votes.codes.tolist(),
            one.votes.offsets.tolist(),
        )
        assert read_names(path) == one.names


def test_somebody_is_always_in_the_same_part() -> None:
    assert [part_of(name, 4) for name in ("0", "1", "2", "ada", "李")] == [1, 3, 1, 0, 0]
    few, many = split(table_of(camps(30, 9)), 4), split(table_of(camps(60, 9)), 4)
    for one, other in zip(few, many, strict=True):
        assert set(one.names) <= set(other.names)


def test_a_division_by_squares_gives_the_group_of_the_square() -> None:
    squares = np.array([0, 0, 1, 1])
    division = part.Division(np.zeros((2, 2)), squares, part.Frame(np.zeros(2), 1.0), 2)
    assert division.labels(np.array([[0.1, 0.9], [0.9, 0.1]])).tolist() == [0, 1]
    assert division.renumbered(np.array([1, 0])).labels(np.array([[0.1, 0.9], [0.9, 0.1]])).tolist() == [1, 0]


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name",
    ["15-per-hour-seattle", "canadian-electoral-reform", "scoop-hivemind.biodiversity", "vtaiwan.uberx"],
)
def test_real_consultations_in_parts_give_the_map_of_the_whole(shared_data: Path, name: str) -> None:
    table = read_polis(shared_data / "polis" / name).table()
    whole = analyse(table, SUMS_ALONE)
    for parts in (2, 5):
        found = combine(in_parts(table, parts), table.left_out(), SUMS_ALONE)
        same(described(found, without_votes(table)), whole)

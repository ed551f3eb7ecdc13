"""Votes in parts against the same votes in one place."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.opinion.random_votes import Cells, camps, coded_of, matrices, one_crowd, table_of
from kinds import rounds
from muntada.engines.opinion import bootstrap, chance, projection
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.coded import CodedVotes
from muntada.engines.opinion.kernel import Loops
from muntada.engines.opinion.parts import PartedLoops, PartedVotes, Parts, PartsHere
from muntada.engines.opinion.polis import read_polis
from muntada.engines.opinion.report import as_plain_values
from muntada.engines.opinion.result import ComputedMap
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.voices import Voices
from muntada.engines.opinion.votes import VoteTable


def pieces(votes: CodedVotes, parts: int) -> list[CodedVotes]:
    return [votes.of_people(places) for places in np.array_split(np.arange(votes.participants), parts)]


def parted(votes: CodedVotes, parts: int) -> PartedVotes:
    return PartedVotes.taken(votes.statements, pieces(votes, parts), PartsHere())


def in_parts(table: VoteTable, parts: int, where: Parts | None = None) -> VoteTable:
    whole = table.coded.whole()
    votes = PartedVotes.taken(whole.statements, pieces(whole, parts), where or PartsHere())
    return replace(table, coded=votes)


def rows(votes: CodedVotes) -> list[list[int]]:
    return [votes.codes[first:last].tolist() for first, last in pairwise(votes.offsets)]


def numbers(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """All values of a report with their paths."""
    if isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        yield path, len(value)
        for key, one in inside:
            yield from numbers(one, f"{path}/{key}")
    else:
        yield path, value


def same(found: ComputedMap, whole: ComputedMap) -> None:
    ours, theirs = dict(numbers(as_plain_values(found))), dict(numbers(as_plain_values(whole)))
    assert ours.keys() == theirs.keys()
    for path, value in theirs.items():
        if isinstance(value, float):
            assert ours[path] == pytest.approx(value, abs=1e-8), path
        else:
            assert ours[path] == value, path


@given(cells=matrices(), parts=st.integers(1, 5), seed=st.integers(0, 9))
@rounds(60)
def test_a_pass_over_parts_is_the_pass_over_all_votes(cells: Cells, parts: int, seed: int) -> None:
    votes, dice = coded_of(cells), np.random.default_rng(seed)
    here, there = Loops(votes), PartedLoops(parted(votes, parts))
    weights, values = dice.random(len(cells)), dice.random((len(cells), 3))
    table, labels = dice.random((3 * votes.statements, 2)), dice.integers(-1, 2, len(cells))
    assert there.histogram().tolist() == here.histogram().tolist()
    assert there.histogram(weights) == pytest.approx(here.histogram(weights))
    assert there.scatter(values.__getitem__, 3) == pytest.approx(here.scatter(values.__getitem__, 3))
    assert there.fused_pass(table, weights) == pytest.approx(here.fused_pass(table, weights))
    assert there.fused_pass(table[:, 0]) == pytest.approx(here.fused_pass(table[:, 0]))
    assert there.positions(table).tolist() == here.positions(table).tolist()
    assert there.group_counts(labels, 2).tolist() == here.group_counts(labels, 2).tolist()
    assert there.group_counts(labels, 2, weights) == pytest.approx(here.group_counts(labels, 2, weights))


@given(cells=matrices(), parts=st.integers(1, 5), chosen=st.sets(st.integers(0, 13)))
@rounds(60)
def test_the_votes_of_some_people_are_brought_here(cells: Cells, parts: int, chosen: set[int]) -> None:
    votes = coded_of(cells)
    places = np.array(sorted(one for one in chosen if one < len(cells)), dtype=np.intp)
    for one in (votes, parted(votes, parts)):
        some = one.of_people(places)
        assert rows(some) == [rows(votes)[place] for place in places]
        assert (some.participants, some.statements) == (len(places), votes.statements)
    whole = parted(votes, parts).whole()
    assert (whole.codes.tolist(), whole.offsets.tolist()) == (votes.codes.tolist(), votes.offsets.tolist())


@pytest.mark.long
@pytest.mark.parametrize("parts", [2, 7])
@pytest.mark.parametrize("cells", [camps(40, 14), one_crowd(50, 8), camps(6, 10), [[None] * 4] * 12])
def test_parts_give_the_map_of_the_whole_with_chance_and_redrawing_and_scores(
    cells: Cells, parts: int
) -> None:
    table = table_of(cells, ("3",))
    voices = Voices(declared={"kind": {str(one): "ab"[one % 2] for one in range(len(cells))}})
    same(analyse(in_parts(table, parts), seed=2, voices=voices), analyse(table, seed=2, voices=voices))


@pytest.mark.long
def test_of_a_crowd_those_drawn_by_lot_are_the_same_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "MOST_DRAWN", 100)
    monkeypatch.setattr(chance, "MOST_COMPARED", 60)
    monkeypatch.setattr(projection, "FEW_VOTES", 200)
    table = table_of(camps(200, 16))
    whole = analyse(table)
    assert whole.grouping.steadiness is not None
    assert whole.grouping.steadiness.people == 100
    same(analyse(in_parts(table, 4)), whole)


@pytest.mark.parametrize("way", [OpinionSettings(compat="polis"), OpinionSettings(without_tendency=True)])
@pytest.mark.long
def test_parts_follow_the_other_ways_too(way: OpinionSettings) -> None:
    table = table_of(camps(60, 12))
    same(analyse(in_parts(table, 3), way), analyse(table, way))


@pytest.mark.long
def test_the_same_parts_give_the_same_bytes() -> None:
    table = table_of(camps(60, 12))
    once, again = (as_plain_values(analyse(in_parts(table, 3), seed=4)) for _ in range(2))
    assert once == again


@pytest.mark.shared_data
@pytest.mark.slow
@pytest.mark.parametrize("name", ["15-per-hour-seattle", "scoop-hivemind.biodiversity", "vtaiwan.uberx"])
def test_real_consultations_in_parts_give_the_map_of_the_whole(shared_data: Path, name: str) -> None:
    table = read_polis(shared_data / "polis" / name).table()
    same(analyse(in_parts(table, 5)), analyse(table))

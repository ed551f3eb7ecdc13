"""The live map against the whole analysis: after any sequence of votes, re-votes and moderations."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from engines.opinion.random_votes import camps, table_of
from kinds import rounds
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.live import MOST_DRIFT, LiveMap, renewed
from muntada.engines.opinion.polis import read_polis
from muntada.engines.opinion.renewal import angle
from muntada.engines.opinion.report import as_plain_values
from muntada.engines.opinion.result import GroupVotes
from muntada.engines.opinion.settings import Settings
from muntada.engines.opinion.votes import VoteEvent, VoteTable

QUICK = Settings(chance_rounds=0, redraw_rounds=0, scores=False)
SMALL = replace(QUICK, enough_votes=2, fill_up_to=4, fewest_people=3, smallest_group=1, starts=2)
PEOPLE = st.sampled_from([str(number) for number in range(9)])
STATEMENTS = st.sampled_from([str(number) for number in range(6)])
VALUES = st.sampled_from([1, 1, 0, -1])
START = datetime(2026, 1, 1, tzinfo=UTC)


def centred(table: VoteTable) -> np.ndarray:
    """The imputed and centred matrix as it would be with all gaps filled."""
    votes = np.full((len(table.participants), len(table.statements)), np.nan)
    votes[table.participant, table.statement] = table.value
    votes[:, table.left_out()] = np.nan
    seen = np.maximum((~np.isnan(votes)).sum(axis=0), 1)
    return np.nan_to_num(votes - np.nansum(votes, axis=0) / seen)


def exact_plane(table: VoteTable) -> np.ndarray:
    matrix = centred(table)
    return np.linalg.eigh(matrix.T @ matrix)[1][:, :-3:-1]


def plane_of(live: LiveMap, table: VoteTable) -> np.ndarray:
    """The axes of a live map in the order of a table's statements."""
    return live.snapshot().axes[[live._text_at[name] for name in table.statements]]


class AnyConsultation(RuleBasedStateMachine):
    """Votes come, are changed, come in batches; statements come and go; now and then somebody looks."""

    @initialize(begun=st.booleans())
    def begin(self, *, begun: bool) -> None:
        self.events: list[VoteEvent] = []
        self.out: set[str] = set()
        self.names: set[str] = set()
        if begun:
            for person in range(8):
                for text in range(5):
                    self._note(str(person), str(text), 1 if (person < 4) == (text < 2) else -1)
        self.live = LiveMap.of(self.table(), SMALL, seed=3) if begun else LiveMap(SMALL, seed=3)

    def _note(self, participant: str, statement: str, value: int) -> None:
        at = START + timedelta(seconds=len(self.events))
        self.events.append(VoteEvent(participant, statement, value, at))

    def table(self) -> VoteTable:
        return VoteTable.from_events(self.events, moderated_out=self.out, statements=self.names)

    def current(self) -> dict[tuple[str, str], int]:
        return {(one.participant, one.statement): one.value for one in self.events}

    @rule(participant=PEOPLE, statement=STATEMENTS, value=VALUES)
    def somebody_votes(self, participant: str, statement: str, value: int) -> None:
        self._note(participant, statement, value)
        self.live.vote(participant, statement, value)

    @rule(votes=st.lists(st.tuples(PEOPLE, STATEMENTS, VALUES), max_size=30))
    def many_vote(self, votes: list[tuple[str, str, int]]) -> None:
        for vote in votes:
            self._note(*vote)
        self.live.vote_all(
            [vote[0] for vote in votes], [vote[1] for vote in votes], [vote[2] for vote in votes]
        )

    @rule(statement=STATEMENTS, out=st.booleans())
    def somebody_moderates(self, statement: str, *, out: bool) -> None:
        if (statement in self.out) != out:
            self.names.add(statement)
        (self.out.add if out else self.out.discard)(statement)
        self.live.moderate(statement, out=out)

    @rule(votes=st.lists(st.tuples(PEOPLE, STATEMENTS, VALUES), max_size=4))
    def axes_are_renewed_while_votes_come(self, votes: list[tuple[str, str, int]]) -> None:
        renewal = renewed(self.live.snapshot())
        for vote in votes:
            self.somebody_votes(*vote)
        self.live.adopt(renewal)

    @rule()
    def the_map_is_refreshed(self) -> None:
        done = self.live.refresh()
        assert done.analysis is not None or (done.drift <= MOST_DRIFT and done.doubt <= 2)
        matrix, plane = centred(self.table()), plane_of(self.live, self.table())
        best = float((np.linalg.svd(matrix)[1][:2] ** 2).sum())
        # A plane within two degrees of the best one holds all that one holds but for sin(2 degrees) squared.
        assert float(((matrix @ plane) ** 2).sum()) >= best * (1 - np.sin(np.radians(2)) ** 2) - 1e-9

    @rule()
    def the_whole_is_made_anew(self) -> None:
        opinion = self.live.recompute()
        from_votes_and_seed = analyse(self.table(), SMALL, seed=3)
        assert as_plain_values(opinion) == as_plain_values(from_votes_and_seed)
        for one in opinion.participants:
            live = self.live.place(one.id)
            assert (live.votes, live.group) == (one.votes, one.group)
            assert (live.x, live.y) == pytest.approx((one.x, one.y), abs=1e-9)
        for statement in opinion.statements:
            assert self.live.by_group(statement.id) == statement.by_group
            assert self.live.counts(statement.id) == GroupVotes(
                statement.agree, statement.disagree, statement.passed
            )

    @invariant()
    def the_table_is_that_of_all_events(self) -> None:
        ours, whole = self.live.table(), self.table()
        assert (ours.participants, ours.statements) == (whole.participants, whole.statements)
        assert (ours.moderated_out, ours.meta) == (whole.moderated_out, whole.meta)
        for name in ("participant", "statement", "value", "arrival"):
            assert np.array_equal(getattr(ours, name), getattr(whole, name))

    @invariant()
    def counts_and_tallies_are_exact(self) -> None:
        votes = self.current()
        group_of = {name: self.live.place(name).group for name, _ in votes}
        for statement in {name for _, name in votes}:
            given = [(group_of[who], value) for (who, what), value in votes.items() if what == statement]
            assert self.live.counts(statement) == counted([value for _, value in given])
            assert self.live.by_group(statement) == tuple(
                counted([value for group, value in given if group == number])
                for number in range(self.live.groups)
            )

    @invariant()
    def who_voted_enough_is_in_the_nearest_group(self) -> None:
        middles = self.live._standing.middles()
        for name in {name for name, _ in self.current()}:
            person = self.live._person_at[name]
            enough = bool(self.live._standing.grouped()[person])
            assert (self.live.place(name).group is not None) == (enough and len(middles) > 0)


def counted(values: list[int]) -> GroupVotes:
    return GroupVotes(values.count(1), values.count(-1), values.count(0))


AnyConsultation.TestCase.settings = hypothesis_settings(rounds(60), stateful_step_count=25)
TestAnyConsultation = AnyConsultation.TestCase


def votes_of(cells: list[list[int | None]]) -> list[tuple[str, str, int]]:
    return [
        (str(person), str(text), value)
        for person, row in enumerate(cells)
        for text, value in enumerate(row)
        if value is not None
    ]


def test_a_person_moves_with_their_vote_and_changes_the_group() -> None:
    live = LiveMap.of(table_of(camps(60, 12)), QUICK)
    assert live.groups == 2
    assert live.place("0").group == 0
    for statement in range(12):
        theirs = live.by_group(str(statement))[1]
        live.vote("0", str(statement), 1 if theirs.agree > theirs.disagree else -1)
    assert live.place("0").group == 1


def test_somebody_new_joins_a_group_with_the_seventh_vote() -> None:
    live = LiveMap.of(table_of(camps(60, 12)), QUICK)
    before = live.by_group("1")
    for statement in range(6):
        live.vote("new", str(statement), 1)
        assert live.place("new").group is None
    assert live.by_group("1") == before
    live.vote("new", "6", 1)
    group = live.place("new").group
    assert group is not None
    assert live.by_group("1")[group].agree == before[group].agree + 1


def test_a_new_statement_is_counted_at_once_and_on_the_axes_after_a_refresh() -> None:
    live = LiveMap.of(table_of(camps(60, 12)), QUICK)
    for person in range(60):
        live.vote(str(person), "new", 1 if person < 36 else -1)
    assert live.counts("new") == GroupVotes(36, 24, 0)
    assert not live.snapshot().axes[live._text_at["new"]].any()
    live.refresh()
    assert abs(live.snapshot().axes[live._text_at["new"]]).max() > 0.1


def test_votes_in_a_batch_lead_to_the_same_as_one_by_one() -> None:
    table, more = table_of(camps(80, 14)), votes_of(camps(90, 17, seed=5, noise=0.5))
    one_by_one, at_once = LiveMap.of(table, QUICK), LiveMap.of(table, QUICK)
    for vote in more:
        one_by_one.vote(*vote)
    at_once.vote_all(*(list(column) for column in zip(*more, strict=True)))
    for person in range(90):
        left, right = one_by_one.place(str(person)), at_once.place(str(person))
        assert (left.votes, left.group) == (right.votes, right.group)
        assert (left.x, left.y) == pytest.approx((right.x, right.y), abs=1e-9)
    for text in range(17):
        assert one_by_one.by_group(str(text)) == at_once.by_group(str(text))


def test_the_axes_keep_their_sides_in_a_refresh() -> None:
    live = LiveMap.of(table_of(camps(80, 14)), QUICK)
    before = live.snapshot().axes
    live.vote_all(*(list(column) for column in zip(*votes_of(camps(90, 14, seed=9)), strict=True)))
    live.adopt(renewed(live.snapshot()))
    assert ((before * live.snapshot().axes).sum(axis=0) > 0).all()


def test_a_plane_that_turned_far_brings_the_whole_analysis() -> None:
    live = LiveMap.of(table_of(camps(60, 12)), QUICK)
    assert live.refresh().analysis is None
    for person in range(60):
        for statement in range(12):
            live.vote(str(person), str(statement), 1 if (person + statement) % 2 else -1)
    done = live.refresh()
    assert done.drift > MOST_DRIFT
    assert done.analysis is not None
    assert as_plain_values(done.analysis) == as_plain_values(analyse(live.table(), QUICK))


def test_more_statements_than_fit_in_two_bytes() -> None:
    live = LiveMap(QUICK)
    live.vote_all(["a"] * 30_000, [str(number) for number in range(30_000)], [1] * 30_000)
    live.vote("a", "29999", -1)
    live.vote("b", "25000", 0)
    assert live.counts("29999") == GroupVotes(0, 1, 0)
    assert live.counts("25000") == GroupVotes(1, 0, 1)
    assert live.counts("3456") == GroupVotes(1, 0, 0)


@pytest.mark.parametrize("value", [2, -2, 7])
def test_what_is_no_vote_is_refused_and_leaves_nothing(value: int) -> None:
    live = LiveMap()
    with pytest.raises(ValueError, match="a vote is 1"):
        live.vote("a", "1", value)
    with pytest.raises(ValueError, match="a vote is 1"):
        live.vote_all(["a"], ["1"], [value])
    with pytest.raises(ValueError, match="each vote needs"):
        live.vote_all(["a"], ["1"], [])
    assert live.table().participants == ()


@pytest.mark.parametrize("way", [Settings(compat="polis"), Settings(without_tendency=True)])
def test_other_ways_than_the_plain_one_are_not_followed_live(way: Settings) -> None:
    with pytest.raises(ValueError, match="the plain way"):
        LiveMap(way)


def test_a_vote_takes_less_than_twenty_microseconds() -> None:
    live = LiveMap.of(table_of(camps(400, 100)), QUICK)
    more = votes_of(camps(500, 110, seed=2))[-10_000:]
    seconds = []
    for start in range(0, len(more), 1000):
        begun = time.process_time()
        for vote in more[start : start + 1000]:
            live.vote(*vote)
        seconds.append(time.process_time() - begun)
    assert float(np.median(seconds)) / 1000 < 20e-6


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name",
    ["15-per-hour-seattle", "canadian-electoral-reform", "scoop-hivemind.biodiversity", "vtaiwan.uberx"],
)
def test_a_real_consultation_replayed_stays_within_two_degrees(shared_data: Path, name: str) -> None:
    """Never computed anew, only renewed each 500 votes, in a plane that turns by up to 84 degrees."""
    export = read_polis(shared_data / "polis" / name)
    whole = export.table()
    events = sorted(export.votes, key=lambda vote: vote.at)
    begun = VoteTable.from_events(events[:500], moderated_out=whole.moderated_out, meta=whole.meta)
    live = LiveMap.of(begun, QUICK)
    angles = []
    for start in range(500, len(events), 500):
        some = events[start : start + 500]
        live.vote_all(
            [vote.participant for vote in some],
            [vote.statement for vote in some],
            [vote.value for vote in some],
        )
        live.adopt(renewed(live.snapshot()))
        table = live.table()
        angles.append(angle(plane_of(live, table), exact_plane(table)))
    assert max(angles) < 2
    opinion, votes_alone = (
        live.recompute(),
        analyse(
            VoteTable.from_events(
                events, statements=live.table().statements, moderated_out=whole.moderated_out, meta=whole.meta
            ),
            QUICK,
        ),
    )
    assert as_plain_values(opinion) == as_plain_values(votes_alone)

"""The opinion map while votes come in: what one vote changes is changed at once, the axes follow in between.

Counts and tallies are exact after every vote. The axes and the middles of the groups are those of the last
refresh; a person stands where their own votes put them on these axes, in the group with the nearest middle.
A refresh brings axes and middles up to date; when the plane has turned too far since the groups were formed,
the whole analysis is made anew. The map to be stored is always that of `analyse`, which depends on votes,
settings and seed alone; the live map is what people look at until then.

One thread writes. `renewed` touches nothing but the snapshot and may run in another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from muntada.engines.opinion.analysis import OUR_WAY, analyse
from muntada.engines.opinion.arrays import AXES, Bools, Floats, Integers
from muntada.engines.opinion.coded import CodedVotes
from muntada.engines.opinion.kernel import Loops
from muntada.engines.opinion.projection import taken_off
from muntada.engines.opinion.renewal import Renewal, angle, renew
from muntada.engines.opinion.result import GroupVotes, OpinionMap, ParticipantPlace
from muntada.engines.opinion.settings import Settings
from muntada.engines.opinion.standing import NO_GROUP, Standing
from muntada.engines.opinion.votes import AGREE, DISAGREE, PASS, VoteTable

MOST_DRIFT = 10.0  # degrees
MOST_DOUBT = 2.0
A_VOTE = frozenset((AGREE, PASS, DISAGREE))
NO_VOTE = "a vote is 1 (agree), 0 (pass) or -1 (disagree)"


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """What a renewal of the axes needs, untouched by what goes on meanwhile."""

    votes: CodedVotes
    left_out: Bools
    axes: Floats


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How far the plane turned since the last refresh, and since the groups were formed, in degrees.

    `doubt` is the estimate of the angle to the exact plane; `analysis` is there if the whole was made anew.
    """

    step: float
    drift: float
    doubt: float
    analysis: OpinionMap | None = None


def renewed(snapshot: Snapshot) -> Renewal:
    """Bring the axes up to date with the votes of a snapshot."""
    loops = Loops(snapshot.votes)
    _, worth = taken_off(loops.histogram(), snapshot.left_out)
    return renew(loops.fused_pass, worth.ravel(), snapshot.axes)


class LiveMap:
    """A consultation that is going on. It begins empty, or `of` the votes so far."""

    def __init__(
        self, settings: Settings = OUR_WAY, seed: int = 0, meta: frozenset[str] = frozenset()
    ) -> None:
        if settings.compat or settings.without_tendency:
            raise ValueError("the live map is made in the plain way; analyse knows others")
        self.settings, self.seed, self._meta = settings, seed, meta
        self._person_at: dict[str, int] = {}
        self._text_at: dict[str, int] = {}
        self._first_votes: dict[int, None] = {}  # who voted, in the order of first votes
        self._moderated_out: set[str] = set()
        self._standing = Standing(settings)
        self._plane_of_groups = self._standing.axes

    @classmethod
    def of(cls, table: VoteTable, settings: Settings = OUR_WAY, seed: int = 0) -> Self:
        """Open a live map on the votes so far, with axes and groups of the whole analysis."""
        live = cls(settings, seed, table.meta)
        live._moderated_out.update(table.moderated_out)
        for name in table.statements:
            live._text(name)
        in_order = np.argsort(table.arrival[table.participant], kind="stable")
        live.vote_all(
            [table.participants[place] for place in table.participant[in_order].tolist()],
            [table.statements[place] for place in table.statement[in_order].tolist()],
            table.value[in_order].tolist(),
        )
        for name in table.participants:
            live._person(name)
        live.recompute()
        return live

    def vote(self, participant: str, statement: str, value: int) -> None:
        """Count a vote, in place of the person's earlier one on the statement."""
        if value not in A_VOTE:
            raise ValueError(NO_VOTE)
        person = self._person(participant)
        self._first_votes.setdefault(person)
        self._standing.vote(person, self._text(statement), value)

    def vote_all(self, participants: Sequence[str], statements: Sequence[str], values: Sequence[int]) -> None:
        """Count many votes in their order at once; far quicker than one by one from a few dozen on."""
        if not len(participants) == len(statements) == len(values):
            raise ValueError("each vote needs a participant, a statement and a value")
        if not A_VOTE.issuperset(values):
            raise ValueError(NO_VOTE)
        people = [self._person(name) for name in participants]
        self._first_votes.update(dict.fromkeys(people))
        texts = [self._text(name) for name in statements]
        self._standing.vote_all(
            np.array(people, np.int64), np.array(texts, np.int64), np.array(values, np.int64)
        )

    def moderate(self, statement: str, *, out: bool) -> None:
        """Take a statement out of the map, or back in: everybody who voted on it moves."""
        if (statement in self._moderated_out) == out:
            return
        (self._moderated_out.add if out else self._moderated_out.discard)(statement)
        self._standing.leave_out(self._text(statement), out=out or statement in self._meta)
        self._standing.turn(self._padded(self._standing.axes))
        self._standing.settle(self._standing.middles())

    # The axes and the groups follow

    def snapshot(self) -> Snapshot:
        axes = self._padded(self._standing.axes)
        return Snapshot(self._standing.coded(), self._standing.left_out(), axes)

    def adopt(self, renewal: Renewal) -> None:
        """Put everybody on renewed axes, and let the middles of the groups move with their people."""
        labels = self._standing.labels()
        self._standing.turn(self._padded(renewal.directions))
        middles = self._standing.middles()
        for _ in range(2):  # the plane has turned; then some people stand nearer to another group
            middles = _means(self._standing.points(), labels, middles)
            self._standing.settle(middles)
            labels = self._standing.labels()

    def refresh(self) -> Refreshed:
        """Renew the axes, or make the whole analysis anew where the groups are out of date."""
        renewal = renewed(self.snapshot())
        drift = angle(self._padded(self._plane_of_groups), renewal.directions)
        if drift > MOST_DRIFT or renewal.doubt > MOST_DOUBT:
            return Refreshed(renewal.step, drift, renewal.doubt, self.recompute())
        self.adopt(renewal)
        return Refreshed(renewal.step, drift, renewal.doubt)

    def recompute(self) -> OpinionMap:
        """Make the whole analysis of the votes as they are; this is the map to be stored."""
        opinion = analyse(self.table(), self.settings, self.seed)
        self._standing.turn(self._axes_of(opinion))
        self._plane_of_groups = self._standing.axes
        labels = np.full(len(self._person_at), NO_GROUP, dtype=np.int64)
        for one in opinion.participants:
            labels[self._person_at[one.id]] = NO_GROUP if one.group is None else one.group
        size = np.sqrt(max(1, self._standing.asked))
        middles = np.array([(group.x, group.y) for group in opinion.groups]).reshape(-1, AXES) / size
        self._standing.settle(middles, labels)
        return opinion

    def _axes_of(self, opinion: OpinionMap) -> Floats:
        """Read the axes off where the statements lie; one that all agree with lies in the middle."""
        axes = np.zeros((len(self._text_at), AXES))
        kept = [one for one in opinion.statements if not one.left_out]
        seen = {one.id: one.agree + one.disagree + one.passed for one in kept}
        size = np.sqrt(max(1, sum(count > 0 for count in seen.values())))
        for one in kept:
            against = seen[one.id] - one.agree + one.disagree  # 1 - mean, times the votes
            if against:
                axes[self._text_at[one.id]] = np.array((one.x, one.y)) * seen[one.id] / (against * size)
        return axes

    # What there is to read

    def table(self) -> VoteTable:
        """Give the votes that count, as the analysis takes them."""
        votes = self._standing.coded()
        people, texts = list(self._person_at), list(self._text_at)
        moment = np.zeros(len(people))
        moment[list(self._first_votes)] = np.arange(len(self._first_votes))
        return VoteTable.from_arrays(
            people,
            texts,
            participant=votes.participant(),
            statement=votes.statement(),
            value=votes.value(),
            moment=moment[votes.participant()],
            moderated_out=self._moderated_out,
            meta=self._meta,
        )

    def place(self, participant: str) -> ParticipantPlace:
        person = self._person_at[participant]
        x, y = self._standing.place(person)
        votes = len(self._standing.ballots.of(person))
        return ParticipantPlace(participant, x, y, votes, self._standing.group(person))

    def counts(self, statement: str) -> GroupVotes:
        """Count all votes on a statement."""
        return _votes(self._standing.counts()[self._text_at[statement]])

    def by_group(self, statement: str) -> tuple[GroupVotes, ...]:
        """Count the votes of each group on a statement."""
        return tuple(_votes(votes) for votes in self._standing.tallies()[:, self._text_at[statement]])

    @property
    def groups(self) -> int:
        return len(self._standing.middles())

    def _person(self, name: str) -> int:
        person = self._person_at.get(name)
        if person is None:
            person = self._person_at[name] = len(self._person_at)
            self._standing.add_person()
        return person

    def _text(self, name: str) -> int:
        text = self._text_at.get(name)
        if text is None:
            text = self._text_at[name] = len(self._text_at)
            self._standing.add_statement(left_out=name in self._meta or name in self._moderated_out)
        return text

    def _padded(self, axes: Floats) -> Floats:
        return np.pad(axes, ((0, len(self._text_at) - len(axes)), (0, 0)))


def _votes(counted: Integers) -> GroupVotes:
    disagree, passed, agree = counted.tolist()
    return GroupVotes(agree, disagree, passed)


def _means(points: Floats, labels: Integers, middles: Floats) -> Floats:
    """Give the middle of each group; one that has nobody stays where it is."""
    grouped = labels >= 0
    people = np.bincount(labels[grouped], minlength=len(middles))
    sums = [
        np.bincount(labels[grouped], points[grouped, axis], minlength=len(middles)) for axis in range(AXES)
    ]
    means = np.column_stack(sums) / np.maximum(people, 1)[:, None]
    return np.where(people[:, None] > 0, means, middles)

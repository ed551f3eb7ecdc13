"""The votes of a call for the opinion engine, at once or in parts."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from itertools import batched
from typing import cast

import numpy as np
from django.conf import settings
from django.db.models import QuerySet

from muntada.consultation.calls.models import Call
from muntada.consultation.opinion.queries.ballots import VoteCutoff, votes_of
from muntada.consultation.statements.models import Vote, Voter
from muntada.engines.opinion.coded import CodedVotes
from muntada.engines.opinion.parts import PartedVotes, Parts, PartsHere, PartsLost
from muntada.engines.opinion.votes import VoteTable, canonical_order

# Fixed, because the same parts give the same map to the last digit.
PEOPLE_IN_A_PART = 20_000

type JoinsCluster = Callable[[str], AbstractContextManager[Parts]]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RequestedVotes:
    """The requested votes: up to a cut, on these statements; some are left out of the map."""

    call: Call
    cut: VoteCutoff
    numbers: Sequence[int]
    left_out: Collection[int]

    @property
    def votes(self) -> QuerySet[Vote]:
        return votes_of(self.call, self.cut).filter(statement__symbol__number__in=self.numbers)

    @property
    def statements(self) -> list[str]:
        return [str(number) for number in self.numbers]

    @property
    def moderated_out(self) -> list[str]:
        return [str(number) for number in self.left_out]


@dataclass(frozen=True)
class Polled:
    """The votes, and the people by their names in the engine."""

    table: VoteTable
    rows: Mapping[str, int]


def people_in_a_part(asked: RequestedVotes) -> int:
    """Return the number of people per part if there are too many votes to load at once; else 0."""
    most = settings.DASK_ABOVE
    # Vote ids are shared by all calls, so counting is rarely necessary.
    is_large = asked.cut.last_vote > most and asked.votes.count() > most
    return PEOPLE_IN_A_PART if is_large else 0


def with_polled[R](asked: RequestedVotes, people: int, use: Callable[[Polled], R]) -> R:
    """Load the votes and use them, in parts on the cluster; here if it does not answer."""
    if not people:
        return use(_all_at_once(asked))
    if settings.DASK:
        try:
            with _cluster() as parts:
                return use(_in_parts(asked, people, parts))
        except PartsLost as lost:
            log.warning(
                "The opinion map of %s is drawn on this machine. The cluster %s does not answer: %s",
                asked.call.slug,
                settings.DASK,
                lost,
            )
    return use(_in_parts(asked, people, PartsHere()))


def _cluster() -> AbstractContextManager[Parts]:
    """Connect to the cluster. Its modules are imported only here, in a worker."""
    try:
        joins = cast("JoinsCluster", import_module("muntada.engines.opinion.cluster").cluster_at)
    except ModuleNotFoundError as missing:
        raise PartsLost(f'{missing}; install "muntada[cluster]"') from missing
    return joins(settings.DASK)


def _all_at_once(asked: RequestedVotes) -> Polled:
    aliases = dict(Voter.objects.filter(call=asked.call).order_by("pk").values_list("pk", "alias"))
    table, voters = _table(asked, asked.votes, aliases)
    return Polled(table, {aliases[voter]: voter for voter in voters})


def _in_parts(asked: RequestedVotes, people: int, parts: Parts) -> Polled:
    """Load part by part: each has the next voters in order of their names."""
    voted = asked.votes.order_by().values("voter_id")
    names = dict(Voter.objects.filter(call=asked.call, pk__in=voted).values_list("alias", "pk"))
    rows = {name: names[name] for name in canonical_order(names)}

    def pieces() -> Iterator[CodedVotes]:
        for some in batched(rows.items(), people):
            aliases = {voter: name for name, voter in some}
            yield _table(asked, asked.votes.filter(voter__in=aliases), aliases)[0].coded.whole()

    votes = PartedVotes.taken(len(asked.numbers), pieces(), parts)
    table = VoteTable(
        tuple(rows), tuple(asked.statements), votes, np.arange(len(rows)), frozenset(asked.moderated_out)
    )
    return Polled(table, rows)


def _table(
    asked: RequestedVotes, votes: QuerySet[Vote], aliases: Mapping[int, str]
) -> tuple[VoteTable, list[int]]:
    """Load votes as arrays with their voters; the engine keeps the last vote of each cell."""
    statement_at = {number: place for place, number in enumerate(asked.numbers)}
    place_of: dict[int, int] = {}
    people, texts, values, moments = [], [], [], []
    rows = votes.values_list("voter_id", "statement__symbol__number", "value", "cast_at")
    for voter, number, value, cast_at in rows.iterator(chunk_size=20_000):
        if voter not in aliases:
            continue
        people.append(place_of.setdefault(voter, len(place_of)))
        texts.append(statement_at[number])
        values.append(value)
        moments.append(cast_at.timestamp())
    table = VoteTable.from_arrays(
        [aliases[voter] for voter in place_of],
        asked.statements,
        participant=people,
        statement=texts,
        value=values,
        moment=moments,
        moderated_out=asked.moderated_out,
    )
    return table, list(place_of)

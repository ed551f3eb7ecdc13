"""The door of the engine: votes in, opinion map out."""

import numpy as np

from muntada.engines.opinion.arrays import Bools, Floats
from muntada.engines.opinion.grouping import Membership, form_groups
from muntada.engines.opinion.projection import (
    Centred,
    Projection,
    centre,
    grouped_people,
    project,
)
from muntada.engines.opinion.result import (
    Axis,
    Consensus,
    Group,
    GroupVotes,
    OpinionMap,
    ParticipantPlaces,
    StatementPlace,
)
from muntada.engines.opinion.settings import Settings
from muntada.engines.opinion.shares import hear
from muntada.engines.opinion.statements import (
    Strengths,
    Tally,
    across_groups,
    consensus,
    priorities,
    representative,
    strengths,
    tally,
)
from muntada.engines.opinion.voices import Voices
from muntada.engines.opinion.votes import VoteTable

OUR_WAY = Settings()
NOTHING = 1e-12


def analyse(
    votes: VoteTable, settings: Settings = OUR_WAY, seed: int = 0, voices: Voices | None = None
) -> OpinionMap:
    """Find which people think alike, what stands for each group and what unites all.

    The same votes, settings and seed give the same map, in whatever order the votes came. With `voices` it
    is also said who was heard, and what they say by declared group and with weights; the map stays as it is.
    """
    centred = centre(votes, settings)
    projection = project(centred)
    grouped = grouped_people(votes, centred, settings)
    membership = form_groups(votes, centred, projection, grouped, settings, seed)
    labels, groups = membership.labels, max(1, membership.groups)
    of_groups = tally(centred.loops.group_counts(labels, groups))
    of_all = tally(centred.counts[None])
    found, everyone = strengths(of_groups), strengths(of_all)
    return OpinionMap(
        participants=ParticipantPlaces(
            votes.participants,
            projection.people,
            votes.coded.counts,
            labels if membership.groups else np.full(len(labels), -1),
        ),
        statements=_statements(votes, projection, membership.groups, (of_groups, of_all), found, settings),
        groups=_groups(votes, projection, membership, found, settings),
        consensus=Consensus(
            consensus(everyone, "agree", votes, settings), consensus(everyone, "disagree", votes, settings)
        ),
        axes=_axes(centred, projection, grouped),
        grouping=membership.grouping,
        settings=settings,
        seed=seed,
        voices=None if voices is None else hear(votes, centred.loops, voices),
    )


def _statements(
    votes: VoteTable,
    projection: Projection,
    groups: int,
    tallies: tuple[Tally, Tally],
    found: Strengths,
    settings: Settings,
) -> tuple[StatementPlace, ...]:
    of_groups, of_all = tallies
    left_out = votes.left_out()
    meta = np.array([name in votes.meta for name in votes.statements], dtype=np.bool_)
    priority = priorities(of_groups, projection.extremity, meta)
    if not settings.compat:
        moderated_out = np.array([name in votes.moderated_out for name in votes.statements], dtype=np.bool_)
        priority = np.where(moderated_out, 0.0, priority)
    unites, unites_against = across_groups(found)
    return tuple(
        StatementPlace(
            id=name,
            x=float(projection.statements[place, 0]),
            y=float(projection.statements[place, 1]),
            extremity=float(projection.extremity[place]),
            agree=int(of_all.agree[0, place]),
            disagree=int(of_all.disagree[0, place]),
            passed=int(of_all.passed[0, place]),
            by_group=_by_group(of_groups, groups, place),
            unites=float(unites[place]),
            unites_against=float(unites_against[place]),
            priority=float(priority[place]),
            left_out=bool(left_out[place]),
        )
        for place, name in enumerate(votes.statements)
    )


def _by_group(of_groups: Tally, groups: int, place: int) -> tuple[GroupVotes, ...]:
    return tuple(
        GroupVotes(
            int(of_groups.agree[group, place]),
            int(of_groups.disagree[group, place]),
            int(of_groups.passed[group, place]),
        )
        for group in range(groups)
    )


def _groups(
    votes: VoteTable, projection: Projection, membership: Membership, found: Strengths, settings: Settings
) -> tuple[Group, ...]:
    """One group alone stands against nobody, so nothing is representative of it: see the consensus."""
    groups = []
    for number in range(membership.groups):
        members = projection.people[membership.labels == number]
        middle = members.mean(axis=0)
        listed = representative(found, number, votes, settings) if membership.groups > 1 else ()
        groups.append(Group(number, len(members), float(middle[0]), float(middle[1]), listed))
    return tuple(groups)


def _axes(centred: Centred, projection: Projection, grouped: Bools) -> tuple[Axis, ...]:
    deviations = centred.loops.positions(centred.worth.ravel())[grouped]
    tendency = deviations / np.maximum(centred.voted[grouped], 1)
    return tuple(
        Axis(float(share), _correlation(projection.people[grouped, axis], tendency))
        for axis, share in enumerate(projection.axes.shares)
    )


def _correlation(one: Floats, other: Floats) -> float:
    if len(one) == 0:
        return 0.0
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one @ one) * (other @ other)))
    return float(np.clip(one @ other / size, -1, 1)) if size > NOTHING else 0.0

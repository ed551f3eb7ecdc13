"""The entry point of the engine: from votes to an opinion map."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray, IndexArray
from muntada.engines.opinion.bootstrap import BaseGrouping, Redrawn, redraw
from muntada.engines.opinion.findings import Measured, listed, measured, without_groups
from muntada.engines.opinion.grouping import GroupMembership, form_groups
from muntada.engines.opinion.projection import (
    Centred,
    Projection,
    centre,
    grouped_people,
    project,
)
from muntada.engines.opinion.result import (
    ComputedMap,
    Consensus,
    GroupVotes,
    OpinionAxis,
    OpinionGroup,
    ParticipantPlaces,
    StatementPlace,
)
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.shares import hear
from muntada.engines.opinion.statements import (
    GroupTally,
    Strengths,
    across_groups,
    consensus,
    priorities,
    representative,
    strengths,
    tally,
)
from muntada.engines.opinion.steadiness import judged
from muntada.engines.opinion.tendency import tendencies
from muntada.engines.opinion.unity import Scores
from muntada.engines.opinion.voices import Voices
from muntada.engines.opinion.votes import VoteTable
from muntada.engines.reasons import Reason, gettext_noop

OUR_WAY = OpinionSettings()
NOTHING = 1e-12
REDRAWING = 1  # separates the random stream of this purpose from others
HALF, QUARTER = 0.5**0.5, 0.5  # correlations that share half, or a quarter, of the variance

MOSTLY_TENDENCY = gettext_noop("This axis shows mostly how readily people agree with anything.")
PARTLY_TENDENCY = gettext_noop("This axis shows in part how readily people agree with anything.")


def analyse(
    votes: VoteTable, settings: OpinionSettings = OUR_WAY, seed: int = 0, voices: Voices | None = None
) -> ComputedMap:
    """Compute the opinion map: positions, groups, consensus and scores of statements.

    The result depends only on the votes, the settings and the seed, not on the order of the votes.
    `voices` adds who took part and the results by declared group and with weights; it does not change
    the map. `VoteTable` and `OpinionSettings` raise ValueError for input that is not valid; `voices` with an
    empty or non-positive target raises it here. The steps and their sources are in
    docs/engines/opinion.md.
    """
    centred = centre(votes, settings)
    projection = project(centred)
    grouped = grouped_people(votes, centred, settings)
    membership = form_groups(votes, centred, projection, grouped, settings, seed)
    labels, groups = membership.labels, max(1, membership.groups)
    counts = centred.loops.group_counts(labels, groups)
    of_groups, of_all = tally(counts), tally(centred.counts[None])
    found, everyone = strengths(of_groups), strengths(of_all)
    formed = _groups(votes, projection, membership, found, settings)
    redrawn = _redrawn(votes, centred, labels, formed, settings, seed)
    scored = (
        measured(centred, projection, grouped, counts) if settings.scores and not settings.compat else None
    )
    people = int(np.count_nonzero(votes.coded.counts))
    score = None if scored is None else partial(without_groups, centred, projection, grouped)
    return ComputedMap(
        participants=ParticipantPlaces(
            votes.participants,
            projection.people,
            votes.coded.counts,
            labels if membership.groups else np.full(len(labels), -1),
            None if redrawn is None else redrawn.people,
        ),
        statements=statement_places(
            votes, projection, membership.groups, (of_groups, of_all), found, settings, scored
        ),
        groups=formed if redrawn is None else _supported(formed, redrawn),
        consensus=Consensus(
            consensus(everyone, "agree", votes, settings), consensus(everyone, "disagree", votes, settings)
        ),
        axes=_axes(centred, projection, grouped),
        grouping=membership.grouping
        if redrawn is None
        else replace(membership.grouping, steadiness=judged(redrawn, membership.grouping.support)),
        settings=settings,
        seed=seed,
        findings=None
        if scored is None
        else listed(votes.statements, votes.left_out(), counts, scored, settings, people),
        voices=None if voices is None else hear(votes, centred.loops, voices, score),
    )


def statement_places(
    votes: VoteTable,
    projection: Projection,
    groups: int,
    tallies: tuple[GroupTally, GroupTally],
    found: Strengths,
    settings: OpinionSettings,
    scored: Measured | None = None,
) -> tuple[StatementPlace, ...]:
    of_groups, of_all = tallies
    names = votes.statements
    scores: Sequence[Scores | None] = [None] * len(names) if scored is None else scored.scores()
    meta = np.array([name in votes.meta for name in names], dtype=np.bool_)
    priority = priorities(of_groups, projection.extremity, meta)
    if not settings.compat:
        moderated_out = np.array([name in votes.moderated_out for name in names], dtype=np.bool_)
        priority = np.where(moderated_out, 0.0, priority)
    measures = (*projection.statements.T, projection.extremity, *across_groups(found), priority)
    columns = zip(*(measure.tolist() for measure in measures), strict=True)
    counts = zip(
        *(count[0].tolist() for count in (of_all.agree, of_all.disagree, of_all.passed)), strict=True
    )
    rows = zip(
        names, columns, counts, _by_group(of_groups, groups), votes.left_out().tolist(), scores, strict=True
    )
    return tuple(
        StatementPlace(
            id=name,
            x=x,
            y=y,
            extremity=extremity,
            agree=agree,
            disagree=disagree,
            passed=passed,
            by_group=by_group,
            unites=unites,
            unites_against=unites_against,
            priority=prior,
            left_out=left_out,
            scores=score,
        )
        for name, (x, y, extremity, unites, unites_against, prior), (
            agree,
            disagree,
            passed,
        ), by_group, left_out, score in rows
    )


def _by_group(of_groups: GroupTally, groups: int) -> list[tuple[GroupVotes, ...]]:
    """Return the votes of each group: one tuple per statement."""
    answers = (of_groups.agree[:groups], of_groups.disagree[:groups], of_groups.passed[:groups])
    by_statement = np.moveaxis(np.array(answers), 0, -1).swapaxes(0, 1).tolist()
    return [tuple(GroupVotes(*votes) for votes in of_one) for of_one in by_statement]


def _groups(
    votes: VoteTable,
    projection: Projection,
    membership: GroupMembership,
    found: Strengths,
    settings: OpinionSettings,
) -> tuple[OpinionGroup, ...]:
    """Describe the groups. A single group gets no representative statements."""
    groups = []
    for number in range(membership.groups):
        members = np.compress(membership.labels == number, projection.people, axis=0)
        x, y = (float(column.mean()) for column in members.T)
        listed = representative(found, number, votes, settings) if membership.groups > 1 else ()
        groups.append(OpinionGroup(number, len(members), x, y, listed))
    return tuple(groups)


def _redrawn(
    votes: VoteTable,
    centred: Centred,
    labels: IndexArray,
    formed: tuple[OpinionGroup, ...],
    settings: OpinionSettings,
    seed: int,
) -> Redrawn | None:
    """Run the bootstrap if there are groups to test, with its own random stream."""
    if settings.compat or not settings.redraw_rounds or len(formed) <= 1:
        return None
    stands_for = [[(one.statement, one.direction) for one in group.representative] for group in formed]
    dice = np.random.default_rng((seed, REDRAWING))
    return redraw(votes, centred, BaseGrouping(labels, stands_for), settings, dice)


def _supported(formed: tuple[OpinionGroup, ...], redrawn: Redrawn) -> tuple[OpinionGroup, ...]:
    return tuple(
        replace(
            group,
            support=float(redrawn.groups[group.id]),
            representative=tuple(
                replace(one, support=held)
                for one, held in zip(group.representative, redrawn.listed[group.id], strict=True)
            ),
        )
        for group in formed
    )


def _axes(centred: Centred, projection: Projection, grouped: BoolArray) -> tuple[OpinionAxis, ...]:
    tendency = tendencies(centred.loops, centred.worth, centred.voted)[grouped]
    return tuple(
        axis_shown(float(share), _correlation(projection.people[:, axis][grouped], tendency))
        for axis, share in enumerate(projection.axes.shares)
    )


def axis_shown(share: float, tendency: float) -> OpinionAxis:
    reading = (
        MOSTLY_TENDENCY if abs(tendency) >= HALF else PARTLY_TENDENCY if abs(tendency) >= QUARTER else ""
    )
    return OpinionAxis(share, tendency, Reason(reading) if reading else None)


def _correlation(one: FloatArray, other: FloatArray) -> float:
    if len(one) == 0:
        return 0.0
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one @ one) * (other @ other)))
    return float(np.clip(one @ other / size, -1, 1)) if size > NOTHING else 0.0

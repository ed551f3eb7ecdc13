"""Decide whether there are groups, how many, and why."""

from dataclasses import dataclass

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray, IndexArray
from muntada.engines.opinion.chance import ChanceSupport, support
from muntada.engines.opinion.groups import Division, divide, divide_like_polis, divide_like_red_dwarf
from muntada.engines.opinion.projection import Centred, Projection
from muntada.engines.opinion.result import OpinionGrouping
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.votes import VoteTable
from muntada.engines.reasons import Reason, gettext_noop

NOBODY = gettext_noop("Nobody has voted yet.")
TOO_FEW = gettext_noop(
    "Too few people have voted on enough statements: %(people)s. Groups are formed from %(fewest)s people on."
)
ALL_ALIKE = gettext_noop("On each statement all votes are the same: there is nothing to divide people by.")
NO_DIVISION = gettext_noop("Every way to divide people leaves a group of fewer than %(smallest)s.")
NOT_BEYOND_CHANCE = gettext_noop(
    "The votes differ no more than they would by chance, so nobody is set apart from anybody."
)
FAINT = gettext_noop(
    "The votes follow a pattern, but the groups are not more clearly apart than chance would set them:"
    " take the borders between them as a help for reading, not as a fact."
)


@dataclass(frozen=True, slots=True, eq=False)
class GroupMembership:
    """The group of each person (-1: none); `groups` is 0 if the votes do not allow an answer."""

    labels: IndexArray
    groups: int
    grouping: OpinionGrouping


def form_groups(
    table: VoteTable,
    centred: Centred,
    projection: Projection,
    grouped: BoolArray,
    settings: OpinionSettings,
    seed: int,
) -> GroupMembership:
    people = int(np.count_nonzero(grouped))
    if people == 0:
        return _together(grouped, 0, OpinionGrouping("too few", reason=Reason(NOBODY)))
    if settings.compat:
        division = _like_others(table, projection.people, grouped, settings)
        if division is None:
            return _together(grouped, 1, OpinionGrouping("one group", reason=Reason(ALL_ALIKE)))
        return _apart(projection.people, grouped, division, None)
    if people < settings.fewest_people:
        params = {"people": people, "fewest": settings.fewest_people}
        return _together(grouped, 0, OpinionGrouping("too few", reason=Reason(TOO_FEW, params)))
    return _our_way(centred, projection, grouped, settings, seed)


def _our_way(
    centred: Centred, projection: Projection, grouped: BoolArray, settings: OpinionSettings, seed: int
) -> GroupMembership:
    share = float(projection.axes.shares.sum())
    if share == 0.0:
        return _together(grouped, 1, OpinionGrouping("one group", reason=Reason(ALL_ALIKE)))
    chance = np.random.default_rng(seed)
    division = divide(np.compress(grouped, projection.people, axis=0), settings, chance)
    if division is None:
        reason = Reason(NO_DIVISION, {"smallest": settings.smallest_group})
        return _together(grouped, 1, OpinionGrouping("one group", reason=reason))
    backing = None
    if settings.chance_rounds:
        backing = support(centred, grouped, (division.best, share), settings, chance)
        if not backing.groups_stand_out and not backing.pattern_stands_out:
            tried = tuple(division.silhouettes.items())
            grouping = OpinionGrouping("one group", tried, backing, Reason(NOT_BEYOND_CHANCE))
            return _together(grouped, 1, grouping)
    return _apart(projection.people, grouped, division, backing)


def _like_others(
    table: VoteTable, people: FloatArray, grouped: BoolArray, settings: OpinionSettings
) -> Division | None:
    places = np.flatnonzero(grouped)
    if settings.compat == "red-dwarf":
        return divide_like_red_dwarf(people[places], settings)
    in_order = np.argsort(table.arrival[places])
    division = divide_like_polis(people[places[in_order]], settings)
    if division is None:
        return None
    labels = np.empty_like(division.labels)
    labels[in_order] = division.labels
    return Division(labels, division.silhouettes)


def _together(grouped: BoolArray, groups: int, grouping: OpinionGrouping) -> GroupMembership:
    return GroupMembership(np.where(grouped, 0, -1), groups, grouping)


def _apart(
    people: FloatArray, grouped: BoolArray, division: Division, backing: ChanceSupport | None
) -> GroupMembership:
    """Number the groups by size; equally large groups from left to right."""
    points, groups = np.compress(grouped, people, axis=0), int(division.labels.max()) + 1
    sizes = np.bincount(division.labels, minlength=groups)
    centres = [
        np.bincount(division.labels, weights=points[:, axis], minlength=groups) / sizes for axis in (0, 1)
    ]
    order = np.lexsort((centres[1], centres[0], -sizes))
    number = np.empty(groups, dtype=np.intp)
    number[order] = np.arange(groups)
    labels = np.full(len(people), -1, dtype=np.intp)
    labels[grouped] = number[division.labels]
    faint = backing is not None and not backing.groups_stand_out
    reason = Reason(FAINT) if faint else None
    return GroupMembership(
        labels, groups, OpinionGrouping("groups", tuple(division.silhouettes.items()), backing, reason)
    )

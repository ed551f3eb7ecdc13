"""Puts people and statements into the plane of the two axes, and says who has voted enough to be grouped."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from muntada.engines.opinion.arrays import Bools, Floats
from muntada.engines.opinion.axes import EXACT, Axes, principal_axes
from muntada.engines.opinion.settings import Settings
from muntada.engines.opinion.votes import VoteTable


@dataclass(frozen=True, slots=True, eq=False)
class Centred:
    """The votes with each statement's mean taken off, as sparse as they were.

    `seen` is on how many statements each person counts as having voted, `statements` how many there are
    to vote on: both only scale the map.
    """

    votes: sparse.csr_array
    means: Floats
    seen: Floats
    statements: int


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Where people and statements lie; a statement lies where somebody would who agreed with it alone."""

    axes: Axes
    people: Floats
    statements: Floats
    extremity: Floats


def centre(table: VoteTable, settings: Settings) -> Centred:
    """Take off the means; statements that are out take no part.

    Polis sets their columns to zero instead, so that everybody counts as having voted on them.
    """
    shape = (len(table.participants), len(table.statements))
    out = table.left_out()
    kept = ~out[table.statement]
    person, statement = table.participant[kept], table.statement[kept]
    value = table.value[kept].astype(np.float64)
    voters = np.bincount(statement, minlength=shape[1])
    means = np.bincount(statement, weights=value, minlength=shape[1]) / np.maximum(voters, 1)
    votes = sparse.csr_array((value - means[statement], (person, statement)), shape=shape)
    seen = np.bincount(person, minlength=shape[0]).astype(np.float64)
    statements = int(np.count_nonzero(voters))
    if settings.compat:
        zeroed = np.intersect1d(table.statement, np.flatnonzero(out)).size
        seen, statements = seen + zeroed, statements + zeroed
    return Centred(votes, means, np.maximum(seen, 1.0), statements)


def project(centred: Centred, tolerance: float = EXACT) -> Projection:
    axes = principal_axes(centred.votes, tolerance)
    people = np.sqrt(centred.statements / centred.seen)[:, None] * (centred.votes @ axes.directions)
    statements = np.sqrt(centred.statements) * (1 - centred.means)[:, None] * axes.directions
    return Projection(axes, people, statements, np.hypot(statements[:, 0], statements[:, 1]))


def grouped_people(table: VoteTable, settings: Settings) -> Bools:
    """Mark the people to be grouped: who voted on enough statements, filled up with the most active others.

    Of equally active people all or none are added, so that nobody is in or out by the order of ids;
    Polis goes by the order of first votes.
    """
    kept = (
        np.ones(len(table.value), dtype=np.bool_) if settings.compat else ~table.left_out()[table.statement]
    )
    votes = np.bincount(table.participant[kept], minlength=len(table.participants))
    statements = len(np.unique(table.statement[kept]))
    enough = votes >= max(1, min(settings.enough_votes, statements))
    if np.count_nonzero(enough) >= settings.fill_up_to or settings.compat == "red-dwarf":
        return enough
    most_active = np.lexsort((table.arrival, -votes))[: settings.fill_up_to]
    if settings.compat:
        filled = np.zeros_like(enough)
        filled[most_active] = True
    else:
        filled = votes >= (votes[most_active].min() if most_active.size else 1)
    return enough | (filled & (votes > 0))

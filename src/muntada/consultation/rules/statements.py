"""The law of statements and votes: what can be put to the vote, what a vote is, what is asked next."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from django.utils.translation import gettext

from muntada.consultation.rules.contributions import clean_text
from muntada.foundations.errors import Refused

STATEMENT_LENGTH = 1_000


class StatementState(StrEnum):
    """Whether a statement can be voted on, still waits for a moderator, or was taken out with a reason."""

    WAITING = "waiting"
    OPEN = "open"
    HIDDEN = "hidden"
    REFUSED = "refused"
    MERGED = "merged"


class VoteValue:
    """The three things a voter can say; the database refuses any other."""

    AGREE = 1
    PASS = 0
    DISAGREE = -1


VOTE_VALUES = (VoteValue.AGREE, VoteValue.PASS, VoteValue.DISAGREE)


def require_vote_value(value: int) -> None:
    if value not in VOTE_VALUES:
        raise Refused(gettext("A vote is agree, disagree or pass. Please choose one of them."), "vote-value")


def require_statement(text: str) -> None:
    """A statement is one sentence that can be agreed with."""
    if not clean_text(text):
        raise Refused(gettext("Please write the statement."), "statement-missing", "text")
    if len(text) > STATEMENT_LENGTH:
        sentence = gettext("A statement has at most %(limit)s characters. Please split it into several.")
        raise Refused(sentence % {"limit": STATEMENT_LENGTH}, "statement-too-long", "text")


@dataclass(frozen=True)
class Candidate:
    """A statement somebody has not voted on: how many voted, and its weight in the lottery if it has one."""

    number: int
    votes: int
    priority: float | None


def next_statement(candidates: Sequence[Candidate], salt: str) -> int | None:
    """Draw what to ask next; the same person at the same point is asked the same again.

    With an opinion map it is a lottery by its priorities, in which a statement newer than the map counts 1;
    without one, the statement that has the fewest votes.
    """
    if not candidates:
        return None
    if all(one.priority is None for one in candidates):
        return min(candidates, key=lambda one: (one.votes, one.number)).number
    weights = [1.0 if one.priority is None else max(one.priority, 0.0) for one in candidates]
    if not any(weights):
        weights = [1.0] * len(candidates)
    drawn = int.from_bytes(hashlib.sha256(salt.encode()).digest()[:8]) / 2**64 * sum(weights)
    for one, reached in zip(candidates, accumulate(weights), strict=True):
        if drawn < reached:
            return one.number
    return candidates[-1].number

"""Write concurrent votes together: one transaction, one log append, one announcement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction

from muntada.consultation.statements.actions.joining import make_theirs
from muntada.consultation.statements.actions.redrawing import ask_for_redraw_of
from muntada.consultation.statements.models import Vote, Voter
from muntada.consultation.statements.rules.votes import (
    NOT_SIGNED_IN,
    VoteContext,
    VoterFacts,
    require_not_banned,
    require_open_state,
    require_own_account,
)
from muntada.foundations.batches import Batches
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.foundations.prepared import prepared_cursor
from muntada.people.rules import Role
from muntada.record import actions as record
from muntada.record.rules import Actor, day_of

VOTING = Actor(None, Role.PARTICIPANT)


@dataclass(frozen=True)
class Cast:
    """A vote to write; `browser_id` is the voter of the browser before sign-in."""

    ballot: VoteContext
    voter: VoterFacts
    voter_id: int | None
    value: int
    important: bool
    at: datetime
    browser_id: int | None = None

    @property
    def key(self) -> tuple[int, object]:
        return self.ballot.statement_id, self.voter.person_id or self.voter.key_digest


@dataclass(frozen=True)
class CastResult:
    """A stored vote, or None. `is_new` says whether anything was written."""

    id: int | None
    voter_id: int
    is_new: bool


@dataclass(frozen=True)
class _Standing:
    """The current state for a vote: statement, voter and current vote."""

    state: str
    is_banned: bool
    banned_reason: str
    is_joined: bool
    vote_id: int | None
    value: int | None
    important: bool | None


def cast_together(cast: Cast) -> CastResult:
    """Write a vote with all others waiting; return after the commit."""
    if connection.in_atomic_block:
        # The commit is the caller's, so no other vote may depend on it.
        (kept,) = _all_kept(_write([cast]))
        return kept
    return _batches.take(cast)


def cast_all(casts: Sequence[Cast]) -> list[CastResult]:
    """Write votes in one transaction, all or none."""
    with transaction.atomic():
        return _all_kept(_write(casts))


def _all_kept(results: Iterable[CastResult | Exception]) -> list[CastResult]:
    kept = []
    for one in results:
        if isinstance(one, Exception):
            raise one
        kept.append(one)
    return kept


def _write_together(casts: Sequence[Cast]) -> list[CastResult | Exception]:
    """Write a batch; on a database error, each vote alone, so that the others succeed."""
    try:
        return _write(casts)
    except (DataError, IntegrityError) as fault:
        if len(casts) == 1:
            return [fault]
    return [result for one in casts for result in _write_together([one])]


def _write(casts: Sequence[Cast]) -> list[CastResult | Exception]:
    """Write votes in order; a refusal concerns its own vote only."""
    with transaction.atomic():
        for forum_id in sorted({one.ballot.forum_id for one in casts}):
            # The lock of the log comes first: its holder is the only voter in the forum.
            record.hold_log(forum_id)
        _make_theirs(casts)
        known = _with_voters(casts)
        standing = _standing(known)
        results = [_decide(one, was) for one, was in zip(known, standing, strict=True)]
        new = [
            place for place, result in enumerate(results) if isinstance(result, CastResult) and result.is_new
        ]
        _retire(was.vote_id for place in new if (was := standing[place]).vote_id is not None)
        for place, vote_id in zip(new, _insert([known[place] for place in new]), strict=True):
            results[place] = CastResult(vote_id, known[place].voter_id or 0, is_new=True)
        _tell([known[place] for place in new])
    return results


def _tell(written: Sequence[Cast]) -> None:
    """Write the log, and announce changes to pages and maps."""
    _log(written)
    for call_id, topic in {(one.ballot.call_id, one.ballot.call_topic) for one in written}:
        announce(topic)
        ask_for_redraw_of(call_id)


def _make_theirs(casts: Sequence[Cast]) -> None:
    """Join voters who signed in after voting."""
    for one in casts:
        if one.browser_id is not None and one.voter.person_id is not None:
            make_theirs(
                browser_id=one.browser_id,
                person_id=one.voter.person_id,
                facts=one.voter,
                forum_id=one.ballot.forum_id,
                now=one.at,
            )


def _with_voters(casts: Sequence[Cast]) -> list[Cast]:
    """Add the voter to each vote, created for first votes."""
    unknown = {
        (one.ballot.call_id, one.voter.person_id, one.voter.key_digest): one.voter
        for one in casts
        if one.voter_id is None
    }
    if not unknown:
        return list(casts)
    Voter.objects.bulk_create(
        [
            Voter(
                call_id=call_id,
                person_id=person_id,
                key_digest=digest,
                kind=facts.kind,
                country=facts.country,
                is_headquarters=facts.is_headquarters,
                is_vouched=facts.is_vouched,
            )
            for (call_id, person_id, digest), facts in unknown.items()
        ],
        ignore_conflicts=True,
    )
    rows = Voter.objects.filter(
        call_id__in={call_id for call_id, _, _ in unknown},
        person_id__in=[person_id for _, person_id, _ in unknown if person_id],
    ) | Voter.objects.filter(
        call_id__in={call_id for call_id, _, _ in unknown},
        key_digest__in=[digest for _, _, digest in unknown if digest],
    )
    # A person is one voter, whatever key they used before.
    ids: dict[tuple[int, int | None, str], int] = {
        (call_id, person_id, "" if person_id else digest): pk
        for pk, call_id, person_id, digest in rows.values_list("pk", "call_id", "person_id", "key_digest")
    }
    return [
        replace(one, voter_id=ids[one.ballot.call_id, one.voter.person_id, one.voter.key_digest])
        if one.voter_id is None
        else one
        for one in casts
    ]


_STANDING = """
SELECT
    statement.state, voter.banned_at IS NOT NULL, voter.banned_reason, voter.joined_to_id IS NOT NULL,
    vote.id, vote.value, vote.important
FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS given (voter_id, statement_id, place)
JOIN consultation_statements_voter voter ON voter.id = given.voter_id
JOIN consultation_statements_statement statement ON statement.id = given.statement_id
LEFT JOIN consultation_statements_vote vote
    ON vote.voter_id = given.voter_id AND vote.statement_id = given.statement_id AND vote.is_current
ORDER BY given.place
"""


def _standing(casts: Sequence[Cast]) -> list[_Standing]:
    with prepared_cursor() as cursor:
        cursor.execute(
            _STANDING, [[one.voter_id for one in casts], [one.ballot.statement_id for one in casts]]
        )
        return [_Standing(*row) for row in cursor.fetchall()]


def _decide(cast: Cast, was: _Standing) -> CastResult | Exception:
    """Return the result of a vote: a refusal, no change, or a new row without id."""
    try:
        require_open_state(was.state, cast.ballot.merged_into)
        require_not_banned(is_banned=was.is_banned, reason=was.banned_reason)
        # The person signed in meanwhile; votes of the browser now belong to them.
        require_own_account(NOT_SIGNED_IN if was.is_joined else None)
    except Refused as refusal:
        return refusal
    is_same = (was.value, was.important) == (cast.value, cast.important)
    return CastResult(was.vote_id if is_same else None, cast.voter_id or 0, is_new=not is_same)


def _retire(vote_ids: Iterable[int]) -> None:
    retired = list(vote_ids)
    if retired:
        Vote.objects.filter(pk__in=retired).update(is_current=False)


_INSERT = """
INSERT INTO consultation_statements_vote (voter_id, statement_id, value, important, is_current, cast_at)
SELECT voter_id, statement_id, value, important, true, cast_at
FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::boolean[], %s::timestamptz[]) WITH ORDINALITY
    AS given (voter_id, statement_id, value, important, cast_at, place)
ORDER BY place
RETURNING id
"""


def _insert(casts: Sequence[Cast]) -> list[int]:
    if not casts:
        return []
    columns: list[list[Any]] = [
        [one.voter_id for one in casts],
        [one.ballot.statement_id for one in casts],
        [one.value for one in casts],
        [one.important for one in casts],
        [one.at for one in casts],
    ]
    with prepared_cursor() as cursor:
        cursor.execute(_INSERT, columns)
        return [pk for (pk,) in cursor.fetchall()]


def _log(casts: Sequence[Cast]) -> None:
    """Log that somebody voted that day, without voter or statement: one entry per vote.

    With statement and time, an entry would identify an alias of the open data.
    """
    for forum_id in sorted({one.ballot.forum_id for one in casts}):
        entries = [_entry(one) for one in casts if one.ballot.forum_id == forum_id]
        record.write_all(forum_id=forum_id, entries=entries)


def _entry(cast: Cast) -> record.LogAction:
    voted = {"statement": cast.ballot.number, "value": cast.value, "important": cast.important}
    return record.LogAction(VOTING, "cast_vote", {"voter": cast.voter_id, **voted}, day_of(cast.at))


_batches: Batches[Cast, CastResult] = Batches(_write_together, key=lambda cast: cast.key)

"""Cast votes: the last counts, earlier ones are kept."""

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext

from muntada.consultation.calls.rules.calls import CallVotesOpenTo
from muntada.consultation.statements.actions.vote_batches import Cast, CastResult, cast_all, cast_together
from muntada.consultation.statements.models import Statement, Vote
from muntada.consultation.statements.queries.votes import ballot_at, ballots_at, facts_of
from muntada.consultation.statements.rules.statements import VoteValue, require_vote_value
from muntada.consultation.statements.rules.votes import (
    VoteContext,
    VoterFacts,
    digest_of_key,
    require_not_banned,
    require_own_account,
    require_votable,
    require_voter,
)
from muntada.forums.queries import ForumRequest, require_open
from muntada.forums.rules import Stage
from muntada.foundations.errors import Refused


def cast_vote(
    *, forum_request: ForumRequest, statement: Statement, value: int, important: bool = False, key: str = ""
) -> CastResult:
    """Vote on a statement. The record says that somebody voted, never who."""
    forum_request.require_forum(statement.symbol.forum_id)
    ballot = ballot_at(forum_request, statement.symbol.number, key)
    return cast_on(forum_request=forum_request, ballot=ballot, value=value, important=important, key=key)


def cast_votes(
    *, forum_request: ForumRequest, values: Mapping[Statement, int], key: str = ""
) -> list[CastResult]:
    """Vote on several statements, all or none."""
    for statement, value in values.items():
        forum_request.require_forum(statement.symbol.forum_id)
        require_vote_value(value)
    ballots = ballots_at(forum_request, [statement.symbol.number for statement in values], key)
    facts: dict[int, VoterFacts] = {}
    casts = []
    for ballot, value in zip(ballots, values.values(), strict=True):
        cast = _checked(forum_request, ballot, key, value, important=False, known=facts.get(ballot.call_id))
        facts[ballot.call_id] = cast.voter
        casts.append(cast)
    return cast_all(casts)


def cast_on(
    *, forum_request: ForumRequest, ballot: VoteContext, value: int, important: bool, key: str = ""
) -> CastResult:
    """Vote on a ballot; `key` identifies the browser of an anonymous voter."""
    forum_request.require_forum(ballot.forum_id)
    require_vote_value(value)
    return cast_together(_checked(forum_request, ballot, key, value, important=important))


def undo_vote(*, forum_request: ForumRequest, ballot: VoteContext, vote_id: int, key: str = "") -> CastResult:
    """Restore the vote before the given one; both are kept.

    Without a difference nothing changes; if the vote has changed since, it is refused.
    """
    forum_request.require_forum(ballot.forum_id)
    cast = _checked(forum_request, ballot, key, VoteValue.PASS, important=False)
    voter_id = cast.voter_id or cast.browser_id or 0
    votes = Vote.objects.filter(voter_id=voter_id, statement_id=ballot.statement_id)
    spoken = list(votes.filter(pk__lte=vote_id).order_by("-pk")[:2])
    if len(spoken) < len(("undone", "before")) or spoken[0].pk != vote_id:
        sentence = gettext("There is no earlier vote on this statement. Please choose what you say now.")
        raise Refused(sentence, "nothing-to-undo")
    undone, before = spoken
    now = votes.filter(is_current=True).first()
    if now not in (None, undone) and (now.value, now.important) != (before.value, before.important):
        sentence = gettext("You voted otherwise meanwhile. Please look at your vote again.")
        raise Refused(sentence, "voted-meanwhile")
    return cast_together(replace(cast, value=before.value, important=before.important))


def _checked(
    forum_request: ForumRequest,
    ballot: VoteContext,
    key: str,
    value: int,
    *,
    important: bool,
    known: VoterFacts | None = None,
) -> Cast:
    """Check voter and statement; return the vote to write.

    `known` is the voter found for another vote in the same call.
    """
    if not ballot.stage_is_open:
        require_open(forum_request.forum, Stage.CONSULTATION, forum_request.now)
    require_votable(ballot, forum_request.now)
    voter = ballot.voter
    facts = known or _facts(forum_request, ballot, key)
    require_voter(
        ballot.votes_open_to,
        is_signed_in=forum_request.person is not None,
        has_key=bool(key),
        is_vouched=facts.is_vouched,
    )
    require_own_account(voter)
    before = voter or ballot.browser
    if before is not None:
        require_not_banned(is_banned=before.is_banned, reason=before.banned_reason)
    return Cast(
        ballot,
        facts,
        voter.pk if voter else None,
        value,
        important,
        forum_request.now,
        browser_id=ballot.browser.pk if ballot.browser else None,
    )


def _facts(forum_request: ForumRequest, ballot: VoteContext, key: str) -> VoterFacts:
    if forum_request.person is None:
        return VoterFacts(None, digest_of_key(ballot.call_id, key))
    # Known voters are not checked again, except in calls for vouched people.
    asks = ballot.voter is None or ballot.votes_open_to == CallVotesOpenTo.VOUCHED
    return facts_of(forum_request.person) if asks else VoterFacts(forum_request.person.pk)

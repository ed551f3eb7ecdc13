"""Voter and ballot of a vote, in as few queries as possible."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import CallVotesOpenTo
from muntada.consultation.statements.models import Voter
from muntada.consultation.statements.rules.statements import VoteValue
from muntada.consultation.statements.rules.votes import (
    NOT_SIGNED_IN,
    VoteContext,
    VoterFacts,
    VoterHere,
    digest_of_key,
    require_not_banned,
    require_own_account,
    require_voter,
)
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage, StageState, Window, state_of
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.prepared import prepared_cursor
from muntada.people.models import Affiliation, Person

_BALLOT = """
SELECT
    forum.id, call.id, statement.id, symbol.number, statement.state, other_symbol.number,
    call.opens_at, call.closes_at, call.votes_open_to,
    ARRAY(
        SELECT stage.opens_at FROM forums_stagewindow stage
        WHERE stage.forum_id = forum.id AND stage.stage = %(stage)s ORDER BY stage.id
    ),
    ARRAY(
        SELECT stage.closes_at FROM forums_stagewindow stage
        WHERE stage.forum_id = forum.id AND stage.stage = %(stage)s ORDER BY stage.id
    ),
    own.id, own.banned_at IS NOT NULL, own.banned_reason, own.kind, own.country,
    browser.id, browser.banned_at IS NOT NULL, browser.banned_reason, browser.kind, browser.country,
    browser.person_id IS NOT NULL OR browser.joined_to_id IS NOT NULL
FROM forums_forum forum
JOIN record_symbol symbol ON symbol.forum_id = forum.id AND symbol.kind = 'T'
JOIN consultation_statements_statement statement ON statement.symbol_id = symbol.id
JOIN consultation_calls_call call ON call.id = statement.call_id AND call.opened_at IS NOT NULL
LEFT JOIN consultation_statements_statement other
    ON other.id = statement.merged_into_id AND other.state = 'open'
LEFT JOIN record_symbol other_symbol ON other_symbol.id = other.symbol_id
LEFT JOIN consultation_statements_voter own ON own.call_id = call.id AND own.person_id = %(person)s
LEFT JOIN consultation_statements_voter browser ON browser.call_id = call.id AND %(key)s <> ''
    AND browser.key_digest = encode(sha256(convert_to(call.id || ':' || %(key)s, 'UTF8')), 'hex')
WHERE forum.id = %(forum)s AND symbol.number = """
_ONE, _MANY = f"{_BALLOT} %(number)s", f"{_BALLOT} ANY(%(numbers)s)"


def ballot_at(forum_request: ForumRequest, number: int, key: str = "") -> VoteContext:
    """Return statement and voter of a vote in one prepared query."""
    return _found(_ballots(_ONE, forum_request, key, {"number": number}), number)


def ballots_at(forum_request: ForumRequest, numbers: Sequence[int], key: str = "") -> list[VoteContext]:
    """Return the ballots of several statements, in order and in one query."""
    ballots = _ballots(_MANY, forum_request, key, {"numbers": list(numbers)})
    return [_found(ballots, number) for number in numbers]


def _found(ballots: Mapping[int, VoteContext], number: int) -> VoteContext:
    if number not in ballots:
        raise NotThere(
            gettext("There is no statement of this number. Please check it, or use the search."), "statement"
        )
    return ballots[number]


def _ballots(
    question: str, forum_request: ForumRequest, key: str, which: Mapping[str, Any]
) -> dict[int, VoteContext]:
    person_id = forum_request.person.pk if forum_request.person else None
    params: dict[str, Any] = {"forum": forum_request.forum.pk, "stage": Stage.CONSULTATION.value}
    params |= {"person": person_id, "key": key, **which}
    with prepared_cursor() as cursor:
        cursor.execute(question, params)
        ballots = [_ballot_of(row, forum_request) for row in cursor.fetchall()]
    return {one.number: one for one in ballots}


def _ballot_of(row: tuple[Any, ...], forum_request: ForumRequest) -> VoteContext:
    person_id = forum_request.person.pk if forum_request.person else None
    forum_id, call_id, statement_id, number, state, merged_into = row[:6]
    opens_at, closes_at, votes_open_to, stage_opens, stage_closes = row[6:11]
    own = VoterHere(*row[11:16]) if row[11] is not None else None
    browser = _by_key(row[16:], is_signed_in=person_id is not None)
    windows = [Window(*period) for period in zip(stage_opens, stage_closes, strict=True)]
    return VoteContext(
        forum_id=forum_id,
        call_id=call_id,
        call_topic=f"{forum_request.forum.slug}-call-{call_id}",
        statement_id=statement_id,
        number=number,
        state=state,
        merged_into=merged_into,
        window=Window(opens_at, closes_at),
        votes_open_to=votes_open_to,
        stage_is_open=state_of(windows, forum_request.now) is StageState.OPEN,
        voter=own if person_id is not None else browser,
        browser=browser if person_id is not None else None,
    )


def _by_key(row: tuple[Any, ...] | None, *, is_signed_in: bool) -> VoterHere | None:
    """Return the voter of a browser key; for a joined one, only that it is joined."""
    if row is None or row[0] is None:
        return None
    pk, is_banned, reason, kind, country, has_account = row
    if has_account:
        return None if is_signed_in else NOT_SIGNED_IN
    return VoterHere(pk, is_banned, reason, kind, country, is_browser=True)


def voter_of_request(call_id: int, forum_request: ForumRequest, key: str) -> VoterHere | None:
    """Return the voter of the signed-in person, else of the browser key; None before a first vote.

    A person who signs in after voting continues with the browser's voter until their next vote joins
    them.
    """
    own = None
    if forum_request.person is not None:
        own = _row_of(Voter.objects.filter(call_id=call_id, person_id=forum_request.person.pk))
    if own is not None:
        return VoterHere(*own[:-1])
    if not key:
        return None
    of_key = Voter.objects.filter(call_id=call_id, key_digest=digest_of_key(call_id, key))
    return _by_key(_row_of(of_key), is_signed_in=forum_request.person is not None)


def _row_of(voters: QuerySet[Voter]) -> tuple[Any, ...] | None:
    is_banned, has_account = Q(banned_at__isnull=False), Q(person__isnull=False) | Q(joined_to__isnull=False)
    rows = voters.annotate(is_banned=is_banned, has_account=has_account)
    return rows.values_list("pk", "is_banned", "banned_reason", "kind", "country", "has_account").first()


def facts_of(person: Person) -> VoterFacts:
    """Return the facts of a person's organization; a confirmed one first."""
    affiliations = Affiliation.objects.filter(person=person, ended_at=None).select_related("organisation")
    first = affiliations.order_by(F("vouched_at").asc(nulls_last=True), "claimed_at").first()
    if first is None:
        return VoterFacts(person.pk, country=person.country)
    of = first.organisation
    return VoterFacts(
        person.pk,
        kind=of.kind,
        country=of.country or person.country,
        is_headquarters=of.is_international_headquarters,
        is_vouched=first.vouched_at is not None,
    )


def has_organisation(person: Person) -> bool:
    """Return whether an organization determines a person's facts."""
    return Affiliation.objects.filter(person=person, ended_at=None).exists()


def voters_in(call: Call) -> QuerySet[Voter]:
    """Return the voters of a call without names, most votes first."""
    current = Q(votes__is_current=True)
    return (
        Voter.objects.filter(call=call, joined_to=None)
        .annotate(
            cast=Count("votes", filter=current),
            agreed=Count("votes", filter=current & Q(votes__value=VoteValue.AGREE)),
            disagreed=Count("votes", filter=current & Q(votes__value=VoteValue.DISAGREE)),
            first_at=Min("votes__cast_at"),
            last_at=Max("votes__cast_at"),
        )
        .order_by(F("banned_at").desc(nulls_last=True), "-cast", "pk")
    )


def obstacle_of(call: Call, forum_request: ForumRequest, voter: VoterHere | None) -> Refused | None:
    """Return the obstacle to voting in an open call, as a sentence."""
    facts = (
        facts_of(forum_request.person)
        if forum_request.person and call.votes_open_to == CallVotesOpenTo.VOUCHED
        else None
    )
    try:
        require_voter(
            call.votes_open_to,
            is_signed_in=forum_request.person is not None,
            # The page provides the key.
            has_key=True,
            is_vouched=facts.is_vouched if facts else False,
        )
        require_own_account(voter)
        if voter is not None:
            require_not_banned(is_banned=voter.is_banned, reason=voter.banned_reason)
    except Refused as refusal:
        return refusal
    return None

"""Rules of votes: permissions, anonymous voters."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from muntada.consultation.calls.rules.calls import CallVotesOpenTo, require_call_open
from muntada.consultation.statements.rules.statements import StatementState
from muntada.forums.rules import StageState, Window
from muntada.foundations.errors import NotAllowed, Refused, SignInFirst

# Votes (or all statements) after which results hidden until voting are shown.
VOTES_BEFORE_THE_MAP = 7


@dataclass(frozen=True)
class VoterHere:
    """A voter in a call.

    `is_browser`: found by browser key. `has_account`: the key's votes belong to a person, who must sign
    in; nothing else is then known.
    """

    pk: int
    is_banned: bool
    banned_reason: str
    kind: str = ""
    country: str = ""
    is_browser: bool = False
    has_account: bool = False


NOT_SIGNED_IN = VoterHere(0, is_banned=False, banned_reason="", is_browser=True, has_account=True)


@dataclass(frozen=True)
class VoteContext:
    """A statement in its call, and the voter, if any.

    `browser` is the voter of the browser before sign-in.
    """

    forum_id: int
    call_id: int
    call_topic: str
    statement_id: int
    number: int
    state: str
    merged_into: int | None
    window: Window
    votes_open_to: str
    stage_is_open: bool
    voter: VoterHere | None
    browser: VoterHere | None = None


@dataclass(frozen=True)
class VoterFacts:
    """The voter: a person or the digest of a browser key, with facts for results by group."""

    person_id: int | None
    key_digest: str = ""
    kind: str = ""
    country: str = ""
    is_headquarters: bool = False
    is_vouched: bool = False


def digest_of_key(call_id: int, key: str) -> str:
    """Return the digest of a browser key in one call, unlinkable between calls."""
    return hashlib.sha256(f"{call_id}:{key}".encode()).hexdigest() if key else ""


def require_votable(ballot: VoteContext, now: datetime) -> None:
    """Refuse votes on statements that are not open."""
    if ballot.votes_open_to == CallVotesOpenTo.NOBODY:
        sentence = gettext("The votes of this call were cast elsewhere and are complete.")
        raise Refused(sentence, "votes-complete")
    require_voting(ballot.window, now)
    require_open_state(ballot.state, ballot.merged_into)


def require_voting(window: Window, now: datetime) -> None:
    """Refuse votes and declarations outside the period of a call."""
    if window.state(now) is StageState.CLOSED:
        sentence = gettext(
            "Voting in this call has ended, so nothing was changed. What you voted before stands."
        )
        raise Refused(sentence, "voting-over")
    require_call_open(window, now)


def require_open_state(state: str, merged_into: int | None = None) -> None:
    """Refuse a statement that is not open; name the one it was merged into."""
    if state == StatementState.WAITING:
        sentence = gettext("This statement still waits for a moderator. Please go on with another one.")
        raise Refused(sentence, "statement-waiting")
    if state == StatementState.MERGED and merged_into is not None:
        sentence = gettext(
            "This statement was merged with one that says the same. Please vote on T/%(number)s."
        )
        raise Refused(sentence % {"number": merged_into}, "statement-merged")
    if state != StatementState.OPEN:
        sentence = gettext("This statement was taken out of the vote. Please go on with another one.")
        raise Refused(sentence, "statement-hidden")


def require_voter(votes_open_to: str, *, is_signed_in: bool, has_key: bool, is_vouched: bool) -> None:
    """Refuse people who may not vote, and say what would let them."""
    if not is_signed_in and votes_open_to != CallVotesOpenTo.ANYONE:
        raise SignInFirst(gettext("Please sign in to vote in this call."), "sign-in")
    if not is_signed_in and not has_key:
        sentence = gettext(
            "Your browser did not send the cookie under which it votes. Please allow cookies of this site, "
            "open the page again and vote."
        )
        raise Refused(sentence, "voter-key-missing")
    if votes_open_to == CallVotesOpenTo.VOUCHED and not is_vouched:
        sentence = gettext(
            "In this call those vote whose organization has confirmed them. "
            "Please ask its focal point, under “My account”, to confirm you."
        )
        raise NotAllowed(sentence, "not-vouched")


def require_own_account(voter: VoterHere | None) -> None:
    """Refuse a browser whose votes belong to a person: the next user would vote in their name."""
    if voter is not None and voter.has_account:
        sentence = gettext(
            "In this browser somebody has voted with an account. Please sign in to vote or to change a vote."
        )
        raise SignInFirst(sentence, "voter-has-account")


def require_own_facts(*, has_organisation: bool) -> None:
    """Refuse declarations that contradict an organization."""
    if has_organisation:
        sentence = gettext(
            "Your group and your country are taken from your organization. "
            "Please ask its focal point to correct them if they are wrong."
        )
        raise NotAllowed(sentence, "declared-by-organisation")


def require_not_banned(*, is_banned: bool, reason: str) -> None:
    if is_banned:
        sentence = gettext(
            "You cannot vote in this call, and your votes in it do not count: %(reason)s "
            "Please write to the secretariat if you think that this is a mistake."
        )
        raise NotAllowed(sentence % {"reason": reason}, "voter-banned")


def map_is_earned(voted: int, statements: int) -> bool:
    """Return whether a voter has voted enough to see the map."""
    return voted >= min(VOTES_BEFORE_THE_MAP, max(statements, 1))

"""Join the votes of a browser with a person who signs in: nothing is lost or counted twice."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from muntada.consultation.statements.actions.redrawing import ask_for_redraw_of
from muntada.consultation.statements.models import Vote, Voter
from muntada.consultation.statements.rules.votes import VoterFacts
from muntada.people.rules import Role
from muntada.record import actions as record
from muntada.record.rules import Actor, day_of

# Anonymous votes on statements without a vote of the account, with their times.
_CARRY_OVER = """
INSERT INTO consultation_statements_vote (voter_id, statement_id, value, important, is_current, cast_at)
SELECT %(own)s, vote.statement_id, vote.value, vote.important, true, vote.cast_at
FROM consultation_statements_vote vote
WHERE vote.voter_id = %(browser)s AND vote.is_current AND NOT EXISTS (
    SELECT FROM consultation_statements_vote said
    WHERE said.voter_id = %(own)s AND said.statement_id = vote.statement_id AND said.is_current
)
ORDER BY vote.id
"""


def make_theirs(*, browser_id: int, person_id: int, facts: VoterFacts, forum_id: int, now: datetime) -> None:
    """Assign the votes of a browser to the person who signed in, once.

    A person without a voter in the call takes over that of the browser, banned or not. Otherwise the
    person's own votes have precedence, and the others are added; the browser's voter no longer counts.
    The caller holds the log.
    """
    browser = Voter.objects.filter(pk=browser_id, person=None, joined_to=None).first()
    if browser is None:
        return
    own = Voter.objects.filter(call_id=browser.call_id, person_id=person_id).first()
    if own is None:
        _take_over(browser, person_id, facts)
        _log(forum_id, "take_over_voter", {"voter": browser.pk}, now)
    elif browser.banned_at is None:
        _join(browser, own)
        _log(forum_id, "join_voters", {"voter": own.pk, "browser": browser.pk}, now)
    else:
        return
    ask_for_redraw_of(browser.call_id)


def _take_over(browser: Voter, person_id: int, facts: VoterFacts) -> None:
    """Facts of the organization override declarations; unknown ones are kept."""
    browser.person_id = person_id
    if facts.kind:
        browser.kind, browser.country = facts.kind, facts.country
        browser.is_headquarters, browser.is_vouched = facts.is_headquarters, facts.is_vouched
    browser.country = browser.country or facts.country
    browser.save(update_fields=["person", "kind", "country", "is_headquarters", "is_vouched"])


def _join(browser: Voter, own: Voter) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CARRY_OVER, {"own": own.pk, "browser": browser.pk})
    Vote.objects.filter(voter=browser, is_current=True).update(is_current=False)
    browser.joined_to = own
    browser.save(update_fields=["joined_to"])


def _log(forum_id: int, verb: str, change: Mapping[str, object], now: datetime) -> None:
    entry = record.LogAction(Actor(None, Role.PARTICIPANT), verb, change, day_of(now))
    record.write_all(forum_id=forum_id, entries=[entry])

"""Casting a vote: the last one counts, those before are kept, the same one again changes nothing."""

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.actions.drafts import require_person
from muntada.consultation.actions.maps import ask_for_redraw, call_topic
from muntada.consultation.models import Call, Statement, Vote, Voter
from muntada.consultation.rules.calls import VotesOpenTo, require_call_open
from muntada.consultation.rules.statements import StatementState, require_vote_value
from muntada.forums.queries import Here, require_open
from muntada.forums.rules import Stage
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.people.rules import Role
from muntada.record import actions as record
from muntada.record.rules import Actor


def cast_vote(*, here: Here, statement: Statement, value: int, important: bool = False) -> Vote:
    """Agree, disagree or pass. The record says that somebody voted, never who."""
    person = require_person(here)
    require_vote_value(value)
    with transaction.atomic():
        require_open(here.forum, Stage.CONSULTATION, here.now)
        _require_votable(here, Statement.objects.select_related("call__forum").get(pk=statement.pk))
        voter, _ = Voter.objects.get_or_create(call_id=statement.call_id, person=person)
        # Two votes of one voter at once wait here for each other, so that one of them is the last.
        Voter.objects.select_for_update(no_key=True).get(pk=voter.pk)
        current = Vote.objects.filter(voter=voter, statement=statement, is_current=True).first()
        if current is not None:
            if (current.value, current.important) == (value, important):
                return current
            Vote.objects.filter(pk=current.pk).update(is_current=False)
        vote = Vote.objects.create(
            voter=voter, statement=statement, value=value, important=important, cast_at=here.now
        )
        record.write(
            forum_id=here.forum.pk,
            actor=Actor(None, Role.PARTICIPANT),
            verb="cast_vote",
            symbol=statement.symbol,
            change={"voter": voter.pk, "value": value, "important": important},
            now=here.now,
        )
        announce(call_topic(statement.call))
        ask_for_redraw(statement.call)
    return vote


def _require_votable(here: Here, statement: Statement) -> None:
    call: Call = statement.call
    if call.votes_open_to == VotesOpenTo.NOBODY:
        sentence = gettext("The votes of this call were cast elsewhere and are complete.")
        raise Refused(sentence, "votes-complete")
    require_call_open(call.window, here.now)
    if statement.state != StatementState.OPEN:
        sentence = gettext("This statement was taken out of the vote. Please go on with another one.")
        raise Refused(sentence, "statement-hidden")

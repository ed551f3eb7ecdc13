"""Make and report on commitments."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from muntada.forums.rules.roles import ANY_ROLE, require_role
from muntada.outcome.commitments import rules
from muntada.outcome.commitments.models import Commitment, CommitmentReport
from muntada.outcome.commitments.rules import CommitmentState
from muntada.outcome.texts import rules as texts
from muntada.outcome.texts.actions import TextInLanguage, log
from muntada.outcome.texts.models import Paragraph
from muntada.people.models import Person
from muntada.record import actions as record
from muntada.record.rules import Actor, Relation, SymbolKind


@dataclass(frozen=True)
class Undertaking:
    """A commitment: verb, action, addressee, deadline."""

    verb: str
    action: str
    addressees: str
    language: str
    due_date: date | None


def make_commitment(
    *,
    paragraph: Paragraph,
    undertaking: Undertaking,
    author: Person | None,
    actor: Actor,
    now: datetime,
) -> Commitment:
    """Make a commitment on a paragraph."""
    require_role(actor, texts.NEGOTIATING_ROLES, paragraph.draft.forum_id)
    forum = paragraph.draft.forum
    rules.require_coming(undertaking.due_date, forum.day_at(now))
    with transaction.atomic():
        symbol = record.give_symbol(
            forum_id=forum.pk,
            kind=SymbolKind.COMMITMENT,
            title=undertaking.action,
            language=undertaking.language,
            now=now,
        )
        commitment = Commitment.objects.create(
            paragraph=paragraph,
            symbol=symbol,
            verb=undertaking.verb,
            action=undertaking.action,
            addressees=undertaking.addressees,
            language=undertaking.language,
            due_date=undertaking.due_date,
            made_by=author,
            made_at=now,
        )
        record.cite(source=symbol, text=undertaking.action, now=now, field="action")
        record.link(source=symbol, target=paragraph.symbol, relation=Relation.CARRIES_OUT, now=now)
        log(
            forum,
            symbol=symbol,
            verb="make_commitment",
            change={"action": undertaking.action},
            actor=actor,
            now=now,
        )
    return commitment


def report_on_commitment(
    *, commitment: Commitment, state: CommitmentState, words: TextInLanguage, actor: Actor, now: datetime
) -> CommitmentReport:
    """Report the progress of a commitment; earlier reports stay."""
    require_role(actor, ANY_ROLE, commitment.symbol.forum_id)
    rules.require_reporter(actor, commitment.made_by_id)
    with transaction.atomic():
        kept = Commitment.objects.select_for_update(no_key=True).get(pk=commitment.pk)
        report = CommitmentReport.objects.create(
            commitment=kept, state=state, text=words.text, language=words.language, reported_at=now
        )
        kept.state = state
        kept.save(update_fields=["state"])
        forum = commitment.paragraph.draft.forum
        for target in record.check_citations(forum_id=forum.pk, text=words.text, itself=commitment.symbol):
            record.link(source=commitment.symbol, target=target, relation=Relation.CITES, now=now)
        log(
            forum,
            symbol=commitment.symbol,
            verb="report_on_commitment",
            change={"state": state.value},
            actor=actor,
            now=now,
        )
    return report

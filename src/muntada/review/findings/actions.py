"""Propose, change and settle findings."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from muntada.forums.models import Forum, Goal, Line
from muntada.forums.queries import require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import require_role
from muntada.people.models import Person
from muntada.record import actions as record
from muntada.record.rules import Actor, SymbolKind
from muntada.review.findings import rules
from muntada.review.findings.models import Finding
from muntada.review.findings.rules import EvidenceStrength, FindingKind, FindingState
from muntada.review.sources import rules as sources


@dataclass(frozen=True)
class FindingText:
    """The content of a finding."""

    kind: FindingKind
    line: Line
    text: str
    language: str
    strength: EvidenceStrength
    goals: tuple[Goal, ...] = ()


def propose_finding(
    *,
    forum: Forum,
    author: Person | None,
    finding: FindingText,
    actor: Actor,
    now: datetime,
) -> Finding:
    """Propose a finding with its evidence."""
    require_role(actor, sources.FACILITATING_ROLES, forum.pk)
    require_open(forum, Stage.REVIEW, now)
    with transaction.atomic():
        cited = record.check_citations(forum_id=forum.pk, text=finding.text)
        rules.require_ground(len(cited))
        symbol = record.give_symbol(
            forum_id=forum.pk, kind=SymbolKind.FINDING, title=finding.text, language=finding.language, now=now
        )
        kept = Finding.objects.create(
            forum=forum,
            symbol=symbol,
            line=finding.line,
            kind=finding.kind,
            text=finding.text,
            language=finding.language,
            strength=finding.strength,
            author=author,
            proposed_at=now,
        )
        kept.goals.set(finding.goals)
        record.cite(source=symbol, text=finding.text, now=now)
        _log(kept, "propose_finding", {"text": finding.text, "kind": finding.kind.value}, actor, now)
    return kept


def change_finding(*, finding: Finding, new: FindingText, actor: Actor, now: datetime) -> None:
    """Change an unsettled finding."""
    require_role(actor, sources.FACILITATING_ROLES, finding.forum_id)
    require_open(finding.forum, Stage.REVIEW, now)
    with transaction.atomic():
        kept = (
            Finding.objects.select_for_update(of=("self",), no_key=True)
            .select_related("symbol")
            .get(pk=finding.pk)
        )
        rules.require_proposed(FindingState(kept.state))
        rules.require_ground(
            len(record.check_citations(forum_id=kept.forum_id, text=new.text, itself=kept.symbol))
        )
        kept.kind, kept.line, kept.text = new.kind, new.line, new.text
        kept.language, kept.strength = new.language, new.strength
        kept.save()
        kept.goals.set(new.goals)
        record.retitle(kept.symbol, title=new.text, language=new.language)
        record.cite(source=kept.symbol, text=new.text, now=now)
        _log(kept, "change_finding", {"text": new.text, "kind": new.kind.value}, actor, now)


def settle_finding(*, finding: Finding, actor: Actor, now: datetime) -> None:
    """Settle a finding, so that the outcome can cite it; repeated calls change nothing."""
    require_role(actor, sources.FACILITATING_ROLES, finding.forum_id)
    require_open(finding.forum, Stage.REVIEW, now)
    with transaction.atomic():
        kept = (
            Finding.objects.select_for_update(of=("self",), no_key=True)
            .select_related("symbol")
            .get(pk=finding.pk)
        )
        if kept.state == FindingState.SETTLED:
            return
        rules.require_ground(kept.symbol.edges_down.count())
        kept.state, kept.settled_at = FindingState.SETTLED, now
        kept.save(update_fields=["state", "settled_at"])
        _log(kept, "settle_finding", {}, actor, now)


def _log(finding: Finding, verb: str, change: dict[str, object], actor: Actor, now: datetime) -> None:
    record.write(
        forum_id=finding.forum_id, actor=actor, verb=verb, change=change, now=now, symbol=finding.symbol
    )

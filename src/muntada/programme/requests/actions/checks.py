"""Set the rules of session requests, and record missing reports."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.cleaning import clean_line
from muntada.programme.requests.models.checks import ReportOwed, RequestRule
from muntada.programme.requests.rules.checks import RequestCheck, require_rule
from muntada.record import actions as record
from muntada.record.rules import Actor

MOST_OWED = 2_000


def set_rules(*, forum: Forum, rules: Sequence[RequestCheck], actor: Actor, now: datetime) -> None:
    """Set the strength of each rule. Submitted requests stay submitted."""
    require_role(actor, SECRETARIAT, forum.pk)
    for rule in rules:
        require_rule(rule.check, rule.strength, rule.number)
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        before = _kept(forum)
        for rule in rules:
            RequestRule.objects.update_or_create(
                forum=forum,
                check_code=rule.check,
                defaults={"strength": rule.strength, "number": rule.number, "decided_at": now},
            )
        after = _kept(forum)
        if after != before:
            record.write(
                forum_id=forum.pk, actor=actor, verb="set_request_rules", change={"rules": after}, now=now
            )


def _kept(forum: Forum) -> list[list[object]]:
    rows = RequestRule.objects.filter(forum=forum).order_by("check_code")
    return [list(row) for row in rows.values_list("check_code", "strength", "number")]


def note_reports_owed(*, forum: Forum, owed: Iterable[tuple[str, str]], actor: Actor, now: datetime) -> int:
    """Replace the table of organizations with missing reports."""
    require_role(actor, SECRETARIAT, forum.pk)
    rows = {
        (clean_line(name)[:200].casefold(), clean_line(what)[:200]): clean_line(name)[:200]
        for name, what in owed
        if clean_line(name)
    }
    with transaction.atomic():
        ReportOwed.objects.filter(forum=forum).delete()
        made = ReportOwed.objects.bulk_create(
            ReportOwed(forum=forum, organisation=name, what=what, noted_at=now)
            for (_, what), name in list(rows.items())[:MOST_OWED]
        )
        change: dict[str, object] = {"owed": [[one.organisation, one.what] for one in made]}
        record.write(forum_id=forum.pk, actor=actor, verb="note_reports_owed", change=change, now=now)
    return len(made)

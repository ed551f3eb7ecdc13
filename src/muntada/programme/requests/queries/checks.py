"""The rules of session requests, and their dry run."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from muntada.forums.models import Forum
from muntada.programme.requests.models.checks import ReportOwed, RequestRule
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.queries.request_facts import facts_of, facts_of_all
from muntada.programme.requests.rules.checks import (
    CAPS,
    CHECK_NAMES,
    NOTHING_OWED,
    NUMBERS,
    STANDING,
    BrokenRule,
    Check,
    CheckContext,
    Owed,
    RequestCheck,
    RuleStrength,
    check,
    counts_of,
    owed_key,
)
from muntada.programme.requests.rules.request_facts import RequestFacts
from muntada.record.models import Edge
from muntada.record.rules import Relation


@dataclass(frozen=True)
class CheckTally:
    """A rule with the number of requests it would stop or warn."""

    rule: RequestCheck
    name: str
    has_number: bool
    broken: int
    requests: int


@dataclass(frozen=True)
class CheckedRequest:
    """A request in a dry run, with the rules it breaks."""

    facts: RequestFacts
    findings: tuple[BrokenRule, ...]

    @property
    def is_stopped(self) -> bool:
        return any(finding.blocks for finding in self.findings)


@dataclass(frozen=True)
class DryRun:
    """The dry run over all valid requests, by rule and by request."""

    tallies: tuple[CheckTally, ...]
    broken: tuple[CheckedRequest, ...]
    requests: int

    @property
    def stopped(self) -> int:
        return sum(one.is_stopped for one in self.broken)

    @property
    def warned(self) -> int:
        return len(self.broken) - self.stopped


def rules_of(forum: Forum) -> list[RequestCheck]:
    """Return every rule with the forum's setting; default off."""
    kept = {one.check_code: one for one in RequestRule.objects.filter(forum=forum)}
    return [
        RequestCheck(code, RuleStrength(kept[code].strength), kept[code].number)
        if code in kept
        else RequestCheck(code, RuleStrength.OFF, NUMBERS.get(code, 1))
        for code in Check
    ]


def owed_in(forum: Forum) -> Owed:
    """Return the organizations and authors with missing reports.

    For the previous edition, sessions without a report count; for others, the table of the secretariat.
    """
    found: dict[str, str] = {
        owed_key(one.organisation): one.what or one.organisation
        for one in ReportOwed.objects.filter(forum=forum)
    }
    if forum.previous_id is None:
        return Owed(found)
    reports = Edge.objects.filter(target=OuterRef("session__symbol"), relation=Relation.REPORTS_ON)
    rows = SessionRequest.objects.filter(
        forum_id=forum.previous_id, session__isnull=False, session__cancelled_at=None
    ).exclude(Exists(reports))
    for request in rows.select_related("session__symbol__forum"):
        if request.session is None:
            continue
        what = f"{request.session.symbol} {request.session.title}"
        if request.organisation_id is not None:
            found[f"organisation:{request.organisation_id}"] = what
        elif request.author_id is not None:
            found[f"person:{request.author_id}"] = what
    return Owed(found)


def findings_of(request: SessionRequest) -> tuple[BrokenRule, ...]:
    """Return the rules a request breaks."""
    rules = [rule for rule in rules_of(request.forum) if rule.strength is not RuleStrength.OFF]
    if not rules:
        return ()
    # Other requests, maybe a thousand, are loaded only if a rule needs them.
    asked = {rule.check for rule in rules}
    others = facts_of_all(request.forum, STANDING) if asked & CAPS else ()
    owed = owed_in(request.forum) if Check.REPORT_FILED in asked else NOTHING_OWED
    return check(facts_of(request), rules, CheckContext(counts_of(others), owed))


def dry_run(forum: Forum, rules: Sequence[RequestCheck]) -> DryRun:
    """Check all valid requests; rules that are off count as warnings."""
    standing = facts_of_all(forum, STANDING)
    around = CheckContext(counts_of(standing), owed_in(forum))
    tallies = []
    for rule in rules:
        tried = (
            rule
            if rule.strength is not RuleStrength.OFF
            else RequestCheck(rule.check, RuleStrength.WARN, rule.number)
        )
        broken = sum(bool(check(one, [tried], around)) for one in standing)
        tallies.append(
            CheckTally(rule, str(CHECK_NAMES[rule.check]), rule.check in NUMBERS, broken, len(standing))
        )
    checked = [CheckedRequest(one, check(one, rules, around)) for one in standing]
    return DryRun(tuple(tallies), tuple(one for one in checked if one.findings), len(standing))

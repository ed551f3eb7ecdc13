"""Everything that changes findings and returns."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from muntada.forums.models import Forum, Goal, Line
from muntada.forums.queries import require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.people.models import Person
from muntada.record import actions as record
from muntada.record.rules import Actor, Kind
from muntada.review import rules
from muntada.review.models import Finding, Return, ReturnVersion
from muntada.review.rules import FindingKind, FindingState, ReturnText, Step, Strength


@dataclass(frozen=True)
class FindingText:
    """What a facilitator writes."""

    kind: FindingKind
    line: Line
    text: str
    language: str
    strength: Strength
    goals: tuple[Goal, ...] = ()


def propose_finding(
    *,
    forum: Forum,
    author: Person | None,
    finding: FindingText,
    actor: Actor,
    now: datetime,
    is_invented: bool = False,
) -> Finding:
    """Write down a finding with what it rests on."""
    require_role(actor, rules.FACILITATING_ROLES, forum.pk)
    require_open(forum, Stage.REVIEW, now)
    with transaction.atomic():
        cited = record.check_citations(forum_id=forum.pk, text=finding.text)
        rules.require_ground(len(cited))
        symbol = record.give_symbol(
            forum_id=forum.pk, kind=Kind.FINDING, title=finding.text, language=finding.language, now=now
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
            is_invented=is_invented,
        )
        kept.goals.set(finding.goals)
        record.cite(source=symbol, text=finding.text, now=now)
        _log(kept, "propose_finding", {"text": finding.text, "kind": finding.kind.value}, actor, now)
    return kept


def change_finding(*, finding: Finding, new: FindingText, actor: Actor, now: datetime) -> None:
    """Change a finding that is not settled yet."""
    require_role(actor, rules.FACILITATING_ROLES, finding.forum_id)
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
    """Settle a finding: the outcome can rest on it as it stands. Settling twice changes nothing."""
    require_role(actor, rules.FACILITATING_ROLES, finding.forum_id)
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


@dataclass(frozen=True)
class SavedReturn:
    """The draft as it stands, and whether what was typed is in it: another window may have gone on."""

    draft: Return
    is_kept: bool


def save_return(
    *,
    forum: Forum,
    line: Line,
    text: ReturnText,
    actor: Actor,
    now: datetime,
    revision: int | None = None,
    window: str = "",
    is_invented: bool = False,
) -> SavedReturn:
    """Keep what is typed into the return of a line. What another window saved is not saved over."""
    require_role(actor, rules.FACILITATING_ROLES, forum.pk)
    with transaction.atomic():
        Line.objects.select_for_update(no_key=True).get(pk=line.pk)
        draft = Return.objects.filter(forum=forum, line=line).first()
        if draft is None:
            draft = Return(forum=forum, line=line, revision=0, is_invented=is_invented)
        elif rules.has_gone_on(draft.revision, draft.window, revision, window):
            return SavedReturn(draft, is_kept=_says(draft) == _cleaned(text))
        _put(draft, _cleaned(text))
        draft.revision, draft.window = draft.revision + 1, window[: rules.WINDOW_LENGTH]
        draft.saved_by_id, draft.saved_at = actor.person_id, now
        draft.save()
    return SavedReturn(draft, is_kept=True)


def publish_return(*, draft: Return, actor: Actor, now: datetime) -> ReturnVersion:
    """Publish what stands in the draft as the next version; versions before stay and can be read."""
    require_role(actor, rules.FACILITATING_ROLES, draft.forum_id)
    require_open(draft.forum, Stage.REVIEW, now)
    with transaction.atomic():
        kept = (
            Return.objects.select_for_update(of=("self",), no_key=True)
            .select_related("symbol", "forum", "line")
            .get(pk=draft.pk)
        )
        text = _says(kept)
        cited = record.check_citations(forum_id=kept.forum_id, text=text.whole, itself=kept.symbol)
        rules.require_whole(text, len(cited))
        last = kept.versions.first()
        if last is not None and _says(last) == text:
            return last
        title = f"{kept.line.code} {kept.line.titles.get(text.language) or kept.line.title_here}"
        if kept.symbol is None:
            kept.symbol = record.give_symbol(
                forum_id=kept.forum_id, kind=Kind.RETURN, title=title, language=text.language, now=now
            )
            kept.save(update_fields=["symbol"])
        else:
            record.retitle(kept.symbol, title=title, language=text.language)
        version = ReturnVersion(
            of=kept,
            number=last.number + 1 if last else 1,
            published_by_id=actor.person_id,
            published_at=now,
        )
        _put(version, text)
        version.save()
        record.cite(source=kept.symbol, text=text.whole, now=now)
        record.write(
            forum_id=kept.forum_id,
            actor=actor,
            verb="publish_return",
            change={"line": kept.line.code, "version": version.number, "text": text.whole},
            now=now,
            symbol=kept.symbol,
        )
    return version


def _put(kept: Return | ReturnVersion, text: ReturnText) -> None:
    kept.achievements, kept.challenges = text.achievements, text.challenges
    kept.recommendations, kept.language = text.recommendations, text.language
    kept.steps = [asdict(step) for step in text.steps]


def _says(kept: Return | ReturnVersion) -> ReturnText:
    return ReturnText(
        achievements=kept.achievements,
        challenges=kept.challenges,
        recommendations=kept.recommendations,
        language=kept.language,
        steps=rules.steps_of(kept.steps),
    )


def _cleaned(text: ReturnText) -> ReturnText:
    steps = (Step(**{name: clean_line(said) for name, said in asdict(step).items()}) for step in text.steps)
    return ReturnText(
        achievements=clean_text(text.achievements),
        challenges=clean_text(text.challenges),
        recommendations=clean_text(text.recommendations),
        language=text.language,
        steps=tuple(step for step in steps if any(asdict(step).values())),
    )

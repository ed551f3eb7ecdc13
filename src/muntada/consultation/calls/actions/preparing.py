"""Prepare a call, and change the questions of an open one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.calls.actions.calls import CallQuestion, require_free_slug
from muntada.consultation.calls.models import Call, QuestionSet
from muntada.consultation.calls.queries import codes_ever, plan_of
from muntada.consultation.calls.rules.calls import (
    CALLING_ROLES,
    CallVotesOpenTo,
    ResultsVisible,
    StatementsOpenTo,
)
from muntada.consultation.calls.rules.dry_run import dry_run, stands_in_the_way
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.forums.models import Forum
from muntada.forums.rules import StageState
from muntada.forums.rules.roles import require_role
from muntada.foundations.errors import Refused
from muntada.foundations.languages import Translations
from muntada.record import actions as record
from muntada.record.rules import Actor


@dataclass(frozen=True)
class CallPlan:
    """The data of a call in preparation."""

    slug: str
    titles: Translations
    introductions: Translations
    languages: tuple[str, ...]
    opens_at: datetime
    closes_at: datetime | None
    takes_contributions: bool = True
    takes_attachments: bool = True
    statements_open_to: str = StatementsOpenTo.NOBODY
    statements_wait: bool = True
    votes_open_to: str = CallVotesOpenTo.SIGNED_IN
    results_visible: str = ResultsVisible.ALWAYS
    gives_out: str = GivesOut.BREAKDOWN
    source: str = ""
    source_url: str = ""


def prepare_call(
    *, forum: Forum, plan: CallPlan, questions: Sequence[CallQuestion], actor: Actor, now: datetime
) -> Call:
    """Create a call, visible to the secretariat only until it is opened."""
    require_role(actor, CALLING_ROLES, forum.pk)
    _require_plan(plan)
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        require_free_slug(forum, plan.slug)
        call = Call.objects.create(forum=forum, prepared_at=now, **asdict(plan))
        items = [question.item for question in questions]
        QuestionSet.objects.create(call=call, version=1, items=items, made_at=now)
        _write(call, "prepare_call", {"slug": plan.slug, "titles": dict(plan.titles)}, actor, now)
    return call


def edit_call(*, call: Call, plan: CallPlan, actor: Actor, now: datetime) -> Call:
    """Change a call in preparation."""
    require_role(actor, CALLING_ROLES, call.forum_id)
    _require_plan(plan)
    with transaction.atomic():
        kept = _prepared(call)
        if is_as_planned(kept, plan):
            return kept
        if plan.slug != kept.slug:
            require_free_slug(kept.forum, plan.slug)
        for name, value in asdict(plan).items():
            setattr(kept, name, value)
        kept.save()
        _write(kept, "edit_call", {"slug": plan.slug, "titles": dict(plan.titles)}, actor, now)
    return kept


def is_as_planned(call: Call, plan: CallPlan) -> bool:
    """Return whether a plan equals the call."""
    planned = asdict(plan) | {"languages": list(plan.languages)}
    return all(getattr(call, name) == value for name, value in planned.items())


def ask(*, call: Call, questions: Sequence[CallQuestion], actor: Actor, now: datetime) -> QuestionSet:
    """Set the questions. While a call is open, this is a new version; contributions keep theirs."""
    require_role(actor, CALLING_ROLES, call.forum_id)
    items = [question.item for question in questions]
    with transaction.atomic():
        kept = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        last = QuestionSet.objects.filter(call=kept).order_by("-version").first()
        if last is not None and last.items == items:
            return last
        _require_own_codes(items, last, codes_ever(kept))
        if kept.opened_at is not None:
            _require_may_ask_otherwise(kept, items, now)
        if last is not None and kept.opened_at is None:
            last.items, last.made_at = items, now
            last.save(update_fields=["items", "made_at"])
            asked = last
        else:
            version = last.version + 1 if last else 1
            asked = QuestionSet.objects.create(call=kept, version=version, items=items, made_at=now)
        change = {"call": kept.slug, "version": asked.version, "questions": items}
        _write(kept, "ask", change, actor, now)
    return asked


def open_prepared_call(*, call: Call, actor: Actor, now: datetime) -> Call:
    """Open a prepared call unless the dry run finds an obstacle."""
    require_role(actor, CALLING_ROLES, call.forum_id)
    with transaction.atomic():
        kept = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        if kept.opened_at is not None:
            return kept
        in_the_way = stands_in_the_way(dry_run(plan_of(kept), now))
        if in_the_way:
            raise Refused(" ".join(point.sentence for point in in_the_way), "dry-run")
        kept.opened_at = now
        kept.save(update_fields=["opened_at"])
        asked = QuestionSet.objects.filter(call=kept).order_by("-version")[0]
        change = {
            "slug": kept.slug,
            "titles": kept.titles,
            "questions": asked.items,
            "opens_at": kept.opens_at,
            "closes_at": kept.closes_at,
            "gives_out": kept.gives_out,
        }
        _write(kept, "open_call", change, actor, now)
    return kept


def drop_call(*, call: Call, actor: Actor, now: datetime) -> None:
    """Delete a call that was never public."""
    require_role(actor, CALLING_ROLES, call.forum_id)
    with transaction.atomic():
        kept = _prepared(call)
        _write(kept, "drop_call", {"slug": kept.slug}, actor, now)
        kept.delete()


def _prepared(call: Call) -> Call:
    kept = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    if kept.opened_at is not None:
        sentence = gettext(
            "This call was opened and people rely on it. "
            "You can still extend it, or ask its questions otherwise."
        )
        raise Refused(sentence, "call-opened")
    return kept


def _require_plan(plan: CallPlan) -> None:
    if not any(plan.titles.values()):
        raise Refused(gettext("Please give the call a title in at least one language."), "title-missing")
    if plan.closes_at is not None and plan.closes_at <= plan.opens_at:
        sentence = gettext("A call has to close after it opens. Please choose a later date.")
        raise Refused(sentence, "call-closes-early", "closes_at")


def _require_may_ask_otherwise(call: Call, items: Sequence[object], now: datetime) -> None:
    if not items:
        sentence = gettext("A call that is open has to ask something. Please leave at least one question.")
        raise Refused(sentence, "questions-missing")
    if call.window.state(now) is StageState.CLOSED:
        sentence = gettext("This call is closed, so its questions stay as they were asked.")
        raise Refused(sentence, "call-closed")


def _require_own_codes(
    items: Sequence[Mapping[str, object]], last: QuestionSet | None, ever: Collection[str]
) -> None:
    """Refuse codes used for two questions: answers are stored by code."""
    codes = [str(item["code"]) for item in items]
    now_asked = {item["code"] for item in last.items} if last else set()
    if len(set(codes)) < len(codes) or (set(codes) - now_asked) & set(ever):
        sentence = gettext(
            "A question of this call was taken out and cannot be asked again under the same code. "
            "Please load this page again and write it as a new question."
        )
        raise Refused(sentence, "question-code-used")


def _write(call: Call, verb: str, change: dict[str, object], actor: Actor, now: datetime) -> None:
    record.write(forum_id=call.forum_id, actor=actor, verb=verb, change=change, now=now)

"""Publish the decisions of a selection, all or none."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext

from muntada.forums.queries import who_ordered
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.jobs.actions import JobOrder, order
from muntada.foundations.jobs.queries import active_job
from muntada.foundations.jobs.running import Run
from muntada.foundations.languages import listed
from muntada.people.models import Person
from muntada.programme.decisions import actions as decisions
from muntada.programme.decisions.actions import DecisionReason
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.requests import UNDECIDED, RequestState, require_reason
from muntada.programme.selection import task_types
from muntada.programme.selection.models import PlannedDecision, Selection
from muntada.programme.selection.queries import Decisions, SelectionDecision, decisions_of, publication_key
from muntada.programme.selection.rules.selection_decisions import require_plannable
from muntada.record import actions as record
from muntada.record.rules import Actor

MOST_NAMED = 8


def plan_decision(
    *,
    selection: Selection,
    request: SessionRequest,
    decision: str,
    why: DecisionReason,
    actor: Actor,
    now: datetime,
) -> None:
    """Plan another decision or reason for a request; private until published."""
    require_role(actor, SECRETARIAT, selection.forum_id)
    wanted = require_plannable(decision)
    if wanted is not RequestState.ACCEPTED:
        require_reason(why.text)
    with transaction.atomic():
        kept = _locked(selection)
        _require_open(kept)
        values = {"decision": wanted.value, "reason": clean_text(why.text), "language": why.language}
        PlannedDecision.objects.update_or_create(selection=kept, request=request, defaults=values)
        record.write(
            forum_id=kept.forum_id,
            actor=actor,
            verb="plan_decision",
            change={"selection": kept.number, "request": request.pk, **values},
            now=now,
        )


def drop_plan(*, selection: Selection, request: SessionRequest, actor: Actor, now: datetime) -> None:
    """Return to the proposed decision."""
    require_role(actor, SECRETARIAT, selection.forum_id)
    with transaction.atomic():
        kept = _locked(selection)
        _require_open(kept)
        PlannedDecision.objects.filter(selection=kept, request=request).delete()
        change: dict[str, object] = {"selection": kept.number, "request": request.pk}
        record.write(forum_id=kept.forum_id, actor=actor, verb="drop_plan", change=change, now=now)


def publish_decisions(
    *, selection: Selection, person: Person | None, actor: Actor, now: datetime
) -> Decisions | None:
    """Decide on every request as planned, each with its reason; nothing if already done.

    Concurrent calls wait. If a request was withdrawn, changed or decided since, nothing is decided.
    """
    require_role(actor, SECRETARIAT, selection.forum_id)
    with transaction.atomic():
        kept = _locked(selection)
        if kept.published_at is not None:
            return None
        require_published_soon(kept)
        symbols = list(kept.made_from.stamps)
        # Held until all is decided: nobody withdraws or decides one of them in between.
        list(
            SessionRequest.objects.select_for_update(of=("self",), no_key=True)
            .filter(forum=kept.forum_id, state__in=UNDECIDED)
            .order_by("pk")
        )
        found = decisions_of(kept)
        require_unchanged(found)
        for one in found.each:
            _carry_out(one, actor, now)
        kept.published_at, kept.published_by = now, person
        kept.save(update_fields=["published_at", "published_by"])
        record.write(
            forum_id=kept.forum_id,
            actor=actor,
            verb="publish_decisions",
            change={"selection": kept.number, "requests": symbols, "chosen": list(kept.choice.chosen)},
            now=now,
        )
    return found


def order_publication(*, selection: Selection, actor: Actor, now: datetime) -> bool:
    """Order the publication in a job, if possible; repeated orders have no further effect.

    Returns whether it is still to be done.
    """
    require_role(actor, SECRETARIAT, selection.forum_id)
    with transaction.atomic():
        kept = _locked(selection)
        if kept.published_at is not None:
            return False
        require_published_soon(kept)
        require_unchanged(decisions_of(kept))
        if active_job(publication_key(kept)) is None:
            new = JobOrder(
                forum_id=kept.forum_id,
                key=publication_key(kept),
                about=gettext("Selection %(number)s") % {"number": kept.number},
                back=_address(kept),
                actor=actor,
                now=now,
            )
            order(task_types.publish_decisions, new, selection_id=kept.pk)
    return True


def carry_out_publication(*, run: Run, selection: Selection) -> None:
    """Publish what was ordered: all of it, or nothing."""
    with transaction.atomic():
        actor, person = who_ordered(run.job), run.job.ordered_by
        publish_decisions(selection=selection, person=person, actor=actor, now=run.clock())
        sentence = gettext("These decisions are published.")
        run.end(sentence=sentence, result_at=_address(selection))


def _address(selection: Selection) -> str:
    return reverse("programme:selection_decisions", args=[selection.forum.slug, selection.number])


def require_published_soon(selection: Selection) -> None:
    """Refuse to publish what is not there."""
    if not selection.is_made:
        raise Refused(gettext("This selection is not ready. Please wait until it is made."), "not-ready")
    if not selection.choice.chosen:
        sentence = gettext(
            "No choice keeps all rules of this selection, so there is nothing to publish. "
            "Please loosen one of the rules and make another."
        )
        raise Refused(sentence, "no-choice")


def require_unchanged(found: Decisions) -> None:
    if not found.gone:
        return
    sentence = gettext(
        "Since this selection was made these were withdrawn, changed or decided on: %(requests)s. "
        "Nothing was published. Please make a new selection."
    )
    named = [*found.gone[:MOST_NAMED], *(["…"] if len(found.gone) > MOST_NAMED else [])]
    raise Refused(sentence % {"requests": listed(named)}, "selection-old")


def _locked(selection: Selection) -> Selection:
    rows = Selection.objects.select_for_update(of=("self",), no_key=True).select_related("forum")
    return rows.get(pk=selection.pk)


def _require_open(selection: Selection) -> None:
    require_published_soon(selection)
    if selection.published_at is not None:
        raise Refused(gettext("The decisions of this selection are published already."), "published")


_REFUSALS: dict[RequestState, Callable[..., None]] = {
    RequestState.DECLINED: decisions.decline_request,
    RequestState.REFERRED: decisions.refer_request,
    RequestState.WAITING: decisions.put_on_waiting_list,
}


def _carry_out(one: SelectionDecision, actor: Actor, now: datetime) -> None:
    why = DecisionReason(one.reason, one.language)
    if one.decision is RequestState.ACCEPTED:
        decisions.accept_request(request=one.request, reason=why, actor=actor, now=now)
    else:
        _REFUSALS[one.decision](request=one.request, reason=why, actor=actor, now=now)

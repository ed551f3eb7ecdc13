"""Set rules and pins; order, stop and restart selections."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.jobs import actions as jobs
from muntada.foundations.jobs.rules import MAY_BEGIN
from muntada.people.models import Person
from muntada.programme.decisions.actions import DecisionReason
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.requests import UNDECIDED, require_state
from muntada.programme.selection.adapter.selection import Problem, problem_of
from muntada.programme.selection.models import Pin, Selection, SelectionRules
from muntada.programme.selection.queries import SelectionMaterial, material_of
from muntada.programme.selection.rules.selections import SelectionTerms, require_reasoned, require_terms
from muntada.programme.selection.task_types import run_selection
from muntada.record import actions as record
from muntada.record.rules import Actor


def set_selection_rules(*, forum: Forum, terms: SelectionTerms, actor: Actor, now: datetime) -> None:
    """Set the rules. Existing selections keep theirs."""
    require_role(actor, SECRETARIAT, forum.pk)
    require_terms(terms)
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        data = terms.as_data()
        before = SelectionRules.objects.filter(forum=forum).first()
        SelectionRules.objects.update_or_create(forum=forum, defaults={"data": data, "decided_at": now})
        if before is None or before.data != data:
            change: dict[str, object] = {"rules": data}
            record.write(forum_id=forum.pk, actor=actor, verb="set_selection_rules", change=change, now=now)


def pin_request(
    *,
    request: SessionRequest,
    is_in: bool,
    why: DecisionReason,
    person: Person | None,
    actor: Actor,
    now: datetime,
) -> Pin:
    """Pin a request: it must be in, or out, of any selection."""
    require_role(actor, SECRETARIAT, request.forum_id)
    require_reasoned(why.text)
    with transaction.atomic():
        kept = _undecided(request)
        values = {
            "is_in": is_in,
            "reason": clean_text(why.text),
            "language": why.language,
            "decided_by": person,
            "decided_at": now,
        }
        pin, _made = Pin.objects.update_or_create(request=kept, defaults=values)
        verb = "pin_request" if is_in else "veto_request"
        change: dict[str, object] = {"reason": pin.reason}
        record.write(
            forum_id=kept.forum_id, actor=actor, verb=verb, symbol=kept.symbol, change=change, now=now
        )
    return pin


def unpin_request(*, request: SessionRequest, actor: Actor, now: datetime) -> None:
    """Remove a pin."""
    require_role(actor, SECRETARIAT, request.forum_id)
    with transaction.atomic():
        kept = _undecided(request)
        gone, _rows = Pin.objects.filter(request=kept).delete()
        if gone:
            record.write(
                forum_id=kept.forum_id,
                actor=actor,
                verb="unpin_request",
                symbol=kept.symbol,
                change={},
                now=now,
            )


def _undecided(request: SessionRequest) -> SessionRequest:
    kept = (
        SessionRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("symbol__forum")
        .get(pk=request.pk)
    )
    require_state(kept.state, UNDECIDED)
    return kept


def order_selection(
    *, forum: Forum, actor: Actor, now: datetime, seed: int = 1, terms: SelectionTerms
) -> Selection:
    """Order a selection; refuse without requests."""
    require_role(actor, SECRETARIAT, forum.pk)
    require_terms(terms)
    require_material(material_of(forum, terms), terms)
    with transaction.atomic():
        selection = write_selection(forum=forum, actor=actor, now=now, seed=seed, terms=terms)
        _order_making(selection, actor, now)
    return selection


def write_selection(
    *, forum: Forum, actor: Actor, now: datetime, seed: int, terms: SelectionTerms
) -> Selection:
    """Write down a selection that is still to be made, or is stored in the same transaction."""
    require_role(actor, SECRETARIAT, forum.pk)
    with transaction.atomic():
        # Two at once would get the same number: the second waits here for the first.
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        last = Selection.objects.filter(forum=forum).order_by("-number").first()
        selection = Selection.objects.create(
            forum=forum,
            number=last.number + 1 if last else 1,
            made_at=now,
            seed=seed,
            rules=terms.as_data(),
        )
        _write(selection, actor, now, "make_selection", seed=seed, rules=selection.rules)
    return selection


def require_material(material: SelectionMaterial, terms: SelectionTerms) -> Problem:
    if not material.requests:
        sentence = gettext("No session request waits for a decision, so there is nothing to choose from.")
        raise Refused(sentence, "no-requests")
    if len([pin for pin in material.pins if not pin.is_in]) == len(material.requests):
        sentence = gettext(
            "Each request that waits must be out, so nobody could be chosen. Please leave some to the rules."
        )
        raise Refused(sentence, "all-vetoed")
    return problem_of(material, terms)


def stop_selection(*, selection: Selection, actor: Actor, now: datetime) -> None:
    """Stop a selection or its refinement; the result so far is kept."""
    require_role(actor, SECRETARIAT, selection.forum_id)
    if selection.job is None or not selection.job.is_active:
        raise Refused(gettext("This selection is not being made any more."), "not-being-made")
    with transaction.atomic():
        jobs.stop(job=selection.job, actor=actor, now=now)
        _write(selection, actor, now, "stop_selection")


def start_selection_again(*, selection: Selection, actor: Actor, now: datetime) -> None:
    """Restart a selection that failed, was refused or cancelled."""
    require_role(actor, SECRETARIAT, selection.forum_id)
    if selection.job is None or selection.is_made:
        raise Refused(gettext("This selection is made already."), "selection-ready")
    with transaction.atomic():
        if selection.job.state in MAY_BEGIN:
            jobs.begin(job=selection.job, actor=actor, now=now)
        else:
            _order_making(selection, actor, now)
        _write(selection, actor, now, "make_selection_again")


def _order_making(selection: Selection, actor: Actor, now: datetime) -> None:
    order = jobs.JobOrder(
        forum_id=selection.forum_id,
        key=f"programme.selection:{selection.pk}",
        about=gettext("Selection %(number)s") % {"number": selection.number},
        back=selection.get_absolute_url(),
        actor=actor,
        now=now,
    )
    selection.job = jobs.order(run_selection, order, selection_id=selection.pk)
    selection.save(update_fields=["job"])


def _write(selection: Selection, actor: Actor, now: datetime, verb: str, **change: object) -> None:
    record.write(
        forum_id=selection.forum_id,
        actor=actor,
        verb=verb,
        change={"selection": selection.number, **change},
        now=now,
    )

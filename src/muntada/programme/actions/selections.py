"""Setting the rules of a selection, pinning requests, ordering a selection and making it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.foundations import live
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.people.models import Person
from muntada.programme.actions.alone import only_one
from muntada.programme.actions.choosing import FURTHER_EFFORT, choose_and_keep, topic_of
from muntada.programme.actions.decisions import Reason
from muntada.programme.engine.selection import Problem, problem_of
from muntada.programme.models import Pin, Selection, SelectionRules, SessionRequest
from muntada.programme.queries.selections import Material, material_of
from muntada.programme.rules.requests import UNDECIDED, require_state
from muntada.programme.rules.secretariat import require_secretariat
from muntada.programme.rules.selections import (
    FurtherState,
    SelectionState,
    Terms,
    require_reasoned,
    require_terms,
)
from muntada.record import actions as record
from muntada.record.rules import Actor

LOCK = "programme.selection"


def set_selection_rules(*, forum: Forum, terms: Terms, actor: Actor, now: datetime) -> None:
    """Decide by which rules the programme is chosen. Selections that were made keep theirs."""
    require_secretariat(actor)
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
    *, request: SessionRequest, is_in: bool, why: Reason, person: Person | None, actor: Actor, now: datetime
) -> Pin:
    """Decide before any selection that a request must be in, or must be out."""
    require_secretariat(actor)
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
    """Leave a request to the rules again."""
    require_secretariat(actor)
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


def order_selection(*, forum: Forum, actor: Actor, now: datetime, seed: int = 1, terms: Terms) -> Selection:
    """Write down that a selection is wanted, by these rules; refuse where there is nothing to choose."""
    require_secretariat(actor)
    require_terms(terms)
    _require_material(material_of(forum, terms), terms)
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
            state=SelectionState.WAITING,
        )
        record.write(
            forum_id=forum.pk,
            actor=actor,
            verb="make_selection",
            change={"selection": selection.number, "seed": seed, "rules": selection.rules},
            now=now,
        )
    return selection


def _require_material(material: Material, terms: Terms) -> Problem:
    if not material.requests:
        sentence = gettext("No session request waits for a decision, so there is nothing to choose from.")
        raise Refused(sentence, "no-requests")
    if len([pin for pin in material.pins if not pin.is_in]) == len(material.requests):
        sentence = gettext(
            "Each request that waits must be out, so nobody could be chosen. Please leave some to the rules."
        )
        raise Refused(sentence, "all-vetoed")
    return problem_of(material, terms)


def run_selection(*, selection: Selection, further: float = FURTHER_EFFORT) -> Selection:
    """Make the selection that was ordered. Started twice it is made once; left half-way it can start anew.

    It is ready when the choice is made; what is said of costs and prices is worked out `further` then.
    """
    with only_one(LOCK, selection.pk) as is_mine:
        selection.refresh_from_db()
        if not is_mine or selection.state == SelectionState.READY:
            if is_mine and selection.further.get("state") == FurtherState.GOING_ON:
                _break_off(selection)
            return selection
        selection.state = SelectionState.MAKING
        selection.save(update_fields=["state"])
        try:
            material = material_of(selection.forum, selection.terms)
            problem = _require_material(material, selection.terms)
            choose_and_keep(selection, problem, _inputs(material), further=further)
        except Refused as refusal:
            # What it was ordered from has changed meanwhile: who waits for it reads why.
            Selection.objects.filter(pk=selection.pk).update(
                state=SelectionState.FAILED, progress={"refused": str(refusal)}
            )
        except BaseException:
            unmade = Selection.objects.filter(pk=selection.pk).exclude(state=SelectionState.READY)
            if not unmade.update(state=SelectionState.FAILED):
                _break_off(selection)
            raise
        finally:
            live.announce(topic_of(selection))
        selection.refresh_from_db()
    return selection


def _break_off(selection: Selection) -> None:
    """Note that nobody works out costs and prices any more; what was kept of them holds."""
    selection.refresh_from_db()
    selection.further = selection.further | {"state": FurtherState.BROKEN_OFF.value}
    selection.save(update_fields=["further"])


def stop_selection(*, selection: Selection, actor: Actor, now: datetime) -> None:
    """Ask that the making of a selection, or what is worked out after it, ends; what was found is kept."""
    require_secretariat(actor)
    is_going_on = selection.further.get("state") == FurtherState.GOING_ON
    if selection.state not in {SelectionState.WAITING, SelectionState.MAKING} and not is_going_on:
        raise Refused(gettext("This selection is not being made any more."), "not-being-made")
    with transaction.atomic():
        Selection.objects.filter(pk=selection.pk, stop_asked_at=None).update(stop_asked_at=now)
        change: dict[str, object] = {"selection": selection.number}
        record.write(forum_id=selection.forum_id, actor=actor, verb="stop_selection", change=change, now=now)
        live.announce(topic_of(selection))


def make_selection(
    *,
    forum: Forum,
    actor: Actor,
    now: datetime,
    seed: int = 1,
    terms: Terms,
    further: float = FURTHER_EFFORT,
) -> Selection:
    """Make a selection and wait for it, and for what is worked out further."""
    ordered = order_selection(forum=forum, actor=actor, now=now, seed=seed, terms=terms)
    return run_selection(selection=ordered, further=further)


def reopen_selection(*, selection: Selection, actor: Actor, now: datetime) -> None:
    """Let a selection whose making failed or was broken off be made after all."""
    require_secretariat(actor)
    if selection.state == SelectionState.READY:
        raise Refused(gettext("This selection is made already."), "selection-ready")
    with transaction.atomic():
        selection.state, selection.progress, selection.stop_asked_at = SelectionState.WAITING, {}, None
        selection.save(update_fields=["state", "progress", "stop_asked_at"])
        change: dict[str, object] = {"selection": selection.number}
        record.write(
            forum_id=selection.forum_id, actor=actor, verb="make_selection_again", change=change, now=now
        )


def _inputs(material: Material) -> dict[str, object]:
    """Keep what was chosen from, so that anybody can see later what has changed since."""
    return {
        "requests": [
            [one.symbol, material.scores[one.symbol], material.stamps.get(one.symbol, "")]
            for one in material.requests
        ],
        "marked": material.marked,
        "places": material.supply.free,
        "minutes": material.supply.free_minutes,
        "demand": dict(material.demand),
        "pins": {pin.symbol: pin.is_in for pin in material.pins},
    }

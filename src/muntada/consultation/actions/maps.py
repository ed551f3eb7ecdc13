"""Drawing the opinion map of a call anew, and saying what its groups should weigh."""

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from muntada.consultation.actions import task_types
from muntada.consultation.actions.opendata import drop_archives
from muntada.consultation.actions.task_types import REDRAW_LATER
from muntada.consultation.engine.opinion import SEED, draw_map
from muntada.consultation.models import Call, OpinionMap
from muntada.consultation.queries.ballots import drawing_is_due
from muntada.consultation.rules.calls import CALLING_ROLES
from muntada.consultation.rules.maps import Basis, ChosenShares, require_breakdown, settled_shares, superseded
from muntada.forums.rules.roles import require_role
from muntada.forums.rules.schemes import Scheme, scheme_at
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, Actor

# Votes come in bursts; one drawing a few seconds later serves them all.
PAUSE_SECONDS = 3
# A large map takes long to draw; it is drawn seldom enough that drawing takes a small share of the time.
PAUSES_PER_DRAWING = 40
LONGEST_PAUSE_SECONDS = 60
# A drawing that was asked for sees the votes cast until it begins; a little before, nobody relies on that.
MARGIN_SECONDS = 0.5


def redraw_opinion_map(*, call: Call, now: datetime, seed: int | None = None) -> OpinionMap:
    """Compute the map from all votes and show it in place of the last one, with the seed of that one.

    Of the earlier ones the last of each day stays.
    """
    begun = time.thread_time()
    drawn = draw_map(call, now, _seed_of(call) if seed is None else seed)
    _took[call.pk] = time.thread_time() - begun
    with transaction.atomic():
        Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        OpinionMap.objects.filter(call=call, is_latest=True).update(is_latest=False)
        drop_archives(call)
        kept = OpinionMap.objects.create(
            call=call,
            seed=drawn.seed,
            settings=drawn.settings,
            voters=drawn.voters,
            votes=drawn.votes,
            statements=drawn.statements,
            points=drawn.points,
            priorities=drawn.priorities,
            result=drawn.result,
            voices=drawn.voices,
            last_vote=drawn.cut.last_vote,
            left_out_voters=list(drawn.cut.left_out or ()),
            declared=drawn.declared,
            made_at=now,
        )
        _thin(call)
        record.write(
            forum_id=call.forum_id,
            actor=SYSTEM,
            verb="redraw_opinion_map",
            change={"call": call.slug, "seed": drawn.seed, "points": drawn.points, "result": drawn.result}
            | {"voices": drawn.voices},
            now=now,
        )
        announce(call_topic(call))
    return kept


def _thin(call: Call) -> None:
    """Of several maps of one day, in the time of the forum, keep the last."""
    drawn = OpinionMap.objects.filter(call=call).order_by("-made_at", "-pk").values_list("pk", "made_at")
    zone = call.forum.timezone
    gone = superseded([(pk, made_at.astimezone(zone).date()) for pk, made_at in drawn])
    OpinionMap.objects.filter(pk__in=gone, is_latest=False).delete()


def weigh_by(*, call: Call, scheme: Scheme, chosen: ChosenShares, actor: Actor, now: datetime) -> None:
    """Say what each group of a scheme is to weigh in the re-weighted result, and have the map drawn anew.

    People are weighted by one scheme of a kind at a time: by two ways to count the same they would pull at
    each other.
    """
    require_role(actor, CALLING_ROLES, call.forum_id)
    require_breakdown(call.gives_out)
    shares = {} if chosen.basis is Basis.NONE else settled_shares(scheme, chosen)
    with transaction.atomic():
        kept = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        others = {
            key: one
            for key, one in kept.margins.items()
            if (other := scheme_at(key)) and other.dimension is not scheme.dimension
        }
        added = {"basis": chosen.basis.value, "shares": shares, "source": chosen.source.strip()}
        kept.margins = others | ({scheme.key: added} if shares else {})
        kept.save(update_fields=["margins"])
        record.write(
            forum_id=kept.forum_id,
            actor=actor,
            verb="weigh_by",
            change={"call": kept.slug, "margins": kept.margins},
            now=now,
        )
        ask_for_redraw(kept)
    call.margins = kept.margins


def _seed_of(call: Call) -> int:
    kept = OpinionMap.objects.filter(call=call, is_latest=True).values_list("seed", flat=True).first()
    return SEED if kept is None else kept


def call_topic(call: Call) -> str:
    """Return the topic on which the pages of a call listen."""
    return f"{call.forum.slug}-call-{call.pk}"


def ask_for_redraw(call: Call) -> None:
    """Have the map drawn soon. Asked after the commit, so that what it is asked for is seen."""
    transaction.on_commit(lambda: _enqueue(call.pk))


def ask_for_redraw_of(call_id: int) -> None:
    """Have the map drawn for new votes: soon where a twentieth is new, else when some time has passed."""
    transaction.on_commit(lambda: _enqueue_for_votes(call_id))


# Until when the drawing that this process put into the queue serves all votes, by call.
_served_until: dict[int, float] = {}
# Until when this process need not look whether a drawing is due, by call.
_looked_until: dict[int, float] = {}
# How long the last drawing took, where this process drew it.
_took: dict[int, float] = {}


def _enqueue_for_votes(call_id: int) -> None:
    before = time.monotonic()
    if before < max(_served_until.get(call_id, 0.0), _looked_until.get(call_id, 0.0)):
        return
    if drawing_is_due(call_id):
        _enqueue(call_id)
        return
    wait = min(_order(REDRAW_LATER, call_id), PAUSE_SECONDS)
    _looked_until[call_id] = before + wait - MARGIN_SECONDS


def _enqueue(call_id: int) -> None:
    if time.monotonic() < _served_until.get(call_id, 0.0):
        return
    pause = min(max(PAUSE_SECONDS, int(PAUSES_PER_DRAWING * _took.get(call_id, 0.0))), LONGEST_PAUSE_SECONDS)
    wait = _order(timedelta(seconds=pause), call_id)
    _served_until[call_id] = time.monotonic() + wait - MARGIN_SECONDS


def _order(wait: timedelta, call_id: int) -> float:
    """Have the map drawn after a while, or sooner where that is ordered already; return the seconds until."""
    due = task_types.redraw_map.order_after(wait, call_id=call_id)
    return (due - timezone.now()).total_seconds()

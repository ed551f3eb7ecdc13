"""Recompute opinion maps, and set the weights of groups."""

import time
from datetime import datetime

from django.db import transaction

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.queries import call_topic
from muntada.consultation.calls.rules.calls import CALLING_ROLES
from muntada.consultation.calls.rules.gives_out import require_breakdown
from muntada.consultation.opinion.actions.open_data import drop_archives
from muntada.consultation.opinion.adapter.opinion import SEED, draw_map
from muntada.consultation.opinion.rules import Basis, ChosenShares, settled_shares, superseded
from muntada.consultation.statements.actions.redrawing import ask_for_redraw, seconds_taken
from muntada.consultation.statements.models import OpinionMap
from muntada.forums.rules.roles import require_role
from muntada.forums.rules.schemes import Scheme, scheme_at
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, Actor


def redraw_opinion_map(*, call: Call, now: datetime, seed: int | None = None) -> OpinionMap:
    """Compute the map from all votes with the seed of the last one, and replace it.

    Of earlier maps, the last of each day is kept.
    """
    begun = time.thread_time()
    drawn = draw_map(call, now, _seed_of(call) if seed is None else seed)
    seconds_taken[call.pk] = time.thread_time() - begun
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
    """Keep the last map of each day, in the forum's time zone."""
    drawn = OpinionMap.objects.filter(call=call).order_by("-made_at", "-pk").values_list("pk", "made_at")
    zone = call.forum.timezone
    gone = superseded([(pk, made_at.astimezone(zone).date()) for pk, made_at in drawn])
    OpinionMap.objects.filter(pk__in=gone, is_latest=False).delete()


def weigh_by(*, call: Call, scheme: Scheme, chosen: ChosenShares, actor: Actor, now: datetime) -> None:
    """Set the target shares of a scheme for the re-weighted result, and order a new map.

    Only one scheme per kind is used at a time: two classifications of the same people would conflict.
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

"""Bringing the same text sent by several people together as a campaign. Each keeps its number."""

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app as queue
from procrastinate.exceptions import AlreadyEnqueued

from muntada.consultation.actions.maps import call_topic
from muntada.consultation.engine.themes import find_campaigns
from muntada.consultation.models import Call, Campaign, Contribution
from muntada.consultation.rules.calls import ANSWERING_ROLES, require_role
from muntada.consultation.rules.campaigns import FoundCampaign, known_again, require_name
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, Actor

GROUP = "muntada.consultation.tasks.group_campaigns"
# A campaign comes in a burst; one look some minutes later serves all of it.
PAUSE_SECONDS = 120


def ask_for_campaigns(call: Call) -> None:
    """Have the texts of a call compared soon. Asked after the commit, so that the last one is seen."""
    transaction.on_commit(lambda: _enqueue(call.pk))


def _enqueue(call_id: int) -> None:
    name = f"campaigns-{call_id}"
    task = queue.configure_task(GROUP, lock=name, queueing_lock=name, schedule_in={"seconds": PAUSE_SECONDS})
    try:
        with transaction.atomic():
            task.defer(call_id=call_id)
    except AlreadyEnqueued:
        # It waits already and will see this text.
        return


def group_campaigns(*, call: Call, now: datetime) -> int:
    """Compare all public texts of a call; return how many campaigns there are. Names given before stay."""
    public = Contribution.objects.filter(
        call=call, withdrawn_at=None, consent_to_publish=True, stands_alone=False
    )
    texts = list(public.order_by("pk").select_related("question_set"))
    found = find_campaigns(texts)
    with transaction.atomic():
        Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        # Whoever was told apart or withdrew while the texts were compared is not put back.
        standing = set(public.filter(pk__in=[one.pk for one in texts]).values_list("pk", flat=True))
        found = [one for one in (_standing(group, standing) for group in found) if len(one.members) > 1]
        changed = _keep(call, found, now)
        if changed:
            record.write(
                forum_id=call.forum_id,
                actor=SYSTEM,
                verb="group_campaigns",
                change={"call": call.slug, "campaigns": [list(one.members) for one in found]},
                now=now,
            )
            announce(call_topic(call))
    return len(found)


def _standing(group: FoundCampaign, standing: set[int]) -> FoundCampaign:
    return FoundCampaign(tuple(one for one in group.members if one in standing), group.kind)


def _keep(call: Call, found: list[FoundCampaign], now: datetime) -> bool:
    """Store the groups in place of those before; say whether anything is different."""
    rows = Contribution.objects.filter(call=call, campaign__isnull=False)
    before = dict(rows.values_list("pk", "campaign"))
    kinds = dict(Campaign.objects.filter(call=call).values_list("pk", "kind"))
    changed = False
    kept: set[int] = set()
    for group, known in zip(found, known_again(found, before), strict=True):
        number = known or Campaign.objects.create(call=call, kind=group.kind, found_at=now).pk
        if kinds.get(number, group.kind) != group.kind:
            Campaign.objects.filter(pk=number).update(kind=group.kind)
        kept.update(group.members)
        moved = [one for one in group.members if before.get(one) != number]
        if moved:
            changed = True
            Contribution.objects.filter(pk__in=moved).update(campaign=number)
    left = [one for one in before if one not in kept]
    if left:
        changed = True
        Contribution.objects.filter(pk__in=left).update(campaign=None)
    Campaign.objects.filter(call=call, contributions=None).delete()
    return changed


def name_campaign(*, campaign: Campaign, name: str, actor: Actor, now: datetime) -> None:
    """Say in words what a campaign asks for."""
    require_role(actor, ANSWERING_ROLES)
    require_name(name)
    with transaction.atomic():
        kept = Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
        kept.name = name.strip()
        kept.save(update_fields=["name"])
        _write(kept.call, "name_campaign", {"campaign": kept.pk, "name": kept.name}, actor, now)


def split_from_campaign(*, contribution: Contribution, actor: Actor, now: datetime) -> None:
    """Say that a contribution is no part of a campaign; no later look at the texts puts it back."""
    _set_alone(contribution, "split_from_campaign", actor, now, alone=True)


def return_to_campaign(
    *, contribution: Contribution, campaign: Campaign, actor: Actor, now: datetime
) -> None:
    """Undo a split: the contribution is counted with its campaign again."""
    _set_alone(contribution, "return_to_campaign", actor, now, alone=False, campaign=campaign)


def _set_alone(
    contribution: Contribution,
    verb: str,
    actor: Actor,
    now: datetime,
    *,
    alone: bool,
    campaign: Campaign | None = None,
) -> None:
    require_role(actor, ANSWERING_ROLES)
    with transaction.atomic():
        Call.objects.select_for_update(no_key=True).get(pk=contribution.call_id)
        kept = Contribution.objects.select_for_update(of=("self",), no_key=True).get(pk=contribution.pk)
        if kept.stands_alone == alone:
            return
        number = kept.campaign_id or (campaign.pk if campaign else None)
        kept.stands_alone, kept.campaign = alone, campaign
        kept.save(update_fields=["stands_alone", "campaign"])
        record.write(
            forum_id=kept.call.forum_id,
            actor=actor,
            verb=verb,
            symbol=kept.symbol,
            change={"campaign": number},
            now=now,
        )
        announce(call_topic(kept.call))


def _write(call: Call, verb: str, change: dict[str, object], actor: Actor, now: datetime) -> None:
    record.write(forum_id=call.forum_id, actor=actor, verb=verb, change=change, now=now)
    announce(call_topic(call))

"""Group equal texts of several people as campaigns; each contribution keeps its number."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.queries import call_topic
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.contributions.actions.campaigns import ask_for_campaigns
from muntada.consultation.contributions.models import Campaign, Contribution
from muntada.consultation.contributions.queries.campaigns import campaign_gone
from muntada.consultation.contributions.rules.campaigns import (
    FoundCampaign,
    is_sent_by_several,
    known_again,
    require_name,
)
from muntada.consultation.contributions.rules.contributions import CameBy
from muntada.consultation.themes.adapter import find_campaigns
from muntada.forums.rules.roles import require_role
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, Actor


def group_campaigns(*, call: Call, now: datetime) -> int:
    """Compare all public texts of a call; return the number of campaigns. Names are kept."""
    # Merged contributions are compared in their original words.
    public = Contribution.objects.filter(
        call=call, withdrawn_at=None, consent_to_publish=True, stands_alone=False
    ).exclude(came_by=CameBy.MERGE)
    texts = list(public.order_by("pk").select_related("question_set", "author"))
    senders = {one.pk: one.sender for one in texts}
    found = find_campaigns(texts)
    with transaction.atomic():
        Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        # Contributions split off or withdrawn during the comparison are left out.
        standing = set(public.filter(pk__in=[one.pk for one in texts]).values_list("pk", flat=True))
        found = [_standing(group, standing) for group in found]
        found = [one for one in found if is_sent_by_several(senders[pk] for pk in one.members)]
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
    """Replace the stored campaigns; return whether anything changed."""
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
    # A campaign with a split-off member is kept with its name, in case the split is undone.
    Campaign.objects.filter(call=call, contributions=None, left_by=None).delete()
    return changed


def name_campaign(*, campaign: Campaign, name: str, actor: Actor, now: datetime) -> None:
    """Name a campaign."""
    require_role(actor, ANSWERING_ROLES, campaign.call.forum_id)
    require_name(name)
    with transaction.atomic():
        kept = Campaign.objects.select_for_update(of=("self",), no_key=True).filter(pk=campaign.pk).first()
        if kept is None:
            # A new comparison has changed the campaign meanwhile.
            raise NotThere(campaign_gone(), "campaign")
        kept.name = name.strip()
        kept.save(update_fields=["name"])
        _write(kept.call, "name_campaign", {"campaign": kept.pk, "name": kept.name}, actor, now)


def split_from_campaign(*, contribution: Contribution, actor: Actor, now: datetime) -> None:
    """Split a contribution from its campaign, permanently."""
    require_role(actor, ANSWERING_ROLES, contribution.symbol.forum_id)
    with transaction.atomic():
        kept = _at_work(contribution)
        if kept.stands_alone:
            return
        if kept.campaign is None:
            sentence = gettext("%(symbol)s is part of no campaign any more. Please look at its page again.")
            raise Refused(sentence % {"symbol": kept.symbol.short}, "campaign-none")
        kept.stands_alone, kept.campaign, kept.left_campaign = True, None, kept.campaign
        _keep_place(kept, "split_from_campaign", kept.left_campaign, actor, now)


def return_to_campaign(*, contribution: Contribution, actor: Actor, now: datetime) -> Contribution:
    """Undo a split, if contribution and campaign still exist."""
    require_role(actor, ANSWERING_ROLES, contribution.symbol.forum_id)
    with transaction.atomic():
        kept = _at_work(contribution)
        if not kept.stands_alone:
            return kept
        back = kept.left_campaign if kept.is_public else None
        kept.stands_alone, kept.campaign, kept.left_campaign = False, back, None
        _keep_place(kept, "return_to_campaign", back, actor, now)
    return kept


def _at_work(contribution: Contribution) -> Contribution:
    """Lock a contribution, after its call, in the order of the comparison."""
    Call.objects.select_for_update(no_key=True).get(pk=contribution.call_id)
    rows = Contribution.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("campaign", "left_campaign", "call", "symbol").get(pk=contribution.pk)


def _keep_place(
    kept: Contribution, verb: str, campaign: Campaign | None, actor: Actor, now: datetime
) -> None:
    kept.save(update_fields=["stands_alone", "campaign", "left_campaign"])
    record.write(
        forum_id=kept.call.forum_id,
        actor=actor,
        verb=verb,
        symbol=kept.symbol,
        change={"campaign": campaign.pk if campaign else None},
        now=now,
    )
    ask_for_campaigns(kept.call)
    announce(call_topic(kept.call))


def _write(call: Call, verb: str, change: dict[str, object], actor: Actor, now: datetime) -> None:
    record.write(forum_id=call.forum_id, actor=actor, verb=verb, change=change, now=now)
    announce(call_topic(call))

"""Merge two contributions with the consent of both authors; either can undo it."""

from django.utils import translation
from django.utils.translation import gettext

from muntada.consultation.calls.queries import call_topic
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.contributions.actions.campaigns import ask_for_campaigns
from muntada.consultation.contributions.models import Contribution, ContributionVersion, Merge
from muntada.consultation.contributions.queries.merges import MERGES_READ, ORIGINALS_READ, standing_merge_of
from muntada.consultation.contributions.rules.contributions import TEXT_LENGTH, CameBy
from muntada.consultation.merging import task_types
from muntada.consultation.replies.models import Reply
from muntada.consultation.replies.queries.replies import last_reply_to
from muntada.consultation.replies.rules import UNDONE, Disposition
from muntada.forums.merging import actions as merging
from muntada.forums.merging.actions import Merging, Verbs
from muntada.forums.merging.rules import Joint
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.people.rules import Role
from muntada.record import actions as record
from muntada.record.rules import Relation, SymbolKind


def propose_merge(
    *, forum_request: ForumRequest, contribution: Contribution, other: Contribution, joint: Joint
) -> Merge:
    """Propose a merge. The proposer's consent is included for their own contribution."""
    forum_request.require_person(contribution.symbol.forum_id)
    return merging.propose(LAW, forum_request=forum_request, two=(contribution.pk, other.pk), joint=joint)


def consent_to_merge(*, forum_request: ForumRequest, merge: Merge) -> Merge:
    """Consent as one of the authors. The second consent creates the joint contribution."""
    return merging.consent(LAW, forum_request=forum_request, merge=merge)


def decline_merge(*, forum_request: ForumRequest, merge: Merge, reason: str) -> Merge:
    """Decline with a reason as author, cancel one's own proposal, or close it as moderator."""
    return merging.decline(LAW, forum_request=forum_request, merge=merge, reason=reason)


def unmerge(*, forum_request: ForumRequest, merge: Merge, reason: str) -> Merge:
    """Undo a merge: the joint contribution is withdrawn, its number stays, the originals are active.

    Whatever is based on the joint text stays based on both originals.
    """
    return merging.undo(LAW, forum_request=forum_request, merge=merge, reason=reason)


def require_mergeable(first: Contribution, second: Contribution) -> None:
    """Both must be public in one call, have authors with addresses, and not be merged already."""
    if first.call_id != second.call_id:
        sentence = gettext("These two were said to different calls. Only two of one call can be merged.")
        raise Refused(sentence, "merge-other-call", "other")
    for one in (first, second):
        symbol = {"symbol": one.symbol.short}
        if not one.is_public:
            sentence = gettext("%(symbol)s is not public, so it cannot be said together with another.")
            raise Refused(sentence % symbol, "merge-not-public", "other")
        if one.author_id is None:
            sentence = gettext(
                "%(symbol)s has no author with an account who could be asked. "
                "Please write to the secretariat."
            )
            raise Refused(sentence % symbol, "merge-no-author", "other")
    before = standing_merge_of([first.pk, second.pk])
    if before is not None and before.joint is not None:
        sentence = gettext("One of them is part of %(symbol)s already. That has to be undone first.")
        raise Refused(sentence % {"symbol": before.joint.symbol.short}, "merge-made-already", "other")


def _merge(forum_request: ForumRequest, merge: Merge) -> None:
    """Create the joint contribution, based on both originals."""
    first, second = merge.first, merge.second
    symbol = record.give_symbol(
        forum_id=forum_request.forum.pk,
        kind=SymbolKind.CONTRIBUTION,
        title=merge.title,
        language=merge.language,
        now=forum_request.now,
    )
    joint = Contribution.objects.create(
        symbol=symbol,
        call=first.call,
        question_set=first.question_set,
        came_by=CameBy.MERGE,
        provenance=f"{first.symbol.short}, {second.symbol.short}",
        language=merge.language,
        title=merge.title,
        text=merge.text,
        consent_to_publish=True,
        submitted_at=forum_request.now,
    )
    merge.joint = joint
    record.cite(source=symbol, text=joint.text, now=forum_request.now)
    joint.lines.set({*first.lines.all(), *second.lines.all()})
    joint.goals.set({*first.goals.all(), *second.goals.all()})
    for one in (first, second):
        record.link(source=symbol, target=one.symbol, relation=Relation.MERGED_FROM, now=forum_request.now)
        _answer_by_merging(forum_request, one, joint)
    entry = record.write(
        forum_id=forum_request.forum.pk,
        actor=forum_request.actor(Role.PARTICIPANT),
        verb="merge_contributions",
        symbol=symbol,
        change={"title": joint.title, "text": joint.text, "merged": joint.provenance},
        now=forum_request.now,
    )
    ContributionVersion.objects.create(
        contribution=joint,
        number=1,
        language=joint.language,
        title=joint.title,
        text=joint.text,
        submitted_at=forum_request.now,
        receipt=record.give_receipt(entry=entry, content=joint.text, now=forum_request.now),
    )
    ask_for_campaigns(joint.call)
    announce(call_topic(joint.call))


def _unmerge(forum_request: ForumRequest, merge: Merge) -> None:
    """Withdraw the joint contribution, and reopen the replies it had closed."""
    joint = Contribution.objects.select_for_update(of=("self",), no_key=True).get(merge_made=merge)
    joint.withdrawn_at = forum_request.now
    joint.save(update_fields=["withdrawn_at"])
    record.retitle(joint.symbol, title=joint.title, language=joint.language, is_public=False)
    record.withdraw_symbol(joint.symbol, now=forum_request.now)
    for one in (merge.first, merge.second):
        if _is_answered_by(one, joint):
            _answer_by_undoing(forum_request, one, joint, merge.unmerged_reason)
    ask_for_campaigns(joint.call)
    announce(call_topic(joint.call))


def _answer_by_merging(forum_request: ForumRequest, one: Contribution, joint: Contribution) -> None:
    """Reply to both originals with the merge; the joint contribution now waits for a reply."""
    with translation.override(one.language):
        reason = gettext("Both authors agreed to say it as one.")
    Reply.objects.create(
        contribution=one,
        disposition=Disposition.MERGED,
        reason=reason,
        language=one.language,
        leads_to=joint.symbol,
        role=Role.PARTICIPANT,
        replied_at=forum_request.now,
    )


def _is_answered_by(one: Contribution, joint: Contribution) -> bool:
    """Return whether the last reply to a contribution is the merge."""
    last = last_reply_to(one)
    return last is not None and last.leads_to_id == joint.symbol_id and last.disposition == Disposition.MERGED


def _answer_by_undoing(
    forum_request: ForumRequest, one: Contribution, joint: Contribution, reason: str
) -> None:
    """Keep the reply by merging and add one about the undoing; the original waits again."""
    with translation.override(one.language):
        undone = gettext("It was undone, and both stand alone again:")
    Reply.objects.create(
        contribution=one,
        disposition=UNDONE,
        reason=f"{undone}\n\n{reason}",
        language=one.language,
        leads_to=joint.symbol,
        role=forum_request.actor(Role.PARTICIPANT, *ANSWERING_ROLES).role,
        replied_at=forum_request.now,
    )


LAW = Merging(
    stage=Stage.CONSULTATION,
    originals=ORIGINALS_READ,
    merges=MERGES_READ,
    longest=TEXT_LENGTH,
    others=ANSWERING_ROLES,
    verbs=Verbs("propose_merge", "consent_to_merge", "decline_merge", "close_merge", "unmerge"),
    order_letter=task_types.send_merge_letter.order,
    require_mergeable=require_mergeable,
    make=_merge,
    undo=_unmerge,
)

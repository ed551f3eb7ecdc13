"""Merge two session requests with the consent of both authors; undone by either until decided."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from muntada.forums.merging import actions as merging
from muntada.forums.merging.actions import LoggedChange, Merging, Verbs
from muntada.forums.merging.queries import UNDECIDED
from muntada.forums.merging.rules import Joint
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.programme.decisions.actions import take_out
from muntada.programme.merging import task_types
from muntada.programme.merging.queries import resting_on
from muntada.programme.merging.rules import require_can_be_joined, require_nothing_rests, require_undoable
from muntada.programme.requests.actions.requests import put_version
from muntada.programme.requests.models.merging import MergeRole, RequestMerge
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.queries.merging import MERGES_READ, ORIGINALS_READ, originals_of
from muntada.programme.requests.queries.requests import locked_own
from muntada.programme.requests.rules.merging import MERGE_OTHERS, Leads
from muntada.programme.requests.rules.requests import DESCRIPTION_LENGTH, RequestState
from muntada.programme.requests.rules.requests import UNDECIDED as STILL_OPEN
from muntada.programme.requests.rules.speakers import require_part
from muntada.record import actions as record
from muntada.record.models import Edge
from muntada.record.rules import Relation, SymbolKind


@dataclass(frozen=True)
class JointRequest:
    """The joint request: text, leading author, parts of speakers."""

    words: Joint
    leads: str = Leads.FIRST.value
    parts: Mapping[int, str] | None = None


def propose_joining(
    *, forum_request: ForumRequest, request: SessionRequest, other: SessionRequest, joint: JointRequest
) -> RequestMerge:
    """Propose a merge as an author or the secretariat."""
    is_theirs = forum_request.require_person(request.forum_id).pk in {request.author_id, other.author_id}
    if not is_theirs and not forum_request.has(Role.SECRETARIAT):
        sentence = gettext("Only an author of one of the two, or the secretariat, can propose this.")
        raise NotAllowed(sentence, "merge-side")

    def put(merge: RequestMerge) -> LoggedChange:
        # The leading side was given in the order named; requests are stored in row order.
        merge.leads = joint.leads if merge.first == request else _other_side(joint.leads)
        merge.save(update_fields=["leads"])
        _name_parts(merge, joint.parts or {})
        return {"leads": merge.leads}

    return merging.propose(
        LAW, forum_request=forum_request, two=(request.pk, other.pk), joint=joint.words, put=put
    )


def consent_to_joining(*, forum_request: ForumRequest, merge: RequestMerge) -> RequestMerge:
    """Consent as one of the authors. The second consent creates the joint request."""
    return merging.consent(LAW, forum_request=forum_request, merge=merge)


def decline_joining(*, forum_request: ForumRequest, merge: RequestMerge, reason: str) -> RequestMerge:
    """Decline with a reason as author, or cancel one's own proposal."""
    return merging.decline(LAW, forum_request=forum_request, merge=merge, reason=reason)


def part(*, forum_request: ForumRequest, merge: RequestMerge, reason: str) -> RequestMerge:
    """Undo a merge: the joint request is withdrawn, its number stays, both originals return to its state."""
    return merging.undo(LAW, forum_request=forum_request, merge=merge, reason=reason)


def end_proposals(*, forum_request: ForumRequest, request: SessionRequest) -> None:
    """End the proposals of a withdrawn request. Runs in the caller's transaction."""
    forum_request.require_person(request.forum_id)
    for side in ("first", "second"):
        rows = MERGES_READ.select_for_update(of=("self",), no_key=True).filter(UNDECIDED, **{side: request})
        for merge in rows:
            with translation.override(merge.language):
                reason = gettext("%(symbol)s was withdrawn.") % {"symbol": _short(request)}
            merging.turn_down(LAW, forum_request, merge, reason, LAW.verbs.decline)


def require_joinable(first: SessionRequest, second: SessionRequest) -> None:
    """Both must be public in one forum, undecided, and have authors with addresses."""
    if first.forum_id != second.forum_id:
        sentence = gettext("These two were asked for at different forums.")
        raise Refused(sentence, "merge-other-forum", "other")
    for one in (first, second):
        require_can_be_joined(_short(one), one.state)
        if one.author_id is None:
            sentence = gettext(
                "%(symbol)s has no author with an account who could be asked. "
                "Please write to the secretariat."
            )
            raise Refused(sentence % {"symbol": _short(one)}, "merge-no-author", "other")


def _other_side(leads: str) -> str:
    return Leads.SECOND.value if leads == Leads.FIRST else Leads.FIRST.value


def _name_parts(merge: RequestMerge, parts: Mapping[int, str]) -> None:
    """Store agreed parts that differ from the original requests."""
    named = RequestSpeaker.objects.filter(request__in=originals_of([merge.first, merge.second]))
    before = dict(named.values_list("pk", "part"))
    for part_asked in parts.values():
        require_part(part_asked)
    MergeRole.objects.bulk_create(
        MergeRole(merge=merge, speaker_id=pk, part=part_asked)
        for pk, part_asked in parts.items()
        if pk in before and before[pk] != part_asked
    )


def _join(forum_request: ForumRequest, merge: RequestMerge) -> None:
    """Create the joint request, based on both originals, which link to it."""
    leading = merge.leading
    both = [leading, merge.following]
    symbol = record.give_symbol(
        forum_id=forum_request.forum.pk,
        kind=SymbolKind.REQUEST,
        title=merge.title,
        language=merge.language,
        now=forum_request.now,
    )
    joint = SessionRequest.objects.create(
        forum=leading.forum,
        symbol=symbol,
        author=leading.author,
        organisation=leading.organisation,
        title=merge.title,
        description=merge.text,
        language=merge.language,
        kind=leading.kind,
        minutes=max(one.minutes for one in both),
        needs=sorted({need for one in both for need in one.needs}),
        audience=max(one.audience for one in both),
        is_online_only=all(one.is_online_only for one in both),
        track=leading.track,
        spoken=sorted({language for one in both for language in one.spoken}),
        form=leading.form,
        said=leading.said,
        state=RequestState.SUBMITTED,
        saved_at=forum_request.now,
        submitted_at=forum_request.now,
    )
    joint.lines.set({line for one in both for line in one.lines.all()})
    joint.goals.set({goal for one in both for goal in one.goals.all()})
    merge.joint = joint
    record.cite(source=symbol, text=joint.description, now=forum_request.now, field="description")
    for one in both:
        if one.symbol is not None:
            record.link(
                source=symbol, target=one.symbol, relation=Relation.MERGED_FROM, now=forum_request.now
            )
        one.state, one.decided_at = RequestState.JOINED, forum_request.now
        one.save(update_fields=["state", "decided_at"])
    answers = Edge.objects.filter(source__in=[one.symbol_id for one in both], relation=Relation.ANSWERS)
    for target in {edge.target for edge in answers.select_related("target")}:
        record.link(source=symbol, target=target, relation=Relation.ANSWERS, now=forum_request.now)
    entry = record.write(
        forum_id=forum_request.forum.pk,
        actor=forum_request.actor(Role.PARTICIPANT),
        verb="join_requests",
        symbol=symbol,
        change={
            "title": joint.title,
            "text": joint.description,
            "joined": [_short(one) for one in both],
            "leads": _short(leading),
            "parts": [list(row) for row in merge.roles.values_list("speaker", "part")],
        },
        now=forum_request.now,
    )
    put_version(joint, entry, forum_request.now)


def _part(forum_request: ForumRequest, merge: RequestMerge) -> None:
    """Withdraw the joint request; both originals return to its state, undecided or waiting.

    A decision on it is undone, too.
    """
    joint = SessionRequest.objects.select_for_update(of=("self",), no_key=True).get(merge_made=merge)
    require_undoable(joint.state, by_secretariat=forum_request.has(Role.SECRETARIAT))
    if joint.state not in STILL_OPEN:
        _take_decision_back(forum_request, joint, merge.unmerged_reason)
    for one in (merge.first, merge.second):
        one.state, one.decided_at = joint.state, joint.decided_at
        one.reason, one.reason_language = joint.reason, joint.reason_language
        one.save(update_fields=["state", "decided_at", "reason", "reason_language"])
    joint.state, joint.decided_at = RequestState.WITHDRAWN, forum_request.now
    joint.save(update_fields=["state", "decided_at", "session", "reason", "reason_language"])
    if joint.symbol is not None:
        record.retitle(joint.symbol, title=joint.title, language=joint.language, is_public=False)
        record.withdraw_symbol(joint.symbol, now=forum_request.now)
    end_proposals(forum_request=forum_request, request=joint)


def _take_decision_back(forum_request: ForumRequest, joint: SessionRequest, reason: str) -> None:
    """Undo a decision; its session stays in the record as cancelled."""
    session = joint.session
    if session is not None:
        require_nothing_rests(resting_on(session, joint))
        if session.cancelled_at is None:
            actor = forum_request.actor(Role.SECRETARIAT)
            take_out(
                session=session, reason=reason, actor=actor, now=forum_request.now, verb="cancel_session"
            )
    record.write(
        forum_id=forum_request.forum.pk,
        actor=forum_request.actor(Role.SECRETARIAT),
        verb="take_decision_back",
        symbol=joint.symbol,
        change={"was": joint.state, "reason": reason},
        now=forum_request.now,
    )
    joint.state, joint.decided_at, joint.session = RequestState.SUBMITTED, None, None
    joint.reason = ""


def _short(request: SessionRequest) -> str:
    return request.symbol.short if request.symbol else ""


LAW = Merging(
    stage=Stage.PROGRAMME,
    originals=ORIGINALS_READ,
    merges=MERGES_READ,
    longest=DESCRIPTION_LENGTH,
    others=MERGE_OTHERS,
    verbs=Verbs(
        propose="propose_joining",
        consent="consent_to_joining",
        decline="decline_joining",
        close="decline_joining",
        undo="part_joined",
    ),
    order_letter=task_types.send_merge_letter.order,
    require_mergeable=require_joinable,
    make=_join,
    undo=_part,
)


def withdraw_request(*, forum_request: ForumRequest, request: SessionRequest) -> None:
    """Withdraw an undecided request: its number stays, its text is no longer shown."""
    forum_request.require_person(request.forum_id)
    with transaction.atomic():
        kept = locked_own(forum_request, request, withdrawn_too=True)
        if kept.state == RequestState.WITHDRAWN or kept.symbol is None:
            return
        kept.state, kept.decided_at = RequestState.WITHDRAWN, forum_request.now
        kept.save(update_fields=["state", "decided_at"])
        kept.copies.all().delete()
        # Addresses are no longer needed.
        kept.speakers.update(email="", note="")
        kept.co_organisers.update(email="", note="")
        record.retitle(kept.symbol, title=kept.title, language=kept.language, is_public=False)
        record.withdraw_symbol(kept.symbol, now=forum_request.now)
        record.write(
            forum_id=forum_request.forum.pk,
            actor=forum_request.actor(Role.PARTICIPANT),
            verb="withdraw_request",
            symbol=kept.symbol,
            change={},
            now=forum_request.now,
        )
        end_proposals(forum_request=forum_request, request=kept)


def leave_joint(*, forum_request: ForumRequest, merge: RequestMerge, reason: str) -> None:
    """Undo a merge and withdraw one's own request; the other stays."""
    forum_request.require_person(merge.first.forum_id)
    with transaction.atomic():
        parted = part(forum_request=forum_request, merge=merge, reason=reason)
        sides = parted.sides_of(forum_request.person)
        for one, is_own in ((parted.first, sides.first), (parted.second, sides.second)):
            if is_own:
                withdraw_request(forum_request=forum_request, request=one)

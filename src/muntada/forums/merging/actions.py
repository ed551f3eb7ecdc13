"""Merge two things with the consent of both authors; either can undo it.

A stage describes in a `Merging` what is merged, which pairs are allowed, and how the joint thing is
made and undone. Requests, consents, refusals and notifications are the same for all stages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from muntada.forums.merging.models import MergeOfTwo
from muntada.forums.merging.queries import UNDECIDED, doors_of, proposals_of_two
from muntada.forums.merging.rules import (
    A_DAY,
    PAUSE_OF_TWO,
    Joint,
    MergeState,
    require_asked_seldom,
    require_joint,
    require_made,
    require_reason,
    require_room_for_proposal,
    require_undecided,
)
from muntada.forums.queries import ForumRequest, require_open
from muntada.forums.rules import Stage
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.models import Person
from muntada.people.rules import Role
from muntada.record import actions as record

type LoggedChange = dict[str, object]


@dataclass(frozen=True)
class Verbs:
    """The log verbs of a stage."""

    propose: str
    consent: str
    decline: str
    close: str
    undo: str


class OrderLetter(Protocol):
    """Queues an e-mail about a proposal or its outcome."""

    def __call__(self, *, merge_id: int, person_id: int, news: str) -> None: ...


@dataclass(frozen=True)
class Merging[M: MergeOfTwo]:
    """What merging means in a stage.

    `originals` and `merges` are querysets with what the stage needs. `require_mergeable` refuses pairs
    that cannot be merged. `make` creates the joint thing after both consents, `undo` removes it; both
    run in the transaction of the step. `others` are roles that may close and undo beside the authors.
    """

    stage: Stage
    originals: QuerySet[Any]
    merges: QuerySet[M]
    longest: int
    others: tuple[Role, ...]
    verbs: Verbs
    order_letter: OrderLetter
    require_mergeable: Callable[[Any, Any], None]
    make: Callable[[ForumRequest, M], None]
    undo: Callable[[ForumRequest, M], None]


def nothing_more(merge: MergeOfTwo) -> LoggedChange:
    """Return no change: a proposal without further data."""
    del merge
    return {}


def propose[M: MergeOfTwo](
    law: Merging[M],
    *,
    forum_request: ForumRequest,
    two: tuple[int, int],
    joint: Joint,
    put: Callable[[M], LoggedChange] = nothing_more,
) -> M:
    """Propose to merge two things. The proposer's consent is included for those they wrote.

    `put` stores the additional data of a stage and returns them for the log.
    """
    person = forum_request.require_person(forum_request.forum.pk)
    require_joint(joint, law.longest)
    require_open(forum_request.forum, law.stage, forum_request.now)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        theirs = law.merges.filter(proposed_by=person)
        require_room_for_proposal(
            waiting=theirs.filter(UNDECIDED).count(),
            # Declined and cancelled proposals count too: they sent e-mails.
            in_a_day=theirs.filter(proposed_at__gt=forum_request.now - A_DAY).count(),
        )
        first, second = _taken(law, two)
        forum_request.require_forum(first.symbol.forum_id)
        law.require_mergeable(first, second)
        authors = {first.author_id, second.author_id}
        asked = law.merges.filter(first=first, second=second)
        require_asked_seldom(proposals_of_two(asked, authors, person, forum_request.now - PAUSE_OF_TWO))
        record.check_citations(forum_id=forum_request.forum.pk, text=joint.text)
        merge = _put_down(law, forum_request, (first, second), joint)
        change = {"title": merge.title, "text": merge.text} | put(merge)
        _write(law, forum_request, merge, law.verbs.propose, change)
        _make_if_agreed(law, forum_request, merge)
        if not merge.is_agreed:
            notify_sides(law, merge, MergeState.ASKED, merge.still_asked)
    return merge


def consent[M: MergeOfTwo](law: Merging[M], *, forum_request: ForumRequest, merge: M) -> M:
    """Consent as author of one of the two. The second consent creates the joint thing."""
    person = forum_request.require_person(merge.first.symbol.forum_id)
    with transaction.atomic():
        kept = _at_work(law, merge)
        sides = kept.sides_of(person)
        if not sides.any:
            raise NotAllowed(gettext("Only the two authors decide on this."), "merge-side")
        if kept.state is MergeState.MERGED:
            return kept
        require_undecided(kept.state)
        require_open(forum_request.forum, law.stage, forum_request.now)
        law.require_mergeable(kept.first, kept.second)
        kept.consent(sides, forum_request.now)
        kept.save(update_fields=["first_consented_at", "second_consented_at"])
        _write(law, forum_request, kept, law.verbs.consent, {"first": sides.first, "second": sides.second})
        _make_if_agreed(law, forum_request, kept)
    return kept


def require_may_decide(others: tuple[Role, ...], *, forum_request: ForumRequest, merge: MergeOfTwo) -> None:
    """Refuse everybody but the authors, the proposer and holders of the other roles."""
    forum_request.require_person(merge.first.symbol.forum_id)
    if not doors_of(forum_request, merge, others).is_concerned:
        raise NotAllowed(gettext("Only the two authors decide on this."), "merge-side")


def decline[M: MergeOfTwo](law: Merging[M], *, forum_request: ForumRequest, merge: M, reason: str) -> M:
    """Decline with a reason as an author; or cancel one's own proposal, or close it."""
    person = forum_request.require_person(merge.first.symbol.forum_id)
    require_may_decide(law.others, forum_request=forum_request, merge=merge)
    require_reason(reason)
    with transaction.atomic():
        kept = _at_work(law, merge)
        is_theirs = kept.sides_of(person).any or kept.proposed_by_id == person.pk
        if kept.state is MergeState.DECLINED:
            return kept
        require_undecided(kept.state)
        turn_down(
            law, forum_request, kept, clean_text(reason), law.verbs.decline if is_theirs else law.verbs.close
        )
    return kept


def turn_down[M: MergeOfTwo](
    law: Merging[M], forum_request: ForumRequest, merge: M, reason: str, verb: str
) -> None:
    """End a proposal and notify everyone but the actor. Runs in the caller's transaction."""
    forum_request.require_person(merge.first.symbol.forum_id)
    merge.declined_at, merge.declined_reason = forum_request.now, reason
    merge.save(update_fields=["declined_at", "declined_reason"])
    _write(law, forum_request, merge, verb, {"reason": reason})
    _tell_others(law, forum_request, merge, MergeState.DECLINED)


def undo[M: MergeOfTwo](law: Merging[M], *, forum_request: ForumRequest, merge: M, reason: str) -> M:
    """Undo a merge: the joint thing is withdrawn, its number stays, and both originals are active again."""
    person = forum_request.require_person(merge.first.symbol.forum_id)
    if not merge.sides_of(person).any and not forum_request.has(*law.others):
        raise NotAllowed(gettext("Only the two authors decide on this."), "merge-side")
    require_reason(reason)
    with transaction.atomic():
        kept = _at_work(law, merge)
        if kept.state is MergeState.UNMERGED:
            return kept
        require_made(kept.state)
        kept.unmerged_at, kept.unmerged_reason = forum_request.now, clean_text(reason)
        kept.save(update_fields=["unmerged_at", "unmerged_reason"])
        law.undo(forum_request, kept)
        change: LoggedChange = {"reason": kept.unmerged_reason, "joint": kept.joint.symbol.short}
        _write(law, forum_request, kept, law.verbs.undo, change)
        _tell_others(law, forum_request, kept, MergeState.UNMERGED)
    return kept


def notify_sides[M: MergeOfTwo](law: Merging[M], merge: M, news: MergeState, people: set[int]) -> None:
    for person in sorted(people):
        law.order_letter(merge_id=merge.pk, person_id=person, news=news.value)


def _write[M: MergeOfTwo](
    law: Merging[M], forum_request: ForumRequest, merge: M, verb: str, change: LoggedChange
) -> None:
    record.write(
        forum_id=forum_request.forum.pk,
        actor=forum_request.actor(Role.PARTICIPANT)
        if merge.sides_of(forum_request.person).any
        else forum_request.actor(*law.others),
        verb=verb,
        symbol=merge.first.symbol,
        change=change | {"merge": merge.pk, "with": merge.second.symbol.short},
        now=forum_request.now,
    )


def _taken(law: Merging[Any], two: tuple[int, int]) -> tuple[Any, Any]:
    """Lock both in row order, so that two merges never deadlock."""
    rows = law.originals.select_for_update(of=("self",), no_key=True).filter(pk__in=two).order_by("pk")
    kept = list(rows)
    if len(kept) != len(two):
        sentence = gettext("Please choose another one: nothing is merged with itself.")
        raise Refused(sentence, "merge-itself", "other")
    return kept[0], kept[1]


def _at_work[M: MergeOfTwo](law: Merging[M], merge: M) -> M:
    """Lock a merge and its two originals, and reload them."""
    _taken(law, (merge.first.pk, merge.second.pk))
    return law.merges.select_for_update(of=("self",), no_key=True).get(pk=merge.pk)


def _put_down[M: MergeOfTwo](
    law: Merging[M], forum_request: ForumRequest, two: tuple[Any, Any], joint: Joint
) -> M:
    person = forum_request.require_person(two[0].symbol.forum_id)
    merge = law.merges.model(
        first=two[0],
        second=two[1],
        title=clean_line(joint.title),
        text=clean_text(joint.text),
        language=joint.language,
        proposed_by=person,
        proposed_at=forum_request.now,
    )
    merge.consent(merge.sides_of(person), forum_request.now)
    try:
        with transaction.atomic():
            merge.save(force_insert=True)
    except IntegrityError as doubled:
        sentence = gettext("It is proposed already that these two become one. Their authors are asked.")
        raise Refused(sentence, "merge-proposed-already", "other") from doubled
    return merge


def _make_if_agreed[M: MergeOfTwo](law: Merging[M], forum_request: ForumRequest, merge: M) -> None:
    if not merge.is_agreed:
        return
    law.make(forum_request, merge)
    merge.merged_at = forum_request.now
    merge.save(update_fields=["joint", "merged_at"])
    notify_sides(law, merge, MergeState.MERGED, merge.concerned)


def _tell_others[M: MergeOfTwo](
    law: Merging[M], forum_request: ForumRequest, merge: M, news: MergeState
) -> None:
    notify_sides(law, merge, news, merge.concerned - {forum_request.person.pk if forum_request.person else 0})

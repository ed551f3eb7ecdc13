"""Saying two contributions as one, by the consent of both authors; undone by either."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext
from procrastinate.contrib.django import app as queue

from muntada.consultation.actions.campaigns import ask_for_campaigns
from muntada.consultation.actions.drafts import require_person
from muntada.consultation.actions.maps import call_topic
from muntada.consultation.models import Contribution, ContributionVersion, Merge, Reply
from muntada.consultation.queries.merges import (
    proposals_of_two,
    proposals_since,
    standing_merge_of,
    waiting_proposals_of,
)
from muntada.consultation.rules.calls import ANSWERING_ROLES
from muntada.consultation.rules.contributions import CameBy
from muntada.consultation.rules.merges import (
    A_DAY,
    PAUSE_OF_TWO,
    Joint,
    MergeState,
    require_asked_seldom,
    require_joint,
    require_reason_to_decline,
    require_room_for_proposal,
)
from muntada.consultation.rules.replies import UNDONE, Disposition, require_reason
from muntada.forums.queries import Here, require_open
from muntada.forums.rules import Stage
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.live import announce
from muntada.people.models import Person
from muntada.people.rules import Role
from muntada.record import actions as record
from muntada.record.rules import Actor, Kind, Relation

SEND_MERGE_LETTER = "muntada.consultation.tasks.send_merge_letter"


@dataclass(frozen=True)
class Sides:
    """On which sides of a merge somebody stands; an author may have written both."""

    first: bool
    second: bool

    @property
    def any(self) -> bool:
        return self.first or self.second


def sides_of(here: Here, merge: Merge) -> Sides:
    person = here.person.pk if here.person else None
    return Sides(
        person is not None and merge.first.author_id == person,
        person is not None and merge.second.author_id == person,
    )


def propose_merge(
    *, here: Here, contribution: Contribution, other: Contribution, joint: Joint, is_invented: bool = False
) -> Merge:
    """Propose that two be said as one. Whoever wrote one of them has consented for it by that."""
    person = require_person(here)
    require_joint(joint)
    require_open(here.forum, Stage.CONSULTATION, here.now)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        require_room_for_proposal(
            waiting=waiting_proposals_of(person), in_a_day=proposals_since(person, here.now - A_DAY)
        )
        first, second = _locked(contribution.pk, other.pk)
        require_mergeable(first, second)
        require_asked_seldom(proposals_of_two(first, second, person, here.now - PAUSE_OF_TWO))
        record.check_citations(forum_id=here.forum.pk, text=joint.text)
        merge = _create(here, person, first, second, joint)
        _write(here, merge, "propose_merge", {"title": merge.title, "text": merge.text})
        if merge.first_consented_at and merge.second_consented_at:
            _merge(here, merge, is_invented=is_invented)
        else:
            _tell(merge, "asked", _still_asked(merge))
    return merge


def _create(here: Here, person: Person, first: Contribution, second: Contribution, joint: Joint) -> Merge:
    try:
        with transaction.atomic():
            return Merge.objects.create(
                first=first,
                second=second,
                title=joint.title.strip(),
                text=clean_text(joint.text),
                language=joint.language,
                proposed_by=person,
                proposed_at=here.now,
                first_consented_at=here.now if first.author_id == person.pk else None,
                second_consented_at=here.now if second.author_id == person.pk else None,
            )
    except IntegrityError as doubled:
        sentence = gettext("It is proposed already that these two be said as one. Their authors are asked.")
        raise Refused(sentence, "merge-proposed-already", "other") from doubled


def consent_to_merge(*, here: Here, merge: Merge, is_invented: bool = False) -> Merge:
    """Agree, as the author of one of the two. With the second consent the joint contribution is made."""
    with transaction.atomic():
        kept = _at_work(merge)
        sides = _require_side(here, kept)
        if kept.state is MergeState.MERGED:
            return kept
        _require_undecided(kept)
        require_open(here.forum, Stage.CONSULTATION, here.now)
        require_mergeable(kept.first, kept.second)
        if sides.first:
            kept.first_consented_at = kept.first_consented_at or here.now
        if sides.second:
            kept.second_consented_at = kept.second_consented_at or here.now
        kept.save(update_fields=["first_consented_at", "second_consented_at"])
        _write(here, kept, "consent_to_merge", {"first": sides.first, "second": sides.second})
        if kept.first_consented_at and kept.second_consented_at:
            _merge(here, kept, is_invented=is_invented)
    return kept


def decline_merge(*, here: Here, merge: Merge, reason: str) -> Merge:
    """Say no with a reason, as an author of one of the two; take back what one proposed, or moderate it."""
    require_reason_to_decline(reason)
    person = require_person(here)
    with transaction.atomic():
        kept = _at_work(merge)
        is_theirs = sides_of(here, kept).any or kept.proposed_by_id == person.pk
        if not is_theirs and not here.has(*ANSWERING_ROLES):
            raise NotAllowed(gettext("Only the two authors decide on this."), "merge-side")
        if kept.state is MergeState.DECLINED:
            return kept
        _require_undecided(kept)
        kept.declined_at, kept.declined_reason = here.now, clean_text(reason)
        kept.save(update_fields=["declined_at", "declined_reason"])
        verb = "decline_merge" if is_theirs else "close_merge"
        _write(here, kept, verb, {"reason": kept.declined_reason})
        _tell(kept, "declined", _concerned(kept) - {person.pk})
    return kept


def unmerge(*, here: Here, merge: Merge, reason: str) -> Merge:
    """Undo a merge: the joint contribution is withdrawn, its number stays, and both stand alone again.

    What rests on the joint text by now goes on resting on both voices: no edge is taken away.
    """
    require_reason(reason)
    person = require_person(here)
    with transaction.atomic():
        kept = _at_work(merge)
        if not sides_of(here, kept).any and not here.has(*ANSWERING_ROLES):
            raise NotAllowed(gettext("Only the two authors and the moderators can undo this."), "merge-side")
        if kept.state is MergeState.UNMERGED:
            return kept
        if kept.state is not MergeState.MERGED or kept.joint is None:
            raise Refused(gettext("These two were not merged, so nothing can be undone."), "merge-not-made")
        kept.unmerged_at, kept.unmerged_reason = here.now, clean_text(reason)
        kept.save(update_fields=["unmerged_at", "unmerged_reason"])
        joint = Contribution.objects.select_for_update(of=("self",), no_key=True).get(pk=kept.joint.pk)
        joint.withdrawn_at = here.now
        joint.save(update_fields=["withdrawn_at"])
        record.retitle(joint.symbol, title=joint.title, language=joint.language, is_public=False)
        record.withdraw_symbol(joint.symbol, now=here.now)
        for one in (kept.first, kept.second):
            if _is_answered_by(one, joint):
                _answer_by_undoing(here, one, joint, kept.unmerged_reason)
        _write(here, kept, "unmerge", {"reason": kept.unmerged_reason, "joint": joint.symbol.short})
        _tell(kept, "unmerged", _concerned(kept) - {person.pk})
        ask_for_campaigns(joint.call)
        announce(call_topic(joint.call))
    return kept


def _locked(one: int, other: int) -> tuple[Contribution, Contribution]:
    """Take both contributions in the order of their rows, so that two merges never wait for each other."""
    rows = Contribution.objects.select_for_update(of=("self",), no_key=True).filter(pk__in={one, other})
    kept = list(rows.select_related("symbol__forum", "call__forum", "question_set").order_by("pk"))
    if len(kept) != len({one, other}) or one == other:
        sentence = gettext("Please choose another contribution to be said together with this one.")
        raise Refused(sentence, "merge-itself", "other")
    return kept[0], kept[1]


def _at_work(merge: Merge) -> Merge:
    """Take a merge and its two contributions alone, whatever others do at this moment."""
    first, second = _locked(merge.first_id, merge.second_id)
    kept = Merge.objects.select_for_update(of=("self",), no_key=True).get(pk=merge.pk)
    kept.first, kept.second = first, second
    return kept


def _require_side(here: Here, merge: Merge) -> Sides:
    require_person(here)
    sides = sides_of(here, merge)
    if not sides.any:
        raise NotAllowed(gettext("Only the two authors decide on this."), "merge-side")
    return sides


def _require_undecided(merge: Merge) -> None:
    if merge.state is MergeState.DECLINED:
        sentence = gettext("This was declined. Please propose it anew if it still makes sense.")
        raise Refused(sentence, "merge-declined")
    if merge.state is not MergeState.ASKED:
        raise Refused(gettext("This was decided already. Please look at the page again."), "merge-decided")


def require_mergeable(first: Contribution, second: Contribution) -> None:
    """Both stand in public in one call, have an author who can be asked, and are part of nothing else."""
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


def _merge(here: Here, merge: Merge, *, is_invented: bool) -> None:
    """Make the joint contribution: its own number, resting on both, which stay as they are."""
    first, second = merge.first, merge.second
    symbol = record.give_symbol(
        forum_id=here.forum.pk,
        kind=Kind.CONTRIBUTION,
        title=merge.title,
        language=merge.language,
        now=here.now,
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
        submitted_at=here.now,
        is_invented=is_invented,
    )
    merge.joint, merge.merged_at = joint, here.now
    merge.save(update_fields=["joint", "merged_at"])
    record.cite(source=symbol, text=joint.text, now=here.now)
    joint.lines.set({*first.lines.all(), *second.lines.all()})
    joint.goals.set({*first.goals.all(), *second.goals.all()})
    for one in (first, second):
        record.link(source=symbol, target=one.symbol, relation=Relation.MERGED_FROM, now=here.now)
        _answer_by_merging(here, one, joint)
    entry = record.write(
        forum_id=here.forum.pk,
        actor=here.actor(Role.PARTICIPANT),
        verb="merge_contributions",
        symbol=symbol,
        change={"title": joint.title, "text": joint.text, "merged": joint.provenance},
        now=here.now,
    )
    ContributionVersion.objects.create(
        contribution=joint,
        number=1,
        language=joint.language,
        title=joint.title,
        text=joint.text,
        submitted_at=here.now,
        receipt=record.give_receipt(entry=entry, content=joint.text, now=here.now),
    )
    _tell(merge, "merged", _concerned(merge))
    ask_for_campaigns(joint.call)
    announce(call_topic(joint.call))


def _answer_by_merging(here: Here, one: Contribution, joint: Contribution) -> None:
    """What became of each is public at once; the joint contribution is what waits for a reply now."""
    with translation.override(one.language):
        reason = gettext("Both authors agreed to say it as one.")
    Reply.objects.create(
        contribution=one,
        disposition=Disposition.MERGED,
        reason=reason,
        language=one.language,
        leads_to=joint.symbol,
        role=Role.PARTICIPANT,
        replied_at=here.now,
    )


def _is_answered_by(one: Contribution, joint: Contribution) -> bool:
    """Say whether what became of one is the merge; what was answered after it for itself stays answered."""
    last = one.last_reply
    return last is not None and last.leads_to_id == joint.symbol_id and last.disposition == Disposition.MERGED


def _answer_by_undoing(here: Here, one: Contribution, joint: Contribution, reason: str) -> None:
    """The reply made by merging stays; a later one beside it says that it was undone, and one waits again."""
    with translation.override(one.language):
        undone = gettext("It was undone, and both stand alone again:")
    Reply.objects.create(
        contribution=one,
        disposition=UNDONE,
        reason=f"{undone}\n\n{reason}",
        language=one.language,
        leads_to=joint.symbol,
        role=_actor(here).role,
        replied_at=here.now,
    )


def _concerned(merge: Merge) -> set[int]:
    people = (merge.first.author_id, merge.second.author_id, merge.proposed_by_id)
    return {one for one in people if one is not None}


def _still_asked(merge: Merge) -> set[int]:
    asked = set()
    if merge.first_consented_at is None and merge.first.author_id is not None:
        asked.add(merge.first.author_id)
    if merge.second_consented_at is None and merge.second.author_id is not None:
        asked.add(merge.second.author_id)
    return asked


def _tell(merge: Merge, news: str, people: set[int]) -> None:
    for person in sorted(people):
        queue.configure_task(SEND_MERGE_LETTER).defer(merge_id=merge.pk, person_id=person, news=news)


def _actor(here: Here) -> Actor:
    return here.actor(Role.PARTICIPANT, *ANSWERING_ROLES) if here.person else here.actor()


def _write(here: Here, merge: Merge, verb: str, change: dict[str, object]) -> None:
    moment: datetime = here.now
    record.write(
        forum_id=here.forum.pk,
        actor=_actor(here),
        verb=verb,
        symbol=merge.first.symbol,
        change=change | {"merge": merge.pk, "with": merge.second.symbol.short},
        now=moment,
    )

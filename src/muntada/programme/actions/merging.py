"""Asking for two sessions as one, by the consent of both authors; undone by either until it is decided on."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext
from procrastinate.contrib.django import app as queue

from muntada.consultation.rules.merges import (
    A_DAY,
    PAUSE_OF_TWO,
    Joint,
    MergeState,
    require_asked_seldom,
    require_joint,
    require_room_for_proposal,
)
from muntada.forums.queries import Here, require_open
from muntada.forums.rules import Stage
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.errors import NotAllowed, Refused, SignInFirst
from muntada.people.models import Person
from muntada.people.rules import Role
from muntada.programme.actions.requests import put_version
from muntada.programme.models import MergeRole, RequestMerge, RequestSpeaker, SessionRequest
from muntada.programme.queries.merging import (
    originals_of,
    proposals_of_two,
    proposals_since,
    waiting_proposals_of,
)
from muntada.programme.rules.merging import Leads, require_can_be_joined, require_reason_for, require_undoable
from muntada.programme.rules.requests import DESCRIPTION_LENGTH, RequestState
from muntada.programme.rules.speakers import require_part
from muntada.record import actions as record
from muntada.record.models import Edge
from muntada.record.rules import Kind, Relation

SEND_MERGE_LETTER = "muntada.programme.tasks.send_merge_letter"


@dataclass(frozen=True)
class JointRequest:
    """What two are to ask for together: the words, whose author leads, who does what by speaker."""

    words: Joint
    leads: str = Leads.FIRST.value
    parts: Mapping[int, str] | None = None


@dataclass(frozen=True)
class Sides:
    """On which sides of a merge somebody stands; an author may have written both."""

    first: bool
    second: bool

    @property
    def any(self) -> bool:
        return self.first or self.second


def sides_of(here: Here, merge: RequestMerge) -> Sides:
    person = here.person.pk if here.person else None
    return Sides(
        person is not None and merge.first.author_id == person,
        person is not None and merge.second.author_id == person,
    )


def propose_joining(
    *, here: Here, request: SessionRequest, other: SessionRequest, joint: JointRequest
) -> RequestMerge:
    """Propose that two be asked for as one, as an author of one of them or as the secretariat.

    An author who proposes has consented for their own by that.
    """
    person = _person(here)
    require_joint(joint.words)
    if len(joint.words.text) > DESCRIPTION_LENGTH:
        sentence = gettext("The text is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": DESCRIPTION_LENGTH}, "text-too-long", "text")
    require_open(here.forum, Stage.PROGRAMME, here.now)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        require_room_for_proposal(
            waiting=waiting_proposals_of(person), in_a_day=proposals_since(person, here.now - A_DAY)
        )
        first, second = _locked(request.pk, other.pk)
        is_theirs = person.pk in {first.author_id, second.author_id}
        if not is_theirs and not here.has(Role.SECRETARIAT):
            sentence = gettext("Only an author of one of the two, or the secretariat, can propose this.")
            raise NotAllowed(sentence, "merge-side")
        require_joinable(first, second)
        require_asked_seldom(proposals_of_two(first, second, person, here.now - PAUSE_OF_TWO))
        record.check_citations(forum_id=here.forum.pk, text=joint.words.text)
        # Whose author leads was said of the two as they were named; they are kept in the order of their rows.
        leads = joint.leads if first.pk == request.pk else _other_side(joint.leads)
        merge = _create(here, person, (first, second), joint, leads)
        _name_parts(merge, joint.parts or {})
        _write(
            here, merge, "propose_joining", {"title": merge.title, "text": merge.text, "leads": merge.leads}
        )
        if merge.first_consented_at and merge.second_consented_at:
            _join(here, merge)
        else:
            _tell(merge, "asked", _still_asked(merge))
    return merge


def consent_to_joining(*, here: Here, merge: RequestMerge) -> RequestMerge:
    """Agree, as the author of one of the two. With the second consent the joint request is made."""
    _person(here)
    with transaction.atomic():
        kept = _at_work(merge)
        sides = sides_of(here, kept)
        if not sides.any:
            raise NotAllowed(gettext("Only the two authors decide on this."), "merge-side")
        if kept.state is MergeState.MERGED:
            return kept
        _require_undecided(kept)
        require_open(here.forum, Stage.PROGRAMME, here.now)
        require_joinable(kept.first, kept.second)
        if sides.first:
            kept.first_consented_at = kept.first_consented_at or here.now
        if sides.second:
            kept.second_consented_at = kept.second_consented_at or here.now
        kept.save(update_fields=["first_consented_at", "second_consented_at"])
        _write(here, kept, "consent_to_joining", {"first": sides.first, "second": sides.second})
        if kept.first_consented_at and kept.second_consented_at:
            _join(here, kept)
    return kept


def decline_joining(*, here: Here, merge: RequestMerge, reason: str) -> RequestMerge:
    """Say no with a reason, as an author of one of the two; or take back what one proposed."""
    require_reason_for(reason)
    person = _person(here)
    with transaction.atomic():
        kept = _at_work(merge)
        is_theirs = sides_of(here, kept).any or kept.proposed_by_id == person.pk
        if not is_theirs and not here.has(Role.SECRETARIAT):
            raise NotAllowed(gettext("Only the two authors decide on this."), "merge-side")
        if kept.state is MergeState.DECLINED:
            return kept
        _require_undecided(kept)
        _decline(here, kept, clean_text(reason))
    return kept


def part(*, here: Here, merge: RequestMerge, reason: str) -> RequestMerge:
    """Undo it: the joint request is withdrawn, its number stays, and both wait for a decision again."""
    require_reason_for(reason)
    person = _person(here)
    with transaction.atomic():
        kept = _at_work(merge)
        if not sides_of(here, kept).any and not here.has(Role.SECRETARIAT):
            raise NotAllowed(gettext("Only the two authors and the secretariat can undo this."), "merge-side")
        if kept.state is MergeState.UNMERGED:
            return kept
        if kept.state is not MergeState.MERGED or kept.joint is None:
            raise Refused(gettext("These two were not joined, so nothing can be undone."), "merge-not-made")
        joint = SessionRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=kept.joint.pk)
        require_undoable(joint.state)
        kept.unmerged_at, kept.unmerged_reason = here.now, clean_text(reason)
        kept.save(update_fields=["unmerged_at", "unmerged_reason"])
        joint.state, joint.decided_at = RequestState.WITHDRAWN, here.now
        joint.save(update_fields=["state", "decided_at"])
        if joint.symbol is not None:
            record.retitle(joint.symbol, title=joint.title, language=joint.language, is_public=False)
            record.withdraw_symbol(joint.symbol, now=here.now)
        for one in (kept.first, kept.second):
            one.state, one.decided_at = RequestState.SUBMITTED, None
            one.save(update_fields=["state", "decided_at"])
        _write(here, kept, "part_joined", {"reason": kept.unmerged_reason, "joint": _short(joint)})
        end_proposals(here=here, request=joint)
        _tell(kept, "parted", _concerned(kept) - {person.pk})
    return kept


def end_proposals(*, here: Here, request: SessionRequest) -> None:
    """End what is proposed for a request that was withdrawn. Runs in the caller's transaction."""
    for side in ("first", "second"):
        rows = RequestMerge.objects.select_for_update(of=("self",), no_key=True).filter(
            **{side: request}, declined_at=None, merged_at=None
        )
        for merge in rows.select_related("first__symbol", "second__symbol"):
            with translation.override(merge.language):
                reason = gettext("%(symbol)s was withdrawn.") % {"symbol": _short(request)}
            _decline(here, merge, reason)


def require_joinable(first: SessionRequest, second: SessionRequest) -> None:
    """Both stand in public in one forum, wait for a decision, and have an author who can be asked."""
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


def _decline(here: Here, merge: RequestMerge, reason: str) -> None:
    merge.declined_at, merge.declined_reason = here.now, reason
    merge.save(update_fields=["declined_at", "declined_reason"])
    _write(here, merge, "decline_joining", {"reason": reason})
    _tell(merge, "declined", _concerned(merge) - {here.person.pk if here.person else 0})


def _create(
    here: Here, person: Person, both: tuple[SessionRequest, SessionRequest], joint: JointRequest, leads: str
) -> RequestMerge:
    first, second = both
    try:
        with transaction.atomic():
            return RequestMerge.objects.create(
                first=first,
                second=second,
                title=clean_line(joint.words.title),
                text=clean_text(joint.words.text),
                language=joint.words.language,
                leads=leads,
                proposed_by=person,
                proposed_at=here.now,
                first_consented_at=here.now if first.author_id == person.pk else None,
                second_consented_at=here.now if second.author_id == person.pk else None,
            )
    except IntegrityError as doubled:
        sentence = gettext(
            "It is proposed already that these two be asked for as one. Their authors are asked."
        )
        raise Refused(sentence, "merge-proposed-already", "other") from doubled


def _other_side(leads: str) -> str:
    return Leads.SECOND.value if leads == Leads.FIRST else Leads.FIRST.value


def _name_parts(merge: RequestMerge, parts: Mapping[int, str]) -> None:
    """Keep who does what, where that is not what their own request said; others' speakers are left alone."""
    named = RequestSpeaker.objects.filter(request__in=originals_of([merge.first, merge.second]))
    before = dict(named.values_list("pk", "part"))
    for part_asked in parts.values():
        require_part(part_asked)
    MergeRole.objects.bulk_create(
        MergeRole(merge=merge, speaker_id=pk, part=part_asked)
        for pk, part_asked in parts.items()
        if pk in before and before[pk] != part_asked
    )


def _join(here: Here, merge: RequestMerge) -> None:
    """Make the joint request: its own number, resting on both, which stay and say where they went."""
    leading = merge.leading
    other = merge.second if leading == merge.first else merge.first
    both = [leading, other]
    symbol = record.give_symbol(
        forum_id=here.forum.pk, kind=Kind.REQUEST, title=merge.title, language=merge.language, now=here.now
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
        saved_at=here.now,
        submitted_at=here.now,
        is_invented=all(one.is_invented for one in both),
    )
    joint.lines.set({line for one in both for line in one.lines.all()})
    joint.goals.set({goal for one in both for goal in one.goals.all()})
    merge.joint, merge.merged_at = joint, here.now
    merge.save(update_fields=["joint", "merged_at"])
    record.cite(source=symbol, text=joint.description, now=here.now, field="description")
    for one in both:
        if one.symbol is not None:
            record.link(source=symbol, target=one.symbol, relation=Relation.MERGED_FROM, now=here.now)
        one.state, one.decided_at = RequestState.JOINED, here.now
        one.save(update_fields=["state", "decided_at"])
    answers = Edge.objects.filter(source__in=[one.symbol_id for one in both], relation=Relation.ANSWERS)
    for target in {edge.target for edge in answers.select_related("target")}:
        record.link(source=symbol, target=target, relation=Relation.ANSWERS, now=here.now)
    entry = record.write(
        forum_id=here.forum.pk,
        actor=here.actor(Role.PARTICIPANT),
        verb="join_requests",
        symbol=symbol,
        change={
            "title": joint.title,
            "text": joint.description,
            "joined": [_short(one) for one in both],
            "leads": _short(leading),
            "parts": [list(row) for row in merge.roles.values_list("speaker", "part")],
        },
        now=here.now,
    )
    put_version(joint, entry, here.now)
    _tell(merge, "joined", _concerned(merge))


def _locked(one: int, other: int) -> tuple[SessionRequest, SessionRequest]:
    """Take both requests in the order of their rows, so that two merges never wait for each other."""
    rows = SessionRequest.objects.select_for_update(of=("self",), no_key=True).filter(pk__in={one, other})
    kept = list(rows.select_related("symbol__forum", "author", "organisation", "form").order_by("pk"))
    if len(kept) != len({one, other}) or one == other:
        sentence = gettext("Please choose another session request to be asked for together with this one.")
        raise Refused(sentence, "merge-itself", "other")
    return kept[0], kept[1]


def _at_work(merge: RequestMerge) -> RequestMerge:
    """Take a merge and its two requests alone, whatever others do at this moment."""
    first, second = _locked(merge.first_id, merge.second_id)
    kept = RequestMerge.objects.select_for_update(of=("self",), no_key=True).get(pk=merge.pk)
    kept.first, kept.second = first, second
    return kept


def _require_undecided(merge: RequestMerge) -> None:
    if merge.state is MergeState.DECLINED:
        sentence = gettext("This was declined. Please propose it anew if it still makes sense.")
        raise Refused(sentence, "merge-declined")
    if merge.state is not MergeState.ASKED:
        raise Refused(gettext("This was decided already. Please look at the page again."), "merge-decided")


def _short(request: SessionRequest) -> str:
    return request.symbol.short if request.symbol else ""


def _concerned(merge: RequestMerge) -> set[int]:
    people = (merge.first.author_id, merge.second.author_id, merge.proposed_by_id)
    return {one for one in people if one is not None}


def _still_asked(merge: RequestMerge) -> set[int]:
    asked = set()
    if merge.first_consented_at is None and merge.first.author_id is not None:
        asked.add(merge.first.author_id)
    if merge.second_consented_at is None and merge.second.author_id is not None:
        asked.add(merge.second.author_id)
    return asked


def _tell(merge: RequestMerge, news: str, people: set[int]) -> None:
    for person in sorted(people):
        queue.configure_task(SEND_MERGE_LETTER).defer(merge_id=merge.pk, person_id=person, news=news)


def _person(here: Here) -> Person:
    if here.person is None:
        raise SignInFirst(gettext("Please sign in to go on."), "sign-in")
    return here.person


def _write(here: Here, merge: RequestMerge, verb: str, change: dict[str, object]) -> None:
    record.write(
        forum_id=here.forum.pk,
        actor=here.actor(Role.PARTICIPANT if sides_of(here, merge).any else Role.SECRETARIAT),
        verb=verb,
        symbol=merge.first.symbol,
        change=change | {"merge": merge.pk, "with": _short(merge.second)},
        now=here.now,
    )

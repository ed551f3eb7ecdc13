"""Experts of a showcase: appointment, judgements, choice of winners."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.prizes import task_types
from muntada.evidence.prizes.actions.rounds import held, log, log_all
from muntada.evidence.prizes.models import (
    Showcase,
    ShowcaseCategory,
    ShowcaseEntry,
    ShowcaseExpert,
    ShowcaseJudgement,
    WinnerPick,
)
from muntada.evidence.prizes.queries.judging import (
    conflict_between,
    entries_for,
    most_yes_given,
    organisations_ever,
)
from muntada.evidence.prizes.queries.rounds import step_here
from muntada.evidence.prizes.rules.rounds import (
    CONFLICT_SENTENCES,
    PICK,
    STEP_SENTENCES,
    JudgedBy,
    PrizeStep,
    WinnerBy,
    lets_experts_change,
    require_marks,
    require_step,
)
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.cleaning import clean_line
from muntada.foundations.errors import Refused
from muntada.people.models import Person
from muntada.record.rules import Actor

# Judgements are anonymous in the public log.
EXPERT = Actor(None, "expert")
CONFLICT_LENGTH = 300


def name_expert(
    *, showcase: Showcase, email: str, categories: Iterable[ShowcaseCategory], actor: Actor, now: datetime
) -> ShowcaseExpert:
    """Appoint an expert for some categories or all; repeated calls change the categories."""
    require_role(actor, SECRETARIAT, showcase.forum_id)
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        sentence = gettext("Nobody has an account with this address. Please ask them to sign in once first.")
        raise Refused(sentence, "person-unknown", "email")
    with transaction.atomic():
        kept = held(showcase)
        _require_experts_open(kept, now)
        expert, is_new = ShowcaseExpert.objects.get_or_create(
            showcase=kept, person=person, defaults={"named_at": now}
        )
        was_ended = expert.ended_at is not None
        expert.ended_at = None
        expert.save(update_fields=["ended_at"])
        expert.categories.set(categories)
        log(kept, actor=actor, verb="name_expert", change={"person": person.pk}, now=now)
        if (is_new or was_ended) and not person.is_invented:
            task_types.send_expert_named.order(expert_id=expert.pk)
    return expert


def end_expert(*, expert: ShowcaseExpert, actor: Actor, now: datetime) -> None:
    """End an appointment. The expert's judgements no longer count, unless appointed again."""
    require_role(actor, SECRETARIAT, expert.showcase.forum_id)
    with transaction.atomic():
        kept = held(expert.showcase)
        _require_experts_open(kept, now)
        if expert.ended_at is None:
            expert.ended_at = now
            expert.save(update_fields=["ended_at"])
            log(kept, actor=actor, verb="end_expert", change={"person": expert.person_id}, now=now)


def _require_experts_open(kept: Showcase, now: datetime) -> None:
    step = step_here(kept, now)
    if not lets_experts_change(step, WinnerBy(kept.winner_by)):
        sentence = gettext("Who judges cannot change now. %(where)s")
        raise Refused(sentence % {"where": STEP_SENTENCES[step]}, "experts-stand")


def judge_entry(
    *, expert: ShowcaseExpert, entry: ShowcaseEntry, marks: Mapping[str, int], now: datetime
) -> None:
    """Judge an entry; changeable until nomination closes."""
    judge_entries(expert=expert, marks={entry: marks}, now=now)


def judge_entries(
    *, expert: ShowcaseExpert, marks: Mapping[ShowcaseEntry, Mapping[str, int]], now: datetime
) -> None:
    """Judge several entries, all or none."""
    with transaction.atomic():
        kept = _open_for(expert, marks, PrizeStep.NOMINATION, now)
        _require_no_conflict(expert, marks)
        terms = kept.terms
        judged = {
            entry: {one.code: given[one.code] for one in terms.asked if one.code in given}
            for entry, given in marks.items()
        }
        for said in judged.values():
            require_marks(terms, said)
        _keep(expert, {entry: {"marks": said, "conflict": ""} for entry, said in judged.items()}, now)
        if terms.judged_by is JudgedBy.PICKS:
            _require_places(expert, [entry for entry, said in judged.items() if said[PICK]], terms.nominees)
        changes = [{"entry": one.pk, "expert": expert.pk, "marks": said} for one, said in judged.items()]
        log_all(kept, actor=EXPERT, verb="judge_entry", changes=changes, now=now)


def _require_places(expert: ShowcaseExpert, entries: Iterable[ShowcaseEntry], places: int) -> None:
    """Refuse more picks in a category than places."""
    if most_yes_given(expert, {one.category_id for one in entries}) > places:
        sentence = gettext(
            "You said yes %(count)s times in this category, as often as there are places. "
            "Please take one back first."
        )
        raise Refused(sentence % {"count": places}, "picks", PICK)


def declare_conflict(*, expert: ShowcaseExpert, entry: ShowcaseEntry, reason: str, now: datetime) -> None:
    """Declare a conflict of interest; the expert's judgement is deleted."""
    why = clean_line(reason)[:CONFLICT_LENGTH]
    if not why:
        sentence = gettext("Please say in a few words what connects you with it; the secretariat reads it.")
        raise Refused(sentence, "reason", "reason")
    with transaction.atomic():
        kept = _open_for(expert, [entry], PrizeStep.NOMINATION, now)
        _keep(expert, {entry: {"marks": {}, "conflict": why}}, now)
        log(
            kept,
            actor=EXPERT,
            verb="declare_conflict",
            change={"entry": entry.pk, "expert": expert.pk},
            now=now,
        )


def take_back_judgement(*, expert: ShowcaseExpert, entry: ShowcaseEntry, now: datetime) -> None:
    """Delete a judgement or a declared conflict."""
    with transaction.atomic():
        kept = _open_for(expert, [entry], PrizeStep.NOMINATION, now)
        gone, _by_model = ShowcaseJudgement.objects.filter(expert=expert, entry=entry).delete()
        if gone:
            log(
                kept,
                actor=EXPERT,
                verb="take_back_judgement",
                change={"entry": entry.pk, "expert": expert.pk},
                now=now,
            )


def pick_winner(*, expert: ShowcaseExpert, entry: ShowcaseEntry, now: datetime) -> None:
    """Choose the champion that should win a category; changeable until the choice closes."""
    with transaction.atomic():
        kept = _open_for(expert, [entry], PrizeStep.CHOICE, now)
        if not entry.is_champion:
            raise Refused(gettext("A winner is chosen among the champions."), "no-champion")
        _require_no_conflict(expert, [entry])
        WinnerPick.objects.update_or_create(
            category_id=entry.category_id, expert=expert, defaults={"entry": entry, "picked_at": now}
        )
        log(kept, actor=EXPERT, verb="pick_winner", change={"entry": entry.pk, "expert": expert.pk}, now=now)


def _open_for(
    expert: ShowcaseExpert, entries: Collection[ShowcaseEntry], wanted: PrizeStep, now: datetime
) -> Showcase:
    kept = held(expert.showcase)
    if expert.ended_at is not None:
        raise Refused(gettext("You are no longer among the experts of this showcase."), "expert-ended")
    require_step(step_here(kept, now), wanted)
    if entries_for(expert).filter(pk__in=[one.pk for one in entries]).count() < len(entries):
        sentence = gettext("This entry is not among those you were asked to judge.")
        raise Refused(sentence, "not-asked")
    return kept


def _require_no_conflict(expert: ShowcaseExpert, entries: Collection[ShowcaseEntry]) -> None:
    organisations = organisations_ever(expert.person_id)
    for entry in entries:
        conflict = conflict_between(expert.person_id, organisations, entry)
        if conflict is not None:
            raise Refused(CONFLICT_SENTENCES[conflict], "conflict")
    declared = ShowcaseJudgement.objects.filter(expert=expert, entry__in=entries).exclude(conflict="")
    if declared.exists():
        sentence = gettext("You declared a conflict of interest with it. Please take that back first.")
        raise Refused(sentence, "conflict")


def _keep(expert: ShowcaseExpert, said: Mapping[ShowcaseEntry, Mapping[str, object]], now: datetime) -> None:
    ShowcaseJudgement.objects.bulk_create(
        [ShowcaseJudgement(expert=expert, entry=entry, given_at=now, **one) for entry, one in said.items()],
        update_conflicts=True,
        unique_fields=["entry", "expert"],
        update_fields=["marks", "conflict", "given_at"],
    )

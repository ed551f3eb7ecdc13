"""Manage a showcase: rules, categories, dates, experts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext

from muntada.evidence.prizes.models import PhaseChange, Showcase, ShowcaseCategory, ShowcasePhase
from muntada.evidence.prizes.queries.rounds import periods_of, step_here
from muntada.evidence.prizes.rules.rounds import (
    Phase,
    PhasePeriod,
    PrizeStep,
    PrizeTerms,
    is_told,
    require_before_nominees,
    require_order,
    require_reason,
    require_step,
    require_terms,
)
from muntada.forums.models import Forum, Line
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.stored import as_stored
from muntada.record import actions as record
from muntada.record.rules import Actor


@dataclass(frozen=True)
class PrizePlan:
    """The data of a showcase: name, rules, dates of phases."""

    edition: str
    titles: Mapping[str, str]
    abouts: Mapping[str, str]
    terms: PrizeTerms
    periods: Mapping[Phase, PhasePeriod]


def prepare_showcase(*, forum: Forum, plan: PrizePlan, actor: Actor, now: datetime) -> Showcase:
    """Create a showcase with a category per line; visible to the secretariat only."""
    require_role(actor, SECRETARIAT, forum.pk)
    _require_plan(plan)
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        if Showcase.objects.filter(forum=forum, edition=plan.edition).exists():
            sentence = gettext("There is a showcase of this edition already. Please name another one.")
            raise Refused(sentence, "edition-taken", "edition")
        kept = Showcase(forum=forum, made_at=now)
        _put(kept, plan)
        _make_categories(kept)
        log(
            kept,
            actor=actor,
            verb="prepare_showcase",
            change={"edition": plan.edition, "titles": kept.titles},
            now=now,
        )
    return kept


def set_showcase_rules(*, showcase: Showcase, plan: PrizePlan, actor: Actor, now: datetime) -> Showcase:
    """Change the rules. After opening they are fixed; only names can be corrected."""
    require_role(actor, SECRETARIAT, showcase.forum_id)
    with transaction.atomic():
        kept = held(showcase)
        if kept.opened_at is not None:
            kept.titles, kept.abouts = dict(plan.titles), dict(plan.abouts)
            kept.save(update_fields=["titles", "abouts"])
        else:
            _require_plan(plan)
            taken = Showcase.objects.filter(forum=kept.forum_id, edition=plan.edition).exclude(pk=kept.pk)
            if taken.exists():
                sentence = gettext("There is a showcase of this edition already. Please name another one.")
                raise Refused(sentence, "edition-taken", "edition")
            _put(kept, plan)
        log(
            kept,
            actor=actor,
            verb="set_showcase_rules",
            change={"edition": kept.edition, "titles": kept.titles},
            now=now,
        )
    return kept


def _require_plan(plan: PrizePlan) -> None:
    if not plan.titles:
        raise Refused(gettext("Please give the showcase a name in at least one language."), "title")
    require_terms(plan.terms)
    missing = [one for one in plan.terms.phases if one not in plan.periods]
    if missing:
        sentence = gettext("Please say when each phase begins and ends.")
        raise Refused(sentence, "period-missing", f"{missing[0].value}_opens_at")
    require_order({phase: plan.periods[phase] for phase in plan.terms.phases})


def _put(kept: Showcase, plan: PrizePlan) -> None:
    terms = plan.terms
    kept.edition, kept.titles, kept.abouts = plan.edition, dict(plan.titles), dict(plan.abouts)
    kept.kinds = [one.value for one in terms.kinds]
    kept.states = [one.value for one in terms.states]
    kept.is_one_per_organisation = terms.is_one_per_organisation
    kept.lets_winners_again = terms.lets_winners_again
    kept.judged_by, kept.votes_open_to = terms.judged_by.value, terms.votes_open_to.value
    kept.criteria = [as_stored(one) for one in terms.criteria]
    kept.lowest, kept.highest = terms.lowest, terms.highest
    kept.fewest_judgements = terms.fewest_judgements
    kept.nominees, kept.champions = terms.nominees, terms.champions
    kept.winner_by = terms.winner_by.value
    kept.save()
    kept.phases.all().delete()
    ShowcasePhase.objects.bulk_create(
        ShowcasePhase(
            showcase=kept,
            phase=phase.value,
            opens_at=plan.periods[phase].opens_at,
            closes_at=plan.periods[phase].closes_at,
        )
        for phase in terms.phases
    )


def drop_showcase(*, showcase: Showcase, actor: Actor, now: datetime) -> None:
    """Delete a showcase that was never public."""
    require_role(actor, SECRETARIAT, showcase.forum_id)
    with transaction.atomic():
        kept = held(showcase)
        require_step(step_here(kept, now), PrizeStep.PREPARED)
        log(kept, actor=actor, verb="drop_showcase", change={"edition": kept.edition}, now=now)
        kept.delete()


def open_showcase(*, showcase: Showcase, actor: Actor, now: datetime) -> None:
    """Publish a showcase: its rules are fixed, and its phases follow their dates."""
    require_role(actor, SECRETARIAT, showcase.forum_id)
    with transaction.atomic():
        kept = held(showcase)
        require_step(step_here(kept, now), PrizeStep.PREPARED)
        if not kept.categories.exists():
            raise Refused(gettext("There is no category yet. Please make them first."), "no-category")
        if periods_of(kept)[Phase.ENTRY].closes_at <= now:
            sentence = gettext("The time to enter initiatives is over already. Please move the dates first.")
            raise Refused(sentence, "too-late")
        kept.opened_at = now
        kept.save(update_fields=["opened_at"])
        log(kept, actor=actor, verb="open_showcase", change={"edition": kept.edition}, now=now)


def move_phase(
    *, showcase: Showcase, phase: Phase, period: PhasePeriod, reason: str, actor: Actor, now: datetime
) -> None:
    """Change the dates of a phase, or end it now, with a public reason."""
    require_role(actor, SECRETARIAT, showcase.forum_id)
    because = clean_text(reason)
    require_reason(because)
    with transaction.atomic():
        kept = held(showcase)
        hold_votes(kept)
        row = ShowcasePhase.objects.filter(showcase=kept, phase=phase.value).first()
        if row is None:
            raise Refused(gettext("This showcase has no such phase."), "no-phase")
        _require_movable(kept, row, period, now)
        require_order(periods_of(kept) | {phase: period})
        PhaseChange.objects.create(
            phase=row,
            opens_at_before=row.opens_at,
            closes_at_before=row.closes_at,
            opens_at=period.opens_at,
            closes_at=period.closes_at,
            reason=because,
            decided_at=now,
        )
        row.opens_at, row.closes_at = period.opens_at, period.closes_at
        row.save(update_fields=["opens_at", "closes_at"])
        change = {"phase": phase.value, "opens": str(period.opens_at), "closes": str(period.closes_at)}
        log(kept, actor=actor, verb="move_phase", change=change | {"reason": because}, now=now)


def _require_movable(kept: Showcase, row: ShowcasePhase, period: PhasePeriod, now: datetime) -> None:
    """Refuse changes to a phase with an announced result, and to past dates."""
    if is_told(Phase(row.phase), kept.announced):
        sentence = gettext("What came of this phase is announced, so its dates stay.")
        raise Refused(sentence, "announced")
    if row.opens_at <= now and period.opens_at != row.opens_at:
        raise Refused(gettext("This phase has begun, so its beginning stays."), "begun", "opens_at")
    if period.closes_at < now:
        sentence = gettext("A phase ends now or later. Please choose another end.")
        raise Refused(sentence, "in-the-past", "closes_at")


def make_categories(*, showcase: Showcase, actor: Actor, now: datetime) -> int:
    """Create missing categories, one per line; return their number."""
    require_role(actor, SECRETARIAT, showcase.forum_id)
    with transaction.atomic():
        kept = held(showcase)
        require_before_nominees(step_here(kept, now))
        made = _make_categories(kept)
        if made:
            log(kept, actor=actor, verb="make_categories", change={"made": made}, now=now)
    return made


def _make_categories(kept: Showcase) -> int:
    known = set(kept.categories.values_list("line_id", flat=True))
    lines = Line.objects.filter(framework_id=kept.forum.framework_id).exclude(pk__in=known)
    rows = [
        ShowcaseCategory(showcase=kept, line=line, position=line.position, titles=line.titles)
        for line in lines
    ]
    return len(ShowcaseCategory.objects.bulk_create(rows))


def rename_category(
    *, category: ShowcaseCategory, titles: Mapping[str, str], actor: Actor, now: datetime
) -> None:
    """Rename a category; without a name it is called like its line."""
    require_role(actor, SECRETARIAT, category.showcase.forum_id)
    with transaction.atomic():
        kept = held(category.showcase)
        category.titles = dict(titles) or category.line.titles
        category.save(update_fields=["titles"])
        change: dict[str, object] = {"line": category.line.code, "titles": category.titles}
        log(kept, actor=actor, verb="rename_category", change=change, now=now)


def remove_category(*, category: ShowcaseCategory, actor: Actor, now: datetime) -> None:
    """Delete an empty category; it can be created again from its line."""
    require_role(actor, SECRETARIAT, category.showcase.forum_id)
    with transaction.atomic():
        kept = held(category.showcase)
        if category.entries.exists():
            sentence = gettext("Something was entered in this category, so it stays.")
            raise Refused(sentence, "category-used")
        category.delete()
        log(kept, actor=actor, verb="remove_category", change={"line": category.line.code}, now=now)


def held(showcase: Showcase) -> Showcase:
    """Lock a showcase for changes."""
    rows = Showcase.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("forum").get(pk=showcase.pk)


def hold_votes(showcase: Showcase, *, is_shared: bool = False) -> None:
    """Lock out votes, after waiting for running ones. Voters share the lock with each other."""
    function = "pg_advisory_xact_lock_shared" if is_shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext('evidence.showcase'), %s)", [showcase.pk])


def log(kept: Showcase, *, verb: str, change: Mapping[str, object], actor: Actor, now: datetime) -> None:
    record.write(forum_id=kept.forum_id, actor=actor, verb=verb, change=dict(change), now=now)


def log_all(
    kept: Showcase, *, verb: str, changes: Iterable[Mapping[str, object]], actor: Actor, now: datetime
) -> None:
    """Log several changes of one kind."""
    entries = [record.LogAction(actor, verb, dict(change), now) for change in changes]
    record.write_all(forum_id=kept.forum_id, entries=entries)

"""Enter initiatives in a showcase, and withdraw them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.rules import InitiativeProgress
from muntada.evidence.prizes.actions.rounds import held
from muntada.evidence.prizes.models import Showcase, ShowcaseCategory, ShowcaseEntry
from muntada.evidence.prizes.queries.rounds import has_won, standing_entries, step_here
from muntada.evidence.prizes.rules.rounds import (
    CASE_LENGTH,
    CandidateExpert,
    PrizeStep,
    obstacle_to_enter,
    require_step,
)
from muntada.forums.rules.roles import ANY_ROLE, require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import OrganisationKind, Role
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, Actor


def enter_initiative(
    *,
    showcase: Showcase,
    category: ShowcaseCategory,
    initiative: Initiative,
    case: str,
    consents: bool,
    actor: Actor,
    now: datetime,
) -> ShowcaseEntry:
    """Enter an initiative; its owner consents to judging and a public vote."""
    require_role(actor, ANY_ROLE, showcase.forum_id)
    words = clean_text(case)
    with transaction.atomic():
        kept = held(showcase)
        require_step(step_here(kept, now), PrizeStep.ENTRY)
        _require_entry(kept, initiative, words, actor, consents=consents)
        _require_room(kept, category, initiative)
        entry = ShowcaseEntry.objects.create(
            showcase=kept,
            category=category,
            initiative=initiative,
            sole_of=initiative.organisation if kept.is_one_per_organisation else None,
            case=words,
            entered_by_id=actor.person_id,
            entered_at=now,
            consented_at=now,
        )
        _log(entry, "enter_initiative", {"category": category.line.code, "case": words}, actor, now)
    return entry


def _require_entry(
    kept: Showcase, initiative: Initiative, words: str, actor: Actor, *, consents: bool
) -> None:
    if not words:
        sentence = gettext("Please say in a few words why it should be shown; voters read them.")
        raise Refused(sentence, "case-missing", "case")
    if len(words) > CASE_LENGTH:
        sentence = gettext("Please say it in at most %(limit)s characters.")
        raise Refused(sentence % {"limit": CASE_LENGTH}, "case-long", "case")
    if not consents:
        sentence = gettext("Without your consent it cannot be put before the experts and the public.")
        raise Refused(sentence, "consent", "consents")
    is_owner = actor == SYSTEM or initiative.registered_by_id == actor.person_id
    candidate = CandidateExpert(
        is_public=initiative.is_public,
        is_owner=is_owner and initiative.symbol.forum_id == kept.forum_id,
        kind=OrganisationKind(initiative.organisation.kind),
        state=InitiativeProgress(initiative.status),
        has_won=has_won(initiative),
    )
    obstacle = obstacle_to_enter(kept.terms, candidate)
    if obstacle:
        raise Refused(obstacle, "not-enterable", "initiative")


def _require_room(kept: Showcase, category: ShowcaseCategory, initiative: Initiative) -> None:
    """Refuse a second entry of an initiative, and of an organization in a category."""
    if category.showcase_id != kept.pk:
        raise Refused(gettext("Please choose a category of this showcase."), "category", "category")
    standing = ShowcaseEntry.objects.filter(showcase=kept, withdrawn_at=None)
    if standing.filter(initiative=initiative).exists():
        raise Refused(gettext("This initiative is entered already."), "entered-twice", "initiative")
    if (
        kept.is_one_per_organisation
        and standing.filter(category=category, sole_of=initiative.organisation).exists()
    ):
        sentence = gettext(
            "Another initiative of this organization is entered in this category. "
            "Please choose another category, or take the other one out first."
        )
        raise Refused(sentence, "organisation-twice", "category")


def withdraw_entry(*, entry: ShowcaseEntry, actor: Actor, now: datetime) -> None:
    """Withdraw an entry; until entering closes, it can be entered again.

    Its owner may do so until the votes are counted, since nobody is shown against their will.
    """
    require_role(actor, ANY_ROLE, entry.showcase.forum_id)
    with transaction.atomic():
        kept = held(entry.showcase)
        if entry.entered_by_id != actor.person_id and actor.role != Role.SECRETARIAT.value:
            sentence = gettext("Only whoever entered it, or the secretariat, takes an initiative out.")
            raise NotAllowed(sentence, "withdraw-entry")
        if kept.champions_at is not None:
            raise Refused(gettext("The vote is counted, so what was entered stays."), "counted")
        if not standing_entries(kept).filter(pk=entry.pk).exists():
            raise Refused(gettext("It was taken out before. Nothing was changed."), "withdrawn")
        entry.withdrawn_at = now
        entry.save(update_fields=["withdrawn_at"])
        _log(entry, "withdraw_entry", {"title": entry.initiative.title}, actor, now)


def _log(entry: ShowcaseEntry, verb: str, change: dict[str, object], actor: Actor, now: datetime) -> None:
    record.write(
        forum_id=entry.showcase.forum_id,
        actor=actor,
        verb=verb,
        symbol=entry.initiative.symbol,
        change={"showcase": entry.showcase.edition} | change,
        now=now,
    )

"""Register, update, confirm and withdraw initiatives."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.initiatives import rules
from muntada.evidence.initiatives.models import Initiative, InitiativeFigure, InitiativeVersion
from muntada.evidence.initiatives.queries.initiatives import PLAIN, joined_text, said_of, text_of, words_of
from muntada.evidence.initiatives.rules import (
    Activity,
    InitiativeProgress,
    InitiativeScope,
    PublicationState,
    ResultFigure,
)
from muntada.forums.models import Forum, Goal, Line
from muntada.forums.queries import require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import ANY_ROLE, require_role
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.actions import register_organisation
from muntada.people.models import Organisation, Person
from muntada.people.queries import roles_of
from muntada.people.rules import OrganisationKind, Role
from muntada.record import actions as record
from muntada.record.models import Receipt
from muntada.record.rules import Actor, SymbolKind


@dataclass(frozen=True)
class NewInitiative:
    """The content of an initiative."""

    title: str
    language: str
    description: str
    organisation: str
    organisation_kind: OrganisationKind
    activity: Activity
    scope: InitiativeScope
    status: InitiativeProgress
    organisation_country: str = ""
    country: str = ""
    also_in: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    goals: tuple[Goal, ...] = ()
    beneficiaries: str = ""
    results: str = ""
    figures: tuple[ResultFigure, ...] = ()
    challenges: str = ""
    replicability: str = ""
    partners: str = ""
    starts_year: int | None = None
    ends_year: int | None = None
    website: str = ""
    media: tuple[str, ...] = ()


@dataclass(frozen=True)
class Registered:
    initiative: Initiative
    receipt: Receipt


def register_initiative(*, forum: Forum, new: NewInitiative, actor: Actor, now: datetime) -> Registered:
    """Register an initiative: it gets a symbol, and its author a receipt.

    It is public after `checking.publish_initiative`.
    """
    require_role(actor, ANY_ROLE, forum.pk)
    require_open(forum, Stage.EVIDENCE, now)
    require_enterable(forum, new)
    with transaction.atomic():
        symbol = record.give_symbol(
            forum_id=forum.pk,
            kind=SymbolKind.INITIATIVE,
            title=new.title,
            language=new.language,
            now=now,
            is_public=False,
        )
        initiative = Initiative(
            symbol=symbol,
            organisation=_organisation(new),
            registered_by_id=actor.person_id,
            registered_at=now,
            confirmed_at=now,
        )
        _put(initiative, new)
        text = text_of(initiative)
        record.cite(source=symbol, text=text, now=now, field="description")
        entry = record.write(
            forum_id=forum.pk,
            actor=actor,
            verb="register_initiative",
            symbol=symbol,
            change={"title": new.title, "text": text, "organisation": new.organisation},
            now=now,
        )
        receipt = record.give_receipt(entry=entry, content=text, now=now)
    return Registered(initiative, receipt)


def update_initiative(
    *, initiative: Initiative, new: NewInitiative, actor: Actor, now: datetime
) -> Initiative:
    """Update an initiative and keep the former version. One that was sent back is submitted again."""
    require_role(actor, ANY_ROLE, initiative.symbol.forum_id)
    forum = initiative.symbol.forum
    require_open(forum, Stage.EVIDENCE, now)
    require_enterable(forum, new, initiative)
    with transaction.atomic():
        kept = held(initiative)
        _require_own(kept, actor)
        _require_standing(kept)
        before = said_of(kept)
        kept.organisation = _organisation(new)
        if kept.standing == PublicationState.RETURNED:
            kept.standing, kept.returned_because = PublicationState.SUBMITTED, ""
        kept.confirmed_at = now
        _put(kept, new)
        if said_of(kept) != before:
            _keep_version(kept, before, actor, now)
        named = {"title": new.title, "language": new.language, "text": words_of(kept)}
        record.retitle(kept.symbol, is_public=kept.is_public, **named)
        text = text_of(kept)
        record.store_citations(source=kept.symbol, text=text, now=now, field="description")
        log(kept, actor=actor, verb="update_initiative", change={"title": new.title, "text": text}, now=now)
    return kept


def confirm_initiative(*, initiative: Initiative, actor: Actor, now: datetime) -> None:
    """Confirm that an entry is still correct: the yearly update without changes."""
    require_role(actor, ANY_ROLE, initiative.symbol.forum_id)
    with transaction.atomic():
        kept = held(initiative)
        _require_own(kept, actor)
        _require_standing(kept)
        kept.confirmed_at = now
        kept.save(update_fields=["confirmed_at"])
        log(kept, actor=actor, verb="confirm_initiative", change={"title": kept.title}, now=now)


def withdraw_initiative(*, initiative: Initiative, actor: Actor, now: datetime) -> None:
    """Withdraw an initiative. Its number and citations stay."""
    require_role(actor, ANY_ROLE, initiative.symbol.forum_id)
    with transaction.atomic():
        kept = held(initiative)
        _require_own(kept, actor)
        _require_standing(kept)
        kept.withdrawn_at = now
        kept.save(update_fields=["withdrawn_at"])
        record.withdraw_symbol(kept.symbol, now=now)
        log(kept, actor=actor, verb="withdraw_initiative", change={"title": kept.title}, now=now)


def _put(initiative: Initiative, new: NewInitiative) -> None:
    for name in PLAIN:
        setattr(initiative, name, getattr(new, name))
    initiative.also_in = [code for code in dict.fromkeys(new.also_in) if code != new.country]
    initiative.media = list(new.media)
    initiative.save()
    initiative.lines.set(new.lines)
    initiative.goals.set(new.goals)
    initiative.figures.all().delete()
    InitiativeFigure.objects.bulk_create(
        InitiativeFigure(initiative=initiative, position=place, **asdict(one))
        for place, one in enumerate(new.figures, start=1)
    )


def _keep_version(kept: Initiative, before: dict[str, Any], actor: Actor, now: datetime) -> None:
    last = kept.versions.first()
    InitiativeVersion.objects.create(
        initiative=kept,
        number=(last.number if last else 0) + 1,
        said=before,
        until=now,
        changed_by_id=actor.person_id,
    )


def held(initiative: Initiative) -> Initiative:
    return (
        Initiative.objects.select_for_update(of=("self",), no_key=True)
        .select_related("symbol__forum", "organisation")
        .get(pk=initiative.pk)
    )


def log(kept: Initiative, *, verb: str, change: dict[str, object], actor: Actor, now: datetime) -> None:
    record.write(
        forum_id=kept.symbol.forum_id, actor=actor, verb=verb, symbol=kept.symbol, change=change, now=now
    )


def _organisation(new: NewInitiative) -> Organisation:
    """Return the organization, by name alone if no country is given, or register it."""
    named = Organisation.objects.filter(name__iexact=new.organisation.strip())
    known = None if new.organisation_country else named.first()
    return known or register_organisation(
        name=new.organisation,
        kind=new.organisation_kind,
        country=new.organisation_country,
        language=new.language,
    )


def _require_own(initiative: Initiative, actor: Actor) -> None:
    person = Person.objects.filter(pk=actor.person_id).first() if actor.person_id else None
    roles = roles_of(person, initiative.symbol.forum_id) if person else frozenset[Role]()
    if not rules.may_change(
        registered_by=initiative.registered_by_id, person_id=actor.person_id, roles=roles
    ):
        sentence = gettext(
            "Only the person who registered an initiative, or the secretariat, can change or withdraw it."
        )
        raise NotAllowed(sentence, "change")


def _require_standing(initiative: Initiative) -> None:
    if initiative.withdrawn_at:
        raise Refused(gettext("This initiative was withdrawn before. Nothing was changed."), "withdrawn")


def require_enterable(forum: Forum, new: NewInitiative, there: Initiative | None = None) -> None:
    """Refuse invalid content of a new or existing entry.

    Lines and goals must belong to the forum's framework.
    """
    rules.require_sensible(new.starts_year, new.ends_year, new.website)
    rules.require_media(new.media)
    frameworks = {line.framework_id for line in new.lines} | {goal.framework_id for goal in new.goals}
    if frameworks - {forum.framework_id}:
        raise Refused(gettext("Please choose lines and goals of this forum."), "other-framework", "lines")
    itself = there.symbol if there is not None else None
    text = joined_text(new, new.figures)
    record.check_citations(forum_id=forum.pk, text=text, field="description", itself=itself)

"""Registering an initiative, and taking it back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.models import Initiative
from muntada.evidence.rules import initiatives as rules
from muntada.evidence.rules.initiatives import Activity, Progress, Scope
from muntada.forums.models import Forum, Goal, Line
from muntada.forums.queries import require_open
from muntada.forums.rules import Stage
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.actions import register_organisation
from muntada.people.models import Organisation, Person
from muntada.people.queries import roles_of
from muntada.people.rules import OrganisationKind, Role
from muntada.record import actions as record
from muntada.record.models import Receipt
from muntada.record.rules import Actor, Kind


@dataclass(frozen=True)
class NewInitiative:
    """What somebody says about an initiative."""

    title: str
    language: str
    description: str
    organisation: str
    organisation_kind: OrganisationKind
    activity: Activity
    scope: Scope
    status: Progress
    organisation_country: str = ""
    country: str = ""
    lines: tuple[Line, ...] = ()
    goals: tuple[Goal, ...] = ()
    results: str = ""
    challenges: str = ""
    partners: str = ""
    starts_year: int | None = None
    ends_year: int | None = None
    website: str = ""


@dataclass(frozen=True)
class Registered:
    initiative: Initiative
    receipt: Receipt


def register_initiative(
    *, forum: Forum, actor: Actor, new: NewInitiative, now: datetime, is_invented: bool = False
) -> Registered:
    """Enter an initiative in the stocktaking: it gets its symbol, and whoever entered it a receipt."""
    require_open(forum, Stage.EVIDENCE, now)
    rules.require_sensible(new.starts_year, new.ends_year, new.website)
    _require_own_framework(forum, new)
    text = whole_text(new.description, new.results, new.challenges, new.partners)
    with transaction.atomic():
        symbol = record.give_symbol(
            forum_id=forum.pk, kind=Kind.INITIATIVE, title=new.title, language=new.language, now=now
        )
        initiative = Initiative.objects.create(
            symbol=symbol,
            title=new.title,
            language=new.language,
            organisation=_organisation(new),
            description=new.description,
            activity=new.activity,
            results=new.results,
            challenges=new.challenges,
            partners=new.partners,
            country=new.country,
            scope=new.scope,
            starts_year=new.starts_year,
            ends_year=new.ends_year,
            status=new.status,
            website=new.website,
            registered_by_id=actor.person_id,
            registered_at=now,
            is_invented=is_invented,
        )
        initiative.lines.set(new.lines)
        initiative.goals.set(new.goals)
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


def withdraw_initiative(*, initiative: Initiative, actor: Actor, now: datetime) -> None:
    """Take an initiative back. Its number stays, and so does what was cited from it."""
    with transaction.atomic():
        kept = (
            Initiative.objects.select_for_update(of=("self",), no_key=True)
            .select_related("symbol")
            .get(pk=initiative.pk)
        )
        _require_own(kept, actor)
        if kept.withdrawn_at:
            raise Refused(gettext("This initiative was withdrawn before. Nothing was changed."), "withdrawn")
        kept.withdrawn_at = now
        kept.save(update_fields=["withdrawn_at"])
        record.withdraw_symbol(kept.symbol, now=now)
        record.write(
            forum_id=kept.symbol.forum_id,
            actor=actor,
            verb="withdraw_initiative",
            symbol=kept.symbol,
            change={"title": kept.title},
            now=now,
        )


def whole_text(*parts: str) -> str:
    """Return the texts of an initiative as one, as they are cited from and receipted."""
    return "\n\n".join(part for part in parts if part)


def _organisation(new: NewInitiative) -> Organisation:
    """Find the organisation, by its name alone where no seat is given, or register it."""
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
    if not rules.may_withdraw(
        registered_by=initiative.registered_by_id, person_id=actor.person_id, roles=roles
    ):
        sentence = gettext(
            "Only the person who registered an initiative, or the secretariat, can withdraw it."
        )
        raise NotAllowed(sentence, "withdraw")


def _require_own_framework(forum: Forum, new: NewInitiative) -> None:
    """Lines and goals of another framework say nothing in this forum."""
    frameworks = {line.framework_id for line in new.lines} | {goal.framework_id for goal in new.goals}
    if frameworks - {forum.framework_id}:
        raise Refused(gettext("Please choose lines and goals of this forum."), "other-framework", "lines")

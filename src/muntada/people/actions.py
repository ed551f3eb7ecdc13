"""Actions on persons, organizations and affiliations."""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext

from muntada.foundations.cleaning import clean_line
from muntada.foundations.errors import NotAllowed, NotThere, Refused, SignInFirst
from muntada.people import rules
from muntada.people.models import (
    Affiliation,
    NameWithdrawal,
    Organisation,
    Person,
    RoleHeld,
    SignInLink,
)
from muntada.people.rules import OrganisationKind, Role
from muntada.record.rules import SYSTEM, Actor, require_system

LINK_DAYS = 30


def register_organisation(
    *,
    name: str,
    kind: OrganisationKind,
    country: str,
    language: str,
    is_international_headquarters: bool = False,
) -> Organisation:
    """Return the organization with this name and country, created if necessary."""
    words = clean_line(name)
    known = Organisation.objects.filter(name__iexact=words, country=country).first()
    return known or Organisation.objects.create(
        name=words,
        kind=kind,
        country=country,
        language=language,
        is_international_headquarters=is_international_headquarters,
    )


def claim_affiliation(*, person: Person, organisation: Organisation, now: datetime) -> Affiliation:
    """Claim to belong to an organization; unconfirmed until a focal point vouches for it."""
    affiliation, _ = Affiliation.objects.get_or_create(
        person=person, organisation=organisation, ended_at=None, defaults={"claimed_at": now}
    )
    return affiliation


def vouch_for(*, affiliation: Affiliation, voucher: Person, now: datetime) -> None:
    """Confirm, as focal point of the organization, that a person belongs to it."""
    is_focal_point = Affiliation.objects.filter(
        person=voucher, organisation=affiliation.organisation, is_focal_point=True, ended_at=None
    ).exists()
    if not rules.may_vouch(
        is_focal_point=is_focal_point, voucher_id=voucher.pk, claimant_id=affiliation.person_id
    ):
        raise NotAllowed(gettext("Only a focal point of this organization can confirm its people."), "vouch")
    affiliation.vouched_at, affiliation.vouched_by = now, voucher
    affiliation.save(update_fields=["vouched_at", "vouched_by"])


def name_focal_point(*, affiliation: Affiliation, actor: Actor, now: datetime) -> None:
    """Make a person the focal point of their organization, which also confirms the affiliation."""
    require_system(actor)
    affiliation.is_focal_point = True
    affiliation.vouched_at = affiliation.vouched_at or now
    affiliation.save(update_fields=["is_focal_point", "vouched_at"])


def end_affiliation(*, affiliation: Affiliation, person: Person, now: datetime) -> None:
    if affiliation.person_id != person.pk:
        raise NotAllowed(gettext("You can only end your own affiliations."), "affiliation")
    affiliation.ended_at = now
    affiliation.save(update_fields=["ended_at"])


def issue_sign_in_link(*, person: Person, now: datetime, days: float = LINK_DAYS) -> str:
    """Create a sign-in link valid for `days` and return its token."""
    token = secrets.token_urlsafe(24)
    SignInLink.objects.filter(expires_at__lt=now).delete()
    SignInLink.objects.create(
        person=person, token_digest=_digest(token), expires_at=now + timedelta(days=days)
    )
    return token


def follow_sign_in_link(*, token: str, now: datetime) -> Person:
    """Return the person of a link; refuse a link that is unknown, used or expired."""
    return _link_of(token, now).person


@transaction.atomic
def use_sign_in_link(*, token: str, now: datetime) -> Person:
    """Use up a sign-in link and return its person; links of invented people can be used repeatedly."""
    link = _link_of(token, now)
    if not link.person.is_invented and not SignInLink.objects.filter(pk=link.pk).delete()[0]:
        # A concurrent request has used the link.
        return _link_of(token, now).person
    return link.person


def _link_of(token: str, now: datetime) -> SignInLink:
    link = SignInLink.objects.select_related("person").filter(token_digest=_digest(token)).first()
    if link is None or not link.person.is_active:
        raise NotThere(
            gettext(
                "This sign-in link is not known, or it was used. Please sign in with your e-mail address."
            ),
            "link",
        )
    if link.expires_at <= now:
        raise Refused(
            gettext("This sign-in link has expired. Please sign in with your e-mail address."), "link"
        )
    return link


def ask_to_withdraw_name(*, person: Person, now: datetime) -> NameWithdrawal:
    """Request the withdrawal of one's name; repeated requests have no further effect."""
    asked, _ = NameWithdrawal.objects.get_or_create(person=person, defaults={"asked_at": now})
    return asked


def keep_name(*, person: Person) -> None:
    """Cancel the request, unless it has been carried out."""
    NameWithdrawal.objects.filter(person=person, done_at=None).delete()


def require_withdrawal(*, person: Person, actor: Actor) -> None:
    """Refuse a withdrawal unless the person requested it and a secretariat carries it out.

    The command line may act for people who ask in another way.
    """
    if actor == SYSTEM:
        return
    if actor.person_id is None:
        raise SignInFirst(gettext("Please sign in to go on."), "sign-in")
    if actor.role != Role.SECRETARIAT or actor.forum_id is None:
        sentence = gettext(
            "This is for other roles in this forum. Please ask the secretariat if you need it."
        )
        raise NotAllowed(sentence, "role")
    if not NameWithdrawal.objects.filter(person=person, done_at=None).exists():
        sentence = gettext("They did not ask for it, or took it back. A name is withdrawn by its owner.")
        raise Refused(sentence, "not-asked")


def empty_person(*, person: Person, actor: Actor, now: datetime) -> None:
    """Reduce a person to a row without name, address, organizations, roles and sign-in methods."""
    require_withdrawal(person=person, actor=actor)
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    SignInLink.objects.filter(person=person).delete()
    Affiliation.objects.filter(person=person).delete()
    RoleHeld.objects.filter(person=person).delete()
    person.email = f"withdrawn-{person.pk}@withdrawn.invalid"
    person.name, person.country = "", ""
    person.wants_notices, person.is_active, person.last_login = False, False, None
    person.withdrawn_at = now
    person.set_unusable_password()
    person.save()
    NameWithdrawal.objects.update_or_create(
        person=person, defaults={"done_at": now}, create_defaults={"asked_at": now, "done_at": now}
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""Roles. Pure functions."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """A role in a forum. Everybody who signs in is a participant."""

    PARTICIPANT = "participant"
    MODERATOR = "moderator"
    REVIEWER = "reviewer"
    SECRETARIAT = "secretariat"
    FACILITATOR = "facilitator"
    DELEGATE = "delegate"
    SPEAKER = "speaker"
    RAPPORTEUR = "rapporteur"


ROLE_NAMES: Mapping[Role, Promise] = {
    Role.PARTICIPANT: _("Participant"),
    Role.MODERATOR: _("Moderator"),
    Role.REVIEWER: _("Reviewer"),
    Role.SECRETARIAT: _("Secretariat"),
    Role.FACILITATOR: _("Facilitator"),
    Role.DELEGATE: _("Delegate"),
    Role.SPEAKER: _("Speaker"),
    Role.RAPPORTEUR: _("Rapporteur"),
}


class OrganisationKind(StrEnum):
    """The kind of an organization, from which all schemes of stakeholder groups are derived."""

    GOVERNMENT = "government"
    INTERGOVERNMENTAL = "intergovernmental"
    CIVIL_SOCIETY = "civil-society"
    TECHNICAL_COMMUNITY = "technical-community"
    PRIVATE_SECTOR = "private-sector"
    ACADEMIA = "academia"
    PRESS = "press"
    OTHER = "other"


KIND_NAMES: Mapping[OrganisationKind, Promise] = {
    OrganisationKind.GOVERNMENT: _("Government"),
    OrganisationKind.INTERGOVERNMENTAL: _("International organization"),
    OrganisationKind.CIVIL_SOCIETY: _("Civil society"),
    OrganisationKind.TECHNICAL_COMMUNITY: _("Technical community"),
    OrganisationKind.PRIVATE_SECTOR: _("Private sector"),
    OrganisationKind.ACADEMIA: _("Academia"),
    OrganisationKind.PRESS: _("Press"),
    OrganisationKind.OTHER: _("Other"),
}


def has_role(roles: Collection[Role], needed: Collection[Role]) -> bool:
    return any(role in needed for role in roles)


def role_acting(roles: Collection[Role], needed: Collection[Role]) -> Role:
    """Return the acting role: the first of `needed` that the person holds."""
    return next((role for role in needed if role in roles), Role.PARTICIPANT)


def may_vouch(*, is_focal_point: bool, voucher_id: int, claimant_id: int) -> bool:
    """Only a focal point may vouch, and not for themselves."""
    return is_focal_point and voucher_id != claimant_id

"""Rules of commitments. Pure functions."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM, Actor


class CommitmentState(StrEnum):
    ANNOUNCED = "announced"
    UNDER_WAY = "under-way"
    DONE = "done"
    DROPPED = "dropped"


COMMITMENT_STATE_NAMES: Mapping[CommitmentState, Promise] = {
    CommitmentState.ANNOUNCED: _("Announced"),
    CommitmentState.UNDER_WAY: _("Under way"),
    CommitmentState.DONE: _("Done"),
    CommitmentState.DROPPED: _("Dropped"),
}


def require_coming(due_date: date | None, today: date) -> None:
    if due_date is not None and due_date < today:
        raise Refused(
            gettext("This day is past. Please choose one that is still to come."), "past", "due_date"
        )


def may_report(actor: Actor, made_by: int | None) -> bool:
    """The maker of a commitment reports on it, or the secretariat."""
    return actor.role in {Role.SECRETARIAT, SYSTEM.role} or (
        made_by is not None and actor.person_id == made_by
    )


def require_reporter(actor: Actor, made_by: int | None) -> None:
    if not may_report(actor, made_by):
        raise NotAllowed(
            gettext("Only whoever made this commitment and the secretariat can report on it."), "report"
        )

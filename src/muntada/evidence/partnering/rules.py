"""Rules of needs and offers: kinds of support, duration, limits of introductions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role, has_role

LONGEST = timedelta(days=366)
LETTERS_A_DAY = 5
OVERSEEING_ROLES = (Role.SECRETARIAT,)


class SoughtOrOffered(StrEnum):
    """Whether an entry is a need or an offer."""

    SOUGHT = "sought"
    OFFERED = "offered"


SIDE_NAMES: Mapping[SoughtOrOffered, Promise] = {
    SoughtOrOffered.SOUGHT: pgettext_lazy("support", "Sought"),
    SoughtOrOffered.OFFERED: pgettext_lazy("support", "Offered"),
}


class PartnerSupport(StrEnum):
    """The kinds of support."""

    FUNDING = "funding"
    EXPERTISE = "expertise"
    TRAINING = "training"
    TECHNOLOGY = "technology"
    DATA = "data"
    NETWORKS = "networks"
    HOST = "host"
    VOLUNTEERS = "volunteers"


SUPPORT_NAMES: Mapping[PartnerSupport, Promise] = {
    PartnerSupport.FUNDING: _("Funding"),
    PartnerSupport.EXPERTISE: _("Expertise and advice"),
    PartnerSupport.TRAINING: pgettext_lazy("kind of support", "Training"),
    PartnerSupport.TECHNOLOGY: _("Technology and equipment"),
    PartnerSupport.DATA: _("Data and research"),
    PartnerSupport.NETWORKS: _("Contacts and networks"),
    PartnerSupport.HOST: _("A place to be hosted or tried out"),
    PartnerSupport.VOLUNTEERS: _("People who take part"),
}


def stands(*, until: date, is_closed: bool, today: date) -> bool:
    """Return whether an entry is active: until its last day, unless closed."""
    return not is_closed and today <= until


def may_change(*, entered_by: int | None, person_id: int | None, roles: Collection[Role]) -> bool:
    """Author and secretariat may change and close an entry."""
    return (person_id is not None and entered_by == person_id) or has_role(roles, OVERSEEING_ROLES)


def require_sensible(*, kinds: Sequence[str], until: date, today: date) -> None:
    if not kinds:
        raise Refused(gettext("Please choose at least one kind of support."), "kinds-missing", "kinds")
    if until < today:
        raise Refused(gettext("This day has passed. Please choose a later one."), "until-passed", "until")
    if until - today > LONGEST:
        sentence = gettext("An entry stands for a year at most. You can make it longer later.")
        raise Refused(sentence, "until-too-late", "until")


def require_may_write(*, is_own: bool, stands_now: bool, has_written: bool, letters_today: int) -> None:
    """Refuse introductions to oneself or closed entries, repeated ones, and those above the daily limit."""
    if is_own:
        raise Refused(gettext("This is your own entry."), "own-entry")
    if not stands_now:
        sentence = gettext("This entry is closed. Please look for another one.")
        raise Refused(sentence, "entry-closed")
    if has_written:
        sentence = gettext("You have written about this entry before. Please wait for the answer.")
        raise Refused(sentence, "written-before")
    if letters_today >= LETTERS_A_DAY:
        sentence = ngettext(
            "You have written %(most)s letter in a day, and that is all that can be. Please go on tomorrow.",
            "You have written %(most)s letters in a day, and more cannot be. Please go on tomorrow.",
            LETTERS_A_DAY,
        )
        raise Refused(sentence % {"most": LETTERS_A_DAY}, "too-many-letters")


def require_receiver(*, is_receiver: bool) -> None:
    if not is_receiver:
        raise NotAllowed(gettext("Only whoever the letter was written to can answer it."), "answer")

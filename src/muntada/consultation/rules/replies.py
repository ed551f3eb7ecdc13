"""The law of replies: what an answer has to say."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.consultation.rules.contributions import clean_text
from muntada.foundations.errors import Refused
from muntada.record.rules import Kind, Relation

REASON_LENGTH = 4_000


class Disposition(StrEnum):
    """What became of a contribution."""

    ACCEPTED = "accepted"
    MERGED = "merged"
    CLUSTERED = "clustered"
    REFERRED = "referred"
    DECLINED = "declined"


DISPOSITION_WORDS: Mapping[Disposition, Promise] = {
    Disposition.ACCEPTED: _("Accepted"),
    Disposition.MERGED: _("Merged with another"),
    Disposition.CLUSTERED: _("Brought together in a theme"),
    Disposition.REFERRED: _("Referred"),
    Disposition.DECLINED: _("Declined"),
}
# What a reply leads to rests on the contribution, in this relation.
RELATION_OF: Mapping[Disposition, Relation] = {
    Disposition.ACCEPTED: Relation.ANSWERS,
    Disposition.MERGED: Relation.MERGED_FROM,
    Disposition.CLUSTERED: Relation.RAISED_IN,
    Disposition.REFERRED: Relation.ANSWERS,
}
# Evidence is earlier than any contribution, so nothing there can rest on one.
NEVER_LED_TO = frozenset({Kind.INITIATIVE, Kind.INDICATOR})


def require_lead(disposition: Disposition, kind: Kind | None) -> None:
    """What a reply leads to has to fit what it says."""
    if disposition is Disposition.MERGED and kind is not Kind.CONTRIBUTION:
        sentence = gettext("Please give the symbol of the contribution it was merged with, like C/12.")
        raise Refused(sentence, "lead-needed", "leads_to")
    if disposition is Disposition.CLUSTERED and kind is not Kind.THEME:
        sentence = gettext("Please give the symbol of the theme it belongs to, like M/3.")
        raise Refused(sentence, "lead-needed", "leads_to")
    if disposition is Disposition.DECLINED and kind is not None:
        sentence = gettext("A contribution that is declined leads to nothing. Please leave this empty.")
        raise Refused(sentence, "lead-of-declined", "leads_to")
    if kind in NEVER_LED_TO:
        sentence = gettext("A contribution cannot lead to evidence that was there before it.")
        raise Refused(sentence, "lead-earlier", "leads_to")


def require_reason(text: str, field: str = "reason") -> None:
    if not clean_text(text):
        raise Refused(gettext("Please give the reason. It is shown to everybody."), "reason-missing", field)
    if len(text) > REASON_LENGTH:
        sentence = gettext("The reason is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": REASON_LENGTH}, "reason-too-long", field)

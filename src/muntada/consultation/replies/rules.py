"""Rules of replies."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.forums.rules.reasons import require_reason
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.record.rules import Relation, SymbolKind

TEMPLATE_TITLE_LENGTH = 120
# The limit of a common reply; campaigns may exceed it.
MOST_TOGETHER = 200
# Steps of the trace covered by notices: theme, request, session, report.
NOTICE_STEPS = 4
# The minimum time between notices to an address: about one a day.
LETTER_PAUSE = timedelta(hours=20)
# Replies within this time are combined in one e-mail.
GATHERED_WITHIN = timedelta(minutes=15)
# A failing address is retried for this long.
TRIED_FOR = timedelta(days=14)


class Disposition(StrEnum):
    """The disposition of a contribution."""

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
# Set by the system: a merge was undone, and the original waits for a reply again.
UNDONE = "undone"
STANDING_WORDS: Mapping[str, Promise] = dict(DISPOSITION_WORDS) | {UNDONE: _("Undone")}
# The relation between a reply's result and the contribution.
RELATION_OF: Mapping[Disposition, Relation] = {
    Disposition.ACCEPTED: Relation.ANSWERS,
    Disposition.MERGED: Relation.MERGED_FROM,
    Disposition.CLUSTERED: Relation.RAISED_IN,
    Disposition.REFERRED: Relation.ANSWERS,
}
# Evidence precedes contributions and cannot be based on them.
NEVER_LED_TO = frozenset({SymbolKind.INITIATIVE, SymbolKind.INDICATOR})
# A reply cannot declare that another author's text is based on this one.
WRITTEN_BY_OTHERS = frozenset({SymbolKind.CONTRIBUTION, SymbolKind.STATEMENT})


@dataclass(frozen=True)
class ReplyText:
    """A reply; `leads_to` is a symbol such as M/3."""

    disposition: Disposition
    reason: str
    language: str
    leads_to: str = ""


def require_lead(
    disposition: Disposition, kind: SymbolKind | None, answered: SymbolKind = SymbolKind.CONTRIBUTION
) -> None:
    """Refuse a result that does not fit the disposition."""
    if disposition is Disposition.MERGED and kind is not answered:
        raise Refused(_merged_with_what(answered), "lead-needed", "leads_to")
    if disposition is Disposition.CLUSTERED and kind is not SymbolKind.THEME:
        sentence = gettext("Please give the symbol of the theme it belongs to, like M/3.")
        raise Refused(sentence, "lead-needed", "leads_to")
    if disposition is Disposition.DECLINED and kind is not None:
        sentence = gettext("What is declined leads to nothing. Please leave this empty.")
        raise Refused(sentence, "lead-of-declined", "leads_to")
    if kind in NEVER_LED_TO:
        sentence = gettext("It cannot lead to evidence that was there before it.")
        raise Refused(sentence, "lead-earlier", "leads_to")


def require_consented(symbol: str, *, are_consented: bool) -> None:
    """Only authors can merge contributions; a reply can merely point to a merge."""
    if not are_consented:
        sentence = gettext(
            "%(symbol)s was not made of it by the consent of both authors. "
            "Please propose on its page that the two be said as one, or choose “Referred”."
        )
        raise Refused(sentence % {"symbol": symbol}, "merge-without-consent", "leads_to")


def require_no_ring(symbol: str, *, is_ring: bool) -> None:
    if is_ring:
        sentence = gettext("%(symbol)s was merged with it before. Please leave one of them as it is.")
        raise Refused(sentence % {"symbol": symbol}, "merge-ring", "leads_to")


def _merged_with_what(answered: SymbolKind) -> str:
    if answered is SymbolKind.STATEMENT:
        return gettext("Please give the symbol of the statement it was merged with, like T/12.")
    return gettext("Please give the symbol of the contribution it was merged with, like C/12.")


def require_some(count: int, most: int | None = MOST_TOGETHER) -> None:
    """Refuse a common reply to none or too many."""
    if not count:
        raise Refused(gettext("Please choose what you want to answer."), "nothing-chosen")
    if most is not None and count > most:
        sentence = gettext("At most %(most)s can be answered with one reply. Please choose fewer.")
        raise Refused(sentence % {"most": most}, "too-many-chosen")


@dataclass(frozen=True)
class TemplateWords:
    """A template: name, and reason by language."""

    titles: Mapping[str, str]
    disposition: Disposition
    reasons: Mapping[str, str]


def require_template(words: TemplateWords, languages: Collection[str]) -> None:
    """Refuse a template without name or reason, or with a text too long."""
    if not any(title.strip() for title in words.titles.values()):
        raise Refused(gettext("Please give the template a name."), "title-missing", "titles")
    reasons = {language: text for language, text in words.reasons.items() if clean_text(text)}
    if not reasons:
        sentence = gettext("Please write the reason in one language at least.")
        raise Refused(sentence, "reason-missing", f"reason_{next(iter(languages), 'en')}")
    for language, text in reasons.items():
        require_reason(text, f"reason_{language}")


def is_due(last_letter_at: datetime | None, now: datetime) -> bool:
    """Return whether the next notice to an address is due."""
    return last_letter_at is None or now - last_letter_at >= LETTER_PAUSE

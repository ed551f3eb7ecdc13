"""Votes, replies and translations in the language of the page."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from babel.numbers import format_percent
from django import template
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.consultation.statements.models import Statement, Vote
from muntada.consultation.statements.queries.statements import StatementRow, VoteTally
from muntada.forums.templatetags.forum_text import country, named_language
from muntada.foundations.languages import listed
from muntada.people.rules import ROLE_NAMES, Role
from muntada.record.rules import KIND_NAMES, SymbolKind, plain_words

register = template.Library()

KEY_SIZE = 7.0
COMMAS = {"ar": "، ", "zh-hans": "，"}
STATUS_WORDS: Mapping[str, Promise] = {
    "author": _("Translated by its author"),
    "machine": _("Machine translation"),
    "reviewed": _("Reviewed translation"),
    "official": _("Official translation"),
    "outdated": _("To be looked at again"),
}


@dataclass(frozen=True)
class Translation:
    """A translation of a statement and its status."""

    language: str
    text: str
    status: str


@register.filter
def plain(text: str) -> str:
    """Return the text of Markdown for a list."""
    return plain_words(text)


@register.filter
def kind_name(kind: str) -> str:
    return str(KIND_NAMES[SymbolKind(kind)])


VOTE_WORDS: Mapping[int, Promise] = {1: _("Agree"), -1: _("Disagree"), 0: _("Pass")}


@register.filter
def vote_name(value: int) -> str:
    return str(VOTE_WORDS[value])


@register.filter
def vote_row(vote: Vote) -> StatementRow:
    """Return a vote as the choices of a statement."""
    return StatementRow(vote.statement, VoteTally(0, 0, 0), vote.value, vote.important)


@register.filter
def role_name(role: str) -> str:
    return str(ROLE_NAMES[Role(role)]) if role in set(Role) else ""


@register.filter
def translations(statement: Statement) -> list[Translation]:
    """Return all translations, the page's language first."""
    here = translation.get_language()
    listed = [
        Translation(language, one["text"], str(STATUS_WORDS.get(one.get("status", ""), "")))
        for language, one in statement.translations.items()
    ]
    return sorted(listed, key=lambda one: (one.language != here, one.language))


@register.filter
def translation_here(statement: Statement) -> Translation | None:
    """Return the translation into the page's language, if the statement is in another."""
    here = translation.get_language()
    if statement.language == here:
        return None
    return next((one for one in translations(statement) if one.language == here), None)


@register.filter
def percent(share: int) -> str:
    """Format whole percents."""
    return format_percent(share / 100, locale=_locale())


def _locale() -> str:
    return (translation.get_language() or "en").replace("-", "_")


@register.filter
def fraction(share: float) -> str:
    """Format a share of 1 as whole percents."""
    return percent(round(100 * share))


@register.filter
def whole_percent(share: float) -> str:
    """Format percents, rounded."""
    return percent(round(share))


register.filter("listed", listed)


@register.filter
def languages_named(codes: Sequence[str]) -> list[str]:
    return [named_language(code) for code in codes]


@register.filter
def countries_named(codes: Sequence[str]) -> list[str]:
    return [country(code) for code in codes]


@register.simple_tag
def comma() -> str:
    """`{% comma %}`: the separator between name and organization."""
    return COMMAS.get(translation.get_language() or "", ", ")


@register.filter
def with_commas(words: Iterable[str]) -> str:
    """`{{ languages|with_commas }}`: words in a row, as the language of the page separates them."""
    return comma().join(words)


@register.filter
def signed(points: int) -> str:
    """Format a difference with its sign, with a true minus."""
    return f"+{points}" if points > 0 else f"\N{MINUS SIGN}{-points}" if points < 0 else "0"


@register.simple_tag
def share(tally: VoteTally) -> SafeString:
    """`{% share tally %}`: the votes as a bar of three parts."""
    if not tally.total:
        return SafeString("")
    words = gettext("%(agree)s agree, %(disagree)s disagree, %(passed)s pass") % {
        "agree": percent(tally.agree_share),
        "disagree": percent(tally.disagree_share),
        "passed": percent(tally.passed_share),
    }
    return format_html(
        '<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="agree" width="{}" height="10"/><rect class="pass" x="{}" width="{}" height="10"/>'
        '<rect class="disagree" x="{}" width="{}" height="10"/></svg>',
        words,
        tally.agree_share,
        tally.agree_share,
        tally.passed_share,
        100 - tally.disagree_share,
        tally.disagree_share,
    )


@register.simple_tag
def share_bar(share: float | None, reference: float | None) -> SafeString:
    """`{% share_bar share reference %}`: a bar for a share of 1, with a mark at the target."""
    if share is None:
        return SafeString("")
    should = "" if reference is None else format_html('<path d="M{} 0v12"/>', round(reference, 1))
    return format_html(
        '<svg class="share-bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="whole" y="2" width="100" height="8"/><rect y="2" width="{}" height="8"/>{}</svg>',
        round(100 * share, 1),
        should,
    )


@register.simple_tag
def bar(count: int, most: int) -> SafeString:
    """`{% bar row.raised demand.most %}`: a count as a bar."""
    width = round(100 * count / most) if most else 0
    return format_html(
        '<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="agree" width="{}" height="10"/></svg>',
        width,
    )


@register.simple_tag
def marked(text: str, words: Collection[str]) -> SafeString:
    """`{% marked part.text part.words %}`: a text with words marked."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted:
        return format_html("{}", plain_words(text))
    pieces = re.split(f"({'|'.join(map(re.escape, wanted))})", plain_words(text), flags=re.IGNORECASE)
    # Odd positions are matches.
    shown = [format_html("<mark>{}</mark>" if place % 2 else "{}", one) for place, one in enumerate(pieces)]
    return format_html_join("", "{}", ((piece,) for piece in shown))

"""Symbols, citations in texts, and the chain of the log. Pure functions."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from muntada.foundations.cleaning import clean_line
from muntada.foundations.errors import NotAllowed
from muntada.foundations.jobs.rules import SYSTEM_ROLE


class SymbolKind(StrEnum):
    """The kinds of things that can be cited, by the letter of their symbols."""

    INITIATIVE = "I"
    INDICATOR = "D"
    CONTRIBUTION = "C"
    STATEMENT = "T"
    THEME = "M"
    REQUEST = "P"
    SESSION = "S"
    REPORT = "R"
    RETURN = "B"
    FINDING = "F"
    PARAGRAPH = "L"
    PROPOSAL = "A"
    COMMITMENT = "K"
    QUESTION = "Q"
    STORY = "Y"


KIND_NAMES: Mapping[SymbolKind, Promise] = {
    SymbolKind.INITIATIVE: _("Initiative"),
    SymbolKind.INDICATOR: _("Indicator"),
    SymbolKind.CONTRIBUTION: _("Contribution"),
    SymbolKind.STATEMENT: _("Statement"),
    SymbolKind.THEME: _("Theme"),
    SymbolKind.REQUEST: _("Session request"),
    SymbolKind.SESSION: _("Session"),
    SymbolKind.REPORT: _("Session report"),
    SymbolKind.RETURN: _("Return"),
    SymbolKind.FINDING: _("Finding"),
    SymbolKind.PARAGRAPH: _("Paragraph"),
    SymbolKind.PROPOSAL: _("Text proposal"),
    SymbolKind.COMMITMENT: _("Commitment"),
    SymbolKind.QUESTION: _("Question"),
    SymbolKind.STORY: _("Story"),
}


class Relation(StrEnum):
    """The relation of an edge: in what way the source is based on the target."""

    CITES = "cites"
    ANSWERS = "answers"
    TAKEN_FROM = "taken-from"
    RAISED_IN = "raised-in"
    ABSORBS = "absorbs"
    MERGED_FROM = "merged-from"
    ASKED_IN = "asked-in"
    REPORTS_ON = "reports-on"
    PROPOSED_FOR = "proposed-for"
    CARRIES_OUT = "carries-out"


RESTS_ON_WORDS: Mapping[Relation, Promise] = {
    Relation.CITES: _("cites"),
    Relation.ANSWERS: _("answers"),
    Relation.TAKEN_FROM: _("was taken from"),
    Relation.RAISED_IN: _("was raised in"),
    Relation.ABSORBS: _("brings together"),
    Relation.MERGED_FROM: _("was merged from"),
    Relation.ASKED_IN: _("was asked in"),
    Relation.REPORTS_ON: _("reports on"),
    Relation.PROPOSED_FOR: _("was proposed for"),
    Relation.CARRIES_OUT: _("carries out"),
}
LED_TO_WORDS: Mapping[Relation, Promise] = {
    Relation.CITES: _("is cited by"),
    Relation.ANSWERS: _("is answered by"),
    Relation.TAKEN_FROM: _("gave"),
    Relation.RAISED_IN: _("raised"),
    Relation.ABSORBS: _("went into"),
    Relation.MERGED_FROM: _("was merged into"),
    Relation.ASKED_IN: _("was asked"),
    Relation.REPORTS_ON: _("is reported in"),
    Relation.PROPOSED_FOR: _("has the proposal"),
    Relation.CARRIES_OUT: _("is carried out by"),
}


@dataclass(frozen=True)
class Actor:
    """The acting person, their role, and the forum of the role; it has no effect in other forums.

    `person_id` is None for anonymous actors, the calendar and the command line. Without a forum, the
    role is only recorded in the log.
    """

    person_id: int | None
    role: str
    forum_id: int | None = None


# The calendar and the command line, valid in every forum.
SYSTEM = Actor(person_id=None, role=SYSTEM_ROLE)


def require_system(actor: Actor) -> None:
    """Refuse everybody but the command line, for actions before any role exists."""
    if actor != SYSTEM:
        sentence = gettext("This is done on the command line. Please ask whoever runs the platform.")
        raise NotAllowed(sentence, "command-line")


@dataclass(frozen=True, order=True)
class SymbolRef:
    """A symbol as written: the forum's prefix (empty inside the forum), kind, number."""

    prefix: str
    kind: SymbolKind
    number: int

    def __str__(self) -> str:
        return f"{self.prefix}/{self.kind}/{self.number}" if self.prefix else f"{self.kind}/{self.number}"


_SYMBOL = re.compile(r"(?:([A-Z][A-Z0-9-]{1,15})/)?([IDCTMPSRBFLAKQY])/([1-9][0-9]{0,8})")


def parse_symbol(text: str) -> SymbolRef | None:
    """Parse `C/123` or `WSIS20/C/123`; return None for anything else."""
    match = _SYMBOL.fullmatch(text.strip())
    if match is None:
        return None
    return SymbolRef(prefix=match[1] or "", kind=SymbolKind(match[2]), number=int(match[3]))


def address(slug: str, kind: str, number: int) -> str:
    """Return the address of a symbol: the symbol in lower case."""
    return f"/{slug}/{kind.lower()}/{number}"


_BRACKETED = re.compile(r"\[(" + _SYMBOL.pattern + r")\](?!\()")


def markdown_reader(**options: bool) -> MarkdownIt:
    """Return a Markdown parser that does not let authors define a link target for a symbol."""
    reader = MarkdownIt("commonmark", {"html": False, **options})
    reader.core.ruler.before("inline", "symbols", _forget_addresses_of_symbols)
    return reader


def _forget_addresses_of_symbols(state: StateCore) -> None:
    """Drop definitions such as `[C/1]: //example.org`, which would make the citation an external link."""
    known = state.env.get("references", {})
    state.env["references"] = {label: one for label, one in known.items() if not looks_like_symbol(label)}


# A letter of any alphabet and any digits: whatever reads like a symbol.
_LIKE_SYMBOL = re.compile(r"(?:\w[\w-]{1,15}\s*/\s*)?[^\W\d_]\s*/\s*\d{1,9}")
_SLASHES = str.maketrans(dict.fromkeys("\u2044\u2215\u29f8", "/"))


def looks_like_symbol(words: str) -> bool:
    """Return whether a reader would take this text for a symbol."""
    read = unicodedata.normalize("NFKC", clean_line(words)).translate(_SLASHES).strip(" []()")
    return _LIKE_SYMBOL.fullmatch(read) is not None


_markdown = markdown_reader()


def citations_in(text: str) -> tuple[SymbolRef, ...]:
    """Return the distinct symbols cited in a Markdown text, in order, ignoring code."""
    if "[" not in text and "&" not in text:
        # Most texts. A bracket may also be written as an entity.
        return ()
    found: dict[SymbolRef, None] = {}
    for token in _text_tokens(_markdown.parse(text)):
        for match in _BRACKETED.finditer(token.content):
            reference = parse_symbol(match[1])
            if reference:
                found.setdefault(reference)
    return tuple(found)


def split_citations(text: str) -> Iterator[str | SymbolRef]:
    """Split plain text into text and cited symbols."""
    position = 0
    for match in _BRACKETED.finditer(text):
        reference = parse_symbol(match[1])
        if reference is None:
            continue
        if match.start() > position:
            yield text[position : match.start()]
        yield reference
        position = match.end()
    if position < len(text):
        yield text[position:]


def _text_tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "text":
            yield token
        elif token.children:
            yield from _text_tokens(token.children)


_MARKS = re.compile(r"[*_`#>~]+")


def plain_words(text: str) -> str:
    """Return a text for use as a title: without citations, Markdown and line breaks."""
    return " ".join(_MARKS.sub("", _BRACKETED.sub("", text)).split()).replace(" .", ".").replace(" ,", ",")


def digest_of(salt: str, change: Mapping[str, object]) -> str:
    """Return the digest of a change; the salt prevents guessing short texts."""
    canonical = json.dumps(change, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{salt}\n{canonical}".encode()).hexdigest()


def chain_digest(
    *, before: str, sequence: int, at: datetime, role: str, verb: str, symbol: str, change_digest: str
) -> str:
    """Return the digest of a log entry. It contains no personal data, so persons can be erased."""
    entry = [before, sequence, at.astimezone(UTC).isoformat(), role, verb, symbol, change_digest]
    return hashlib.sha256(json.dumps(entry, separators=(",", ":")).encode()).hexdigest()


def day_of(moment: datetime) -> datetime:
    """Truncate a moment to its day in UTC, for entries logged without the hour."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def is_day(moment: datetime) -> bool:
    return moment == day_of(moment)


GENESIS = "0" * 64

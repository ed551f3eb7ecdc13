"""Actions on the record, called by the actions of the stages inside their transactions."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.contrib.postgres.search import SearchVectorField
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Cast
from django.utils.translation import gettext

from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.prepared import prepared_cursor
from muntada.record import queries, rules
from muntada.record.adapter import Weighed, vector_of
from muntada.record.models import Edge, FoundBy, LogEntry, Receipt, Symbol
from muntada.record.rules import Actor, Relation, SymbolKind

TITLE_LENGTH = 300


def give_symbol(
    *, forum_id: int, kind: SymbolKind, title: str, language: str, now: datetime, is_public: bool = True
) -> Symbol:
    """Assign the next symbol of a kind. Numbers are unique, also for concurrent calls, and never reused."""
    (symbol,) = give_symbols(
        forum_id=forum_id, kind=kind, named=[NewSymbol(title, language, is_public=is_public)], now=now
    )
    return symbol


@dataclass(frozen=True)
class Findable:
    """The index terms of a thing, computed in advance: computing takes longer than storing."""

    vector: str
    text: str


def findable(*, title: str, language: str, text: str = "", files: Sequence[str] = ()) -> Findable:
    """Compute the index terms from the title, text and files of a thing."""
    words = rules.plain_words(text)
    texts = [Weighed(shorten(title), language, "A"), Weighed(words, language)]
    texts += [Weighed(one, language, "D") for one in files]
    return Findable(vector_of(texts), words)


@dataclass(frozen=True)
class NewSymbol:
    """A thing to get a symbol, in bulk; indexed by its title only unless more is given."""

    title: str
    language: str
    is_public: bool = True
    found_by: Findable | None = None


def give_symbols(
    *, forum_id: int, kind: SymbolKind, named: Sequence[NewSymbol], now: datetime
) -> list[Symbol]:
    """Assign symbols of a kind to many things, in order."""
    # Computed before the numbers are reserved, because others then wait for theirs.
    words = [one.found_by or findable(title=one.title, language=one.language) for one in named]
    first = _next_numbers(forum_id, kind, len(named)) if named else 0
    symbols = Symbol.objects.bulk_create(
        Symbol(
            forum_id=forum_id,
            kind=kind,
            number=number,
            title=shorten(one.title),
            language=one.language,
            is_public=one.is_public,
            given_at=now,
        )
        for number, one in enumerate(named, start=first)
    )
    FoundBy.objects.bulk_create(
        _found_by(symbol, found) for symbol, found in zip(symbols, words, strict=True) if symbol.is_public
    )
    return symbols


def _next_numbers(forum_id: int, kind: SymbolKind, count: int) -> int:
    """Reserve `count` numbers and return the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_counter (forum_id, kind, last) VALUES (%s, %s, %s) "
            "ON CONFLICT (forum_id, kind) DO UPDATE SET last = record_counter.last + EXCLUDED.last "
            "RETURNING last",
            [forum_id, kind.value, count],
        )
        (last,) = cursor.fetchone()
    return int(last) - count + 1


def shorten(title: str) -> str:
    words = rules.plain_words(title)
    return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1].rstrip() + "…"


def retitle(symbol: Symbol, *, title: str, language: str, is_public: bool = True, text: str = "") -> None:
    """Update the title of a symbol; it is indexed by the title and the text."""
    symbol.title, symbol.language, symbol.is_public = shorten(title), language, is_public
    symbol.save(update_fields=["title", "language", "is_public"])
    put_words(symbol, text)


def withdraw_symbol(symbol: Symbol, *, now: datetime) -> None:
    """Mark a symbol as withdrawn: its number stays, and it can no longer be cited."""
    symbol.withdrawn_at = now
    symbol.save(update_fields=["withdrawn_at"])
    put_words(symbol)


def reinstate_symbol(symbol: Symbol) -> None:
    """Undo a withdrawal: the symbol can be cited again, and is indexed by title until its text is set."""
    symbol.withdrawn_at = None
    symbol.save(update_fields=["withdrawn_at"])
    put_words(symbol)


def put_words(symbol: Symbol, text: str = "", *, files: Sequence[str] = ()) -> None:
    """Index a thing by its title, its text and its files; things that are not public are not indexed."""
    if not symbol.is_public or symbol.withdrawn_at is not None:
        FoundBy.objects.filter(symbol=symbol).delete()
        return
    FoundBy.objects.bulk_create(
        [_found_by(symbol, findable(title=symbol.title, language=symbol.language, text=text, files=files))],
        update_conflicts=True,
        unique_fields=["symbol"],
        update_fields=["vector", "text", "language"],
    )


def _found_by(symbol: Symbol, found: Findable) -> FoundBy:
    vector = Cast(Value(found.vector), SearchVectorField())
    return FoundBy(symbol=symbol, vector=vector, text=found.text, language=symbol.language)


def link(*, source: Symbol, target: Symbol, relation: Relation, now: datetime) -> None:
    """Add an edge from source to target, unless it exists."""
    link_all(source=source, targets=[target], relation=relation, now=now)


def link_all(*, source: Symbol, targets: Sequence[Symbol], relation: Relation, now: datetime) -> None:
    """Add edges from a source to several targets; existing edges stay."""
    if not targets:
        return
    edges = [Edge(source=source, target=one, relation=relation, added_at=now) for one in targets]
    Edge.objects.bulk_create(edges, ignore_conflicts=True)


def link_pairs(*, pairs: Iterable[tuple[Symbol, Symbol]], relation: Relation, now: datetime) -> None:
    """Add an edge for each pair of source and target."""
    edges = [Edge(source=one, target=other, relation=relation, added_at=now) for one, other in pairs]
    Edge.objects.bulk_create(edges, ignore_conflicts=True)


def unlink(*, source: Symbol, target: Symbol, relation: Relation) -> None:
    Edge.objects.filter(source=source, target=target, relation=relation).delete()


def cite(*, source: Symbol, text: str, now: datetime, field: str = "text") -> None:
    """Store the citations in a text as edges, and index the thing by the text.

    Refuses a symbol that is unknown, withdrawn or the source itself.
    """
    store_citations(source=source, text=text, now=now, field=field)
    put_words(source, text)


def store_citations(*, source: Symbol, text: str, now: datetime, field: str = "text") -> None:
    """Store the citations in a text as edges, for things indexed by other text."""
    targets = check_citations(forum_id=source.forum_id, text=text, field=field, itself=source)
    kept = {target.pk for target in targets}
    already = set(
        Edge.objects.filter(source=source, relation=Relation.CITES).values_list("target_id", flat=True)
    )
    if gone := already - kept:
        Edge.objects.filter(source=source, relation=Relation.CITES, target_id__in=gone).delete()
    new = [target for target in targets if target.pk not in already]
    link_all(source=source, targets=new, relation=Relation.CITES, now=now)


def check_citations(
    *, forum_id: int, text: str, field: str = "text", itself: Symbol | None = None
) -> list[Symbol]:
    """Return the symbols cited in a text; the refusal names the wrong symbol."""
    references = rules.citations_in(text)
    if not references:
        return []
    known = queries.symbols_by_reference(forum_id, references)
    for reference in references:
        symbol = known.get(reference)
        if symbol is None:
            sentence = gettext(
                "[%(symbol)s] does not exist. Please check the number, or remove the citation."
            )
            raise Refused(sentence % {"symbol": reference}, "citation-unknown", field)
        if itself is not None and symbol.pk == itself.pk:
            sentence = gettext("[%(symbol)s] is this text itself. Please remove the citation.")
            raise Refused(sentence % {"symbol": reference}, "citation-itself", field)
        if symbol.withdrawn_at and not (itself and itself.edges_down.filter(target=symbol).exists()):
            sentence = gettext("[%(symbol)s] was withdrawn and cannot be cited. Please cite another source.")
            raise Refused(sentence % {"symbol": reference}, "citation-withdrawn", field)
    return [known[reference] for reference in references]


def write(
    *,
    forum_id: int,
    verb: str,
    change: Mapping[str, object],
    symbol: Symbol | None = None,
    actor: Actor,
    now: datetime,
) -> LogEntry:
    """Append an entry to the forum's log, chained to the one before, in the transaction of the action."""
    (written,) = write_all(forum_id=forum_id, entries=[LogAction(actor, verb, change, now, symbol)])
    return written


@dataclass(frozen=True)
class LogAction:
    """An entry, for appending several."""

    actor: Actor
    verb: str
    change: Mapping[str, object]
    at: datetime
    symbol: Symbol | None = None


def write_all(*, forum_id: int, entries: Sequence[LogAction]) -> list[LogEntry]:
    """Append entries to the forum's log in order, each chained to the one before."""
    if not entries:
        return []
    for one in entries:
        _require_from_here(forum_id, one.actor)
    # No savepoint: an action without a log entry must not be committed.
    with transaction.atomic(savepoint=False):
        sequence, before = _lock_and_read_end(forum_id)
        chained: list[LogEntry] = []
        for place, one in enumerate(entries, start=1):
            chained.append(_chained(forum_id, one, sequence + place, before))
            before = chained[-1].digest
        _append(chained)
    return chained


# Every action writes to the log, so both statements are prepared.
_LOCK_AND_READ_END = "SELECT sequence, digest FROM record_end_of_log(%s)"
_APPEND = """
INSERT INTO record_logentry (
    forum_id, sequence, at, person_id, role, verb, symbol_id, salt, change_digest, digest_before, digest
) VALUES {rows} RETURNING id
"""
_ROW = f"({', '.join(['%s'] * 11)})"
_row_of = attrgetter(
    "forum_id",
    "sequence",
    "at",
    "person_id",
    "role",
    "verb",
    "symbol_id",
    "salt",
    "change_digest",
    "digest_before",
    "digest",
)
ROWS_AT_ONCE = 1_000


def _lock_and_read_end(forum_id: int) -> tuple[int, str]:
    """Take the lock of the log, as `hold_log` does; return sequence and digest of the last entry."""
    with prepared_cursor() as cursor:
        cursor.execute(_LOCK_AND_READ_END, [forum_id])
        sequence, digest = cursor.fetchone() or (0, rules.GENESIS)
    return sequence, digest


def _append(entries: Sequence[LogEntry]) -> None:
    """Store the entries and set their ids."""
    # Usually there is one.
    with prepared_cursor() if len(entries) == 1 else connection.cursor() as cursor:
        for start in range(0, len(entries), ROWS_AT_ONCE):
            part = entries[start : start + ROWS_AT_ONCE]
            rows = [_row_of(one) for one in part]
            statement = _APPEND.format(rows=", ".join([_ROW] * len(rows)))
            cursor.execute(statement, [value for row in rows for value in row])
            for one, (pk,) in zip(part, cursor.fetchall(), strict=True):
                one.pk = pk


def _require_from_here(forum_id: int, actor: Actor) -> None:
    """Refuse an actor whose role is in another forum, whatever the calling action has checked."""
    if actor.forum_id not in {None, forum_id}:
        raise NotAllowed(gettext("This belongs to another forum. Please go there first."), "other-forum")


def hold_log(forum_id: int) -> None:
    """Lock the log of a forum until the transaction ends, so that the chain cannot fork."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('record.log'), %s)", [forum_id])


def _chained(forum_id: int, one: LogAction, sequence: int, before: str) -> LogEntry:
    salt = secrets.token_hex(16)
    change_digest = rules.digest_of(salt, one.change)
    return LogEntry(
        forum_id=forum_id,
        sequence=sequence,
        at=one.at,
        person_id=one.actor.person_id,
        role=one.actor.role,
        verb=one.verb,
        symbol=one.symbol,
        salt=salt,
        change_digest=change_digest,
        digest_before=before,
        digest=rules.chain_digest(
            before=before,
            sequence=sequence,
            at=one.at,
            role=one.actor.role,
            verb=one.verb,
            symbol=one.symbol.short if one.symbol else "",
            change_digest=change_digest,
        ),
    )


def forget_person(*, person_id: int) -> None:
    """Remove the person from the log. The chain stays valid: neither person nor salt is part of it."""
    LogEntry.objects.filter(person=person_id).update(person=None, salt="")


def give_receipt(*, entry: LogEntry, content: str, now: datetime) -> Receipt:
    """Create a receipt for a text: anyone with the same text can prove that it was submitted."""
    (receipt,) = give_receipts([(entry, content)], now=now)
    return receipt


def give_receipts(texts: Iterable[tuple[LogEntry, str]], *, now: datetime) -> list[Receipt]:
    """Create receipts for many texts, in order."""
    return Receipt.objects.bulk_create(
        Receipt(
            code=secrets.token_hex(8),
            entry=entry,
            content_digest=hashlib.sha256(content.encode()).hexdigest(),
            given_at=now,
        )
        for entry, content in texts
    )

"""Everything that changes the record. Called by the actions of the stages, inside their transaction."""

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
from muntada.record.engine import Weighed, vector_of
from muntada.record.models import Edge, FoundBy, LogEntry, Receipt, Symbol
from muntada.record.rules import Actor, Kind, Relation

TITLE_LENGTH = 300


def give_symbol(
    *, forum_id: int, kind: Kind, title: str, language: str, now: datetime, is_public: bool = True
) -> Symbol:
    """Give the next number of its kind. Two at once get two numbers; a number is never given again."""
    (symbol,) = give_symbols(
        forum_id=forum_id, kind=kind, named=[Named(title, language, is_public=is_public)], now=now
    )
    return symbol


@dataclass(frozen=True)
class Findable:
    """The words a thing is found by, cut already: cutting takes longer than storing."""

    vector: str
    text: str


def findable(*, title: str, language: str, text: str = "", files: Sequence[str] = ()) -> Findable:
    """Cut title, text and files of a thing into the words it is found by."""
    words = rules.plain_words(text)
    texts = [Weighed(shorten(title), language, "A"), Weighed(words, language)]
    texts += [Weighed(one, language, "D") for one in files]
    return Findable(vector_of(texts), words)


@dataclass(frozen=True)
class Named:
    """What a symbol is given for, where many are given at once; by its title alone unless more is given."""

    title: str
    language: str
    is_public: bool = True
    found_by: Findable | None = None


def give_symbols(*, forum_id: int, kind: Kind, named: Sequence[Named], now: datetime) -> list[Symbol]:
    """Give the next numbers of a kind to many things at once, in their order."""
    # Before the numbers: others wait for theirs until this is done.
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


def _next_numbers(forum_id: int, kind: Kind, count: int) -> int:
    """Take so many numbers from the counter; return the first of them."""
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
    """Follow a change of the thing's own title; the symbol stays. It is found by its title and the text."""
    symbol.title, symbol.language, symbol.is_public = shorten(title), language, is_public
    symbol.save(update_fields=["title", "language", "is_public"])
    put_words(symbol, text)


def withdraw_symbol(symbol: Symbol, *, now: datetime) -> None:
    """Keep the number, mark it withdrawn; from now on it cannot be cited anew."""
    symbol.withdrawn_at = now
    symbol.save(update_fields=["withdrawn_at"])
    put_words(symbol)


def reinstate_symbol(symbol: Symbol) -> None:
    """Take a withdrawal back: it can be cited again, and is found by its title until its words are put."""
    symbol.withdrawn_at = None
    symbol.save(update_fields=["withdrawn_at"])
    put_words(symbol)


def put_words(symbol: Symbol, text: str = "", *, files: Sequence[str] = ()) -> None:
    """Have a thing found by its title, its text and that of its files; what is not public is not found."""
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
    """Say that the source rests on the target; saying it twice changes nothing."""
    link_all(source=source, targets=[target], relation=relation, now=now)


def link_all(*, source: Symbol, targets: Sequence[Symbol], relation: Relation, now: datetime) -> None:
    """Say of several at once that the source rests on them; what was said before stays as it is."""
    if not targets:
        return
    edges = [Edge(source=source, target=one, relation=relation, added_at=now) for one in targets]
    Edge.objects.bulk_create(edges, ignore_conflicts=True)


def link_pairs(*, pairs: Iterable[tuple[Symbol, Symbol]], relation: Relation, now: datetime) -> None:
    """Say of many sources at once that each rests on its target."""
    edges = [Edge(source=one, target=other, relation=relation, added_at=now) for one, other in pairs]
    Edge.objects.bulk_create(edges, ignore_conflicts=True)


def unlink(*, source: Symbol, target: Symbol, relation: Relation) -> None:
    Edge.objects.filter(source=source, target=target, relation=relation).delete()


def cite(*, source: Symbol, text: str, now: datetime, field: str = "text") -> None:
    """Store what a text cites as edges, and find the thing by its words from now on.

    Refuse a symbol that is unknown, withdrawn or the text itself.
    """
    store_citations(source=source, text=text, now=now, field=field)
    put_words(source, text)


def store_citations(*, source: Symbol, text: str, now: datetime, field: str = "text") -> None:
    """Store what a text cites as edges, where the thing is found by other words than its text."""
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
    """Return the symbols a text cites, or refuse with a sentence that names the wrong one."""
    references = rules.citations_in(text)
    if not references:
        return []
    known = queries.symbols_by_reference(forum_id, references)
    already = set(itself.edges_down.values_list("target_id", flat=True)) if itself else set()
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
        if symbol.withdrawn_at and symbol.pk not in already:
            sentence = gettext("[%(symbol)s] was withdrawn and cannot be cited. Please cite another source.")
            raise Refused(sentence % {"symbol": reference}, "citation-withdrawn", field)
    return [known[reference] for reference in references]


def write(
    *,
    forum_id: int,
    actor: Actor,
    verb: str,
    change: Mapping[str, object],
    now: datetime,
    symbol: Symbol | None = None,
) -> LogEntry:
    """Add one entry to the forum's log, chained to the one before. Runs in the action's own transaction."""
    (written,) = write_all(forum_id=forum_id, entries=[Entry(actor, verb, change, now, symbol)])
    return written


@dataclass(frozen=True)
class Entry:
    """One action, where several go into the log at once."""

    actor: Actor
    verb: str
    change: Mapping[str, object]
    at: datetime
    symbol: Symbol | None = None


def write_all(*, forum_id: int, entries: Sequence[Entry], is_held: bool = False) -> list[LogEntry]:
    """Add entries to the forum's log in their order, each chained to the one before.

    `is_held` says that the transaction holds the log already.
    """
    if not entries:
        return []
    for one in entries:
        _require_from_here(forum_id, one.actor)
    # No savepoint: an action of which the log knows nothing must not stand.
    with transaction.atomic(savepoint=False):
        if not is_held:
            hold_log(forum_id)
        sequence, before = _last_in_log(forum_id)
        chained: list[LogEntry] = []
        for place, one in enumerate(entries, start=1):
            chained.append(_chained(forum_id, one, sequence + place, before))
            before = chained[-1].digest
        _append(chained)
    return chained


# Every action writes to the log, so both are sent as they stand here.
_LAST = "SELECT sequence, digest FROM record_logentry WHERE forum_id = %s ORDER BY sequence DESC LIMIT 1"
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


def _last_in_log(forum_id: int) -> tuple[int, str]:
    """Return place and digest of the last entry."""
    with prepared_cursor() as cursor:
        cursor.execute(_LAST, [forum_id])
        sequence, digest = cursor.fetchone() or (0, rules.GENESIS)
    return sequence, digest


def _append(entries: Sequence[LogEntry]) -> None:
    """Store entries and give them their numbers."""
    # Mostly it is one.
    with prepared_cursor() if len(entries) == 1 else connection.cursor() as cursor:
        for start in range(0, len(entries), ROWS_AT_ONCE):
            part = entries[start : start + ROWS_AT_ONCE]
            rows = [_row_of(one) for one in part]
            statement = _APPEND.format(rows=", ".join([_ROW] * len(rows)))
            cursor.execute(statement, [value for row in rows for value in row])
            for one, (pk,) in zip(part, cursor.fetchall(), strict=True):
                one.pk = pk


def _require_from_here(forum_id: int, actor: Actor) -> None:
    """Refuse who acts with a role of another forum, whatever the action that writes this has checked."""
    if actor.forum_id not in {None, forum_id}:
        raise NotAllowed(gettext("This belongs to another forum. Please go there first."), "other-forum")


def hold_log(forum_id: int) -> None:
    """Be the only one who writes in a forum until the transaction ends: the chain cannot fork."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('record.log'), %s)", [forum_id])


def _chained(forum_id: int, one: Entry, sequence: int, before: str) -> LogEntry:
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
    """Empty who it was in the log. The chain holds: neither they nor the salt were ever part of it."""
    LogEntry.objects.filter(person=person_id).update(person=None, salt="")


def give_receipt(*, entry: LogEntry, content: str, now: datetime) -> Receipt:
    """Give a receipt for a text: whoever holds the same text can show that this was it."""
    (receipt,) = give_receipts([(entry, content)], now=now)
    return receipt


def give_receipts(texts: Iterable[tuple[LogEntry, str]], *, now: datetime) -> list[Receipt]:
    """Give a receipt for each of many texts, in their order."""
    return Receipt.objects.bulk_create(
        Receipt(
            code=secrets.token_hex(8),
            entry=entry,
            content_digest=hashlib.sha256(content.encode()).hexdigest(),
            given_at=now,
        )
        for entry, content in texts
    )

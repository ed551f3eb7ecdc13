"""The adapter of the search engine: index terms, queries and excerpts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from muntada.engines.words import query_words, search_words

# Limits of a PostgreSQL text vector: the last position, and positions per word.
LAST_PLACE = 16_383
PLACES_OF_A_WORD = 255
LONGEST_WORD = 200
TOKEN = re.compile(r"[^\W_]+")
# Letters of an excerpt before and after the first hit.
BEFORE, AFTER = 80, 220

type Wanted = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Weighed:
    """A text to index, with its language; weight A counts most, D least."""

    text: str
    language: str
    weight: str = "B"


@dataclass(frozen=True)
class Piece:
    """A part of an excerpt; `is_hit` marks a match."""

    text: str
    is_hit: bool


def vector_of(texts: Iterable[Weighed]) -> str:
    """Return a text vector in PostgreSQL's notation, without its parser, which cannot split Chinese."""
    places: dict[str, list[str]] = {}
    place = 0
    for one in texts:
        for word in search_words(one.text, one.language):
            place = min(place + 1, LAST_PLACE)
            kept = places.setdefault(word[:LONGEST_WORD], [])
            if len(kept) < PLACES_OF_A_WORD:
                kept.append(f"{place}{one.weight}")
    return " ".join(f"{_quoted(word)}:{','.join(kept)}" for word, kept in places.items())


def wanted(words: str) -> list[tuple[str, ...]]:
    """Return the query: of each entry, a text must contain at least one word."""
    return [tuple(word[:LONGEST_WORD] for word in alternatives) for alternatives in query_words(words)]


def condition_of(looked_for: Wanted) -> str:
    """Return the query in PostgreSQL's notation."""
    return " & ".join("(" + " | ".join(map(_quoted, words)) + ")" for words in looked_for)


def excerpt(text: str, language: str, looked_for: Wanted) -> list[Piece]:
    """Return the part of a text around the first match, with matches marked."""
    known = frozenset(word for words in looked_for for word in words)
    hits = _hits(text, language, known)
    first = hits[0][0] if hits else 0
    start, end = max(0, first - BEFORE), min(len(text), first + AFTER)
    # Cut between words where possible.
    start = 0 if start == 0 else text.rfind(" ", 0, start) + 1 or start
    pieces, at = [Piece("… ", is_hit=False)] if start else [], start
    for begin, stop in hits:
        if begin >= end:
            break
        pieces += [Piece(text[at:begin], is_hit=False), Piece(text[begin:stop], is_hit=True)]
        at = stop
    pieces.append(Piece(text[at : max(at, end)] + ("" if end == len(text) else " …"), is_hit=False))
    return [piece for piece in pieces if piece.text]


def _hits(text: str, language: str, known: frozenset[str]) -> list[tuple[int, int]]:
    hits: list[tuple[int, int]] = []
    for token in TOKEN.finditer(text):
        if hits and token.start() > hits[0][0] + AFTER:
            break
        forms = search_words(token[0], language)
        if known.isdisjoint(forms):
            continue
        # Text without spaces is matched by characters: mark the matching ones.
        is_run = token[0][0] in forms and len(forms) > 1
        hits += _within(token, known) if is_run else [token.span()]
    return hits


def _within(token: re.Match[str], known: frozenset[str]) -> list[tuple[int, int]]:
    """Return the ranges of matches in text without spaces, adjacent ones joined."""
    start = token.start()
    found = [
        (start + match.start(), start + match.end())
        for word in known
        for match in re.finditer(re.escape(word), token[0])
    ]
    joined: list[tuple[int, int]] = []
    for begin, stop in sorted(found):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((begin, stop))
    return joined


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
